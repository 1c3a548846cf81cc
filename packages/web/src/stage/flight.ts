// One message on its link: where it is on its lane, and the mark that stands for it.

import type { MessageState } from '@crows-nest/protocol';
import { type Curve, lanePoints, pointAt } from './curve.ts';
import { type Frame, markedMessage } from './frame.ts';
import type { BeadMark, MessageMark, RingMark } from './marks.ts';
import { RADIUS, shownNumber } from './message-facts.ts';

const TAIL_SHARE = 0.15;
/** Beats closer than this become a comb. */
export const BEAT_PITCH_PX = 5;
/** Above this many in flight no numbers and no tails are drawn. */
export const NUMBERED_FLIGHTS = 40;

export interface Flights {
  messages: MessageMark[];
  beads: BeadMark[];
  rings: RingMark[];
  /** How the messages on links are shown; the first is the sum of singles, beaded and hidden. */
  counts: { onLinks: number; singles: number; beaded: number; hidden: number; beads: number };
}

/** One direction of a link. */
export interface Lane {
  curve: Curve;
  offsetPx: number;
  rightwards: boolean;
}

export interface Flight extends Lane {
  message: MessageState;
  /** Share of the way, 0 to 1, in the direction of travel. */
  u: number;
  /** Place along the lane, growing in the direction of travel, measured from the link's left end. */
  alongPx: number;
}

export const along = (rightwards: boolean, u: number, lengthPx: number): number => (rightwards ? u : u - 1) * lengthPx;

export function where({ curve, offsetPx, rightwards }: Lane, u: number): { x: number; y: number; angle: number } {
  const point = pointAt(curve, rightwards ? u : 1 - u, offsetPx);
  return rightwards ? point : { ...point, angle: point.angle + Math.PI };
}

export function single(frame: Frame, flight: Flight, numbered: boolean): MessageMark {
  const { message, u } = flight;
  const { view } = frame;
  const { kind } = message;
  const scale = frame.placement.arrangement.messageScale;
  const point = where(flight, u);
  const r = RADIUS[kind] * scale;
  const still = view.reducedMotion || view.paused;
  const marked = markedMessage(frame, message.msg);
  const bears = (numbered || marked !== null) && r >= 7.5 && (kind === 'REQUEST' || kind === 'REPLY');
  return {
    msg: message.msg,
    kind,
    x: point.x,
    y: point.y,
    angle: point.angle,
    r,
    text: bears ? shownNumber(message) : null,
    ghost: message.ghost,
    alpha: 1,
    tail: still || !numbered || kind === 'HEARTBEAT' || u <= 0 || u >= 1 ? null : tailOf(flight),
    arrow: view.paused && kind !== 'READY',
    marked,
  };
}

function tailOf({ curve, offsetPx, rightwards, u }: Flight): number[] {
  const back = Math.max(0, u - TAIL_SHARE);
  const points = rightwards ? lanePoints(curve, offsetPx, back, u) : lanePoints(curve, offsetPx, 1 - u, 1 - back);
  if (!rightwards) return points;
  const reversed: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) reversed.push(points[i] ?? 0, points[i + 1] ?? 0);
  return reversed;
}
