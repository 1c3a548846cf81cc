// How many of each kind in each tenth of a second, and in coarser steps: what a histogram of any width is drawn from.

import type { Micros } from '@crows-nest/protocol';

export const TALLIED = ['request', 'reply', 'beat', 'loss'] as const;
export type Tallied = (typeof TALLIED)[number];

export const BUCKET_US: Micros = 100_000;
const LEVELS = 3;
/** Each level's bucket holds this many of the finer one. */
const FOLD = 16;
const STRIDE = TALLIED.length;
const FIRST_ROOM = 64;

/** One width of bucket, from the first that is kept to the newest. */
class Level {
  #counts = new Uint16Array(FIRST_ROOM * STRIDE);
  #wide = new Map<number, number>();
  #first = 0;
  #end = 0;

  get bytes(): number {
    return this.#counts.byteLength + 32 * this.#wide.size;
  }

  add(bucket: number, column: number): void {
    if (this.#end === this.#first) {
      this.#first = bucket;
      this.#end = bucket;
    }
    if (bucket < this.#first) return;
    const needed = bucket - this.#first + 1;
    if (needed * STRIDE > this.#counts.length) this.#grow(needed);
    this.#end = Math.max(this.#end, bucket + 1);
    const at = (bucket - this.#first) * STRIDE + column;
    const count = (this.#counts[at] as number) + 1;
    // More than two bytes hold: the wraps are counted apart.
    if (count > 0xffff) this.#wide.set(bucket * STRIDE + column, (this.#wide.get(bucket * STRIDE + column) ?? 0) + 1);
    this.#counts[at] = count;
  }

  count(bucket: number, column: number): number {
    if (bucket < this.#first || bucket >= this.#end) return 0;
    const count = this.#counts[(bucket - this.#first) * STRIDE + column] as number;
    return this.#wide.size === 0 ? count : count + 0x10000 * (this.#wide.get(bucket * STRIDE + column) ?? 0);
  }

  forget(before: number): void {
    const gone = Math.min(before, this.#end) - this.#first;
    // Not each time: moving what is kept costs more than keeping it.
    if (gone < 256 && gone * STRIDE * 4 < this.#counts.length) return;
    if (gone <= 0) return;
    this.#counts.copyWithin(0, gone * STRIDE);
    this.#counts.fill(0, (this.#end - this.#first - gone) * STRIDE);
    this.#first += gone;
    for (const key of this.#wide.keys()) if (key < this.#first * STRIDE) this.#wide.delete(key);
  }

  #grow(needed: number): void {
    const counts = new Uint16Array(Math.max(needed, (this.#counts.length / STRIDE) * 2) * STRIDE);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

export class Tally {
  readonly #levels = Array.from({ length: LEVELS }, () => new Level());

  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.bytes, 0);
  }

  add(what: Tallied, t: Micros): void {
    let bucket = Math.floor(t / BUCKET_US);
    const column = TALLIED.indexOf(what);
    for (const level of this.#levels) {
      level.add(bucket, column);
      bucket = Math.floor(bucket / FOLD);
    }
  }

  /** In the buckets first <= b < end of the finest width: by the coarse ones as far as they go. */
  sum(what: Tallied, first: number, end: number): number {
    return this.#sum(TALLIED.indexOf(what), first, end, LEVELS - 1);
  }

  #sum(column: number, first: number, end: number, at: number): number {
    const level = this.#levels[at] as Level;
    const width = FOLD ** at;
    const [from, to] = [Math.ceil(first / width), Math.floor(end / width)];
    if (at > 0 && from >= to) return this.#sum(column, first, end, at - 1);
    let total = 0;
    for (let bucket = from; bucket < to; bucket++) total += level.count(bucket, column);
    if (at === 0) return total;
    return total + this.#sum(column, first, from * width, at - 1) + this.#sum(column, to * width, end, at - 1);
  }

  forget(t: Micros): void {
    for (const [at, level] of this.#levels.entries()) level.forget(Math.floor(t / (BUCKET_US * FOLD ** at)));
  }
}
