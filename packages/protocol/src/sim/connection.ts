// A connection of a peer to the queue: two lanes on its wire, and an end on either side that can close.

import type { Direction, Frame, Message } from '../frames.ts';
import { type Flight, Lane, type Making, type Outlet } from './lane.ts';
import { beginPings } from './pings.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** What a connection tells its ends, by the direction in which they receive, and asks of them. */
export type Ends = Readonly<Record<Direction, End>>;

interface End extends Outlet {
  /** Whether its process is not stopped, so that its socket's own thread answers. */
  readonly runs: () => boolean;
}

const DIRECTIONS = ['toQueue', 'fromQueue'] as const;

export class Connection {
  readonly conn: number;
  readonly wire: Wire;
  readonly identity: Frame;
  /** Arrived at the queue and not read. */
  readonly inbox: Flight[] = [];
  greeted = false;
  /** The name under which the queue still reads what came before another connection took the identity over [Q10]. */
  formerly: Frame | undefined;
  readonly #lanes: Readonly<Record<Direction, Lane>>;
  #severed = false;
  readonly #world: World;
  readonly #ends: Ends;

  constructor(world: World, wire: Wire, identity: Frame, ends: Ends) {
    this.#world = world;
    this.conn = world.nextConn++;
    this.wire = wire;
    this.identity = identity;
    this.#ends = ends;
    this.#lanes = { toQueue: this.#lane('toQueue', 'peer'), fromQueue: this.#lane('fromQueue', 'queue') };
    world.connections.add(this);
    // Nothing is under way on an idle link, so a long delay of the past holds up nobody.
    if (wire.connections.size === 0) wire.link = { ...wire.link, lastDue: { toQueue: 0, fromQueue: 0 } };
    wire.connections.add(this);
  }

  /** Whether the end that receives in this direction is open. */
  open(direction: Direction): boolean {
    return this.#lanes[direction].isOpen;
  }

  /** Whether the process that receives in this direction runs. */
  runs(direction: Direction): boolean {
    return this.#ends[direction].runs();
  }

  get inFlight(): number {
    return this.#lanes.toQueue.inFlight + this.#lanes.fromQueue.inFlight;
  }

  /** The handshake is over. */
  greet(): void {
    this.greeted = true;
    if (this.#world.listening) beginPings(this.#world, this);
  }

  send(direction: Direction, frames: Message, making?: Making): void {
    this.#lanes[direction].send(frames, making);
  }

  /** The end that receives in `direction` closes; the other end learns of it in time. */
  close(direction: Direction): void {
    const lane = this.#lanes[direction];
    if (!lane.isOpen) return;
    lane.shut();
    const back = this.#lanes[direction === 'toQueue' ? 'fromQueue' : 'toQueue'];
    if (back.isOpen) back.sendEnd();
    else this.#closed(direction === 'toQueue' ? 'queue' : 'peer');
  }

  /** A fault resets these ends. The other one learns of it as of any end, unless a partition hides that too. */
  sever(ends: readonly ('peer' | 'queue')[]): void {
    for (const end of ends) {
      this.#severed = true;
      const direction: Direction = end === 'queue' ? 'toQueue' : 'fromQueue';
      if (!this.open(direction)) continue;
      this.close(direction);
      this.#ends[direction].ended();
    }
  }

  /** A fault was healed: what it kept goes on. */
  release(fault: string): void {
    for (const direction of DIRECTIONS) this.#lanes[direction].release(fault);
  }

  /** The message that this fault has kept for longest. */
  oldestHeld(fault: string): Flight | undefined {
    const [one, two] = [this.#lanes.toQueue.oldestHeld(fault), this.#lanes.fromQueue.oldestHeld(fault)];
    return one && two ? (one.msg < two.msg ? one : two) : (one ?? two);
  }

  step(flight: Flight, fault: string): void {
    for (const direction of DIRECTIONS) this.#lanes[direction].step(flight, fault);
  }

  /** Drops a message that is on its way. */
  drop(msg: number, fault: string): boolean {
    return DIRECTIONS.some((direction) => this.#lanes[direction].drop(msg, fault));
  }

  /** `sender`: whose going ends it, when its last word has arrived. */
  #lane(direction: Direction, sender: 'peer' | 'queue'): Lane {
    const end = this.#ends[direction];
    const ended = (): void => {
      this.#closed(sender);
      end.ended();
    };
    return new Lane(this.#world, this.wire, this.conn, direction, { arrived: end.arrived, ended });
  }

  #closed(by: 'peer' | 'queue'): void {
    const { conn, wire } = this;
    this.#world.connections.delete(this);
    wire.connections.delete(this);
    this.#world.emit({
      ...{ t: this.#world.now, type: 'connection.closed', link: wire.id, conn },
      by: this.#severed ? 'tap' : by,
    });
  }
}
