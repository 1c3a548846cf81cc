// Words that stand beside marks, where there is room: to the right, to the left, below, or not at all.

import type { Frame } from './frame.ts';
import type { Box2, TextMark } from './marks.ts';
import type { Occupied } from './occupied.ts';
import type { CaptionWish } from './residues.ts';
import { boxOf, textWidth } from './text-width.ts';

export function placeFreely(marks: readonly TextMark[], occupied: Occupied): TextMark[] {
  return marks.filter((mark) => {
    const box = boxOf(mark);
    if (!occupied.free(box)) return false;
    occupied.add(box);
    return true;
  });
}

/** Newest first: what was lost long ago keeps its residue, and its words only where there is room. */
export function captions(frame: Frame, wishes: readonly CaptionWish[], occupied: Occupied): TextMark[] {
  const shown: TextMark[] = [];
  for (const wish of [...wishes].sort((a, b) => a.freshUs - b.freshUs)) {
    // All of its lines, or at least the first.
    const found = seat(frame, wish, wish.lines.length, occupied) ?? seat(frame, wish, 1, occupied);
    if (!found) continue;
    occupied.add(found.box);
    shown.push(...found.texts);
  }
  return shown;
}

function seat(
  { view }: Frame,
  { x, y, r, lines, alpha }: CaptionWish,
  count: number,
  occupied: Occupied,
): { texts: TextMark[]; box: Box2 } | null {
  const said = lines.slice(0, count);
  const width = Math.max(...said.map(({ run, sizePx }) => textWidth(run.text, sizePx, run.weight)));
  const height = said.reduce((sum, { sizePx }) => sum + sizePx * 1.25, 0);
  const first = said[0]?.sizePx ?? 0;
  const top = count > 1 ? y - first * 0.8 : y - first * 0.55;
  const gap = Math.max(9, r * 0.6);
  const boxes = [
    { x: x + r + gap, y: top, width, height },
    { x: x - r - gap - width, y: top, width, height },
    { x: x - width / 2, y: y + r + 6, width, height },
    { x: x - width / 2, y: y - r - 6 - height, width, height },
  ];
  const box = boxes.find(
    (b) => b.x > 4 && b.x + b.width < view.width - 4 && b.y > 8 && b.y + b.height < view.height - 4 && occupied.free(b),
  );
  if (!box) return null;
  let below = box.y;
  const texts = said.map(({ run, sizePx }): TextMark => {
    below += sizePx * 1.25;
    return { x: box.x, y: below - sizePx * 0.3, sizePx, align: 'left', runs: [run], halo: true, alpha };
  });
  return { texts, box };
}
