// Messages on their links at their true places, and those that stand unread at the end of one.
// Nothing is dropped silently: what would stand too close becomes a bead that says how many it is.

import type { PeerState } from '@crows-nest/protocol';
import { along, BEAT_PITCH_PX, type Flight, type Flights, NUMBERED_FLIGHTS, single, where } from './flight.ts';
import { type Frame, goesRight, isSelectedMessage, laneOffset } from './frame.ts';
import type { BeadMark, RingMark } from './marks.ts';
import { progress, RADIUS } from './message-facts.ts';
import { linkCurve } from './placement.ts';
import { arrivals, drawUnread } from './scene-arrivals.ts';

const SLOT_US = 100_000;

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
