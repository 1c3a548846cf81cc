// Where an arrow key leads among boxes on the stage: plain geometry.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Heading = 'up' | 'down' | 'left' | 'right';

/** How much more a step aside counts than one ahead: an arrow key should mean its direction. */
const ASIDE = 2;

const centre = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });

/** The index of the nearest box in a direction; when there is none, of the next or previous in reading order. */
export function neighbour(boxes: readonly Box[], from: number, heading: Heading): number {
  const start = boxes[from];
  if (!start) return boxes.length > 0 ? 0 : -1;
  const here = centre(start);
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    const there = centre(box);
    const dx = there.x - here.x;
    const dy = there.y - here.y;
    const ahead = heading === 'left' ? -dx : heading === 'right' ? dx : heading === 'up' ? -dy : dy;
    const aside = heading === 'left' || heading === 'right' ? Math.abs(dy) : Math.abs(dx);
    if (index === from || ahead <= 1) continue;
    const distance = ahead + ASIDE * aside;
    if (distance < least) [best, least] = [index, distance];
  }
  if (best >= 0) return best;
  const step = heading === 'left' || heading === 'up' ? -1 : 1;
  return (from + step + boxes.length) % boxes.length;
}
