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

export const project = (scale: TimeScale, t: Micros): number => along(scale.times, scale.xs, t, scale.pxPerUs);

/** Not rounded: the time of a place between two microseconds. */
export const unproject = (scale: TimeScale, x: number): Micros => along(scale.xs, scale.times, x, 1 / scale.pxPerUs);

function along(from: readonly number[], to: readonly number[], at: number, slope: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((from[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return (to[0] as number) + (at - (from[0] as number)) * slope;
  const [a, y] = [from[low - 1] as number, to[low - 1] as number];
  if (low === from.length) return y + (at - a) * slope;
  return y + ((at - a) * ((to[low] as number) - y)) / ((from[low] as number) - a);
}
