// A connection and the link under it: messages enter, are delayed or dropped by link.ts, and leave, in order.
// The end of a connection travels like a message: what was sent before it arrives before it.

import { type Direction, type Frame, type Kind, kindOnLink, type Message, type Side } from '../frames.ts';
import { admit, admitBytes, isPartitioned, type Link } from '../link.ts';
import type { Micros } from '../timing.ts';
import type { World } from './world.ts';

/** A message on its way, or in a socket and not yet read. */
export interface Flight {
  readonly msg: number;
  readonly frames: Message;
  /** It will not arrive: its connection ended. */
  over: boolean;
}

/** The one way between a peer and the queue. It outlives its connections [L5]. */
export class Wire {
  readonly id: string;
  readonly side: Side;
  link: Link;
  /** Connections with an open end. */
  connections = 0;
  #onChange: (() => void)[] = [];

  constructor(id: string, side: Side, link: Link) {
    this.id = id;
    this.side = side;
    this.link = link;
  }

  /** A fault came or went. */
  change(link: Link): void {
    this.link = link;
    for (const then of this.#onChange.splice(0)) then();
  }

  whenChanged(then: () => void): void {
    this.#onChange.push(then);
  }
}

const PREVIEW_FRAMES = 8;
const PREVIEW_BYTES = 256;

/** What a connection tells its two ends. */
export interface Ends {
  /** It is for the receiver to keep the flight until it is read. */
  readonly arrived: Record<Direction, (flight: Flight) => void>;
  /** The other end is gone; all that it sent before has arrived. */
  readonly ended: Record<Direction, () => void>;
}

export class Connection {
  readonly conn: number;
  readonly wire: Wire;
  readonly identity: Frame;
  /** Arrived at the queue and not read. */
  readonly inbox: Flight[] = [];
  greeted = false;
  /** The name under which the queue still reads what came before another connection took the identity over [Q10]. */
  formerly: Frame | undefined;
  readonly #open: Record<Direction, boolean> = { toQueue: true, fromQueue: true };
  readonly #flights: Record<Direction, Flight[]> = { toQueue: [], fromQueue: [] };
  readonly #world: World;
  readonly #ends: Ends;

  constructor(world: World, wire: Wire, identity: Frame, ends: Ends) {
    this.#world = world;
    this.conn = world.nextConn++;
    this.wire = wire;
    this.identity = identity;
    this.#ends = ends;
    world.connections.add(this);
    // Nothing is under way on an idle link, so a long delay of the past holds up nobody.
    if (wire.connections++ === 0) wire.link = { ...wire.link, lastDue: { toQueue: 0, fromQueue: 0 } };
  }

  /** Whether the end that receives in this direction is open. */
  open(direction: Direction): boolean {
    return this.#open[direction];
  }

  get inFlight(): number {
    return this.#flights.toQueue.length + this.#flights.fromQueue.length;
  }

  send(direction: Direction, frames: Message): void {
    const { wire } = this;
    const world = this.#world;
    const kind = kindOnLink(wire.side, direction, frames.length, frames[0] ?? '', frames[1]);
    const [link, verdict] = admit(wire.link, world.now, direction, kind);
    wire.link = link;
    const msg = world.nextMsg++;
    world.ledger.sent++;
    if (world.listening) this.#emitEntered(msg, direction, kind, frames, verdict.pass ? verdict.dueAt : world.now);
    if (!verdict.pass) {
      world.ledger.dropped++;
      if (world.listening) {
        world.emit({ t: world.now, type: 'message.dropped', link: wire.id, msg, fault: verdict.fault });
      }
      return;
    }
    const flight: Flight = { msg, frames, over: false };
    if (!this.#open[direction]) return this.#lose(flight);
    this.#flights[direction].push(flight);
    world.agenda.add(verdict.dueAt, () => this.#arrive(direction, flight));
  }

  /** The end that receives in `direction` closes: what is under way to it is lost, and the other end learns of it in time. */
  close(direction: Direction): void {
    if (!this.#open[direction]) return;
    this.#open[direction] = false;
    for (const flight of this.#flights[direction].splice(0)) this.#lose(flight);
    const back: Direction = direction === 'toQueue' ? 'fromQueue' : 'toQueue';
    if (!this.#open[back]) return this.#closed(direction === 'toQueue' ? 'queue' : 'peer');
    const [link, dueAt] = admitBytes(this.wire.link, this.#world.now, back);
    this.wire.link = link;
    this.#world.agenda.add(dueAt, () => this.#end(back));
  }

  /** The end comes out of the link, unless a partition hides it as well: then the other side goes on believing. */
  #end(direction: Direction): void {
    if (!this.#open[direction]) return;
    if (isPartitioned(this.wire.link, direction)) return this.wire.whenChanged(() => this.#end(direction));
    this.#open[direction] = false;
    this.#closed(direction === 'toQueue' ? 'peer' : 'queue');
    this.#ends.ended[direction]();
  }

  #arrive(direction: Direction, flight: Flight): void {
    if (flight.over) return;
    // A direction keeps its order [L1], so the first is the one.
    this.#flights[direction].shift();
    const world = this.#world;
    if (world.listening) world.emit({ t: world.now, type: 'message.left', link: this.wire.id, msg: flight.msg });
    this.#ends.arrived[direction](flight);
  }

  #lose(flight: Flight): void {
    flight.over = true;
    const world = this.#world;
    world.ledger.lost++;
    const { msg } = flight;
    if (world.listening) {
      world.emit({ t: world.now, type: 'message.lost', link: this.wire.id, msg, cause: 'connection' });
    }
  }

  #closed(by: 'peer' | 'queue'): void {
    const { conn, wire } = this;
    this.#world.connections.delete(this);
    wire.connections--;
    this.#world.emit({ t: this.#world.now, type: 'connection.closed', link: wire.id, conn, by });
  }

  #emitEntered(msg: number, direction: Direction, kind: Kind, frames: Message, dueAt: Micros): void {
    this.#world.emit({
      t: this.#world.now,
      type: 'message.entered',
      link: this.wire.id,
      conn: this.conn,
      msg,
      direction,
      kind,
      frames: frames.slice(0, PREVIEW_FRAMES).map((frame) => frame.slice(0, PREVIEW_BYTES)),
      sizes: frames.slice(0, PREVIEW_FRAMES).map((frame) => frame.length),
      frameCount: frames.length,
      dueAt,
    });
  }
}
