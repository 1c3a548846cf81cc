// What losses leave beside their link: a pile a kind, direction and cause, that can be counted and says who did it.

import type { Direction, Kind, PeerState } from '@crows-nest/protocol';
import { pointAt } from './curve.ts';
import { type Frame, goesRight, laneOffset } from './frame.ts';
import { GATE_SHARE } from './hop.ts';
import type { LossMark, Run } from './marks.ts';
import { RADIUS } from './message-facts.ts';
import { linkCurve } from './placement.ts';

/** A ROUTER that has nobody to send to drops at its very end of the link. */
export const ROUTER_SHARE = 0.16;
export const FALL_ROTATION = (58 * Math.PI) / 180;
const PILE_X_PX = 14;
const PILE_Y_PX = 46;
const DRAWN_ONE_BY_ONE = 5;
const FRESH_US = 10_000_000;
/** So long a loss is said aloud; then it is only marked. */
const LOUD_US = 3_000_000;

export interface Pile {
  kind: Kind;
  cause: string;
  count: number;
  lastAt: number;
  x: number;
  y: number;
  /** One a row of a grid: a smaller glyph and its number. */
  small: boolean;
}

/** Words that would like to stand beside a mark. */
export interface CaptionWish {
  x: number;
  y: number;
  r: number;
  lines: { run: Run; sizePx: number }[];
  alpha: number;
  freshUs: number;
}

export interface Losses {
  marks: LossMark[];
  /** Words beside a pile, for thinning. */
  captions: CaptionWish[];
}

type Sort = { kind: Kind; direction: Direction; cause: string };

const inGrid = ({ placement }: Frame, peer: PeerState): boolean =>
  placement.arrangement.form === 'grid' && peer.role === 'worker';

/** In a grid there is room for one pile a row. */
export const pileKey = (frame: Frame, peer: PeerState, { kind, direction, cause }: Sort): string =>
  `${inGrid(frame, peer) ? `row ${frame.placement.rows.get(peer.peer)}` : peer.peer} ${kind} ${direction} ${cause}`;

/** Share of the way where losses of this cause rest. */
const restShare = (cause: string): number =>
  cause === 'fault' ? GATE_SHARE : cause === 'router' ? ROUTER_SHARE : cause === 'buffer' ? 0.7 : 0.56;

export function pilesOf(frame: Frame): Map<string, Pile> {
  const piles = new Map<string, Pile>();
  const { state, placement } = frame;
  for (const id of [...placement.members.clients, ...placement.members.workers]) {
    const peer = state.peers[id];
    if (!peer || peer.residues.length === 0) continue;
    const used = new Map<number, number>();
    for (const residue of peer.residues) {
      const key = pileKey(frame, peer, residue);
      const known = piles.get(key);
      if (known) {
        known.count += residue.count;
        known.lastAt = Math.max(known.lastAt, residue.lastAt);
        continue;
      }
      const at = inGrid(frame, peer) ? rowPlace(frame, peer, residue.kind) : restPlace(frame, peer, residue, used);
      const { kind, cause, count, lastAt } = residue;
      if (at) piles.set(key, { kind, cause, count, lastAt, ...at, small: inGrid(frame, peer) });
    }
  }
  return piles;
}

/** Residues of one place stand below each other, in the order of their first loss. */
function restPlace(
  frame: Frame,
  peer: PeerState,
  { direction, cause }: Sort,
  used: Map<number, number>,
): { x: number; y: number } | null {
  const { arrangement } = frame.placement;
  const curve = linkCurve(frame.placement, peer);
  if (!curve) return null;
  const pitch = peer.role === 'client' ? arrangement.clientPitchPx : arrangement.pitchPx;
  const drop = Math.min(PILE_Y_PX, Math.max(14, pitch * 0.4));
  const rest = restShare(cause);
  const u = goesRight(peer, direction) ? rest : 1 - rest;
  const slot = Math.round(u * 5);
  const level = used.get(slot) ?? 0;
  used.set(slot, level + 1);
  const at = pointAt(curve, u, laneOffset(frame, peer, direction));
  const pitchPx = 24 * Math.max(1, arrangement.messageScale);
  return { x: at.x + PILE_X_PX, y: Math.min(arrangement.height - 16, at.y + drop + level * pitchPx) };
}

function rowPlace(frame: Frame, peer: PeerState, kind: Kind): { x: number; y: number } | null {
  const curve = linkCurve(frame.placement, peer);
  if (!curve) return null;
  const slip = { READY: 0, REQUEST: 1, REPLY: 2, HEARTBEAT: 3, INVALID: 4 }[kind] * 26;
  const at = pointAt(curve, Math.min(0.5, (150 + slip) / curve.lengthPx), laneOffset(frame, peer, 'toQueue'));
  return { x: at.x, y: at.y + 13 };
}

export function pushPile(frame: Frame, pile: Pile, into: Losses): void {
  const { words, type } = frame;
  const { kind, cause, count, x, y, small } = pile;
  const age = Math.max(0, frame.t - pile.lastAt);
  const alpha = 1 - 0.4 * Math.min(1, Math.max(0, (age - FRESH_US) / 1e6));
  const r = RADIUS[kind] * frame.placement.arrangement.messageScale * (small ? 0.6 : 0.9);
  const one = { kind, cause, y, rotation: FALL_ROTATION, r, text: null, alpha, marked: null };
  const many = count > DRAWN_ONE_BY_ONE || small;
  const pitch = kind === 'HEARTBEAT' ? 8 : 2 * r + 3;
  const drawn = many ? 1 : count;
  for (let i = drawn - 1; i >= 0; i--) into.marks.push({ ...one, x: x - i * pitch, cross: i === 0 ? 1 : 0 });
  const amount = many && count > 1 ? words.times(count) : '';
  const lines: CaptionWish['lines'] = [];
  const loud = age < LOUD_US;
  if (small) {
    if (amount) lines.push({ run: { text: amount, token: 'muted', weight: 560 }, sizePx: type.small });
  } else {
    const said = frame.view.presentation ? words.causeShort(cause) : words.cause(cause);
    const run: Run = { text: `${said} ${amount}`.trim(), token: loud ? 'fault' : 'muted', weight: loud ? 650 : 450 };
    lines.push({ run, sizePx: type.caption });
    if (age < FRESH_US && !frame.view.presentation) {
      lines.push({
        run: { text: words.ago(words.seconds(age)), token: 'faint', weight: 450 },
        sizePx: type.small,
      });
    }
  }
  if (lines.length > 0) into.captions.push({ x, y, r: r + (drawn - 1) * pitch * 0.5, lines, alpha, freshUs: age });
}
