// Chips name the faults at their gates; at most one a link, moved to where nothing is written over, and off the lanes as far as
// there is room: what travels there must be seen, and a chip does not move out of its way.

import type { Frame } from './frame.ts';
import type { Box2, ChipMark, LinkMark } from './marks.ts';
import type { Occupied } from './occupied.ts';
import { chip, GATE_CLEAR_PX, type Gates } from './scene-links.ts';

/** Where a chip's middle may stand, from its gate, the nearest first. */
const OFFSETS: readonly (readonly [number, number])[] = [-38, 40, -66, 68, -94, 96, -124, 126, -154, 156]
  .flatMap((dy) => [0, -46, 46, -92, 92, 140].map((dx) => [dx, dy] as const))
  .sort(([ax, ay], [bx, by]) => Math.hypot(ax, ay) - Math.hypot(bx, by));
/** A lane under a chip is as bad as a gate so much farther away, for each pixel of it; so is each thing that its leader runs over. */
const FARTHER_A_LANE_PX = 0.5;
const FARTHER_A_CROSSING = 60;

/** A bit of a lane: where its middle is, and how long it is. */
interface Bit {
  x: number;
  y: number;
  px: number;
}

/** Points of a lane to one bit: short against a chip, and few enough to be asked for each place of it. */
const STRIDE = 6;

function bitsOf(links: readonly LinkMark[]): Bit[] {
  const bits: Bit[] = [];
  for (const { points } of links.flatMap(({ parts }) => parts)) {
    const at = (i: number): number => points[Math.min(i, points.length - 2 + (i % 2))] ?? 0;
    for (let i = 0; i + 2 < points.length; i += 2 * STRIDE) {
      const [x, y, endX, endY] = [at(i), at(i + 1), at(i + 2 * STRIDE), at(i + 2 * STRIDE + 1)];
      bits.push({ x: (x + endX) / 2, y: (y + endY) / 2, px: Math.hypot(endX - x, endY - y) });
    }
  }
  return bits;
}

/** How much of the lanes would run under it, in pixels. */
function lanesUnder({ x, y, width, height }: Box2, lanes: readonly Bit[]): number {
  let sum = 0;
  for (const bit of lanes) {
    if (bit.x > x && bit.x < x + width && bit.y > y && bit.y < y + height) sum += bit.px;
  }
  return sum;
}

/** Where a leader is asked what it runs over, as shares of its way. */
const LOOKED_AT = [0.2, 0.5, 0.8];

/** Where a chip may stand, and the line from there to its gate. */
interface Seat extends Box2 {
  awayPx: number;
  leader: readonly [number, number, number, number];
}

function seatsOf(
  { placement }: Frame,
  { width, height }: { width: number; height: number },
  { x, y, clearPx }: Anchor,
): Seat[] {
  const { width: stageWidth, height: stageHeight } = placement.arrangement;
  const far = height / 24;
  // Above or below what is larger than a gate, or beside it.
  const shifts = clearPx > GATE_CLEAR_PX ? [0, clearPx - GATE_CLEAR_PX] : [0];
  return OFFSETS.flatMap(([stepX, stepY]) =>
    shifts.map((shiftPx) => {
      const [dx, outPx] = [stepX * far, stepY * far];
      const dy = outPx + Math.sign(outPx) * shiftPx;
      const left = Math.max(4, Math.min(stageWidth - width - 4, x + dx - width / 2));
      const top = Math.max(4, Math.min(stageHeight - height - 4, y + dy - height / 2));
      const leaderX = Math.max(left + 10, Math.min(left + width - 10, x));
      const edgeY = top > y ? top : top + height;
      const share = clearPx / Math.max(clearPx, Math.hypot(leaderX - x, edgeY - y));
      const leader = [leaderX, edgeY, x + (leaderX - x) * share, y + (edgeY - y) * share] as const;
      return { x: left, y: top, width, height, awayPx: Math.hypot(dx, outPx), leader };
    }),
  );
}

function crossings([fromX, fromY, toX, toY]: Seat['leader'], occupied: Occupied): number {
  let count = 0;
  for (const u of LOOKED_AT) {
    const point = { x: fromX + (toX - fromX) * u - 1, y: fromY + (toY - fromY) * u - 1, width: 2, height: 2 };
    if (!occupied.free(point)) count++;
  }
  return count;
}

function clearest(seats: readonly Seat[], occupied: Occupied, lanes: readonly Bit[]): Seat | undefined {
  let best: Seat | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const seat of seats) {
    // The nearest come first: what is farther than the best is bad can only be worse.
    if (seat.awayPx >= least) break;
    if (!occupied.free(seat)) continue;
    let cost = seat.awayPx + FARTHER_A_CROSSING * crossings(seat.leader, occupied);
    if (cost < least) cost += FARTHER_A_LANE_PX * lanesUnder(seat, lanes);
    if (cost < least) [best, least] = [seat, cost];
  }
  return best;
}

function leastCovering(seats: readonly Seat[], occupied: Occupied): Seat | undefined {
  let best: Seat | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const seat of seats) {
    const covered = occupied.covered(seat);
    if (covered < least) [best, least] = [seat, covered];
  }
  return best;
}

type Anchor = Gates['anchors'][number];

export function chips(frame: Frame, { anchors }: Gates, occupied: Occupied, links: readonly LinkMark[]): ChipMark[] {
  const grid = frame.placement.arrangement.form === 'grid';
  // In a grid lanes are everywhere.
  const lanes = grid || anchors.length === 0 ? [] : bitsOf(links);
  const wishes = anchors.map((anchor) => {
    const made = chip(frame, anchor.link, anchor.faults);
    const seats = seatsOf(frame, made, anchor);
    return { made, seats, free: seats.filter((seat) => occupied.free(seat)) };
  });
  // Who has the fewest places chooses first.
  wishes.sort((a, b) => a.free.length - b.free.length);
  const marks: ChipMark[] = [];
  for (const { made, seats, free } of wishes) {
    // In a grid the gate alone must do when there is no room; elsewhere a fault always says its name.
    const seat = clearest(free, occupied, lanes) ?? (grid ? undefined : leastCovering(seats, occupied));
    if (!seat) continue;
    const { x, y, width, height, leader } = seat;
    occupied.add(seat);
    const texts = made.texts.map((mark) => ({ ...mark, x: mark.x + x, y: mark.y + y }));
    const ring = made.ring && { ...made.ring, x: made.ring.x + x, y: made.ring.y + y };
    marks.push({ x, y, width, height, texts, ring, leader: [...leader] });
  }
  return marks;
}
