// ZMTP's own heartbeats on a connection [L12]: only told, nobody acts on them. So they leave no mark on the link but at the faults that name them.

import type { Direction } from '../frames.ts';
import { admit } from '../link.ts';
import { type Micros, millis, ZMTP_PING_MS } from '../timing.ts';
import type { Connection } from './connection.ts';
import type { World } from './world.ts';

/** From now on the tap asks now and then whether who is at either end is there. */
export function beginPings(world: World, connection: Connection): void {
  world.agenda.add(world.now + millis(ZMTP_PING_MS), () => ping(world, connection));
}

function ping(world: World, connection: Connection): void {
  if (!connection.open('toQueue') || !connection.open('fromQueue')) return;
  beginPings(world, connection);
  ask(world, connection, 'fromQueue');
  if (world.mayAskQueue()) ask(world, connection, 'toQueue');
}

/** Asks whoever receives in this direction. */
function ask(world: World, connection: Connection, direction: Direction): void {
  const arrivesAt = pass(world, connection, direction, 'PING');
  if (arrivesAt === undefined) return;
  const back = direction === 'toQueue' ? 'fromQueue' : 'toQueue';
  world.agenda.add(arrivesAt, () => {
    if (connection.open(back) && connection.runs(direction)) pass(world, connection, back, 'PONG');
  });
}

function pass(
  world: World,
  { wire, conn }: Connection,
  direction: Direction,
  name: 'PING' | 'PONG',
): Micros | undefined {
  const [{ faults }, verdict] = admit(wire.link, world.now, direction, name);
  wire.link = { ...wire.link, faults };
  const what = { t: world.now, link: wire.id, conn, direction, name };
  if (!verdict.pass) world.emit({ ...what, type: 'command.dropped', fault: verdict.fault });
  else world.emit({ ...what, type: 'command.passed' });
  return verdict.pass && verdict.heldBy.length === 0 ? verdict.copies[0].dueAt : undefined;
}
