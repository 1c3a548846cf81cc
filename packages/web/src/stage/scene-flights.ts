// Messages on their links at their true places, and those that stand unread at the end of one.
// Nothing is dropped silently: what would stand too close becomes a bead that says how many it is.

import type { Direction, Kind, MessageState, Micros, PeerState } from '@crows-nest/protocol';
import type { Token } from '../theme.ts';
import { type Curve, lanePoints, pointAt } from './curve.ts';
import { type Frame, goesRight, isSelectedMessage, laneOffset, share } from './frame.ts';
import type { BeadMark, MessageMark, RingMark } from './marks.ts';
import { linkCurve } from './placement.ts';

export const RADIUS: Readonly<Record<Kind, number>> = {
  REQUEST: 10,
  REPLY: 9.5,
  READY: 11,
  HEARTBEAT: 6.5,
  INVALID: 9,
};
export const KIND_TOKEN: Readonly<Record<Kind, Token>> = {
  REQUEST: 'request',
  REPLY: 'reply',
  READY: 'ready',
  HEARTBEAT: 'belief',
  INVALID: 'fault',
};

const SLOT_US = 100_000;
const ARRIVAL_US = 200_000;
const TAIL_SHARE = 0.15;
/** Beats closer than this become a comb. */
const BEAT_PITCH_PX = 5;
/** Unread messages drawn one by one at the end of a link. */
const UNREAD_DRAWN = 5;
/** Above this many in flight no numbers and no tails are drawn. */
export const NUMBERED_FLIGHTS = 40;

export interface Flights {
  messages: MessageMark[];
  beads: BeadMark[];
  rings: RingMark[];
  /** How the messages on links are shown; the first is the sum of the others. */
  counts: { onLinks: number; singles: number; beaded: number; hidden: number; beads: number };
  /** Unread at the end of a link, by peer and direction. */
  unread: Map<string, number>;
}

interface Flight {
  message: MessageState;
  curve: Curve;
  offsetPx: number;
  rightwards: boolean;
  /** Share of the way, 0 to 1, in the direction of travel. */
  u: number;
  /** Place along the lane, growing in the direction of travel, measured from the link's left end. */
  alongPx: number;
}

const along = (rightwards: boolean, u: number, lengthPx: number): number => (rightwards ? u : u - 1) * lengthPx;

export const shownNumber = (message: { journey: number | null; n: number | null }): string | null => {
  const number = message.journey ?? message.n;
  return number === null ? null : String(number);
};

/** Share of the way at t, linear: by the known end of the flight, else by the plan. */
export function progress(frame: Frame, message: MessageState, at: Micros = frame.t): number {
  const fate = frame.log.fate(message.msg);
  const end = fate?.leftAt ?? fate?.dueAt ?? message.dueAt;
  const span = end - message.enteredAt;
  if (span <= 0) return at >= message.enteredAt ? 1 : 0;
  return Math.min(1, Math.max(0, (at - message.enteredAt) / span));
}

export function flights(frame: Frame): Flights {
  const { state, view, placement } = frame;
  const result: Flights = {
    messages: [],
    beads: [],
    rings: [],
    counts: { onLinks: 0, singles: 0, beaded: 0, hidden: 0, beads: 0 },
    unread: new Map(),
  };
  const lanes = new Map<string, Flight[]>();
  const waiting = new Map<string, Flight[]>();
  const put = (map: Map<string, Flight[]>, key: string, flight: Flight): void => {
    const list = map.get(key);
    if (list) list.push(flight);
    else map.set(key, [flight]);
  };
  for (const id in state.messages) {
    const message = state.messages[id];
    const peer = message && state.peers[message.link];
    if (!message || !peer) continue;
    const onLink = message.leftAt === null;
    if (onLink) result.counts.onLinks++;
    else if (peer.role === 'client' && message.direction === 'toQueue') continue;
    const curve = linkCurve(placement, peer);
    if (!curve || (message.kind === 'HEARTBEAT' && !view.showBeats && onLink)) {
      if (onLink) result.counts.hidden++;
      continue;
    }
    const u = onLink ? progress(frame, message) : 1;
    const rightwards = goesRight(peer, message.direction);
    const offsetPx = laneOffset(frame, peer, message.direction);
    const flight: Flight = { message, curve, offsetPx, rightwards, u, alongPx: along(rightwards, u, curve.lengthPx) };
    if (onLink) put(lanes, `${trunkOf(frame, peer)} ${message.direction}`, flight);
    else {
      const key = `${peer.peer} ${message.direction}`;
      put(waiting, key, flight);
      result.unread.set(key, (result.unread.get(key) ?? 0) + 1);
    }
  }
  const numbered = result.counts.onLinks <= NUMBERED_FLIGHTS;
  // Beats first: whatever else is on a lane stands above them.
  for (const beats of [true, false]) {
    for (const lane of lanes.values()) {
      const some = lane.filter(({ message }) => (message.kind === 'HEARTBEAT') === beats);
      drawLane(frame, some, numbered, result);
    }
  }
  for (const stack of waiting.values()) drawUnread(frame, stack, numbered, result);
  arrivals(frame, result);
  return result;
}

/** In a grid the workers of a row share their lanes, so they share their beads. */
function trunkOf({ placement }: Frame, peer: PeerState): string {
  const { arrangement, members } = placement;
  if (arrangement.form !== 'grid' || peer.role !== 'worker') return peer.peer;
  return `row ${Math.floor(members.workers.indexOf(peer.peer) / arrangement.columns)}`;
}

function drawLane(frame: Frame, lane: Flight[], numbered: boolean, into: Flights): void {
  if (lane.length === 0) return;
  const scale = frame.placement.arrangement.messageScale;
  lane.sort((a, b) => b.alongPx - a.alongPx || a.message.msg - b.message.msg);
  const first = lane[0];
  const beats = first?.message.kind === 'HEARTBEAT';
  const closest = beats ? BEAT_PITCH_PX : 1.6 * 10 * scale;
  if (frame.view.reducedMotion) standInTheMiddle(lane, closest * 1.1);
  const crowded = lane.some((flight, i) => {
    const next = lane[i + 1];
    return next !== undefined && flight.alongPx - next.alongPx < closest;
  });
  if (!crowded) {
    for (const flight of lane) into.messages.push(single(frame, flight, numbered));
    into.counts.singles += lane.length;
    return;
  }
  // The slots are aligned to t = 0, so a bead is the same at every visit.
  const slots = new Map<string, Flight[]>();
  for (const flight of lane) {
    const key = `${flight.message.kind} ${Math.floor(flight.message.enteredAt / SLOT_US)}`;
    const slot = slots.get(key);
    if (slot) slot.push(flight);
    else slots.set(key, [flight]);
  }
  for (const slot of slots.values()) {
    const only = slot[0];
    if (slot.length === 1 && only) {
      into.messages.push(single(frame, only, numbered));
      into.counts.singles++;
      continue;
    }
    into.beads.push(bead(slot, scale));
    into.counts.beads++;
    into.counts.beaded += slot.length;
    for (const flight of slot) {
      // A chosen message is never swallowed by its bead: its ring shows where it truly is.
      if (isSelectedMessage(frame, flight.message.msg)) into.rings.push(selectedRing(flight, scale));
    }
  }
}

/** Reduced motion: nothing moves along the link, messages stand in its middle in their order. */
function standInTheMiddle(lane: Flight[], pitchPx: number): void {
  const shortest = Math.min(...lane.map(({ curve }) => curve.lengthPx));
  lane.forEach((flight, i) => {
    const { rightwards, curve } = flight;
    flight.alongPx = (rightwards ? 0.5 : -0.5) * shortest + ((lane.length - 1) / 2 - i) * pitchPx;
    flight.u = flight.alongPx / Math.max(1, curve.lengthPx) + (rightwards ? 0 : 1);
  });
}

function where({ curve, offsetPx, rightwards }: Flight, u: number): { x: number; y: number; angle: number } {
  const point = pointAt(curve, rightwards ? u : 1 - u, offsetPx);
  return rightwards ? point : { ...point, angle: point.angle + Math.PI };
}

function single(frame: Frame, flight: Flight, numbered: boolean): MessageMark {
  const { message, u } = flight;
  const { view } = frame;
  const scale = frame.placement.arrangement.messageScale;
  const point = where(flight, u);
  const r = RADIUS[message.kind] * scale;
  const still = view.reducedMotion || view.paused;
  return {
    msg: message.msg,
    kind: message.kind,
    x: point.x,
    y: point.y,
    angle: point.angle,
    r,
    text: numbered && r >= 8 && (message.kind === 'REQUEST' || message.kind === 'REPLY') ? shownNumber(message) : null,
    ghost: message.ghost,
    alpha: 1,
    tail: still || !numbered || message.kind === 'HEARTBEAT' || u <= 0 || u >= 1 ? null : tailOf(flight),
    arrow: view.paused && message.kind !== 'READY',
    selected: isSelectedMessage(frame, message.msg),
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

function bead(slot: readonly Flight[], scale: number): BeadMark {
  const mean = slot.reduce((sum, flight) => sum + flight.alongPx, 0) / slot.length;
  // On a shared trunk the longest path of the slot carries the bead.
  const longest = slot.reduce((a, b) => (b.curve.lengthPx > a.curve.lengthPx ? b : a));
  const { kind } = longest.message;
  return {
    kind,
    count: slot.length,
    ...where(longest, mean / Math.max(1, longest.curve.lengthPx) + (longest.rightwards ? 0 : 1)),
    r: (slot.length > 99 ? 12 : 10) * scale,
    ticks: kind === 'HEARTBEAT' ? Math.min(7, slot.length) : 0,
  };
}

function selectedRing(flight: Flight, scale: number): RingMark {
  const { x, y } = where(flight, flight.u);
  return { x, y, r: (RADIUS[flight.message.kind] + 5) * scale, alpha: 1, token: 'text' };
}

/** What its receiver has not read stands at the end of the lane: a stopped process shows what it owes. */
function drawUnread(frame: Frame, stack: Flight[], numbered: boolean, into: Flights): void {
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

function arrivals(frame: Frame, into: Flights): void {
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

interface EnteredMessage {
  msg: number;
  link: string;
  conn: number;
  direction: Direction;
  kind: Kind;
  t: Micros;
  dueAt: Micros;
  n?: number | undefined;
  journey?: number | undefined;
}

/** A message that has met its end, as it was while it lived. */
export const standIn = (entered: EnteredMessage, leftAt: Micros | null): MessageState => ({
  msg: entered.msg,
  link: entered.link,
  conn: entered.conn,
  direction: entered.direction,
  kind: entered.kind,
  journey: entered.journey ?? null,
  n: entered.n ?? null,
  enteredAt: entered.t,
  dueAt: entered.dueAt,
  leftAt,
  ghost: false,
});
