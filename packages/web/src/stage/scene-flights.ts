// Messages on their links at their true places, and those that stand unread at the end of one.
// Nothing is dropped silently: what would stand too close becomes a bead that says how many it is.

import type { MessageState, PeerState } from '@crows-nest/protocol';
import {
  along,
  BEAT_PITCH_PX,
  type Flight,
  type Flights,
  type Lane,
  NUMBERED_FLIGHTS,
  single,
  where,
} from './flight.ts';
import { type Frame, goesRight, laneOffset, markedMessage } from './frame.ts';
import { arrivesAt, shareOfWay } from './hop.ts';
import type { BeadMark, RingMark } from './marks.ts';
import { RADIUS } from './message-facts.ts';
import { linkCurve } from './placement.ts';
import { arrivals, drawUnread } from './scene-arrivals.ts';
import { drawParked, isParked } from './scene-parked.ts';

const SLOT_US = 100_000;
/** On a lane with more than this the plan stands for each end: the beads' middles do not show the difference. */
const PLANNED_ABOVE = 400;

/** What shares a lane: in a grid the workers of a row share their trunk, so they share their beads. */
interface Stretch {
  beats: boolean;
  runs: { lane: Lane; messages: MessageState[] }[];
  count: number;
}

export function flights(frame: Frame): Flights {
  const { census, placement } = frame;
  const result: Flights = {
    messages: [],
    beads: [],
    rings: [],
    counts: { onLinks: census.count, singles: 0, beaded: 0, hidden: 0, beads: 0 },
  };
  const numbered = census.count <= NUMBERED_FLIGHTS;
  const stretches = stretchesOf(frame, numbered, result);
  // Beats first: whatever else is on a lane stands above them.
  for (const beats of [true, false]) {
    for (const stretch of stretches) if (stretch.beats === beats) drawStretch(frame, stretch, numbered, result);
  }
  for (const [link, lanes] of census.unread) {
    const peer = frame.state.peers[link];
    const curve = peer && linkCurve(placement, peer);
    if (!peer || !curve) continue;
    for (const direction of ['toQueue', 'fromQueue'] as const) {
      if (lanes[direction].length > 0) {
        drawUnread(frame, laneOf(frame, peer, curve, direction), lanes[direction], numbered, result);
      }
    }
  }
  arrivals(frame, result);
  return result;
}

const laneOf = (frame: Frame, peer: PeerState, curve: Lane['curve'], direction: MessageState['direction']): Lane => ({
  curve,
  offsetPx: laneOffset(frame, peer, direction),
  rightwards: goesRight(peer, direction),
});

function stretchesOf(frame: Frame, numbered: boolean, into: Flights): Stretch[] {
  const { census, state, view, placement } = frame;
  const { arrangement } = placement;
  const stretches = new Map<string, Stretch>();
  for (const [link, lanes] of census.onLinks) {
    const peer = state.peers[link];
    const curve = peer && linkCurve(placement, peer);
    if (!peer || !curve) {
      into.counts.hidden += lanes.toQueue.length + lanes.fromQueue.length;
      continue;
    }
    const trunk = arrangement.form === 'grid' && peer.role === 'worker' ? `row ${placement.rows.get(link)}` : link;
    for (const direction of ['toQueue', 'fromQueue'] as const) {
      const lane = laneOf(frame, peer, curve, direction);
      const parked = lanes[direction].filter(isParked);
      if (parked.length > 0) drawParked(frame, { peer, lane, direction }, parked, numbered, into);
      const moving = parked.length > 0 ? lanes[direction].filter((message) => !isParked(message)) : lanes[direction];
      for (const beats of [true, false]) {
        const messages = moving.filter(({ kind }) => (kind === 'HEARTBEAT') === beats);
        if (messages.length === 0) continue;
        if (beats && !view.showBeats) {
          into.counts.hidden += messages.length;
          continue;
        }
        const key = `${trunk} ${direction} ${beats}`;
        const stretch = stretches.get(key) ?? { beats, runs: [], count: 0 };
        stretch.runs.push({ lane, messages });
        stretch.count += messages.length;
        stretches.set(key, stretch);
      }
    }
  }
  return [...stretches.values()];
}

function drawStretch(frame: Frame, stretch: Stretch, numbered: boolean, into: Flights): void {
  const scale = frame.placement.arrangement.messageScale;
  const closest = stretch.beats ? BEAT_PITCH_PX : 1.6 * 10 * scale;
  const longest = stretch.runs.reduce((most, { lane }) => Math.max(most, lane.curve.lengthPx), 0);
  // More than can stand apart: no need to look at each one's place.
  if (stretch.count <= longest / closest + 1) {
    const standing = stretch.runs.flatMap(({ lane, messages }) => messages.map((message) => fly(frame, lane, message)));
    standing.sort((a, b) => b.alongPx - a.alongPx || a.message.msg - b.message.msg);
    if (frame.view.reducedMotion) standInTheMiddle(standing, closest * 1.1);
    if (
      !standing.some((flight, i) => flight.alongPx - (standing[i + 1]?.alongPx ?? Number.NEGATIVE_INFINITY) < closest)
    ) {
      for (const flight of standing) into.messages.push(single(frame, flight, numbered));
      into.counts.singles += standing.length;
      return;
    }
  }
  drawBeads(frame, stretch, numbered, into);
}

/** When it arrives, and how far it has come; `planned` spares the look at what became of it. */
function wayOf(frame: Frame, message: MessageState, planned: boolean): number {
  if (frame.view.reducedMotion) return 0.5;
  const end = planned ? Math.max(message.dueAt, message.enteredAt + (frame.stretchUs ?? 0)) : arrivesAt(frame, message);
  return shareOfWay(message.enteredAt, end, frame.t);
}

function fly(frame: Frame, lane: Lane, message: MessageState, planned = false): Flight {
  const u = wayOf(frame, message, planned);
  return { ...lane, message, u, alongPx: along(lane.rightwards, u, lane.curve.lengthPx) };
}

interface Slot {
  first: MessageState;
  lane: Lane;
  count: number;
  alongPx: number;
}

/** One pass: each message adds to the bead of its kind and its slot. Slots are aligned to t = 0, so a bead is the same at every visit. */
function drawBeads(frame: Frame, { runs, count }: Stretch, numbered: boolean, into: Flights): void {
  const scale = frame.placement.arrangement.messageScale;
  const planned = count > PLANNED_ABOVE;
  const slots = new Map<string, Map<number, Slot>>();
  for (const { lane, messages } of runs) {
    const { rightwards, curve } = lane;
    for (const message of messages) {
      let ofKind = slots.get(message.kind);
      if (!ofKind) {
        ofKind = new Map();
        slots.set(message.kind, ofKind);
      }
      const number = Math.floor(message.enteredAt / SLOT_US);
      const u = wayOf(frame, message, planned);
      const at = along(rightwards, u, curve.lengthPx);
      const slot = ofKind.get(number);
      if (slot) {
        slot.count++;
        slot.alongPx += at;
        // On a shared trunk the longest path of the slot carries the bead.
        if (curve.lengthPx > slot.lane.curve.lengthPx) slot.lane = lane;
      } else ofKind.set(number, { first: message, lane, count: 1, alongPx: at });
      const marked = markedMessage(frame, message.msg);
      // A chosen message is never swallowed by its bead: its ring shows where it truly is.
      if (marked) into.rings.push(markedRing({ ...lane, message, u, alongPx: at }, scale));
    }
  }
  const all = [...slots.values()].flatMap((ofKind) => [...ofKind.values()]);
  all.forEach((slot, i) => {
    let place = slot.alongPx / slot.count;
    // Reduced motion: they stand in the link's middle, side by side.
    if (frame.view.reducedMotion) place += ((all.length - 1) / 2 - i) * 26 * scale;
    const u = place / Math.max(1, slot.lane.curve.lengthPx) + (slot.lane.rightwards ? 0 : 1);
    if (slot.count === 1) {
      into.messages.push(single(frame, { ...slot.lane, message: slot.first, u, alongPx: place }, numbered));
      into.counts.singles++;
      return;
    }
    into.beads.push(bead(slot, u, scale));
    into.counts.beads++;
    into.counts.beaded += slot.count;
  });
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

function bead({ first, lane, count }: Slot, u: number, scale: number): BeadMark {
  const { kind } = first;
  return {
    kind,
    count,
    ...where(lane, u),
    r: (count > 99 ? 12 : 10) * scale,
    ticks: kind === 'HEARTBEAT' ? Math.min(7, count) : 0,
  };
}

function markedRing(flight: Flight, scale: number): RingMark {
  const { x, y } = where(flight, flight.u);
  return { x, y, r: (RADIUS[flight.message.kind] + 5) * scale, alpha: 1, token: 'text' };
}
