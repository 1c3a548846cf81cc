// Losses fall from where they were dropped and come to rest on a pile that says how many they are and who did it.

import type { Direction, EventOf, Kind, PeerState } from '@crows-nest/protocol';
import { pointAt } from './curve.ts';
import { type Frame, goesRight, laneOffset, share } from './frame.ts';
import { GATE_SHARE, lossOf } from './hop.ts';
import type { LossMark } from './marks.ts';
import { RADIUS, shownNumber, standIn } from './message-facts.ts';
import { linkCurve } from './placement.ts';
import { FALL_ROTATION, type Losses, type Pile, pileKey, pilesOf, pushPile, ROUTER_SHARE } from './residues.ts';

const FALL_US = 900_000;
const FALL_X_PX = 14;
const FALL_Y_PX = 46;
/** More than this falling onto one pile are counted there at once. */
const FALLING_MOST = 12;

interface Loss {
  msg: number | null;
  kind: Kind;
  direction: Direction;
  cause: string;
  peer: PeerState;
  number: string | null;
  at: number;
  /** Share of the way at which it was lost. */
  from: number;
}

type LossEvent = EventOf<'message.dropped' | 'message.lost' | 'message.unrouted'>;
const LOSSES = ['message.dropped', 'message.lost', 'message.unrouted'] as const;

function lossBy(frame: Frame, event: LossEvent): Loss | null {
  const { state, log } = frame;
  if (event.type === 'message.unrouted') {
    const id = event.kind === 'REPLY' ? event.clientPeer : event.workerPeer;
    const peer = id === undefined ? undefined : state.peers[id];
    if (!peer) return null;
    const number = event.journey === undefined ? null : String(event.journey);
    const { kind } = event;
    return { msg: null, kind, direction: 'fromQueue', cause: 'router', peer, number, at: event.t, from: ROUTER_SHARE };
  }
  const entered = log.entered(event.msg);
  const peer = state.peers[event.link];
  if (!entered || !peer) return null;
  const message = standIn(entered, null);
  const loss = lossOf(frame, message);
  const { kind, direction } = entered;
  const cause = event.type === 'message.dropped' ? 'fault' : event.cause;
  const number = kind === 'REQUEST' || kind === 'REPLY' ? shownNumber(message) : null;
  return {
    msg: event.msg,
    kind,
    direction,
    cause,
    peer,
    number,
    at: loss?.at ?? event.t,
    from: loss?.share ?? GATE_SHARE,
  };
}

export function losses(frame: Frame): Losses {
  const result: Losses = { marks: [], captions: [] };
  const piles = pilesOf(frame);
  const falling = new Map<string, Loss[]>();
  for (const event of frame.log.between(frame.t - FALL_US - (frame.stretchUs ?? 0), frame.t, LOSSES)) {
    const loss = lossBy(frame, event as LossEvent);
    if (!loss || loss.at <= frame.t - FALL_US) continue;
    const key = pileKey(frame, loss.peer, loss);
    const list = falling.get(key);
    if (list) list.push(loss);
    else falling.set(key, [loss]);
  }
  for (const [key, list] of falling) {
    const pile = piles.get(key);
    const flying = list.filter(({ at }) => at > frame.t).length;
    const drawn = frame.view.reducedMotion || list.length > FALLING_MOST ? [] : list.filter(({ at }) => at <= frame.t);
    for (const loss of drawn) {
      const from = onLane(frame, loss.peer, loss.direction, loss.from);
      if (from) result.marks.push(fallingMark(frame, loss, from, pile));
    }
    if (pile) pile.count -= flying + drawn.length;
  }
  for (const pile of piles.values()) if (pile.count > 0) pushPile(frame, pile, result);
  return result;
}

function onLane(frame: Frame, peer: PeerState, direction: Direction, u: number): { x: number; y: number } | null {
  const curve = linkCurve(frame.placement, peer);
  if (!curve) return null;
  return pointAt(curve, goesRight(peer, direction) ? u : 1 - u, laneOffset(frame, peer, direction));
}

function fallingMark(frame: Frame, loss: Loss, from: { x: number; y: number }, pile: Pile | undefined): LossMark {
  const a = share(frame, loss.at, FALL_US);
  const free = { x: from.x + FALL_X_PX * a, y: from.y + FALL_Y_PX * a * a };
  // It lands on its pile, wherever it fell from.
  const towards = pile ? a * a : 0;
  const end = { x: from.x + FALL_X_PX, y: from.y + FALL_Y_PX };
  return {
    kind: loss.kind,
    cause: loss.cause,
    x: free.x + ((pile?.x ?? end.x) - end.x) * towards,
    y: free.y + ((pile?.y ?? end.y) - end.y) * towards,
    rotation: FALL_ROTATION * a,
    r: RADIUS[loss.kind] * frame.placement.arrangement.messageScale,
    text: loss.number,
    alpha: 1,
    cross: Math.min(1, Math.max(0, (a - 0.3) / 0.15)),
    marked: loss.msg !== null && frame.chosen.msgs.has(loss.msg) ? 'chosen' : null,
  };
}
