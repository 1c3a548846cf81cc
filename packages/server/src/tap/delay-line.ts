// What is under way in one direction, as the link's line has it [L1]. One timer, armed for the next; never early, at most a timer's tick
// late. A burst goes in slices, so that whoever let it go does not wait for it.

import { Line, type Micros, type Travelling } from '@crows-nest/protocol';

/** What travels: a message, other bytes, or the end of the stream. */
export interface Parcel extends Travelling {
  readonly what: 'greeting' | 'ready' | 'message' | 'bytes' | 'end';
  readonly dueAt: Micros;
  readonly raw: readonly Uint8Array[];
  readonly size: number;
  /** The number under which a message entered the trace. */
  readonly msg?: number;
}

export interface DelayLineOptions {
  readonly now: () => Micros;
  /** Whether the next may leave now that it is due. When that changes, call `flush`. */
  readonly mayLeave: (parcel: Parcel) => boolean;
  /** Takes all that leave at one moment, in order. */
  readonly deliver: (parcels: readonly Parcel[]) => void;
}

/** Parcels that leave in one turn of the event loop: some milliseconds of it. */
const SLICE = 1024;

export class DelayLine {
  readonly #options: DelayLineOptions;
  readonly #line = new Line<Parcel>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  #armedFor: Micros = 0;
  #more: NodeJS.Immediate | undefined;

  constructor(options: DelayLineOptions) {
    this.#options = options;
  }

  /** Bytes under way, parked ones too. */
  get size(): number {
    return this.#size;
  }

  /** Only puts it in: `flush` lets out what is due, once for all that came in together. */
  push(parcel: Parcel): void {
    if (parcel.what === 'end') this.#line.finish(parcel);
    else this.#line.push(parcel);
    this.#size += parcel.size;
  }

  flush(): void {
    const { now, mayLeave, deliver } = this.#options;
    const due = this.#line.due(now(), SLICE, mayLeave);
    if (due.length > 0) {
      for (const { size } of due) this.#size -= size;
      deliver(due);
    }
    if (due.length < SLICE) this.#arm();
    else this.#more ??= setImmediate(this.#goOn);
  }

  /** A fault was healed: what it kept goes on, soon. */
  release(fault: string): void {
    this.#line.release(fault);
    this.#more ??= setImmediate(this.#goOn);
  }

  /** The parcel that this fault has kept for longest. */
  oldest(fault: string): Parcel | undefined {
    return this.#line.oldest(fault);
  }

  step(parcel: Parcel, fault: string): void {
    this.#line.step(parcel, fault);
    this.flush();
  }

  has(msg: number): boolean {
    return this.#line.some((p) => p.msg === msg);
  }

  /** Takes this message out, if it is here. */
  take(msg: number): Parcel | undefined {
    const parcel = this.#line.take((p) => p.msg === msg);
    if (!parcel) return undefined;
    this.#size -= parcel.size;
    this.flush();
    return parcel;
  }

  /** Empties the line and returns what was in it. */
  clear(): readonly Parcel[] {
    const rest = this.#line.clear();
    this.#size = 0;
    this.#arm();
    return rest;
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    this.flush();
  };

  readonly #goOn = (): void => {
    this.#more = undefined;
    this.flush();
  };

  #arm(): void {
    const { next } = this.#line;
    if (next !== undefined && this.#timer !== undefined && this.#armedFor === next.dueAt) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (next === undefined) return;
    const waitUs = next.dueAt - this.#options.now();
    // Due, yet not let out: whoever opens its way will flush.
    if (waitUs <= 0 && !this.#options.mayLeave(next)) return;
    // Node rounds down and counts from a cached time, so it may come too soon: then flush finds nothing due and arms again.
    this.#armedFor = next.dueAt;
    this.#timer = setTimeout(this.#ring, Math.max(1, Math.ceil(waitUs / 1000)));
  }
}
