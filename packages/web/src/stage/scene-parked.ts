// What a fault keeps on a link stands before its gate, in the order of its coming: held, or jammed.

import type { Direction, MessageState, PeerState } from '@crows-nest/protocol';
import { BEAT_PITCH_PX, type Flights, type Lane, single, where } from './flight.ts';
import { type Frame, markedMessage } from './frame.ts';
import { shareOfWay } from './hop.ts';
import { RADIUS } from './message-facts.ts';
import { gatePx, gateShare } from './scene-links.ts';

/** From one to the next, in radii. */
const PITCH = 1.6;

export const isParked = ({ heldBy, leftAt }: MessageState): boolean => heldBy.length > 0 && leftAt === null;

export function drawParked(
  frame: Frame,
  { peer, lane, direction }: { peer: PeerState; lane: Lane; direction: Direction },
  parked: readonly MessageState[],
  numbered: boolean,
  into: Flights,
): void {
  const shown = parked
    .filter(({ kind }) => kind !== 'HEARTBEAT' || frame.view.showBeats)
    .sort((a, b) => a.enteredAt - b.enteredAt || a.msg - b.msg);
  into.counts.hidden += parked.length - shown.length;
  const scale = frame.placement.arrangement.messageScale;
  const length = Math.max(1, lane.curve.lengthPx);
  // Where there is no room before the gate, as on the way out of a worker in a grid, all stand at the beginning as a bead.
  let place = gateShare(frame, peer, lane.curve, direction) * length - gatePx(frame, peer) / 2;
  let drawn = 0;
  for (const message of shown) {
    const half = message.kind === 'HEARTBEAT' ? BEAT_PITCH_PX / 2 : (PITCH / 2) * RADIUS[message.kind] * scale;
    const beadRoom = shown.length - drawn > 1 ? 2 * RADIUS.REQUEST * scale : 0;
    if (place - 2 * half < beadRoom) break;
    const u = Math.min((place - half) / length, cameSoFar(frame, message));
    place -= 2 * half;
    const mark = single(frame, { ...lane, message, u, alongPx: u * length }, numbered);
    into.messages.push({ ...mark, tail: null });
    drawn++;
  }
  into.counts.singles += drawn;
  const rest = shown.slice(drawn);
  const first = rest[0];
  if (!first) return;
  const u = Math.max(0, place - RADIUS[first.kind] * scale) / length;
  if (rest.length === 1) {
    into.messages.push({ ...single(frame, { ...lane, message: first, u, alongPx: u * length }, numbered), tail: null });
    into.counts.singles++;
    return;
  }
  for (const message of rest) {
    if (!markedMessage(frame, message.msg)) continue;
    const { x, y } = where(lane, u);
    into.rings.push({ x, y, r: (RADIUS[message.kind] + 5) * scale, alpha: 1, token: 'text' });
  }
  const beats = rest.every(({ kind }) => kind === 'HEARTBEAT');
  // Of several kinds the bead is of the weightiest: beats come again.
  const kind = rest.find((message) => message.kind !== 'HEARTBEAT')?.kind ?? 'HEARTBEAT';
  const ticks = beats ? Math.min(7, rest.length) : 0;
  into.beads.push({ kind, count: rest.length, ...where(lane, u), r: (rest.length > 99 ? 12 : 10) * scale, ticks });
  into.counts.beads++;
  into.counts.beaded += rest.length;
}

/** It goes at the pace that the link would have had, up to where it stands. */
const cameSoFar = ({ t, view, stretchUs }: Frame, { enteredAt, dueAt }: MessageState): number =>
  view.reducedMotion ? 1 : shareOfWay(enteredAt, Math.max(dueAt, enteredAt + (stretchUs ?? 0)), t);
