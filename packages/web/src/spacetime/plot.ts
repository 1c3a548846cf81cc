// One picture in the making: where times and lanes are on the screen, and what part of time is drawn.

import type { Micros } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { DiagramIndex } from './diagram-index.ts';
import { DENSE_LANES, lanesBetween, type Row, rowsOf } from './rows.ts';
import { BUCKET_US } from './tally.ts';
import { project, type TimeScale, timeScale, unproject } from './time-scale.ts';
import type { DiagramView } from './view.ts';

/** Below this the smallest difference between two times is wider than a pixel. */
export const SHORTEST_US: Micros = 2_000;
export const USUAL_US: Micros = 20_000_000;
/** Singly drawn, at most. */
const SINGLES = 5_000;
const NAMES_PX = 118;
const RULER_PX = 32;
/** Right of the playhead's usual place: what is on the wire and not shown yet. */
const AHEAD_PX = 66;
/** For requests, replies and losses, when they are counted. */
const COUNTS_PX = 80;

export interface Plot {
  readonly log: Log;
  readonly index: DiagramIndex;
  readonly t: Micros;
  readonly view: DiagramView;
  readonly scale: TimeScale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The playhead's usual place. */
  readonly nowX: number;
  /** Where the playhead is. */
  readonly playheadX: number;
  /** What is drawn of time: on the screen, known, and to be shown. */
  readonly from: Micros;
  readonly to: Micros;
  readonly rows: readonly Row[];
  /** By the lane's number. */
  readonly rowOf: ReadonlyMap<number, Row>;
  readonly queueRow: Row | undefined;
  /** Messages are counted, not drawn. */
  readonly dense: boolean;
}

/** The frame of the picture: what depends on its size only. */
export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly nowX: number;
}

export function boundsOf({ width, height, textScale }: Pick<DiagramView, 'width' | 'height' | 'textScale'>): Bounds {
  const left = Math.round(Math.min(NAMES_PX * textScale, width * 0.3));
  const ahead = Math.min(AHEAD_PX * textScale, width * 0.13);
  return {
    left,
    right: width,
    top: Math.round(RULER_PX * textScale),
    bottom: height - 6,
    nowX: Math.round(width - ahead),
  };
}

export function plotOf(index: DiagramIndex, log: Log, t: Micros, view: DiagramView): Plot {
  const { left, right, top, bottom, nowX } = boundsOf(view);
  const pxPerUs = (nowX - left) / view.spanUs;
  const anchor = { t: view.anchorAt ?? t, x: nowX };
  const scale = timeScale(index.quiet, anchor, pxPerUs, [left, right], t, log.startAt);
  const from = Math.max(log.startAt, unproject(scale, left));
  const to = view.later ? Math.min(log.endAt, unproject(scale, right)) : t;
  index.settle(log, Math.floor(to));
  const lanes = lanesBetween(index, from, to);
  const dense = lanes.length >= DENSE_LANES || crowded(index, from, to, view, log.startAt);
  const rows = rowsOf(lanes, dense ? top + COUNTS_PX * Math.min(1.4, view.textScale) : top, bottom, view.textScale);
  const rowOf = new Map(rows.map((row) => [row.lane.id, row]));
  const queueRow = rows.find((row) => row.lane.role === 'queue');
  return {
    ...{ log, index, t, view, scale, left, right, top, bottom, nowX, playheadX: project(scale, t) },
    ...{ from, to, rows, rowOf, queueRow, dense },
  };
}

/** Counted between times that stay put for a while: at the limit the picture does not waver between its two forms. */
function crowded(
  { crossings, tally }: DiagramIndex,
  from: Micros,
  to: Micros,
  view: DiagramView,
  startAt: Micros,
): boolean {
  const grid = Math.max(1, view.spanUs / 8);
  const [first, last] = [Math.max(startAt, Math.floor(from / grid) * grid), Math.floor(to / grid) * grid];
  const all = crossings.count(first, last);
  if (all <= SINGLES) return false;
  return all - tally.sum('beat', Math.ceil(first / BUCKET_US), Math.ceil(last / BUCKET_US)) > SINGLES;
}

/** A place that is on the screen, or just beside it. */
export const inPlot = ({ left, right }: Bounds | Plot, x: number): number => Math.max(left - 4, Math.min(right + 4, x));
