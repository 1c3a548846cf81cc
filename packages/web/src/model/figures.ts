// The figures at t over a window of time before it, in buckets aligned to t = 0, so that a bucket is the same at every visit.
// A pure function of (log, t): facts later than t never count, and the last bucket holds what there is so far.

import type { Death, Expiry, Micros, State } from '@crows-nest/protocol';
import type { Level } from './figures-columns.ts';
import type { Counted, FiguresIndex, Held } from './figures-index.ts';
import { BUCKETS, SECOND } from './figures-windows.ts';

/** Exact, over the samples themselves: the smallest one that so many are not above. */
export interface RoundTrips {
  readonly count: number;
  readonly p50: Micros;
  readonly p99: Micros;
}

/** A death that is not noticed yet: the silence grows. */
export interface Unnoticed extends Death {
  readonly lastHeardAt: Micros;
  readonly liveness: number;
  readonly intervalUs: Micros;
}

export interface Stretch {
  readonly from: Micros;
  readonly to: Micros;
}

export interface Figures {
  readonly t: Micros;
  readonly windowUs: Micros;
  readonly widthUs: Micros;
  /** Of these, what happened is not known. */
  readonly unheld: readonly Stretch[];
  /** Where the buckets begin, oldest first; a bucket has what happened after that, up to and including its end. */
  readonly starts: readonly Micros[];
  /** How often in each bucket. */
  readonly counts: Readonly<Record<Counted, readonly number[]>>;
  /** How often in the window, and how often in the last second. */
  readonly total: Readonly<Record<Counted, number>>;
  readonly lastSecond: Readonly<Record<Counted, number>>;
  readonly levels: Readonly<Record<Held, readonly Level[]>>;
  readonly now: Readonly<Record<Held, number>>;
  readonly roundTrips: readonly (RoundTrips | null)[];
  readonly allRoundTrips: RoundTrips | null;
  readonly expiries: readonly Expiry[];
  readonly unnoticed: readonly Unnoticed[];
  readonly missed: readonly Death[];
}

const mapRecord = <K extends string, A, B>(record: Readonly<Record<K, A>>, to: (value: A) => B): Record<K, B> =>
  Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, to(value)])) as Record<K, B>;

/** The one that would be the nth, counted from 0, if they were in order; moves them about. Hoare's selection. */
function nth(values: Float64Array, n: number): number {
  const at = (i: number): number => values[i] as number;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = at((low + high) >>> 1);
    let [i, j] = [low, high];
    while (i <= j) {
      while (at(i) < pivot) i++;
      while (at(j) > pivot) j--;
      if (i > j) break;
      const swapped = at(i);
      values[i++] = at(j);
      values[j--] = swapped;
    }
    if (n <= j) high = j;
    else if (n >= i) low = i;
    else break;
  }
  return at(n);
}

/** By nearest rank: always one of the samples. There must be some; they are moved about. */
export const quantile = (samples: Float64Array, share: number): number =>
  nth(samples, Math.max(0, Math.ceil(share * samples.length) - 1));

const summed = (samples: Float64Array): RoundTrips | null =>
  samples.length === 0 ? null : { count: samples.length, p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };

/** Buckets that reach into (t − window, t]. */
export function startsOf(t: Micros, windowUs: Micros): Micros[] {
  const width = windowUs / BUCKETS;
  const starts: Micros[] = [];
  for (let at = Math.floor((t - windowUs) / width) * width; at < t; at += width) starts.push(at);
  return starts;
}

/** `state` is the one at t. In `gaps` facts were missed. */
export function figures(
  index: FiguresIndex,
  state: State,
  t: Micros,
  windowUs: Micros,
  gaps: readonly Stretch[] = [],
): Figures {
  const widthUs = windowUs / BUCKETS;
  const starts = startsOf(t, windowUs);
  const each = <T>(of: (from: Micros, to: Micros) => T): T[] => starts.map((at) => of(at, Math.min(t, at + widthUs)));
  const from = t - windowUs;
  return {
    t,
    windowUs,
    widthUs,
    unheld: [{ from, to: index.heldFrom }, ...gaps]
      .map((stretch) => ({ from: Math.max(from, stretch.from), to: Math.min(t, stretch.to) }))
      .filter((stretch) => stretch.from < stretch.to),
    starts,
    counts: mapRecord(index.counts, (column) => each((a, b) => column.count(a, b))),
    total: mapRecord(index.counts, (column) => column.count(from, t)),
    lastSecond: mapRecord(index.counts, (column) => column.count(t - SECOND, t)),
    levels: mapRecord(index.levels, (steps) => each((a, b) => steps.level(a, b))),
    now: mapRecord(index.levels, (steps) => steps.at(t)),
    roundTrips: each((a, b) => summed(index.roundTrips.values(a, b))),
    allRoundTrips: summed(index.roundTrips.values(from, t)),
    expiries: index.deaths.expiries(from, t),
    unnoticed: index.deaths.unnoticed(t).flatMap((death) => growing(death, state)),
    missed: index.deaths.missed(from, t),
  };
}

function growing(death: Death, { queue }: State): Unnoticed[] {
  const entry = [...queue.list, ...queue.atWork].find(({ worker }) => worker === death.worker);
  const { liveness } = queue;
  const intervalUs = queue.heartbeatIntervalMs * 1000;
  if (!entry || entry.expiryAt === null) return [];
  // What is known at t is not how it ends.
  const open = { ...death, endedAt: null, end: null };
  return [{ ...open, lastHeardAt: entry.expiryAt - liveness * intervalUs, liveness, intervalUs }];
}
