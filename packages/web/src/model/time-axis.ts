// The time bar's axis: what stretch of time it spans, where its labels stand, and how dense the facts are along it.

import type { Micros } from '@crows-nest/protocol';
import type { Log } from './log.ts';

export interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

const SECOND: Micros = 1_000_000;
/** In seconds. The bar grows from one to the next and stands still between: what one wants to click does not walk away. */
const LENGTHS = [30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 1920, 2880, 3600];
const HOUR = 3600;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

/** All that is kept, and a little room for what is to come. */
export function axisOf({ startAt, endAt }: Pick<Log, 'startAt' | 'endAt'>): Span {
  const seconds = (endAt - startAt) / SECOND;
  const length = LENGTHS.find((l) => l >= seconds) ?? Math.ceil(seconds / HOUR) * HOUR;
  return { from: startAt, to: startAt + length * SECOND };
}

export const shareOf = (t: Micros, { from, to }: Span): number => (t - from) / (to - from);

/** Times for labels at round distances from `zero`, at most `most` of them. */
export function ticks({ from, to }: Span, zero: Micros, most: number): Micros[] {
  const step = (STEPS.find((s) => (to - from) / SECOND / s <= most) ?? 6 * HOUR) * SECOND;
  const found: Micros[] = [];
  for (let t = zero + Math.ceil((from - zero) / step) * step; t <= to; t += step) found.push(t);
  return found;
}

/** In milliseconds: widths of bins that a person could name. */
const BINS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000];

/**
 * How many facts in each bin of the axis. Bins stand at fixed times, so that a bar is the same at every look, and one that is
 * over is counted once.
 */
export class Density {
  binUs: Micros = 0;
  #counts = new Map<number, number>();
  #generation = -1;

  /** `first` is the number of the first bin: it begins at first · binUs. */
  bins(
    log: Pick<Log, 'endAt' | 'count'>,
    generation: number,
    axis: Span,
    most: number,
  ): { first: number; counts: readonly number[] } {
    const binUs = 1000 * (BINS_MS.find((ms) => (axis.to - axis.from) / (ms * 1000) <= most) ?? 600_000);
    if (binUs !== this.binUs || generation !== this.#generation) this.#counts.clear();
    this.binUs = binUs;
    this.#generation = generation;
    const first = Math.floor(axis.from / binUs);
    const last = Math.floor(log.endAt / binUs);
    const counts: number[] = [];
    for (let bin = first; bin <= last; bin++) counts.push(this.#count(log, bin, bin === first || bin === last));
    return { first, counts };
  }

  #count(log: Pick<Log, 'count'>, bin: number, open: boolean): number {
    const known = open ? undefined : this.#counts.get(bin);
    if (known !== undefined) return known;
    const count = log.count(bin * this.binUs - 1, (bin + 1) * this.binUs - 1);
    if (!open) this.#counts.set(bin, count);
    return count;
  }
}
