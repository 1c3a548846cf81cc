// One direction of a connection: messages enter, are judged by link.ts, and leave as their line lets them.
// The end of the connection travels like a message: what was sent before it arrives before it.

import { bytesFrame, type Direction, frameBytes, type Kind, kindOnLink, type Message } from '../frames.ts';
import { admit, admitBytes } from '../link.ts';
import { corruptAll, type DamageDone } from '../link-corrupt.ts';
import { cutBy } from '../link-gate.ts';
import { Line } from '../link-line.ts';
import type { Micros } from '../timing.ts';
import type { Wire } from './wire.ts';
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

/** What comes out at the receiver's end. */
export interface Outlet {
  /** It is for the receiver to keep the flight until it is read. */
  readonly arrived: (flight: Flight) => void;
  /** The sender is gone; all that it sent before has arrived. */
  readonly ended: () => void;
}

const PREVIEW_FRAMES = 8;
const PREVIEW_BYTES = 256;

export class Lane {
  /** The end that receives is open. */
  isOpen = true;
  readonly #line = new Line<Flight>();
  /** The end has come out of the link and waits for what a fault keeps. */
  #isEnding = false;
  readonly #world: World;
  readonly #wire: Wire;
  readonly #conn: number;
  readonly #direction: Direction;
  readonly #outlet: Outlet;

  constructor(world: World, wire: Wire, conn: number, direction: Direction, outlet: Outlet) {
    this.#world = world;
    this.#wire = wire;
    this.#conn = conn;
    this.#direction = direction;
    this.#outlet = outlet;
  }

  get inFlight(): number {
    return this.#line.length;
  }

  send(frames: Message, making?: Making): void {
    const world = this.#world;
    const wire = this.#wire;
    const kind = this.#kindOf(frames);
    const [link, verdict] = admit(wire.link, world.now, this.#direction, kind, sizeOf(frames));
    wire.link = link;
    const slowedBy = verdict.pass ? verdict.slowedBy : [];
    const dueAt = verdict.pass ? verdict.copies[0].dueAt : world.now;
    const msg = this.#enter(kind, frames, dueAt, making, slowedBy);
    wire.keep(this.#direction, { msg, frames });
    if (!verdict.pass) return this.#dropped(msg, verdict.fault);
    const { damages, copies, heldBy } = verdict;
    const [first = frames, ...pieces] = damages.length === 0 ? [frames] : this.#damage(msg, frames, damages);
    for (const { dueAt: at, by } of copies) {
      const whole = by === undefined ? msg : this.#make(first, at, { of: msg, fault: by });
      this.#launch({ msg: whole, frames: first, dueAt: at, heldBy });
      for (const piece of pieces) {
        const torn = this.#make(piece, at, { of: msg, fault: damages.at(-1)?.fault ?? '' });
        this.#launch({ msg: torn, frames: piece, dueAt: at, heldBy });
      }
    }
  }

  /** The receiver closes: what is under way to it is lost. */
  shut(): void {
    this.isOpen = false;
    for (const flight of this.#line.clear()) this.#lose(flight);
  }

  /** The sender closes: that travels like anything it said. */
  sendEnd(): void {
    const [link, dueAt] = admitBytes(this.#wire.link, this.#world.now, this.#direction);
    this.#wire.link = link;
    this.#world.agenda.add(dueAt, () => this.#end());
  }

  /** A fault was healed: what it kept goes on. */
  release(fault: string): void {
    const before = this.#line.waiting;
    this.#line.release(fault);
    this.#wake(this.#line.waiting - before);
  }

  /** The message that this fault has kept for longest. */
  oldestHeld(fault: string): Flight | undefined {
    return this.#line.oldest(fault);
  }

  step(flight: Flight, fault: string): void {
    const before = this.#line.waiting;
    this.#line.step(flight, fault);
    this.#wake(this.#line.waiting - before);
  }

  /** Drops a message if it is on its way here. */
  drop(msg: number, fault: string): boolean {
    if (!this.#line.take((flight) => flight.msg === msg)) return false;
    this.#dropped(msg, fault);
    this.#settle();
    return true;
  }

  /** The end comes out of the link, unless a partition hides it as well: then the other side goes on believing. */
  #end(): void {
    if (!this.isOpen) return;
    if (cutBy(this.#wire.link, this.#direction)) return this.#wire.whenChanged(() => this.#end());
    this.#isEnding = true;
    this.#settle();
  }

  #settle(): void {
    if (!this.#isEnding || !this.isOpen || this.#line.length > 0) return;
    this.isOpen = false;
    this.#outlet.ended();
  }

  #wake(count: number): void {
    for (let i = 0; i < count; i++) this.#world.agenda.add(this.#world.now, () => this.#arrive());
  }

  /** One for each that is on its way: whichever is due first. */
  #arrive(): void {
    const world = this.#world;
    const [flight] = this.#line.due(world.now, 1);
    if (!flight) return;
    if (world.listening) world.emit({ t: world.now, type: 'message.left', link: this.#wire.id, msg: flight.msg });
    this.#outlet.arrived(flight);
    this.#settle();
  }

  #kindOf(frames: Message): Kind {
    return kindOnLink(this.#wire.side, this.#direction, frames.length, frames[0] ?? '', frames[1]);
  }

  #make(frames: Message, dueAt: Micros, making: Making): number {
    return this.#enter(this.#kindOf(frames), frames, dueAt, making, []);
  }

  #launch(flight: Flight): void {
    if (!this.isOpen) return this.#lose(flight);
    const { msg, heldBy = [] } = flight;
    for (const fault of heldBy) {
      this.#world.emit({ t: this.#world.now, type: 'message.held', link: this.#wire.id, msg, fault });
    }
    this.#line.push(flight);
    this.#world.agenda.add(flight.dueAt, () => this.#arrive());
  }

  #damage(msg: number, frames: Message, damages: readonly DamageDone[]): readonly Message[] {
    const torn = corruptAll(frames.map(frameBytes), damages).map((piece) => piece.map(bytesFrame));
    const world = this.#world;
    if (world.listening) {
      const what = { kind: this.#kindOf(torn[0] ?? []), ...preview(torn[0] ?? []) };
      for (const { fault, mode } of damages) {
        world.emit({ t: world.now, type: 'message.corrupted', link: this.#wire.id, msg, fault, mode, ...what });
      }
    }
    return torn;
  }

  #dropped(msg: number, fault: string): void {
    this.#world.ledger.dropped++;
    this.#world.emit({ t: this.#world.now, type: 'message.dropped', link: this.#wire.id, msg, fault });
  }

  #lose({ msg }: Flight): void {
    this.#world.ledger.lost++;
    this.#world.emit({ t: this.#world.now, type: 'message.lost', link: this.#wire.id, msg, cause: 'connection' });
  }

  #enter(kind: Kind, frames: Message, dueAt: Micros, making: Making | undefined, slowedBy: readonly string[]): number {
    const world = this.#world;
    const msg = world.nextMsg++;
    world.ledger.sent++;
    if (making) world.ledger.injected++;
    if (!world.listening) return msg;
    const t = world.now;
    const { id: link } = this.#wire;
    const [conn, direction] = [this.#conn, this.#direction];
    world.emit({
      ...{ t, type: 'message.entered', link, conn, msg, direction, kind, ...preview(frames), dueAt },
      ...(making && { copyOf: making.of }),
      ...(slowedBy.length > 0 && { slowedBy: [...slowedBy] }),
    });
    if (making) world.emit({ t, type: 'message.duplicated', link, msg, of: making.of, fault: making.fault });
    return msg;
  }
}

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
