// Stretches in which nothing happens but beats: what the diagram may leave out, and what of it at a given playhead.
// A cut keeps three seconds from the playhead and grows with it, so it never jumps, and never holds a change or the playhead.

import type { Micros } from '@crows-nest/protocol';

/** Shorter silence is not worth a cut. */
export const QUIET_US: Micros = 3_000_000;
/** What is left of the silence on either side of a cut. */
const MARGIN_US: Micros = 250_000;

export interface Cut {
  readonly from: Micros;
  readonly to: Micros;
}

export class Quiet {
  #startAts: Micros[] = [];
  #endAts: Micros[] = [];
  #lastAt: Micros;

  /** Nothing is known before t. */
  constructor(t: Micros) {
    this.#lastAt = t;
  }

  get bytes(): number {
    return 16 * this.#startAts.length;
  }

  /** Something other than a beat. */
  disturb(t: Micros): void {
    if (t - this.#lastAt > QUIET_US) {
      this.#startAts.push(this.#lastAt);
      this.#endAts.push(t);
    }
    this.#lastAt = t;
  }

  /** Nobody knows what was before t. */
  skip(t: Micros): void {
    this.#lastAt = t;
  }

  /**
   * The cuts with the playhead at t, of what is known from `knownFrom` on: from the ones about `near` backwards or forwards,
   * until `visit` has seen enough.
   */
  each(t: Micros, knownFrom: Micros, near: Micros, step: -1 | 1, visit: (cut: Cut) => boolean): void {
    const { length } = this.#startAts;
    for (let i = this.#about(near); i >= 0 && i <= length; i += step) {
      const start = Math.max(knownFrom, i < length ? (this.#startAts[i] as Micros) : this.#lastAt);
      const end = i < length ? (this.#endAts[i] as Micros) : Number.POSITIVE_INFINITY;
      if (end - start <= QUIET_US) {
        // The rest of it was forgotten; further back there is nothing.
        if (step < 0 && end <= knownFrom) return;
        continue;
      }
      const before = { from: start + MARGIN_US, to: Math.min(end - MARGIN_US, t - QUIET_US) };
      const after = { from: Math.max(start + MARGIN_US, t + QUIET_US), to: end - MARGIN_US };
      for (const cut of step > 0 ? [before, after] : [after, before]) {
        if (cut.from < cut.to && cut.to < Number.POSITIVE_INFINITY && !visit(cut)) return;
      }
    }
  }

  forget(t: Micros): void {
    const kept = this.#about(t);
    this.#startAts.splice(0, kept);
    this.#endAts.splice(0, kept);
  }

  /** The first stretch that ends after t; the last is the one that has not ended. */
  #about(t: Micros): number {
    let low = 0;
    let high = this.#endAts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#endAts[middle] as Micros) <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
