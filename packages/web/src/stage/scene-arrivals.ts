// The ends of links: rings of what has just arrived, and what its receiver has not read.

import { BEAT_PITCH_PX, type Flight, type Flights, single, where } from './flight.ts';
import { type Frame, goesRight, laneOffset, share } from './frame.ts';
import { KIND_TOKEN, RADIUS, standIn } from './message-facts.ts';
import { linkCurve } from './placement.ts';

const ARRIVAL_US = 200_000;
/** Unread messages drawn one by one at the end of a link. */
const UNREAD_DRAWN = 5;

/** What its receiver has not read stands at the end of the lane: a stopped process shows what it owes. */
export function drawUnread(frame: Frame, stack: Flight[], numbered: boolean, into: Flights): void {
  const scale = frame.placement.arrangement.messageScale;
  stack.sort((a, b) => (a.message.leftAt ?? 0) - (b.message.leftAt ?? 0) || a.message.msg - b.message.msg);
  const shown = stack.filter(({ message }) => message.kind !== 'HEARTBEAT' || frame.view.showBeats);
  let standing = 0;
  for (const flight of shown.slice(0, UNREAD_DRAWN)) {
    const beat = flight.message.kind === 'HEARTBEAT';
    const half = beat ? BEAT_PITCH_PX / 2 : RADIUS[flight.message.kind] * scale;
    const { lengthPx } = flight.curve;
    flight.u = lengthPx > 0 ? 1 - (standing + (beat ? 0 : half)) / lengthPx : 1;
    standing += half * (beat ? 2 : 1.6);
    into.messages.push({ ...single(frame, flight, numbered), tail: null, arrow: false, alpha: beat ? 0.7 : 1 });
  }
}

export function arrivals(frame: Frame, into: Flights): void {
  const { state, log, placement } = frame;
  for (const event of frame.recent) {
    if (event.type !== 'message.left' || event.t <= frame.t - ARRIVAL_US) continue;
    const entered = log.entered(event.msg);
    const peer = state.peers[event.link];
    if (!entered || !peer || entered.kind === 'HEARTBEAT') continue;
    const curve = linkCurve(placement, peer);
    if (!curve) continue;
    const scale = placement.arrangement.messageScale;
    const flight: Flight = {
      message: standIn(entered, event.t),
      curve,
      offsetPx: laneOffset(frame, peer, entered.direction),
      rightwards: goesRight(peer, entered.direction),
      u: 1,
      alongPx: 0,
    };
    const a = share(frame, event.t, ARRIVAL_US);
    const { x, y } = where(flight, 1);
    if (a < 1) {
      into.rings.push({
        x,
        y,
        r: RADIUS[entered.kind] * scale + 16 * a * scale,
        alpha: 1 - a,
        token: KIND_TOKEN[entered.kind],
      });
    }
    const atDoor = peer.role === 'client' && entered.direction === 'toQueue';
    const stands = state.messages[event.msg] !== undefined || atDoor;
    const lost = log.fate(event.msg)?.end === 'lost';
    if (!stands && !lost && frame.t - event.t < ARRIVAL_US)
      into.messages.push({ ...single(frame, flight, true), arrow: false });
  }
}
