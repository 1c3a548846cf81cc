// What breaks links and processes of a world, lasting or once, and what heals them. The words and the facts are the bridge's.

import type { EventOf, Fact, PROCESS_FAULTS } from '../events.ts';
import type { Direction } from '../frames.ts';
import { applyFault, healFault } from '../link.ts';
import type { FaultSpec } from '../link-fault.ts';
import { severs } from '../link-gate.ts';
import { millis } from '../timing.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** On a process, until it is healed or the process ends. */
export interface Ailment {
  readonly peer: string;
  readonly kind: (typeof PROCESS_FAULTS)[number];
  readonly factor?: number | undefined;
}

type Why = EventOf<'fault.healed'>['why'];

// Links

export function applyToLink(world: World, wire: Wire, fault: FaultSpec, ttlMs?: number): void {
  const untilAt = ttlMs === undefined ? undefined : world.now + millis(ttlMs);
  const spec: FaultSpec = { ...fault, ...(untilAt !== undefined && { untilAt }) };
  const { id, kind, seed, selector, copies: times, ...params } = spec;
  const { kind: message, ...which } = selector;
  world.emit({
    ...{ t: world.now, type: 'fault.applied', fault: id, link: wire.id, kind, seed },
    ...given({ ...which, message, times, ...params }),
  } as Fact);
  wire.change(applyFault(wire.link, spec));
  for (const connection of [...wire.connections]) connection.sever(severs(spec));
  world.watcher?.disturbed?.(wire.id);
  if (untilAt !== undefined) world.agenda.add(untilAt, () => healLink(world, wire, id, 'expired'));
}

export function healLink(world: World, wire: Wire, fault: string, why: Why): void {
  const kind = wire.link.faults.find(({ spec }) => spec.id === fault)?.spec.kind;
  if (kind === undefined) return;
  world.emit({ t: world.now, type: 'fault.healed', fault, link: wire.id, kind, why });
  for (const connection of [...wire.connections]) connection.release(fault);
  wire.change(healFault(wire.link, fault));
  world.watcher?.disturbed?.(wire.id);
}

/** Lets the message go that the fault has kept for longest. */
export function step(world: World, wire: Wire, fault: string): void {
  for (const connection of wire.connections) {
    const flight = connection.oldestHeld(fault);
    if (!flight) continue;
    world.emit({ t: world.now, type: 'message.released', link: wire.id, msg: flight.msg, fault });
    return connection.step(flight, fault);
  }
}

function struck(world: World, wire: Wire, kind: EventOf<'fault.struck'>['kind'], msg?: number): string {
  const fault = world.nextFault();
  world.emit({ t: world.now, type: 'fault.struck', fault, link: wire.id, kind, ...(msg !== undefined && { msg }) });
  world.watcher?.disturbed?.(wire.id);
  return fault;
}

/** Drops the message that entered this link last, if it is on its way. */
export function dropMessage(world: World, wire: Wire): void {
  const [one, two] = [wire.recall('toQueue'), wire.recall('fromQueue')];
  const msg = Math.max(one?.msg ?? 0, two?.msg ?? 0);
  const fault = struck(world, wire, 'drop', msg);
  for (const connection of wire.connections) if (connection.drop(msg, fault)) return;
}

/** Sends a copy of the last message of that direction. */
export function replay(world: World, wire: Wire, direction: Direction): void {
  const kept = wire.recall(direction);
  const connection = [...wire.connections].findLast((c) => c.greeted);
  if (!kept || !connection) return;
  const fault = struck(world, wire, 'replay', kept.msg);
  connection.send(direction, kept.frames, { of: kept.msg, fault });
}

export function breakOff(world: World, wire: Wire, kind: 'reset' | 'close'): void {
  struck(world, wire, kind);
  for (const connection of [...wire.connections]) connection.sever(['peer', 'queue']);
}

// Processes

export function ail(world: World, fault: string, ailment: Ailment, ttlMs?: number): void {
  const { peer: link, kind, factor } = ailment;
  const untilAt = ttlMs === undefined ? undefined : world.now + millis(ttlMs);
  world.emit({
    ...{ t: world.now, type: 'fault.applied', fault, link, kind, seed: 0 },
    ...given({ times: factor, untilAt }),
  } as Fact);
  world.ailments.set(fault, ailment);
  feel(world, ailment);
  if (untilAt !== undefined) world.agenda.add(untilAt, () => cure(world, fault, 'expired'));
}

export function cure(world: World, fault: string, why: Why): void {
  const ailment = world.ailments.get(fault);
  if (!ailment) return;
  world.ailments.delete(fault);
  world.emit({ t: world.now, type: 'fault.healed', fault, link: ailment.peer, kind: ailment.kind, why });
  if (why !== 'ended') feel(world, ailment);
}

/** Those of a process, for what ends or resumes it. */
export const ailmentsOf = (world: World, peer: string): string[] =>
  [...world.ailments].filter(([, ailment]) => ailment.peer === peer).map(([fault]) => fault);

function feel(world: World, { peer, kind }: Ailment): void {
  const process = peer === 'queue' ? world.queue : world.find(peer);
  if (!process) return;
  const all = [...world.ailments.values()].filter((ailment) => ailment.peer === peer);
  if (kind === 'pause') {
    if (all.some((ailment) => ailment.kind === 'pause')) process.pause();
    else process.resume();
    return;
  }
  let slow = 1;
  for (const { factor = 1 } of all) slow = Math.max(slow, factor);
  process.impair({ mute: all.some((ailment) => ailment.kind === 'mute'), slow });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that hold undefined: a fact has them or has them not. */
function given<T extends object>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>;
}
