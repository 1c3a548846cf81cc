// Losses fall from where they were dropped and stay beside their link as a residue that can be counted and says who did it.

import type { Direction, EventOf, Kind, PeerState, TraceEvent } from '@crows-nest/protocol';
import { pointAt } from './curve.ts';
import { type Frame, goesRight, laneOffset, share } from './frame.ts';
import { type LossMark, type TextMark, text } from './marks.ts';
import { progress, RADIUS, shownNumber, standIn } from './message-facts.ts';
import { linkCurve } from './placement.ts';

const FALL_US = 900_000;
const FALL_X_PX = 14;
const FALL_Y_PX = 46;
const FALL_ROTATION = (58 * Math.PI) / 180;
const DRAWN_ONE_BY_ONE = 5;
const FRESH_US = 10_000_000;
/** So long a loss is said aloud; then it is only marked. */
const LOUD_US = 3_000_000;

/** Where on the link a fault's gate stands, as a share of the way of what it acts on: a tap acts on entry. */
export const GATE_SHARE = 0.36;
/** Where a gone connection is cut, from the queue. */
export const CUT_SHARE = 0.46;

export interface Losses {
  marks: LossMark[];
  /** Words beside a residue, each with the age of its newest loss, for thinning. */
  captions: { mark: TextMark[]; x: number; y: number; freshUs: number }[];
}

interface Loss {
  kind: Kind;
  direction: Direction;
  cause: string;
  peer: PeerState;
  event: TraceEvent;
}

function lossOf({ state, log }: Frame, event: TraceEvent): Loss | null {
  if (event.type === 'message.dropped' || event.type === 'message.lost') {
    const entered = log.entered(event.msg);
    const peer = state.peers[event.link];
    const cause = event.type === 'message.dropped' ? 'fault' : event.cause;
    return entered && peer ? { kind: entered.kind, direction: entered.direction, cause, peer, event } : null;
  }
  if (event.type === 'message.unrouted') {
    const id = event.kind === 'REPLY' ? event.clientPeer : event.workerPeer;
    const peer = id === undefined ? undefined : state.peers[id];
    return peer ? { kind: event.kind, direction: 'fromQueue', cause: 'router', peer, event } : null;
  }
  return null;
}

/** Share of the way where losses of this cause rest. */
const restShare = (cause: string): number =>
  cause === 'fault' ? GATE_SHARE : cause === 'router' ? 0.16 : cause === 'buffer' ? 0.7 : 0.56;

function startShare(frame: Frame, loss: Loss): number {
  const { event } = loss;
  if (event.type !== 'message.lost') return restShare(loss.cause);
  const entered = frame.log.entered(event.msg) as EventOf<'message.entered'>;
  return progress(frame, standIn(entered, null), event.t);
}

function onLane(frame: Frame, peer: PeerState, direction: Direction, u: number): { x: number; y: number } | null {
  const curve = linkCurve(frame.placement, peer);
  if (!curve) return null;
  return pointAt(curve, goesRight(peer, direction) ? u : 1 - u, laneOffset(frame, peer, direction));
}

export function losses(frame: Frame): Losses {
  const { state } = frame;
  const result: Losses = { marks: [], captions: [] };
  const falling = new Map<string, number>();
  const rests = new Map<string, { x: number; y: number }>();
  const grid = frame.placement.arrangement.form === 'grid';
  for (const peer of Object.values(state.peers)) {
    if (peer.residues.length === 0 || (grid && peer.role === 'worker')) continue;
    restPlaces(frame, peer, rests);
  }
  if (grid) restPlacesOfRows(frame, rests);
  if (!frame.view.reducedMotion) {
    for (const event of frame.recent) {
      if (event.t <= frame.t - FALL_US) continue;
      const loss = lossOf(frame, event);
      if (!loss) continue;
      const key = `${loss.peer.peer} ${loss.kind} ${loss.direction} ${loss.cause}`;
      falling.set(key, (falling.get(key) ?? 0) + 1);
      const from = onLane(frame, loss.peer, loss.direction, startShare(frame, loss));
      if (from) result.marks.push(fallingMark(frame, loss, from, rests.get(key)));
    }
  }
  for (const peer of Object.values(state.peers)) residuesOf(frame, peer, rests, falling, result);
  return result;
}

function fallingMark(
  frame: Frame,
  loss: Loss,
  from: { x: number; y: number },
  rest: { x: number; y: number } | undefined,
): LossMark {
  const a = share(frame, loss.event.t, FALL_US);
  const free = { x: from.x + FALL_X_PX * a, y: from.y + FALL_Y_PX * a * a };
  // It lands on its pile, wherever it fell from.
  const towards = rest ? a * a : 0;
  const end = { x: from.x + FALL_X_PX, y: from.y + FALL_Y_PX };
  const entered = 'msg' in loss.event && loss.event.msg !== undefined ? frame.log.entered(loss.event.msg) : undefined;
  return {
    kind: loss.kind,
    cause: loss.cause,
    x: free.x + ((rest?.x ?? end.x) - end.x) * towards,
    y: free.y + ((rest?.y ?? end.y) - end.y) * towards,
    rotation: FALL_ROTATION * a,
    r: RADIUS[loss.kind] * frame.placement.arrangement.messageScale,
    text: entered && (loss.kind === 'REQUEST' || loss.kind === 'REPLY') ? shownNumber(standIn(entered, null)) : null,
    alpha: 1,
    cross: Math.min(1, Math.max(0, (a - 0.3) / 0.15)),
  };
}

const residueKey = (peer: string, r: { kind: Kind; direction: Direction; cause: string }): string =>
  `${peer} ${r.kind} ${r.direction} ${r.cause}`;

/** Residues of one place stand below each other, in the order of their first loss. */
function restPlaces(frame: Frame, peer: PeerState, rests: Map<string, { x: number; y: number }>): void {
  const { arrangement } = frame.placement;
  const pitch = peer.role === 'client' ? arrangement.clientPitchPx : arrangement.pitchPx;
  const drop = Math.min(FALL_Y_PX, Math.max(14, pitch * 0.4));
  const used = new Map<number, number>();
  for (const residue of peer.residues) {
    const u = goesRight(peer, residue.direction) ? restShare(residue.cause) : 1 - restShare(residue.cause);
    const slot = Math.round(u * 5);
    const level = used.get(slot) ?? 0;
    used.set(slot, level + 1);
    const at = onLane(frame, peer, residue.direction, restShare(residue.cause));
    if (at) rests.set(residueKey(peer.peer, residue), { x: at.x + FALL_X_PX, y: at.y + drop + level * 24 });
  }
}

/** In a grid there is room for one pile a row, at the beginning of its trunk. */
function restPlacesOfRows(frame: Frame, rests: Map<string, { x: number; y: number }>): void {
  const { state, placement } = frame;
  for (const id of placement.members.workers) {
    const peer = state.peers[id];
    if (!peer) continue;
    for (const residue of peer.residues) {
      const curve = linkCurve(placement, peer);
      if (!curve) continue;
      const slip = { READY: 0, REQUEST: 1, REPLY: 2, HEARTBEAT: 3, INVALID: 4 }[residue.kind] * 26;
      const at = pointAt(curve, Math.min(0.5, (150 + slip) / curve.lengthPx), laneOffset(frame, peer, 'toQueue'));
      rests.set(residueKey(id, residue), { x: at.x, y: at.y + 13 });
    }
  }
}

interface Pile {
  kind: Kind;
  cause: string;
  count: number;
  lastAt: number;
  x: number;
  y: number;
}

function residuesOf(
  frame: Frame,
  peer: PeerState,
  rests: Map<string, { x: number; y: number }>,
  falling: Map<string, number>,
  into: Losses,
): void {
  const scale = frame.placement.arrangement.messageScale;
  const small = frame.placement.arrangement.form === 'grid' && peer.role === 'worker';
  for (const residue of peer.residues) {
    const key = residueKey(peer.peer, residue);
    const rest = rests.get(key);
    const count = residue.count - (falling.get(key) ?? 0);
    if (!rest || count <= 0) continue;
    const age = frame.t - residue.lastAt;
    const alpha = 1 - 0.4 * Math.min(1, Math.max(0, (age - FRESH_US) / 1e6));
    const pile: Pile = { kind: residue.kind, cause: residue.cause, count, lastAt: residue.lastAt, ...rest };
    pushPile(frame, pile, scale * (small ? 0.6 : 1), alpha, small, into);
  }
}

function pushPile(frame: Frame, pile: Pile, scale: number, alpha: number, small: boolean, into: Losses): void {
  const { words } = frame;
  const { kind, cause, count, x, y } = pile;
  const r = RADIUS[kind] * scale * 0.9;
  const one = { kind, cause, y, rotation: FALL_ROTATION, r, text: null, alpha };
  const many = count > DRAWN_ONE_BY_ONE || small;
  const pitch = kind === 'HEARTBEAT' ? 8 : 2 * r + 3;
  const drawn = many ? 1 : count;
  for (let i = drawn - 1; i >= 0; i--) into.marks.push({ ...one, x: x - i * pitch, cross: i === 0 ? 1 : 0 });
  const beside = x + r + 10;
  const amount = many && count > 1 ? ` ${words.times(count)}` : '';
  if (small) {
    if (count > 1)
      into.captions.push({
        mark: [text(beside - 2, y + 4, 11, amount.trim(), 'muted', 560, { halo: true, alpha })],
        x: beside,
        y,
        freshUs: 0,
      });
    return;
  }
  const age = frame.t - pile.lastAt;
  const loud = age < LOUD_US;
  const mark = [
    text(
      beside,
      y + (age < FRESH_US ? 0 : 4),
      12,
      `${words.cause(cause)}${amount}`,
      loud ? 'fault' : 'muted',
      loud ? 650 : 450,
      {
        halo: true,
        alpha,
      },
    ),
  ];
  if (age < FRESH_US)
    mark.push(text(beside, y + 15, 11.5, words.ago(words.seconds(age)), 'faint', 450, { halo: true }));
  into.captions.push({ mark, x: beside, y, freshUs: frame.t - pile.lastAt });
}
