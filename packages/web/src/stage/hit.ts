// What is under the pointer: what is drawn on top comes first, and a lane is wide enough to be met.

import type { Selection } from '../model/selection.ts';
import type { Scene } from './scene.ts';

const LEAST_RADIUS_PX = 14;
const LANE_PX = 7;

/** `x` and `y` in CSS pixels of the stage's box. */
export function hit(picture: Scene, cssX: number, cssY: number): Selection | null {
  const x = cssX / picture.zoom;
  const y = cssY / picture.zoom;
  const msg = nearestMessage(picture, x, y);
  if (msg !== null) return { type: 'message', msg };
  for (const { peer, x: cx, y: cy, scale } of picture.workers) {
    if (Math.hypot(x - cx, y - cy) <= Math.max(LEAST_RADIUS_PX, 47.6 * scale)) return { type: 'peer', peer };
  }
  for (const mark of picture.clients) {
    if (x >= mark.x && x <= mark.x + mark.width && y >= mark.y && y <= mark.y + mark.height) {
      return { type: 'peer', peer: mark.peer };
    }
  }
  const { queue } = picture;
  if (queue && x >= queue.x && x <= queue.x + queue.width && y >= queue.y && y <= queue.y + queue.height) {
    return { type: 'peer', peer: queue.peer };
  }
  return nearestLink(picture, x, y);
}

function nearestMessage({ messages, pile }: Scene, x: number, y: number): number | null {
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const marks of [messages, pile]) {
    for (const mark of marks) {
      const away = Math.hypot(mark.x - x, mark.y - y);
      if (away > Math.max(LEAST_RADIUS_PX, mark.r) || away >= least) continue;
      nearest = mark.msg;
      least = away;
    }
  }
  return nearest;
}

function nearestLink({ links }: Scene, x: number, y: number): Selection | null {
  let nearest: string | null = null;
  let least = LANE_PX;
  for (const { link, parts, trunk } of links) {
    if (trunk) continue;
    for (const { points } of parts) {
      for (let i = 2; i < points.length; i += 2) {
        const away = distance(x, y, points[i - 2] ?? 0, points[i - 1] ?? 0, points[i] ?? 0, points[i + 1] ?? 0);
        if (away >= least) continue;
        nearest = link;
        least = away;
      }
    }
  }
  return nearest === null ? null : { type: 'link', link: nearest };
}

/** From a point to a piece of a line. */
function distance(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - dx * share, y - ay - dy * share);
}
