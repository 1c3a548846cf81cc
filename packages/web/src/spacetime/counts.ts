// Too many to draw one by one: requests counted upwards and replies downwards in slices of time that stay put, losses below.

import { type Label, label } from './labels.ts';
import type { Plot } from './plot.ts';
import { BUCKET_US, type Tallied } from './tally.ts';
import { along, unproject } from './time-scale.ts';

export interface Counts {
  /** x, y, width, height. */
  readonly requests: number[];
  readonly replies: number[];
  /** x, y. */
  readonly losses: number[];
  readonly axisY: number;
  readonly labels: Label[];
}

const SLICE_PX = 5;

/** The next round number: the scale stays while the numbers change a little. */
export function niceCeiling(n: number): number {
  for (let power = 1; ; power *= 10)
    for (const digit of [1, 1.5, 2, 3, 4, 5, 6, 8]) if (digit * power >= n) return digit * power;
}

/** A slice is a power of two of tenths of a second, counted from the run's start. */
export const sliceBuckets = (pxPerUs: number): number =>
  2 ** Math.max(0, Math.ceil(Math.log2(SLICE_PX / (BUCKET_US * pxPerUs))));

export function counts(plot: Plot): Counts | null {
  const { dense, scale, top, rows, view, log, left, right } = plot;
  if (!dense) return null;
  const bottom = rows[0]?.y ?? plot.bottom;
  const room = bottom - top;
  const axisY = top + room * 0.45;
  const [up, down] = [room * 0.4, room * 0.32];
  const buckets = sliceBuckets(scale.pxPerUs);
  const slice = buckets * BUCKET_US;
  const place = along(scale);
  const first = Math.ceil(Math.max(log.startAt, unproject(scale, left)) / slice);
  const slices: { x: number; width: number; n: Record<Tallied, number> }[] = [];
  let most = 1;
  for (let at = first; at * slice < plot.to; at++) {
    const x = place(at * slice);
    const width = place((at + 1) * slice) - x;
    if (x > right) break;
    const n = countsOf(plot, at, buckets);
    most = Math.max(most, n.request, n.reply);
    slices.push({ x, width: Math.min(width, place(plot.to) - x), n });
  }
  const peak = niceCeiling(most);
  const made: Counts = { requests: [], replies: [], losses: [], axisY, labels: [] };
  const sizePx = 11 * view.textScale;
  const gap = scale.pxPerUs * slice > 3 ? 1 : 0;
  for (const { x, width, n } of slices) {
    const w = Math.max(0.5, width - gap);
    if (n.request > 0) made.requests.push(x, axisY - (up * n.request) / peak, w, (up * n.request) / peak);
    if (n.reply > 0) made.replies.push(x, axisY + 1, w, (down * n.reply) / peak);
    if (n.loss > 0) made.losses.push(x + width / 2, axisY + room * 0.43);
  }
  const { words } = view;
  const names = { weight: 650 };
  made.labels.push(label(14 * view.textScale, axisY - up * 0.4, words.requests, sizePx, 'request', names));
  made.labels.push(
    label(14 * view.textScale, axisY + down * 0.6 + sizePx * 0.4, words.replies, sizePx, 'reply', names),
  );
  return made;
}

/** Of the slice that the playhead is in, what it has passed. */
function countsOf({ index, to }: Plot, slice: number, buckets: number): Record<Tallied, number> {
  const [first, end] = [slice * buckets, Math.min((slice + 1) * buckets, Math.floor(to / BUCKET_US))];
  const of = (what: Tallied): number => index.tally.sum(what, first, end);
  return { request: of('request'), reply: of('reply'), beat: 0, loss: of('loss') };
}
