// A DEALER or REQ that connects: it keeps what it cannot send yet, and connects again by itself when the queue went away.

import type { Frame, Message } from '../frames.ts';
import { gate } from '../link-gate.ts';
import { Connection, type Ends } from './connection.ts';
import type { Flight } from './lane.ts';
import type { Process } from './process.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** libzmq's ZMQ_RECONNECT_IVL. */
const RECONNECT_US = 100_000;

export class PeerSocket {
  readonly #world: World;
  readonly #wire: Wire;
  readonly #type: 'DEALER' | 'REQ';
  readonly #identity: Frame;
  readonly #owner: Process;
  /** What was sent while there was no greeted connection [libzmq keeps it]. */
  readonly #outbox: Message[] = [];
  readonly inbox: Flight[] = [];
  #connection: Connection | undefined;
  #closed = false;

  constructor(world: World, wire: Wire, type: 'DEALER' | 'REQ', identity: Frame, owner: Process) {
    this.#world = world;
    this.#wire = wire;
    this.#type = type;
    this.#identity = identity;
    this.#owner = owner;
    this.connect();
  }

  get inFlight(): number {
    return this.#connection?.inFlight ?? 0;
  }

  /** Tries once; without a queue to connect to, the world calls again when there is one. */
  connect(): void {
    const world = this.#world;
    if (this.#closed || this.#connection) return;
    if (world.queue.status === 'exited') return world.whenQueueStarts(() => this.#retry());
    if (this.#owner.status === 'paused') return this.#retry();
    const shut = gate(this.#wire.link);
    if (shut?.refuses) return this.#refused(shut.fault);
    // The tap accepts, and no further until the fault is healed.
    if (shut) return this.#wire.whenChanged(() => this.connect());
    this.#wire.isRefusing = false;
    const { conn, wire } = this.#establish();
    world.emit({ t: world.now, type: 'connection.opened', link: wire.id, conn, side: wire.side });
    // A stopped process accepts, by its kernel, and does not greet.
    if (world.queue.status === 'paused') world.whenQueueResumes(() => this.#greet());
    else this.#greet();
  }

  send(frames: Message): void {
    // REQ throws away what it has not read when it sends.
    if (this.#type === 'REQ') {
      for (const { msg } of this.inbox.splice(0)) {
        this.#world.ledger.lost++;
        this.#world.emit({ t: this.#world.now, type: 'message.lost', link: this.#wire.id, msg, cause: 'buffer' });
      }
    }
    if (this.#connection?.greeted) this.#connection.send('toQueue', frames);
    else this.#outbox.push(frames);
  }

  receive(): Message | undefined {
    return this.inbox.shift()?.frames;
  }

  /** Linger 0: what is still in here dies. */
  close(): void {
    this.#closed = true;
    this.#world.ledger.lost += this.inbox.length;
    this.inbox.length = 0;
    this.#outbox.length = 0;
    this.#connection?.close('fromQueue');
    this.#connection = undefined;
  }

  /** REQ wants the delimiter before everything [SP7]. */
  #takes(frames: Message): boolean {
    return this.#type === 'DEALER' || (frames.length > 1 && frames[0] === '');
  }

  /** libzmq ends such a connection as a breach of protocol, and that socket never connects again. */
  #breakOff({ msg }: Flight): void {
    this.#world.ledger.lost++;
    this.#world.emit({ t: this.#world.now, type: 'message.lost', link: this.#wire.id, msg, cause: 'buffer' });
    this.#closed = true;
    this.#connection?.close('fromQueue');
    this.#connection = undefined;
  }

  #refused(reason: string): void {
    const { now: t } = this.#world;
    const { id: link } = this.#wire;
    if (!this.#wire.isRefusing) this.#world.emit({ t, type: 'connection.refused', link, reason });
    this.#wire.isRefusing = true;
    this.#retry();
  }

  #retry(): void {
    const world = this.#world;
    world.agenda.add(world.now + world.dice.between(1, RECONNECT_US), () => this.connect());
  }

  #establish(): Connection {
    const world = this.#world;
    const router = world.queue.routers[this.#wire.side];
    const ends: Ends = {
      toQueue: {
        arrived: (flight) => {
          router.deliver(connection, flight);
          world.queue.stir();
        },
        ended: () => router.detach(connection),
        runs: () => world.queue.status === 'running',
      },
      fromQueue: {
        arrived: (flight) => {
          if (!this.#takes(flight.frames)) return this.#breakOff(flight);
          this.inbox.push(flight);
          this.#owner.stir();
        },
        ended: () => {
          if (this.#connection !== connection) return;
          this.#connection = undefined;
          this.#retry();
        },
        runs: () => this.#owner.status === 'running',
      },
    };
    const connection = new Connection(world, this.#wire, this.#identity, ends);
    this.#connection = connection;
    return connection;
  }

  /** The handshake passes at once [L1]. */
  #greet(): void {
    const connection = this.#connection;
    if (!connection || connection.greeted || !connection.open('toQueue')) return;
    const world = this.#world;
    connection.greet();
    const { conn, wire } = connection;
    const greeting = {
      t: world.now,
      type: 'connection.greeted' as const,
      link: wire.id,
      conn,
      version: '3.1',
      mechanism: 'NULL',
    };
    world.emit({ ...greeting, by: 'peer', socketType: this.#type, identity: this.#identity });
    world.emit({ ...greeting, by: 'queue', socketType: 'ROUTER' });
    world.queue.routers[wire.side].attach(connection);
    for (const frames of this.#outbox.splice(0)) connection.send('toQueue', frames);
  }
}
