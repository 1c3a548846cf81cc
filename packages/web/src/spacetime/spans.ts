// How one lane was from when to when: each span lasts until the next begins. Columns, because there are hundreds of thousands.

import type { Micros } from '@crows-nest/protocol';
import { ABSENT } from './code.ts';

/** What only few spans have. */
export interface SpanDetail {
  /** Since when belief and truth differ: a reading may know it only some time after. */
  partedSince?: Micros;
  /** Of a back-off. */
  waitMs?: number;
}

const FIRST_ROOM = 16;

export class Spans {
  #startAts = new Float64Array(FIRST_ROOM);
  #codes = new Uint8Array(FIRST_ROOM);
  /** The fact that began it; 0 for none, else its number and one. */
  #seqs = new Uint32Array(FIRST_ROOM);
  #details = new Map<Micros, SpanDetail>();
  #from = 0;
  #to = 0;

  get count(): number {
    return this.#to - this.#from;
  }

  get bytes(): number {
    return this.#startAts.byteLength + this.#codes.byteLength + this.#seqs.byteLength + 64 * this.#details.size;
  }

  /** Infinite after the last. */
  startAt(index: number): Micros {
    const at = this.#from + index;
    return at < this.#to ? (this.#startAts[at] ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  }

  code(index: number): number {
    return index < 0 || index >= this.count ? ABSENT : (this.#codes[this.#from + index] ?? ABSENT);
  }

  /** null: no one fact began it. */
  seq(index: number): number | null {
    const kept = this.#seqs[this.#from + index] ?? 0;
    return kept === 0 ? null : kept - 1;
  }

  detail(index: number): SpanDetail | undefined {
    return this.#details.get(this.startAt(index));
  }

  /** For a walk over all of them; to be looked at, not kept. */
  columns(): { startAts: Float64Array; codes: Uint8Array } {
    return {
      startAts: this.#startAts.subarray(this.#from, this.#to),
      codes: this.#codes.subarray(this.#from, this.#to),
    };
  }

  /** The index of the span that holds at t; −1: it is before all of them. */
  at(t: Micros): number {
    let low = this.#from;
    let high = this.#to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#startAts[middle] as number) <= t) low = middle + 1;
      else high = middle;
    }
    return low - 1 - this.#from;
  }

  /** From t on it is so. What was said of t and later is taken back. */
  begin(t: Micros, code: number, seq: number | null, detail: SpanDetail | undefined): void {
    this.cut(t);
    if (this.#from < this.#to && this.code(this.count - 1) === code) {
      const before = this.detail(this.count - 1);
      if (before?.partedSince === detail?.partedSince && before?.waitMs === detail?.waitMs) return;
    }
    if (this.#to === this.#startAts.length) this.#grow();
    this.#startAts[this.#to] = t;
    this.#codes[this.#to] = code;
    this.#seqs[this.#to] = seq === null ? 0 : seq + 1;
    if (detail) this.#details.set(t, detail);
    this.#to++;
  }

  /** Takes back what begins at t or later. */
  cut(t: Micros): void {
    while (this.#to > this.#from && (this.#startAts[this.#to - 1] as number) >= t) {
      this.#to--;
      if (this.#details.size > 0) this.#details.delete(this.#startAts[this.#to] as number);
    }
  }

  /** What ended by t goes; the span that holds at t stays. */
  forget(t: Micros): void {
    const first = this.#from + Math.max(0, this.at(t));
    if (this.#details.size > 0) {
      for (let i = this.#from; i < first; i++) this.#details.delete(this.#startAts[i] as number);
    }
    this.#from = first;
  }

  #grow(): void {
    const { count } = this;
    const room = Math.max(FIRST_ROOM, count + (count >> 1));
    const [startAts, codes, seqs] = [new Float64Array(room), new Uint8Array(room), new Uint32Array(room)];
    startAts.set(this.#startAts.subarray(this.#from, this.#to));
    codes.set(this.#codes.subarray(this.#from, this.#to));
    seqs.set(this.#seqs.subarray(this.#from, this.#to));
    [this.#startAts, this.#codes, this.#seqs, this.#from, this.#to] = [startAts, codes, seqs, 0, count];
  }
}
