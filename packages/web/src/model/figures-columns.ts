// Columns of times in order: how often something happened in any stretch is the difference of two searches, and exact.
// Old entries go from the front as the log lets its facts go, so a column is never longer than the log.

import type { Micros } from '@crows-nest/protocol';

/** Things that happened, each with a value in a column that keeps values. */
export class Column {
  #times = new Float64Array(256);
  #values: Float64Array | null;
  #from = 0;
  #to = 0;

  constructor(valued = false) {
    this.#values = valued ? new Float64Array(256) : null;
  }

  clear(): void {
    this.#from = 0;
    this.#to = 0;
  }

  get length(): number {
    return this.#to - this.#from;
  }

  get bytes(): number {
    return this.#times.byteLength + (this.#values?.byteLength ?? 0);
  }

  push(t: Micros, value = 0): void {
    if (this.#to === this.#times.length) this.#makeRoom();
    if (this.#values) this.#values[this.#to] = value;
    this.#times[this.#to++] = t;
  }

  /** How many are held up to and including t. */
  upTo(t: Micros): number {
    let low = this.#from;
    let high = this.#to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) <= t) low = middle + 1;
      else high = middle;
    }
    return low - this.#from;
  }

  /** from < time <= to. */
  count(from: Micros, to: Micros): number {
    return to > from ? this.upTo(to) - this.upTo(from) : 0;
  }

  /** A copy of the values, in the order of time. */
  values(from: Micros, to: Micros): Float64Array {
    const first = this.#from + this.upTo(from);
    return this.#values?.slice(first, Math.max(first, this.#from + this.upTo(to))) ?? new Float64Array();
  }

  /** The nth that is held, counted from 0. */
  timeOf(nth: number): Micros {
    return this.#times[this.#from + nth] as number;
  }

  valueOf(nth: number): number {
    return this.#values?.[this.#from + nth] ?? 0;
  }

  /** The last one becomes this. */
  amend(value: number): void {
    if (this.#values) this.#values[this.#to - 1] = value;
  }

  forget(t: Micros): void {
    this.#from += this.upTo(t);
  }

  #makeRoom(): void {
    const { length } = this;
    const size = length * 2 > this.#times.length ? this.#times.length * 2 : this.#times.length;
    const moved = (from: Float64Array) => {
      const into = new Float64Array(size);
      into.set(from.subarray(this.#from, this.#to));
      return into;
    };
    this.#times = moved(this.#times);
    if (this.#values) this.#values = moved(this.#values);
    this.#from = 0;
    this.#to = length;
  }
}

/** What a number was during a stretch of time, and at its end. */
export interface Level {
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

/** A number that changes at some times and holds in between. */
export class Steps {
  readonly #changes = new Column(true);
  #before = 0;
  #last = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  clear(): void {
    this.#changes.clear();
    this.#before = 0;
    this.#last = 0;
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }

  get last(): number {
    return this.#last;
  }

  set(t: Micros, value: number): void {
    if (value === this.#last) return;
    // At one time it is one number: the one after all that happened then.
    if (t === this.#lastAt) this.#changes.amend(value);
    else this.#changes.push(t, value);
    this.#last = value;
    this.#lastAt = t;
  }

  at(t: Micros): number {
    const before = this.#changes.upTo(t);
    return before === 0 ? this.#before : this.#changes.valueOf(before - 1);
  }

  /** Of what it was at `from`, and of all changes up to and including `to`. */
  level(from: Micros, to: Micros): Level {
    let last = this.at(from);
    let [min, max] = [last, last];
    const end = this.#changes.upTo(to);
    for (let i = this.#changes.upTo(from); i < end; i++) {
      last = this.#changes.valueOf(i);
      if (last < min) min = last;
      if (last > max) max = last;
    }
    return { min, max, last };
  }

  forget(t: Micros): void {
    this.#before = this.at(t);
    this.#changes.forget(t);
    if (this.#changes.length === 0) this.#lastAt = Number.NEGATIVE_INFINITY;
  }
}
