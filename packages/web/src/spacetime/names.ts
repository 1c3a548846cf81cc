// Who each lane is, at its left; who is in disagreement, at the edge, where lanes are low; and how long was left out.

import type { Selection } from '../model/selection.ts';
import { visibleText } from '../visible-text.ts';
import { tenths } from './bars.ts';
import { truthOf } from './code.ts';
import { type Label, label } from './labels.ts';
import type { Plot } from './plot.ts';
import type { Row } from './rows.ts';

export function names(plot: Plot): Label[] {
  const { view, rows, t } = plot;
  const { textScale, words } = view;
  const sizePx = Math.min(12.5, plot.left / 8) * textScale;
  const x = Math.min(14 * textScale, plot.left * 0.12);
  const few = (rows[0]?.height ?? 0) < sizePx * 1.2;
  const isIn = (of: Selection | null, peer: string): boolean => of?.type === 'peer' && of.peer === peer;
  // Where there is no room for all: what is picked first, then the queue, the first and the last.
  const rank = (row: Row, i: number): number => {
    const { peer, role } = row.lane;
    if (isIn(view.selection, peer) || isIn(view.hover, peer)) return 0;
    return role === 'queue' ? 1 : i === 0 || i === rows.length - 1 ? 2 : 3;
  };
  const ranked = rows.map((row, i) => ({ row, rank: few ? rank(row, i) : 0 })).sort((a, b) => a.rank - b.rank);
  const said: Label[] = [];
  for (const { row, rank } of ranked) {
    const y = row.barY + sizePx * 0.36;
    if (few && said.some((other) => Math.abs(other.y - y) < sizePx * 1.2)) continue;
    const { lane } = row;
    const truth = truthOf(lane.spans.code(lane.spans.at(t)));
    const there = lane.joinedAt <= t && (lane.leftAt === null || lane.leftAt > t) && truth !== 'dead';
    const name = view.nameOf(visibleText(lane.name, 24));
    const bright = few ? rank === 0 : there;
    said.push(label(x, y, name, sizePx, bright ? 'text' : 'muted', { weight: bright ? 650 : 560 }));
  }
  const first = rows[0];
  if (plot.dense && first) {
    said.push(label(x, first.y - 10 * textScale, words.lanes(rows.length), 11 * textScale, 'faint'));
  }
  return said;
}

/** In lanes too low for words, those in disagreement are named at the edge. */
export function edgeNames(plot: Plot, parted: readonly Row[]): Label[] {
  const { view, nowX, right } = plot;
  const sizePx = 11.5 * view.textScale;
  if ((plot.rows[0]?.height ?? 34) >= 13) return [];
  const said: Label[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const { lane, barY } of parted) {
    const y = barY + sizePx * 0.36;
    if (y - sizePx < free) continue;
    free = y + 2;
    const room = right - nowX - 12;
    const name = view.nameOf(visibleText(lane.name, 24)).replace(/^(\D)\D*?[ -](\d+)$/, '$1$2');
    said.push(
      label(nowX + 8, y, `≠ ${name}`.slice(0, Math.max(4, Math.floor(room / 6))), sizePx, 'fault', { weight: 700 }),
    );
  }
  return said;
}

export function cutLabels(plot: Plot): Label[] {
  const { scale, view, index, top, bottom, left, right } = plot;
  const sizePx = 11 * view.textScale;
  return scale.cuts
    .filter(({ x, widthPx }) => x > left - 4 && x + widthPx < right)
    .map(({ x, widthPx, from, to }) => {
      const beats = index.crossings.count(from, to);
      const text = view.words.idle(view.words.seconds(tenths(to - from)), beats);
      return label(x + widthPx / 2, (top + bottom) / 2, text, sizePx, 'text', {
        align: 'center',
        weight: 650,
        upright: true,
      });
    });
}
