// What is under way in one direction, first in first out [L1]. One timer, armed for the head; never early, at most a timer's tick late.

import type { Micros } from '@crows-nest/protocol';

/** What travels: a message, other bytes, or the end of the stream. */
export interface Parcel {
  readonly what: 'greeting' | 'ready' | 'message' | 'bytes' | 'end';
  readonly dueAt: Micros;
  readonly raw: readonly Uint8Array[];
  readonly size: number;
  /** The number under which a message entered the trace. */
  readonly msg?: number;
}

export interface DelayLineOptions {
  readonly now: () => Micros;
  /** Whether the head may leave now that it is due. When that changes, call `flush`. */
  readonly mayLeave: (parcel: Parcel) => boolean;
  /** Takes all that leave at one moment, in order. */
  readonly deliver: (parcels: readonly Parcel[]) => void;
}

export class DelayLine {
  readonly #options: DelayLineOptions;
  #parcels: Parcel[] = [];
  #head = 0;
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  #armedFor: Micros = 0;

  constructor(options: DelayLineOptions) {
    this.#options = options;
  }

  /** Bytes under way. */
  get size(): number {
    return this.#size;
  }

  /** Only puts it in: `flush` lets out what is due, once for all that came in together. */
  push(parcel: Parcel): void {
    this.#parcels.push(parcel);
    this.#size += parcel.size;
  }

  flush(): void {
    const now = this.#options.now();
    const first = this.#head;
    let size = 0;
    let next = this.#parcels[this.#head];
    while (next !== undefined && next.dueAt <= now && this.#options.mayLeave(next)) {
      size += next.size;
      next = this.#parcels[++this.#head];
    }
    if (this.#head > first) {
      const due = this.#parcels.slice(first, this.#head);
      this.#size -= size;
      this.#compact();
      this.#options.deliver(due);
    }
    this.#arm();
  }

  /** Empties the line and returns what was in it. */
  clear(): readonly Parcel[] {
    const rest = this.#parcels.slice(this.#head);
    this.#parcels = [];
    this.#head = 0;
    this.#size = 0;
    this.#arm();
    return rest;
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    this.flush();
  };

  #compact(): void {
    if (this.#head === this.#parcels.length) this.#parcels = [];
    else if (this.#head > 1024 && this.#head * 2 > this.#parcels.length)
      this.#parcels = this.#parcels.slice(this.#head);
    else return;
    this.#head = 0;
  }

  #arm(): void {
    const head = this.#parcels[this.#head];
    if (head !== undefined && this.#timer !== undefined && this.#armedFor === head.dueAt) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (head === undefined) return;
    const waitUs = head.dueAt - this.#options.now();
    // Due, yet not let out: whoever opens its way will flush.
    if (waitUs <= 0 && !this.#options.mayLeave(head)) return;
    // Node rounds down and counts from a cached time, so it may come too soon: then flush finds nothing due and arms again.
    this.#armedFor = head.dueAt;
    this.#timer = setTimeout(this.#ring, Math.max(1, Math.ceil(waitUs / 1000)));
  }
}
