// The ends of links: rings of what has just arrived, and what its receiver has not read.

import type { EventOf, MessageState } from '@crows-nest/protocol';
import { pointAt } from './curve.ts';
import { BEAT_PITCH_PX, type Flights, type Lane, single, where } from './flight.ts';
import { type Frame, goesRight, laneOffset, share } from './frame.ts';
import { arrivesAt, lossOf } from './hop.ts';
import type { Box2 } from './marks.ts';
import { KIND_TOKEN, RADIUS, standIn } from './message-facts.ts';
import { linkCurve } from './placement.ts';

const ARRIVAL_US = 200_000;
/** Unread messages drawn one by one at the end of a link. */
const UNREAD_DRAWN = 5;
/** Rings are decoration: where this many would ring at once none does. */
const RINGS_MOST = 60;
/** Beats among them. */
const LOOKED_AT_MOST = 6 * RINGS_MOST;
const LEFT = ['message.left'] as const;

/** What its receiver has not read stands at the end of the lane: a stopped process shows what it owes. */
export function drawUnread(
  frame: Frame,
  lane: Lane,
  messages: readonly MessageState[],
  numbered: boolean,
  into: Flights,
): void {
  const scale = frame.placement.arrangement.messageScale;
  const stack = messages
    .filter(({ kind }) => kind !== 'HEARTBEAT' || frame.view.showBeats)
    .sort((a, b) => (a.leftAt ?? 0) - (b.leftAt ?? 0) || a.msg - b.msg);
  const { lengthPx } = lane.curve;
  let standing = 0;
  for (const message of stack.slice(0, UNREAD_DRAWN)) {
    const beat = message.kind === 'HEARTBEAT';
    const half = beat ? BEAT_PITCH_PX / 2 : RADIUS[message.kind] * scale;
    const u = lengthPx > 0 ? 1 - (standing + half) / lengthPx : 1;
    standing += half * 2 + (beat ? 0 : 1.5);
    const mark = single(frame, { ...lane, message, u, alongPx: 0 }, numbered);
    into.messages.push({ ...mark, tail: null, arrow: false, alpha: beat ? 0.7 : 1 });
  }
}

/** Where unread messages stand, for words to keep clear of. */
export function unreadBoxes(frame: Frame): Box2[] {
  const { census, state, placement } = frame;
  const half = 12 * placement.arrangement.messageScale;
  const boxes: Box2[] = [];
  for (const [link, { fromQueue }] of census.unread) {
    const peer = state.peers[link];
    const curve = peer && fromQueue.length > 0 ? linkCurve(placement, peer) : undefined;
    if (!peer || !curve) continue;
    const { x, y } = pointAt(curve, 1, laneOffset(frame, peer, 'fromQueue'));
    boxes.push({ x: x - 4 * half, y: y - half, width: 4 * half, height: 2 * half });
  }
  return boxes;
}

interface Arrival {
  entered: EventOf<'message.entered'>;
  at: number;
}

export function arrivals(frame: Frame, into: Flights): void {
  if (frame.view.reducedMotion) return;
  const { state, placement } = frame;
  const scale = placement.arrangement.messageScale;
  for (const { entered, at } of recentArrivals(frame)) {
    const peer = state.peers[entered.link];
    const curve = peer && linkCurve(placement, peer);
    if (!peer || !curve) continue;
    const { direction, kind, msg } = entered;
    const lane = { curve, offsetPx: laneOffset(frame, peer, direction), rightwards: goesRight(peer, direction) };
    const a = share(frame, at, ARRIVAL_US);
    const { x, y } = where(lane, 1);
    into.rings.push({ x, y, r: (RADIUS[kind] + 16 * a) * scale, alpha: 1 - a, token: KIND_TOKEN[kind] });
    const atDoor = peer.role === 'client' && direction === 'toQueue';
    if (state.messages[msg] !== undefined || atDoor || lossOf(frame, standIn(entered, null))) continue;
    const flight = { ...lane, message: standIn(entered, at), u: 1, alongPx: 0 };
    into.messages.push({ ...single(frame, flight, true), arrow: false });
  }
}

/** Those whose rings are to be drawn, oldest first; nothing when they are too many to be told apart. */
function recentArrivals(frame: Frame): Arrival[] {
  const { log, t, stretchUs, placement } = frame;
  const found: Arrival[] = [];
  const from = t - ARRIVAL_US - (stretchUs ?? 0);
  if (log.count(from, t, LEFT) > LOOKED_AT_MOST) return found;
  for (const event of log.between(from, t, LEFT)) {
    if (event.type !== 'message.left') continue;
    const entered = log.entered(event.msg);
    if (!entered || entered.kind === 'HEARTBEAT' || !placement.places.has(event.link)) continue;
    const at = arrivesAt(frame, { msg: event.msg, enteredAt: entered.t, dueAt: entered.dueAt });
    if (at > t || at <= t - ARRIVAL_US) continue;
    found.push({ entered, at });
    if (found.length > RINGS_MOST) return [];
  }
  return found;
}
