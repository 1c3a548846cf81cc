// One direction of one connection: source → reader → entrance → delay line → exit → sink. What is read whole goes in by the entrance,
// all other bytes pass in their turn, and the handshake at once.

import type { Socket } from 'node:net';
import {
  type Direction,
  type Fact,
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
import { Entrance } from './entrance.ts';
import { Exit } from './exit.ts';
import type { LinkBox, Making } from './link-box.ts';
import { PROBE, PROBE_CONTEXT } from './probe.ts';
import { Throttle } from './throttle.ts';
import { asFrames, asRead } from './written.ts';

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
  readonly #entrance: Entrance;
  readonly #exit: Exit;
  readonly #throttle: Throttle;
  #isReady = false;
  #isOpaque = false;
  #sourceGone = false;
  #sinkGone = false;

  constructor(options: FlowOptions) {
    this.#o = options;
    this.#entrance = new Entrance({ ...options, push: (parcel) => this.#push(parcel) });
    this.#line = new DelayLine({
      now: options.now,
      mayLeave: (parcel) => this.#mayLeave(parcel),
      deliver: (parcels) => this.#exit.deliver(parcels),
    });
    this.#exit = new Exit({ ...options, onWritten: this.#written });
    this.#throttle = new Throttle(options.source);
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
    this.#pace();
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
    for (const parcel of this.#line.clear()) this.#exit.lose(parcel);
    this.#pace();
  }

  /** Asks the sink whether it is there. */
  ping(): void {
    if (!this.#takesMore) return;
    this.#o.account.added += PROBE.length;
    this.#entrance.command('PING', [PROBE], PROBE.length);
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
    this.#pace();
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
    this.#pace();
    return true;
  }

  /** A message that nobody sent enters here; whether messages may. */
  inject(frames: Message, making: Making): boolean {
    if (!this.#takesMore) return false;
    const message = asFrames(frames);
    this.#o.account.added += message.size;
    this.#entrance.enter(message, this.#o.now(), making);
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
        this.#entrance.enter(asRead(item), now);
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
          return this.#entrance.answer(size);
        return this.#entrance.command(item.type === 'command' ? item.name : '', raw, size);
    }
  }

  #push(parcel: Parcel): void {
    if (this.#sinkGone) this.#exit.lose(parcel);
    else this.#line.push(parcel);
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

  /** Whether what nobody sent may be put in: this way whole messages travel, and arrive. */
  get #takesMore(): boolean {
    return this.#isReady && !this.#isOpaque && !this.#sinkGone && this.#o.owner.isOpen;
  }

  readonly #written = (): void => {
    if (this.#throttle.isPaused) this.#pace();
  };

  #pace(): void {
    if (this.#sourceGone) return;
    const { sink, owner, direction } = this.#o;
    const held = this.#sinkGone ? 0 : this.#line.size + sink.writableLength;
    // Opaque bytes cannot be dropped by the message: a partition holds them up instead.
    const isJammed = this.#isOpaque && !this.#sinkGone && owner.knownLink?.cutBy(direction) !== undefined;
    this.#throttle.set(held, this.#reader.buffered, isJammed);
  }
}
