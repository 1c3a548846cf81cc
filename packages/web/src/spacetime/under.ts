// What is under the pointer: the smallest thing first, then the lane, then the ground, which is only a time.

import type { Micros } from '@crows-nest/protocol';
import { sliceBuckets } from './counts.ts';
import type { Diagram, RowMark } from './diagram.ts';
import type { DiagramIndex } from './diagram-index.ts';
import { BUCKET_US } from './tally.ts';
import { unproject } from './time-scale.ts';

export type Under =
  | { readonly type: 'message'; readonly t: Micros; readonly msg: number }
  /** A mark, or the beginning of a bar's state. */
  | { readonly type: 'event'; readonly t: Micros; readonly seq: number; readonly peer: string }
  | {
      readonly type: 'bar';
      readonly t: Micros;
      readonly peer: string;
      readonly seq: number | null;
      readonly span: number;
    }
  | { readonly type: 'name'; readonly t: Micros; readonly peer: string }
  | { readonly type: 'lane'; readonly t: Micros; readonly peer: string }
  /** Of time, in which messages are counted: in tenths of a second. */
  | { readonly type: 'slice'; readonly t: Micros; readonly first: number; readonly end: number }
  | { readonly type: 'ground'; readonly t: Micros };

const MARK_PX = 8;

function sliceAt({ scale, to }: Diagram, t: Micros): { t: Micros; first: number; end: number } {
  const buckets = sliceBuckets(scale.pxPerUs);
  const first = Math.floor(t / (buckets * BUCKET_US)) * buckets;
  return { t, first, end: Math.min(first + buckets, Math.floor(to / BUCKET_US)) };
}

export function under(made: Diagram, index: DiagramIndex, x: number, y: number): Under {
  const t = unproject(made.scale, x);
  if (made.dense && x >= made.left && y >= made.top && y < (made.rows[0]?.y ?? 0))
    return { type: 'slice', ...sliceAt(made, t) };
  const row = made.rows.find((r) => y >= r.y && y < r.y + r.height);
  if (x < made.left) return row ? { type: 'name', t, peer: row.peer } : { type: 'ground', t };
  const mark = markAt(made, x, y);
  if (mark !== null) return { type: 'event', t, seq: mark, peer: row?.peer ?? '' };
  const msg = messageAt(made, x, y);
  if (msg !== null) return { type: 'message', t, msg };
  return row ? laneAt(made, index, row, t, y) : { type: 'ground', t };
}

function markAt({ notes }: Diagram, x: number, y: number): number | null {
  let best: number | null = null;
  let nearest = MARK_PX;
  for (const note of notes) {
    const away = Math.hypot(note.x - x, note.y - y);
    if (away > nearest) continue;
    nearest = away;
    best = note.seq;
  }
  return best;
}

function messageAt({ flights: { seen } }: Diagram, x: number, y: number): number | null {
  let best: number | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < seen.length; i += 6) {
    const away = distance(seen[i + 1] ?? 0, seen[i + 2] ?? 0, seen[i + 3] ?? 0, seen[i + 4] ?? 0, x, y);
    if (away > nearest || away > (seen[i + 5] ?? 0)) continue;
    nearest = away;
    best = seen[i] ?? null;
  }
  return best;
}

/** Of a point from a line between two others. */
function distance(x1: number, y1: number, x2: number, y2: number, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / squared));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

function laneAt(made: Diagram, index: DiagramIndex, row: RowMark, t: Micros, y: number): Under {
  const lane = index.lanes.get(row.peer);
  const known = t >= made.from && t <= made.to;
  const onBar = Math.abs(y - row.barY) <= Math.max(4, row.height * 0.22);
  if (!lane || !known || !onBar || t < lane.joinedAt) return { type: 'lane', t, peer: row.peer };
  const span = lane.spans.at(t);
  return { type: 'bar', t, peer: row.peer, seq: lane.spans.seq(span), span };
}
