// Chips name the faults at their gates; at most one a link, moved to where nothing is written over.

import type { Frame } from './frame.ts';
import type { Occupied } from './labels.ts';
import type { ChipMark } from './marks.ts';
import { chip, type Gates } from './scene-links.ts';

/** Where a chip's middle may stand, from its gate, best first. */
const OFFSETS: readonly (readonly [number, number])[] = [
  [0, -38],
  [0, 40],
  [-46, -38],
  [46, -38],
  [-46, 40],
  [46, 40],
  [0, -66],
  [0, 68],
  [70, -66],
  [-70, 68],
  [0, -96],
  [0, 98],
];

export function chips(frame: Frame, { anchors }: Gates, occupied: Occupied): ChipMark[] {
  const { width: stageWidth, height: stageHeight, form } = frame.placement.arrangement;
  const marks: ChipMark[] = [];
  for (const { link, x, y, faults } of anchors) {
    const made = chip(frame, link, faults);
    const boxes = OFFSETS.map(([dx, dy]) => ({
      x: Math.max(4, Math.min(stageWidth - made.width - 4, x + dx - made.width / 2)),
      y: Math.max(4, Math.min(stageHeight - made.height - 4, y + dy - made.height / 2)),
      width: made.width,
      height: made.height,
    }));
    const free = boxes.find((box) => occupied.free(box));
    // In a grid the gate alone must do when there is no room; elsewhere a fault always says its name.
    const box = free ?? (form === 'grid' ? null : boxes[0]);
    if (!box) continue;
    occupied.add(box);
    const edgeY = box.y > y ? box.y : box.y + box.height;
    const leaderX = Math.max(box.x + 10, Math.min(box.x + box.width - 10, x));
    const leader = [leaderX, edgeY, x, y + (box.y > y ? 8 : -8)];
    const texts = made.texts.map((mark) => ({ ...mark, x: mark.x + box.x, y: mark.y + box.y }));
    marks.push({ ...box, texts, leader });
  }
  return marks;
}
