// One direction of one connection: source → reader → link model → delay line → sink.
// Whole messages are admitted, delayed, dropped or lost, each with its facts; all other bytes pass in their turn.

import type { Socket } from 'node:net';
import {
  COMMAND_NAMES,
  type DamageDone,
  type Direction,
  type Fact,
  type Kind,
  kindOnLink,
  type Message,
  type MessageItem,
  type Micros,
  type ReadyItem,
  type Side,
  type ZmtpItem,
  ZmtpReader,
} from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import { DelayLine, type Parcel } from './delay-line.ts';
import { joinViews } from './join.ts';
import type { LinkBox, Making } from './link-box.ts';
import { PROBE, PROBE_CONTEXT } from './probe.ts';
import { asFrames, asRead, damaged, toKeep, type Written } from './written.ts';

/** What a direction holds at most, apart from a single larger message, before its sender is paused [L8]. */
export const MAX_BUFFERED = 4 * 1024 * 1024;
const RESUME_BELOW = MAX_BUFFERED / 2;
/** Node reads at most this much at once: pausing so much earlier keeps the bound. */
const READ_SIZE = 64 * 1024;

/** How a message enters the trace. */
interface Entry {
  readonly now: Micros;
  readonly dueAt: Micros;
  readonly making: Making | undefined;
  readonly slowedBy: readonly string[];
}

/** The connection as its two flows see it. */
export interface FlowOwner {
  readonly conn: number;
  /** Neither READY is held back and both have passed, or nothing is understood: messages may follow. */
  readonly isOpen: boolean;
  readonly isHeld: boolean;
  /** The link that this connection runs over; settles it if need be. */
  readonly link: LinkBox;
  /** The same, if it is settled. */
  readonly knownLink: LinkBox | undefined;
  greeted(direction: Direction, version: string, mechanism: string): void;
  /** The READY to pass on, which may say more than the one that came. */
  ready(direction: Direction, item: ReadyItem): Pick<Parcel, 'raw' | 'size'>;
  readyPassed(direction: Direction): void;
  opaqued(reason: string): void;
  /** The end of the stream came out of the line. */
  ended(direction: Direction): void;
  /** The source of this direction answered a PING of ours. */
  answered(direction: Direction): void;
}

export interface FlowOptions {
  readonly direction: Direction;
  readonly side: Side;
  readonly source: Socket;
  readonly sink: Socket;
  readonly owner: FlowOwner;
  readonly account: Account;
  readonly now: () => Micros;
  readonly nextMsg: () => number;
  readonly record: (fact: Fact) => void;
}

export class Flow {
  readonly #o: FlowOptions;
  readonly #reader = new ZmtpReader();
  readonly #line: DelayLine;
  #isReady = false;
  #isOpaque = false;
  #isPaused = false;
  #sourceGone = false;
  #sinkGone = false;

  constructor(options: FlowOptions) {
    this.#o = options;
    this.#line = new DelayLine({
      now: options.now,
      mayLeave: (parcel) => this.#mayLeave(parcel),
      deliver: (parcels) => this.#deliver(parcels),
    });
  }

  get buffered(): number {
    return this.#line.size + (this.#sourceGone ? 0 : this.#reader.buffered);
  }

  take(chunk: Uint8Array): void {
    // Node hands out what it had read ahead of a pause even after the socket is destroyed.
    if (this.#sourceGone) return;
    this.#o.account.in += chunk.length;
    this.#handle(this.#reader.read(chunk));
    this.refresh();
  }

  /** The other direction turned opaque, so this one does. */
  abandon(reason: string): void {
    if (this.#sourceGone) return;
    this.#handle(this.#reader.abandon(reason));
    this.refresh();
  }

  /** Something changed that the line or the throttle may depend on. */
  refresh(): void {
    this.#line.flush();
    this.#throttle();
  }

  /** The source ended. What it sent whole is on its way and the end travels behind it; a message cut short goes nowhere. */
  sourceEnded(): void {
    if (this.#sourceGone) return;
    this.#o.account.lost += this.#reader.buffered;
    this.#sourceGone = true;
    if (this.#sinkGone) return;
    this.#push({ what: 'end', dueAt: this.#dueAt(), raw: [], size: 0 });
    this.refresh();
  }

  /** Nothing comes in any more, not even what was read with what ended it. */
  stop(): void {
    this.sinkEnded();
    if (!this.#sourceGone) this.#o.account.lost += this.#reader.buffered;
    this.#sourceGone = true;
  }

  /** The sink ended: what is under way to it is lost, and so is all that still comes. */
  sinkEnded(): void {
    if (this.#sinkGone) return;
    this.#sinkGone = true;
    for (const parcel of this.#line.clear()) this.#lose(parcel);
    this.#throttle();
  }

  /** Asks the sink whether it is there. */
  ping(): void {
    if (!this.#isReady || this.#isOpaque || this.#sinkGone || !this.#o.owner.isOpen) return;
    this.#o.account.added += PROBE.length;
    this.#command('PING', [PROBE], PROBE.length);
    this.refresh();
  }

  // What a fault asks of it

  released(fault: string): void {
    this.#line.release(fault);
  }

  oldestHeld(fault: string): Parcel | undefined {
    return this.#line.oldest(fault);
  }

  step(parcel: Parcel, fault: string): void {
    this.#line.step(parcel, fault);
    this.#throttle();
  }

  carries(msg: number): boolean {
    return this.#line.has(msg);
  }

  drop(msg: number, fault: string): boolean {
    const parcel = this.#line.take(msg);
    if (!parcel) return false;
    const { account, record, owner } = this.#o;
    account.dropped += parcel.size;
    record({ type: 'message.dropped', t: this.#o.now(), link: owner.link.id, msg, fault });
    this.#throttle();
    return true;
  }

  /** A message that nobody sent enters here; whether messages may. */
  inject(frames: Message, making: Making): boolean {
    if (!this.#isReady || this.#isOpaque || this.#sinkGone || !this.#o.owner.isOpen) return false;
    const message = asFrames(frames);
    this.#o.account.added += message.size;
    this.#enter(message, this.#o.now(), making);
    this.refresh();
    return true;
  }

  #handle(items: readonly ZmtpItem[]): void {
    // All messages of a chunk came in at one moment; anything else may record facts of its own in between.
    let now = this.#o.now();
    for (const item of items) {
      if (this.#sourceGone) {
        this.#o.account.lost += item.size;
        continue;
      }
      if (item.type === 'message') {
        this.#enter(asRead(item), now);
        continue;
      }
      this.#pass(item);
      now = this.#o.now();
    }
  }

  #pass(item: Exclude<ZmtpItem, MessageItem>): void {
    const { owner, direction } = this.#o;
    const { raw, size } = item;
    switch (item.type) {
      case 'greeting':
        this.#push({ what: 'greeting', dueAt: this.#o.now(), raw, size });
        return this.#line.flush();
      case 'greeted':
        return owner.greeted(direction, item.version, item.mechanism);
      case 'ready':
        if (this.#isReady) return this.#push({ what: 'bytes', dueAt: this.#dueAt(), raw, size });
        this.#isReady = true;
        this.#push({ what: 'ready', dueAt: this.#o.now(), ...owner.ready(direction, item) });
        return this.#line.flush();
      case 'opaque':
        this.#isOpaque = true;
        return owner.opaqued(item.reason);
      case 'bytes':
        return this.#push({ what: 'bytes', dueAt: this.#dueAt(), raw, size });
      default:
        // PING, PONG and other commands; before READY (an ERROR, say) they are part of the handshake.
        if (!this.#isReady) {
          this.#push({ what: 'greeting', dueAt: this.#o.now(), raw, size });
          return this.#line.flush();
        }
        if (item.type === 'command' && item.name === 'PONG' && item.context === PROBE_CONTEXT)
          return this.#answer(size);
        return this.#command(item.type === 'command' ? item.name : '', raw, size);
    }
  }

  /** A message enters the link, sent or made by a fault, and the link says what becomes of it. */
  #enter(message: Written, now: Micros, making?: Making): void {
    const { direction, owner, record, account } = this.#o;
    const { link } = owner;
    const kind = this.#kindOf(message);
    const verdict = link.admit(now, direction, kind, message.bodySize);
    const slowedBy = verdict.pass ? verdict.slowedBy : [];
    const dueAt = verdict.pass ? verdict.copies[0].dueAt : now;
    const msg = this.#tell(message, kind, { now, dueAt, making, slowedBy });
    link.keep(direction, msg, toKeep(message));
    if (!verdict.pass) {
      account.dropped += message.size;
      return record({ type: 'message.dropped', t: now, link: link.id, msg, fault: verdict.fault });
    }
    const { damages, copies, heldBy } = verdict;
    const [first = message, ...pieces] = damages.length === 0 ? [message] : this.#damage(message, msg, damages, now);
    for (const { dueAt: at, by } of copies) {
      if (by === undefined) this.#carry(first, msg, at, heldBy, now);
      else this.#make(first, at, heldBy, now, { of: msg, fault: by });
      const last = damages.at(-1)?.fault ?? '';
      for (const piece of pieces) this.#make(piece, at, heldBy, now, { of: msg, fault: last });
    }
  }

  /** What was never sent, and is carried as if it had been. */
  #make(message: Written, dueAt: Micros, heldBy: readonly string[], now: Micros, making: Making): void {
    this.#o.account.added += message.size;
    const msg = this.#tell(message, this.#kindOf(message), { now, dueAt, making, slowedBy: [] });
    this.#carry(message, msg, dueAt, heldBy, now);
  }

  #carry({ raw, size }: Written, msg: number, dueAt: Micros, heldBy: readonly string[], now: Micros): void {
    const { record, owner } = this.#o;
    for (const fault of heldBy) record({ type: 'message.held', t: now, link: owner.link.id, msg, fault });
    this.#push({ what: 'message', dueAt, raw, size, msg, heldBy });
  }

  #kindOf({ shown: { frames, frameCount } }: Written): Kind {
    const { side, direction } = this.#o;
    return kindOnLink(side, direction, frameCount, frames[0] ?? '', frames[1]);
  }

  #tell(message: Written, kind: Kind, { now, dueAt, making, slowedBy }: Entry): number {
    const { direction, owner, record } = this.#o;
    const { conn, link } = owner;
    const msg = this.#o.nextMsg();
    record({
      ...{ type: 'message.entered', t: now, link: link.id, conn, msg, direction, kind, ...message.shown, dueAt },
      ...(making && { copyOf: making.of }),
      ...(slowedBy.length > 0 && { slowedBy: [...slowedBy] }),
    });
    if (making) record({ type: 'message.duplicated', t: now, link: link.id, msg, ...making });
    return msg;
  }

  #damage(message: Written, msg: number, damages: readonly DamageDone[], t: Micros): readonly Written[] {
    const { record, owner, account } = this.#o;
    const torn = damaged(message, damages);
    const first = torn[0] ?? message;
    account.dropped += message.size;
    account.added += first.size;
    const what = { kind: this.#kindOf(first), ...first.shown };
    for (const { fault, mode } of damages) {
      record({ type: 'message.corrupted', t, link: owner.link.id, msg, fault, mode, ...what });
    }
    return torn;
  }

  /** It is for us, so it goes no further; but what is on the link acts on it. */
  #answer(size: number): void {
    const { direction, owner, record, account } = this.#o;
    const { link, conn } = owner;
    const t = this.#o.now();
    account.dropped += size;
    const verdict = link.admit(t, direction, 'PONG');
    const what = { t, link: link.id, conn, direction, name: 'PONG' } as const;
    if (!verdict.pass) return record({ type: 'command.dropped', ...what, fault: verdict.fault });
    if (verdict.heldBy.length > 0) return;
    owner.answered(direction);
    record({ type: 'command.passed', ...what });
  }

  /** ZMTP's own heartbeats: no messages, but told, and a fault may name them. Other commands pass, unless everything is cut. */
  #command(name: string, raw: readonly Uint8Array[], size: number): void {
    const { direction, owner, record, account } = this.#o;
    const { link, conn } = owner;
    const t = this.#o.now();
    const known = COMMAND_NAMES.find((command) => command === name);
    if (known === undefined) {
      const cut = link.cutBy(direction);
      if (cut && cut.mode !== 'jammed') account.dropped += size;
      else this.#push({ what: 'bytes', dueAt: this.#dueAt(), raw, size, ...(cut && { heldBy: [cut.id] }) });
      return;
    }
    const verdict = link.admit(t, direction, known);
    const what = { t, link: link.id, conn, direction, name: known };
    if (!verdict.pass) {
      account.dropped += size;
      return record({ type: 'command.dropped', ...what, fault: verdict.fault });
    }
    record({ type: 'command.passed', ...what });
    account.added += size * (verdict.copies.length - 1);
    for (const { dueAt } of verdict.copies) {
      this.#push({ what: 'bytes', dueAt, raw, size, heldBy: verdict.heldBy });
    }
  }

  #push(parcel: Parcel): void {
    if (this.#sinkGone) this.#lose(parcel);
    else this.#line.push(parcel);
  }

  #lose({ msg, size }: Parcel): void {
    this.#o.account.lost += size;
    if (msg === undefined) return;
    this.#o.record({
      type: 'message.lost',
      t: this.#o.now(),
      link: this.#o.owner.link.id,
      msg,
      cause: 'connection',
    });
  }

  #dueAt(): Micros {
    const now = this.#o.now();
    // Bytes and ends before both sides are ready belong to the handshake, which passes at once.
    if (!this.#isReady && !this.#isOpaque) return now;
    return this.#o.owner.knownLink?.admitBytes(now, this.#o.direction) ?? now;
  }

  #mayLeave(parcel: Parcel): boolean {
    const { owner, direction } = this.#o;
    switch (parcel.what) {
      case 'greeting':
        return true;
      case 'ready':
        return !owner.isHeld;
      case 'end':
        // A partition hides the end as well: the other side goes on believing.
        return !(this.#isReady || this.#isOpaque) || !owner.knownLink?.cutBy(direction);
      default:
        return owner.isOpen || this.#sourceGone;
    }
  }

  #deliver(parcels: readonly Parcel[]): void {
    const { sink, account, record, owner } = this.#o;
    const views: Uint8Array[] = [];
    for (const parcel of parcels) {
      for (const view of parcel.raw) views.push(view);
      account.out += parcel.size;
    }
    const pieces = joinViews(views);
    // Stamped before the write: the receiver may read it before the write returns, and must not seem to read what has not left.
    const t = this.#o.now();
    if (pieces.length > 1) sink.cork();
    for (const piece of pieces) sink.write(piece, this.#written);
    if (pieces.length > 1) sink.uncork();
    for (const { what, msg } of parcels) {
      if (msg !== undefined) record({ type: 'message.left', t, link: owner.link.id, msg });
      else if (what === 'ready') owner.readyPassed(this.#o.direction);
      else if (what === 'end') owner.ended(this.#o.direction);
    }
  }

  readonly #written = (): void => {
    if (this.#isPaused) this.#throttle();
  };

  #throttle(): void {
    if (this.#sourceGone) return;
    const { source, sink, owner, direction } = this.#o;
    const held = this.#sinkGone ? 0 : this.#line.size + sink.writableLength;
    // Opaque bytes cannot be dropped by the message: a partition holds them up instead.
    const isJammed = this.#isOpaque && !this.#sinkGone && owner.knownLink?.cutBy(direction) !== undefined;
    if (this.#isPaused) {
      if (held >= RESUME_BELOW || isJammed) return;
      this.#isPaused = false;
      source.resume();
      return;
    }
    // A message larger than the bound must still come in whole, so a reader that alone is full pauses nobody.
    const isFull = held >= RESUME_BELOW && held + this.#reader.buffered > MAX_BUFFERED - READ_SIZE;
    if (!isFull && !isJammed) return;
    this.#isPaused = true;
    source.pause();
  }
}
