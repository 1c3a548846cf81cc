// Who stands where: clients, the queue, workers, each in the order of their first appearance; as high as there is room for.

import type { Micros, Role } from '@crows-nest/protocol';
import type { DiagramIndex } from './diagram-index.ts';
import type { Lane } from './lane.ts';

export interface Row {
  readonly lane: Lane;
  readonly y: number;
  readonly height: number;
  /** Where the process is drawn, and where messages begin and end. */
  readonly barY: number;
}

/** At this height everything has its full size. */
export const FULL_PX = 34;
const HIGHEST_PX = 64;
/** From so many lanes on single messages are too many to follow. */
export const DENSE_LANES = 45;

const RANK: Readonly<Record<Role, number>> = { client: 0, queue: 1, worker: 2 };

/** The lanes of those who were there at some time between the two. */
export function lanesBetween(index: DiagramIndex, from: Micros, to: Micros): Lane[] {
  const there = [...index.lanes.values()].filter(
    ({ joinedAt, leftAt }) => joinedAt <= to && (leftAt === null || leftAt > from),
  );
  return there.sort((a, b) => RANK[a.role] - RANK[b.role] || a.joinedAt - b.joinedAt || a.id - b.id);
}

export function rowsOf(lanes: readonly Lane[], top: number, bottom: number, textScale: number): Row[] {
  const room = Math.max(1, bottom - top);
  const height = Math.min(HIGHEST_PX * textScale, room / Math.max(1, lanes.length));
  return lanes.map((lane, i) => {
    const y = top + i * height;
    return { lane, y, height, barY: y + height * (height < 8 ? 0.5 : 0.62) };
  });
}

/** How large marks in a lane are against their full size. */
export const laneScale = (height: number): number => Math.min(1.15, height / FULL_PX);
