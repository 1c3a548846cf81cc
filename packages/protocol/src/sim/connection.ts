// A connection and the link under it: messages enter, are judged by link.ts, and leave as their line lets them.
// The end of a connection travels like a message: what was sent before it arrives before it.

import {
  bytesFrame,
  type Direction,
  type Frame,
  frameBytes,
  type Kind,
  kindOnLink,
  type Message,
  type Side,
} from '../frames.ts';
import { admit, admitBytes, type Link } from '../link.ts';
import { corruptAll, type DamageDone } from '../link-corrupt.ts';
import { cutBy } from '../link-gate.ts';
import { Line } from '../link-line.ts';
import { type Micros, millis, ZMTP_PING_MS } from '../timing.ts';
import type { World } from './world.ts';

/** A message on its way, or in a socket and not yet read. */
export interface Flight {
  readonly msg: number;
  readonly frames: Message;
  readonly dueAt: Micros;
  heldBy?: readonly string[] | undefined;
}

/** Made by a fault, of which message. */
export interface Making {
  readonly of: number;
  readonly fault: string;
}

interface Kept {
  readonly msg: number;
  readonly frames: Message;
}

/** Messages of a direction that can be replayed: the latest. */
const KEPT = 32;

/** The one way between a peer and the queue. It outlives its connections [L5]. */
export class Wire {
  readonly id: string;
  readonly side: Side;
  link: Link;
  /** Those with an open end, oldest first. */
  readonly connections = new Set<Connection>();
  /** Of a row of refusals only the first is told. */
  isRefusing = false;
  readonly #kept: Record<Direction, Kept[]> = { toQueue: [], fromQueue: [] };
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

  keep(direction: Direction, message: Kept): void {
    const kept = this.#kept[direction];
    kept.push(message);
    if (kept.length > KEPT) kept.shift();
  }

  /** The last message of a direction, or the one of that number. */
  recall(direction: Direction, msg?: number): Kept | undefined {
    return this.#kept[direction].findLast((kept) => msg === undefined || kept.msg === msg);
  }
}

const PREVIEW_FRAMES = 8;
const PREVIEW_BYTES = 256;

/** What a connection tells its two ends, and asks of them. */
export interface Ends {
  /** It is for the receiver to keep the flight until it is read. */
  readonly arrived: Record<Direction, (flight: Flight) => void>;
  /** The other end is gone; all that it sent before has arrived. */
  readonly ended: Record<Direction, () => void>;
  /** Whether the process is not stopped, so that its socket's own thread answers. */
  readonly runs: Record<'peer' | 'queue', () => boolean>;
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
  readonly #lines: Record<Direction, Line<Flight>> = { toQueue: new Line(), fromQueue: new Line() };
  /** The end has come out of the link and waits for what a fault keeps. */
  readonly #ending: Record<Direction, boolean> = { toQueue: false, fromQueue: false };
  #severed = false;
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
    if (wire.connections.size === 0) wire.link = { ...wire.link, lastDue: { toQueue: 0, fromQueue: 0 } };
    wire.connections.add(this);
  }

  /** Whether the end that receives in this direction is open. */
  open(direction: Direction): boolean {
    return this.#open[direction];
  }

  get inFlight(): number {
    return this.#lines.toQueue.length + this.#lines.fromQueue.length;
  }

  /** The handshake is over: from here on the tap asks now and then whether who is at either end is there. */
  greet(): void {
    this.greeted = true;
    if (this.#world.listening) this.#world.agenda.add(this.#world.now + millis(ZMTP_PING_MS), () => this.#ping());
  }

  send(direction: Direction, frames: Message, making?: Making): void {
    const { wire } = this;
    const world = this.#world;
    const kind = this.#kindOf(direction, frames);
    const [link, verdict] = admit(wire.link, world.now, direction, kind, sizeOf(frames));
    wire.link = link;
    const slowedBy = verdict.pass ? verdict.slowedBy : [];
    const dueAt = verdict.pass ? verdict.copies[0].dueAt : world.now;
    const msg = this.#enter(direction, kind, frames, dueAt, making, slowedBy);
    wire.keep(direction, { msg, frames });
    if (!verdict.pass) return this.#drop(msg, verdict.fault);
    const { damages, copies, heldBy } = verdict;
    const [first = frames, ...pieces] = damages.length === 0 ? [frames] : this.#damage(direction, msg, frames, damages);
    for (const { dueAt: at, by } of copies) {
      const whole = by === undefined ? msg : this.#make(direction, first, at, { of: msg, fault: by });
      this.#launch(direction, { msg: whole, frames: first, dueAt: at, heldBy });
      for (const piece of pieces) {
        const torn = this.#make(direction, piece, at, { of: msg, fault: damages.at(-1)?.fault ?? '' });
        this.#launch(direction, { msg: torn, frames: piece, dueAt: at, heldBy });
      }
    }
  }

  /** The end that receives in `direction` closes: what is under way to it is lost, and the other end learns of it in time. */
  close(direction: Direction): void {
    if (!this.#open[direction]) return;
    this.#open[direction] = false;
    for (const flight of this.#lines[direction].clear()) this.#lose(flight);
    const back = other(direction);
    if (!this.#open[back]) return this.#closed(direction === 'toQueue' ? 'queue' : 'peer');
    const [link, dueAt] = admitBytes(this.wire.link, this.#world.now, back);
    this.wire.link = link;
    this.#world.agenda.add(dueAt, () => this.#end(back));
  }

  /** A fault resets these ends. The other one learns of it as of any end, unless a partition hides that too. */
  sever(ends: readonly ('peer' | 'queue')[]): void {
    for (const end of ends) {
      this.#severed = true;
      const direction: Direction = end === 'queue' ? 'toQueue' : 'fromQueue';
      if (!this.#open[direction]) continue;
      this.close(direction);
      this.#ends.ended[direction]();
    }
  }

  /** A fault was healed: what it kept goes on. */
  release(fault: string): void {
    for (const direction of ['toQueue', 'fromQueue'] as const) {
      const line = this.#lines[direction];
      const before = line.waiting;
      line.release(fault);
      this.#wake(direction, line.waiting - before);
    }
  }

  /** The message that this fault has kept for longest. */
  oldestHeld(fault: string): Flight | undefined {
    const [one, two] = [this.#lines.toQueue.oldest(fault), this.#lines.fromQueue.oldest(fault)];
    return one && two ? (one.msg < two.msg ? one : two) : (one ?? two);
  }

  step(flight: Flight, fault: string): void {
    for (const direction of ['toQueue', 'fromQueue'] as const) {
      const before = this.#lines[direction].waiting;
      this.#lines[direction].step(flight, fault);
      this.#wake(direction, this.#lines[direction].waiting - before);
    }
  }

  /** Drops a message that is on its way. */
  drop(msg: number, fault: string): boolean {
    for (const direction of ['toQueue', 'fromQueue'] as const) {
      if (!this.#lines[direction].take((flight) => flight.msg === msg)) continue;
      this.#drop(msg, fault);
      this.#settle(direction);
      return true;
    }
    return false;
  }

  /** The end comes out of the link, unless a partition hides it as well: then the other side goes on believing. */
  #end(direction: Direction): void {
    if (!this.#open[direction]) return;
    if (cutBy(this.wire.link, direction)) return this.wire.whenChanged(() => this.#end(direction));
    this.#ending[direction] = true;
    this.#settle(direction);
  }

  #settle(direction: Direction): void {
    if (!this.#ending[direction] || !this.#open[direction] || this.#lines[direction].length > 0) return;
    this.#open[direction] = false;
    this.#closed(direction === 'toQueue' ? 'peer' : 'queue');
    this.#ends.ended[direction]();
  }

  #wake(direction: Direction, count: number): void {
    for (let i = 0; i < count; i++) this.#world.agenda.add(this.#world.now, () => this.#arrive(direction));
  }

  /** One for each that is on its way: whichever is due first. */
  #arrive(direction: Direction): void {
    const world = this.#world;
    const [flight] = this.#lines[direction].due(world.now, 1);
    if (!flight) return;
    if (world.listening) world.emit({ t: world.now, type: 'message.left', link: this.wire.id, msg: flight.msg });
    this.#ends.arrived[direction](flight);
    this.#settle(direction);
  }

  #kindOf(direction: Direction, frames: Message): Kind {
    return kindOnLink(this.wire.side, direction, frames.length, frames[0] ?? '', frames[1]);
  }

  #make(direction: Direction, frames: Message, dueAt: Micros, making: Making): number {
    return this.#enter(direction, this.#kindOf(direction, frames), frames, dueAt, making, []);
  }

  #launch(direction: Direction, flight: Flight): void {
    if (!this.#open[direction]) return this.#lose(flight);
    const { msg, heldBy = [] } = flight;
    for (const fault of heldBy) {
      this.#world.emit({ t: this.#world.now, type: 'message.held', link: this.wire.id, msg, fault });
    }
    this.#lines[direction].push(flight);
    this.#world.agenda.add(flight.dueAt, () => this.#arrive(direction));
  }

  #damage(direction: Direction, msg: number, frames: Message, damages: readonly DamageDone[]): readonly Message[] {
    const torn = corruptAll(frames.map(frameBytes), damages).map((piece) => piece.map(bytesFrame));
    const world = this.#world;
    if (world.listening) {
      const what = { kind: this.#kindOf(direction, torn[0] ?? []), ...preview(torn[0] ?? []) };
      for (const { fault, mode } of damages) {
        world.emit({ t: world.now, type: 'message.corrupted', link: this.wire.id, msg, fault, mode, ...what });
      }
    }
    return torn;
  }

  #drop(msg: number, fault: string): void {
    this.#world.ledger.dropped++;
    this.#world.emit({ t: this.#world.now, type: 'message.dropped', link: this.wire.id, msg, fault });
  }

  #lose({ msg }: Flight): void {
    this.#world.ledger.lost++;
    this.#world.emit({ t: this.#world.now, type: 'message.lost', link: this.wire.id, msg, cause: 'connection' });
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

  #enter(
    direction: Direction,
    kind: Kind,
    frames: Message,
    dueAt: Micros,
    making: Making | undefined,
    slowedBy: readonly string[],
  ): number {
    const world = this.#world;
    const msg = world.nextMsg++;
    world.ledger.sent++;
    if (making) world.ledger.injected++;
    if (!world.listening) return msg;
    const { id: link } = this.wire;
    const { conn } = this;
    const t = world.now;
    world.emit({
      ...{ t, type: 'message.entered', link, conn, msg, direction, kind, ...preview(frames), dueAt },
      ...(making && { copyOf: making.of }),
      ...(slowedBy.length > 0 && { slowedBy: [...slowedBy] }),
    });
    if (making) world.emit({ t, type: 'message.duplicated', link, msg, of: making.of, fault: making.fault });
    return msg;
  }

  // ZMTP's own heartbeats: only told, nobody acts on them. So they leave no mark on the link but at the faults that name them.

  #ping(): void {
    const world = this.#world;
    if (!this.#open.toQueue || !this.#open.fromQueue) return;
    world.agenda.add(world.now + millis(ZMTP_PING_MS), () => this.#ping());
    this.#ask('fromQueue', 'peer');
    if (world.mayAskQueue()) this.#ask('toQueue', 'queue');
  }

  #ask(direction: Direction, whom: 'peer' | 'queue'): void {
    const arrivesAt = this.#pass(direction, 'PING');
    if (arrivesAt === undefined) return;
    this.#world.agenda.add(arrivesAt, () => {
      if (this.#open[other(direction)] && this.#ends.runs[whom]()) this.#pass(other(direction), 'PONG');
    });
  }

  #pass(direction: Direction, name: 'PING' | 'PONG'): Micros | undefined {
    const { wire, conn } = this;
    const world = this.#world;
    const [{ faults }, verdict] = admit(wire.link, world.now, direction, name);
    wire.link = { ...wire.link, faults };
    const what = { t: world.now, link: wire.id, conn, direction, name };
    if (!verdict.pass) world.emit({ ...what, type: 'command.dropped', fault: verdict.fault });
    else world.emit({ ...what, type: 'command.passed' });
    return verdict.pass && verdict.heldBy.length === 0 ? verdict.copies[0].dueAt : undefined;
  }
}

const other = (direction: Direction): Direction => (direction === 'toQueue' ? 'fromQueue' : 'toQueue');

function sizeOf(frames: Message): number {
  let size = 0;
  for (const frame of frames) size += frame.length;
  return size;
}

const preview = (frames: Message): { frames: string[]; sizes: number[]; frameCount: number } => ({
  frames: frames.slice(0, PREVIEW_FRAMES).map((frame) => frame.slice(0, PREVIEW_BYTES)),
  sizes: frames.slice(0, PREVIEW_FRAMES).map((frame) => frame.length),
  frameCount: frames.length,
});
