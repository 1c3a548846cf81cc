// Which part of time one looks at, moved by hand: zoomed about a place, shifted by pixels, or fitted to all that is known.

import type { Micros } from '@crows-nest/protocol';
import type { DiagramIndex } from './diagram-index.ts';
import { type Bounds, SHORTEST_US, USUAL_US } from './plot.ts';
import { type TimeScale, timeScale, unproject } from './time-scale.ts';

/** What the window needs to know of the log. */
export interface Known {
  readonly index: DiagramIndex;
  readonly t: Micros;
  readonly startAt: Micros;
  readonly endAt: Micros;
}

export interface Window {
  readonly spanUs: Micros;
  /** null: the playhead's. */
  readonly anchorAt: Micros | null;
}

export const USUAL: Window = { spanUs: USUAL_US, anchorAt: null };

export function scaleOf({ index, t, startAt }: Known, { spanUs, anchorAt }: Window, bounds: Bounds): TimeScale {
  const { left, right, nowX } = bounds;
  return timeScale(index.quiet, { t: anchorAt ?? t, x: nowX }, (nowX - left) / spanUs, [left, right], t, startAt);
}

/** The window of this span in which a time is at a place. */
export function windowAt(known: Known, at: { t: Micros; x: number }, spanUs: Micros, bounds: Bounds): Window {
  const { left, nowX } = bounds;
  const reach = [Math.min(left, at.x), Math.max(nowX, at.x)] as const;
  const scale = timeScale(known.index.quiet, at, (nowX - left) / spanUs, reach, known.t, known.startAt);
  return { spanUs, anchorAt: within(known, unproject(scale, nowX)) };
}

const within = ({ startAt, endAt }: Known, t: Micros): Micros => Math.max(startAt, Math.min(endAt, t));

export const clampSpan = ({ startAt, endAt }: Known, spanUs: Micros): Micros =>
  Math.max(SHORTEST_US, Math.min(Math.max(USUAL_US, (endAt - startAt) * 1.05), spanUs));

/** `factor` above 1 shows more. What follows the playhead goes on doing so. */
export function zoomed(known: Known, window: Window, factor: number, x: number, bounds: Bounds): Window {
  const spanUs = clampSpan(known, window.spanUs * factor);
  if (window.anchorAt === null) return { spanUs, anchorAt: null };
  return windowAt(known, { t: unproject(scaleOf(known, window, bounds), x), x }, spanUs, bounds);
}

/** Moved with the pointer: by `px` to the right one sees earlier times. */
export function panned(known: Known, window: Window, px: number, bounds: Bounds): Window {
  const scale = scaleOf(known, window, bounds);
  return { ...window, anchorAt: within(known, unproject(scale, bounds.nowX - px)) };
}

/** All that is known up to `until`. Cuts make it shorter than it was, and a shorter span has fewer of them. */
export function fitted(known: Known, until: Micros | null, bounds: Bounds): Window {
  const endAt = until ?? known.t;
  let spanUs = Math.max(SHORTEST_US, endAt - known.startAt);
  for (let round = 0; round < 6; round++) {
    const firstAt = unproject(scaleOf(known, { spanUs, anchorAt: until }, bounds), bounds.left);
    const shown = endAt - firstAt;
    const missing = firstAt - known.startAt;
    if (Math.abs(missing) < shown * 0.01 || shown <= 0) break;
    spanUs = Math.max(SHORTEST_US, spanUs + missing * (spanUs / shown));
  }
  return { spanUs: clampSpan(known, spanUs), anchorAt: until };
}
