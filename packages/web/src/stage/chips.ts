// Chips name the faults at their gates; at most one a link, moved to where nothing is written over.

import type { Frame } from './frame.ts';
import type { Box2, ChipMark } from './marks.ts';
import type { Occupied } from './occupied.ts';
import { chip, type Gates } from './scene-links.ts';

/** Where a chip's middle may stand, from its gate, best first. */
const OFFSETS: readonly (readonly [number, number])[] = [-38, 40, -66, 68, -94, 96].flatMap((dy) =>
  [0, -46, 46, -92, 92, 140].map((dx) => [dx, dy] as const),
);

function leastCovering<T extends Box2>(boxes: readonly T[], occupied: Occupied): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const covered = occupied.covered(box);
    if (covered < least) [best, least] = [box, covered];
  }
  return best;
}

export function chips(frame: Frame, { anchors }: Gates, occupied: Occupied): ChipMark[] {
  const { width: stageWidth, height: stageHeight, form } = frame.placement.arrangement;
  const marks: ChipMark[] = [];
  for (const { link, x, y, faults } of anchors) {
    const made = chip(frame, link, faults);
    const far = made.height / 24;
    const boxes = OFFSETS.map(([stepX, stepY]) => [stepX * far, stepY * far] as const).map(([dx, dy]) => ({
      x: Math.max(4, Math.min(stageWidth - made.width - 4, x + dx - made.width / 2)),
      y: Math.max(4, Math.min(stageHeight - made.height - 4, y + dy - made.height / 2)),
      width: made.width,
      height: made.height,
    }));
    const free = boxes.find((box) => occupied.free(box));
    // In a grid the gate alone must do when there is no room; elsewhere a fault always says its name.
    const box = free ?? (form === 'grid' ? null : leastCovering(boxes, occupied));
    if (!box) continue;
    occupied.add(box);
    const edgeY = box.y > y ? box.y : box.y + box.height;
    const leaderX = Math.max(box.x + 10, Math.min(box.x + box.width - 10, x));
    const leader = [leaderX, edgeY, x, y + (box.y > y ? 8 : -8)];
    const texts = made.texts.map((mark) => ({ ...mark, x: mark.x + box.x, y: mark.y + box.y }));
    const ring = made.ring && { ...made.ring, x: made.ring.x + box.x, y: made.ring.y + box.y };
    marks.push({ ...box, texts, ring, leader });
  }
  return marks;
}
