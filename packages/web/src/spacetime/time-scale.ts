// Where a time is drawn, and back: straight but for cuts, each of which is a few pixels wide. Both ways strictly monotone.
// It is plain data made from one time at one place, outwards: what happens at one end of the picture does not move the other.

import type { Micros } from '@crows-nest/protocol';
import type { Cut, Quiet } from './quiet.ts';

/** A cut is no wider than this; a shorter stretch keeps its own width. */
export const CUT_PX = 46;

/** A cut on the screen. */
export interface CutMark extends Cut {
  readonly x: number;
  readonly widthPx: number;
}

export interface TimeScale {
  readonly pxPerUs: number;
  /** The corners, in order. Beyond the outermost it goes on straight. */
  readonly times: readonly Micros[];
  readonly xs: readonly number[];
  readonly cuts: readonly CutMark[];
}

export interface Anchor {
  readonly t: Micros;
  readonly x: number;
}

/** `reach` are the places between which cuts are looked for. `playheadAt` is what no cut may come near. */
export function timeScale(
  quiet: Quiet,
  anchor: Anchor,
  pxPerUs: number,
  reach: readonly [left: number, right: number],
  playheadAt: Micros,
  knownFrom: Micros,
): TimeScale {
  const back: CutMark[] = [];
  const on: CutMark[] = [];
  const fits = ({ from, to }: Cut): number => Math.min(CUT_PX, (to - from) * pxPerUs);
  let { t, x } = anchor;
  let from = anchor;
  quiet.each(playheadAt, knownFrom, anchor.t, -1, (cut) => {
    if (cut.from >= anchor.t) return true;
    const widthPx = fits(cut);
    // The anchor stands in it: as far along as it is in time.
    const right = cut.to > t ? x + ((cut.to - t) / (cut.to - cut.from)) * widthPx : x - (t - cut.to) * pxPerUs;
    if (right < reach[0]) return false;
    back.push({ ...cut, x: right - widthPx, widthPx });
    if (cut.to > anchor.t) from = { t: cut.to, x: right };
    [t, x] = [cut.from, right - widthPx];
    return true;
  });
  ({ t, x } = from);
  quiet.each(playheadAt, knownFrom, anchor.t, 1, (cut) => {
    if (cut.from < from.t) return true;
    const widthPx = fits(cut);
    const left = x + (cut.from - t) * pxPerUs;
    if (left > reach[1]) return false;
    on.push({ ...cut, x: left, widthPx });
    [t, x] = [cut.to, left + widthPx];
    return true;
  });
  const cuts = [...back.reverse(), ...on];
  const corners = cuts.flatMap((cut): Anchor[] => [
    { t: cut.from, x: cut.x },
    { t: cut.to, x: cut.x + cut.widthPx },
  ]);
  if (corners.length === 0) corners.push(anchor);
  // A stretch that keeps its own width is no cut to look at.
  const shown = cuts.filter(({ widthPx }) => widthPx >= CUT_PX);
  return { pxPerUs, times: corners.map((corner) => corner.t), xs: corners.map((corner) => corner.x), cuts: shown };
}

export const project = ({ times, xs, pxPerUs }: TimeScale, t: Micros): number => between(times, xs, t, pxPerUs);

/** Not rounded: the time of a place between two microseconds. */
export const unproject = ({ times, xs, pxPerUs }: TimeScale, x: number): Micros => between(xs, times, x, 1 / pxPerUs);

/** `project` for times that come in order, or nearly: it begins where the last one was. */
export function along({ times, xs, pxPerUs }: TimeScale): (t: Micros) => number {
  let at = 0;
  return (t) => {
    while (at < times.length && (times[at] as number) <= t) at++;
    while (at > 0 && (times[at - 1] as number) > t) at--;
    return leg(times, xs, at, t, pxPerUs);
  };
}

function between(from: readonly number[], to: readonly number[], value: number, slope: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((from[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return leg(from, to, low, value, slope);
}

/** `at` is the first corner beyond the value. */
function leg(from: readonly number[], to: readonly number[], at: number, value: number, slope: number): number {
  if (at === 0) return (to[0] as number) + (value - (from[0] as number)) * slope;
  const [a, b] = [from[at - 1] as number, to[at - 1] as number];
  if (at === from.length) return b + (value - a) * slope;
  return b + ((value - a) * ((to[at] as number) - b)) / ((from[at] as number) - a);
}
