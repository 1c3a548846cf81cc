// Two lanes a link, or a trunk a row; gone and reconnecting connections look so; gates and chips where faults act.

import { type AppliedFault, CUTS, type Cut, type Direction, type PeerState, type State } from '@crows-nest/protocol';
import { shareLeft } from '../model/fault-time.ts';
import { type Curve, lanePoints, pointAt, wholeLane } from './curve.ts';
import { type Frame, goesRight, laneOffset, type Marked, markedLink, peerOn } from './frame.ts';
import { GATE_SHARE } from './hop.ts';
import {
  type ChipMark,
  type GateIcon,
  type GateMark,
  type LinePart,
  type LinkMark,
  type TextMark,
  text,
} from './marks.ts';
import { linkCurve, trunkCurve } from './placement.ts';
import { textWidth } from './text-width.ts';

/** Where a gone connection is cut, from the queue. */
const CUT_SHARE = 0.46;

export function links(frame: Frame): LinkMark[] {
  const { placement } = frame;
  const marks: LinkMark[] = [];
  const grid = placement.arrangement.form === 'grid';
  for (const id of placement.places.keys()) {
    const peer = peerOn(frame, id);
    if (!peer || (grid && peer.role === 'worker')) continue;
    const curve = linkCurve(placement, peer);
    if (curve) marks.push(linkMark(frame, peer, curve));
  }
  if (grid) marks.push(...trunks(frame));
  return marks;
}

const LANE_ALPHA = 1;
const FADED = 0.4;
const DOTS = [3, 6];

function linkMark(frame: Frame, peer: PeerState, curve: Curve): LinkMark {
  const client = peer.role === 'client';
  const offset = Math.abs(laneOffset(frame, peer, 'toQueue'));
  const alpha = frame.placement.places.get(peer.peer)?.alpha ?? 1;
  const parts: LinePart[] = [];
  const lane = (from: number, to: number, dash: readonly number[] | null, share: number): void => {
    for (const side of [-offset, offset]) {
      const whole = from === 0 && to === 1;
      const points = whole ? wholeLane(curve, side) : lanePoints(curve, side, from, to);
      parts.push({ points, dash, alpha: share * alpha });
    }
  };
  const mark: LinkMark = {
    link: peer.peer,
    trunk: false,
    parts,
    widthPx: client && offset < 4 ? 1 : frame.placement.arrangement.laneWidthPx,
    marked: markedLink(frame, peer.peer),
    cut: null,
  };
  const { link, backOff } = peer;
  if (link.conn !== null) lane(0, 1, null, LANE_ALPHA);
  else if (backOff || link.closedAt === null || client) lane(0, 1, DOTS, 0.7);
  else {
    // As far as the cut the queue's side still stands; what is behind it is gone.
    lane(0, CUT_SHARE, null, 0.6);
    lane(CUT_SHARE + 0.04, 1, DOTS, FADED);
    mark.cut = pointAt(curve, CUT_SHARE);
  }
  return mark;
}

function trunks(frame: Frame): LinkMark[] {
  const { placement } = frame;
  const { arrangement, members } = placement;
  const marks: LinkMark[] = [];
  for (let i = 0; i < members.workers.length; i += arrangement.columns) {
    const row = members.workers.slice(i, i + arrangement.columns);
    const curve = trunkCurve(placement, row);
    if (!curve) continue;
    const parts = [-arrangement.laneOffsetPx, arrangement.laneOffsetPx].map(
      (side): LinePart => ({ points: wholeLane(curve, side), dash: null, alpha: LANE_ALPHA }),
    );
    marks.push({
      link: `row ${i / arrangement.columns}`,
      trunk: true,
      parts,
      widthPx: arrangement.laneWidthPx,
      marked: null,
      cut: null,
    });
    for (const id of row) {
      const marked = markedLink(frame, id);
      if (marked) marks.push(ownPath(frame, id, marked));
    }
  }
  return marks;
}

/** A link in a grid has no lane of its own; when it is meant, its way along the trunk is. */
function ownPath(frame: Frame, id: string, marked: Marked): LinkMark {
  const peer = frame.state.peers[id];
  const curve = peer && linkCurve(frame.placement, peer);
  const { laneOffsetPx, laneWidthPx } = frame.placement.arrangement;
  const parts = curve
    ? [-laneOffsetPx, laneOffsetPx].map((side): LinePart => ({ points: wholeLane(curve, side), dash: null, alpha: 1 }))
    : [];
  return { link: id, trunk: false, parts, widthPx: laneWidthPx, marked, cut: null };
}

/** The delay most links have; those that have another say so themselves. */
export function usualDelay({ peers }: State): Frame['usualDelay'] {
  const kinds: { delayMs: number; jitterMs: number; count: number }[] = [];
  for (const id in peers) {
    const { role, link } = peers[id] as PeerState;
    if (role === 'queue') continue;
    const known = kinds.find(({ delayMs, jitterMs }) => delayMs === link.delayMs && jitterMs === link.jitterMs);
    if (known) known.count++;
    else kinds.push({ delayMs: link.delayMs, jitterMs: link.jitterMs, count: 1 });
  }
  return kinds.reduce<(typeof kinds)[number] | null>((a, b) => (a === null || b.count > a.count ? b : a), null);
}

export const delayText = ({ words }: Frame, delayMs: number, jitterMs: number): string =>
  words.linkDelay(words.millis(delayMs), jitterMs > 0 ? words.millis(jitterMs) : null);

export function delayLabels(frame: Frame): TextMark[] {
  const { placement, state } = frame;
  const common = frame.usualDelay;
  const marks: TextMark[] = [];
  for (const id of [...placement.members.clients, ...placement.members.workers]) {
    const peer = state.peers[id];
    if (!peer || common === null) continue;
    const { delayMs, jitterMs } = peer.link;
    if (delayMs === common.delayMs && jitterMs === common.jitterMs) continue;
    const curve = linkCurve(placement, peer);
    if (!curve) continue;
    const grid = placement.arrangement.form === 'grid' && peer.role === 'worker';
    const at = grid ? pointAt(curve, 1) : pointAt(curve, 0.66);
    const lift = (grid ? 0 : Math.abs(laneOffset(frame, peer, 'toQueue'))) + 8;
    marks.push(
      text(at.x, at.y - lift, frame.type.small, delayText(frame, delayMs, jitterMs), 'muted', 560, {
        align: grid ? 'right' : 'center',
        halo: true,
      }),
    );
  }
  return marks;
}

export interface Gates {
  gates: GateMark[];
  /** Where each link's chip would like to point at. */
  anchors: { link: string; x: number; y: number; clearPx: number; faults: AppliedFault[] }[];
}

const isCut = (mode: string | undefined): mode is Cut => (CUTS as readonly (string | undefined)[]).includes(mode);

/** A partition is of one of three kinds, and they look and read unlike. undefined: on a process, where no gate is. */
function iconOf({ kind, params }: AppliedFault): GateIcon | undefined {
  if (kind === 'pause' || kind === 'slow' || kind === 'mute') return undefined;
  if (kind !== 'partition') return kind;
  return isCut(params.mode) ? params.mode : 'stopped';
}

/** How far before the worker a gate stands in a grid. */
const GRID_GATE_PX = 8;

/** Where the first gate of a lane stands, as a share of the way of what it acts on. */
export function gateShare({ placement }: Frame, peer: PeerState, curve: Curve, direction: Direction): number {
  if (placement.arrangement.form !== 'grid' || peer.role !== 'worker') return GATE_SHARE;
  const before = GRID_GATE_PX / Math.max(1, curve.lengthPx);
  return direction === 'fromQueue' ? 1 - before : before;
}

export const gatePx = ({ placement }: Frame, peer: PeerState): number => {
  const { form, unit } = placement.arrangement;
  return (form === 'grid' && peer.role === 'worker' ? 9 : 14) * Math.max(1, unit * 0.9);
};

/** A chip's leader ends so far from the middle of its gate. */
export const GATE_CLEAR_PX = 8;

export function gates(frame: Frame): Gates {
  const { state, placement } = frame;
  const result: Gates = { gates: [], anchors: [] };
  const byLink = new Map<string, AppliedFault[]>();
  for (const fault of Object.values(state.faults)) {
    const list = byLink.get(fault.link);
    if (list) list.push(fault);
    else byLink.set(fault.link, [fault]);
  }
  for (const [link, faults] of byLink) {
    const peer = state.peers[link];
    if (!peer) continue;
    const onProcess = faults.every(({ level }) => level === 'process');
    const curve = linkCurve(placement, peer);
    const stands = onProcess ? standsAt(frame, peer) : null;
    if (stands) result.anchors.push({ link, ...stands, faults });
    if (onProcess || !curve) continue;
    const grid = placement.arrangement.form === 'grid' && peer.role === 'worker';
    const seen = new Map<string, number>();
    let first: { x: number; y: number } | null = null;
    for (const fault of faults) {
      if (fault.level === 'process') continue;
      const directions = directionsOf(peer, fault);
      // The lanes of a trunk are too close for two gates: one in their middle stands for both.
      const middle = grid && directions.length > 1;
      for (const direction of middle ? directions.slice(0, 1) : directions) {
        const nth = seen.get(direction) ?? 0;
        seen.set(direction, nth + 1);
        const size = gatePx(frame, peer);
        const way = grid ? 1 - GRID_GATE_PX / curve.lengthPx : GATE_SHARE + (nth * (size + 6)) / curve.lengthPx;
        const right = grid || goesRight(peer, direction);
        const offsetPx = middle ? 0 : laneOffset(frame, peer, direction);
        const at = pointAt(curve, right ? way : 1 - way, offsetPx);
        result.gates.push({ ...at, sizePx: size, icon: iconOf(fault) ?? 'drop' });
        first ??= { x: at.x, y: at.y };
      }
    }
    if (first) result.anchors.push({ link, ...first, clearPx: GATE_CLEAR_PX, faults });
  }
  return result;
}

/** What is wrong with a process has no gate: its chip points at whom it is. */
function standsAt({ placement, state }: Frame, peer: PeerState): { x: number; y: number; clearPx: number } | null {
  if (state.peers[peer.peer]?.left) return null;
  const { arrangement, places } = placement;
  if (peer.role === 'queue') {
    const { x, y, width } = arrangement.queue;
    return { x: x + width / 2, y, clearPx: GATE_CLEAR_PX };
  }
  const place = places.get(peer.peer);
  return place ? { x: place.x, y: place.y, clearPx: 48 * place.scale + GATE_CLEAR_PX } : null;
}

/** Where it can act: a REPLY, say, never goes towards a client's queue. */
function directionsOf({ role }: PeerState, { direction, message }: AppliedFault): readonly Direction[] {
  if (direction !== null) return [direction];
  const client = role === 'client';
  if (message === 'REQUEST') return [client ? 'toQueue' : 'fromQueue'];
  if (message === 'REPLY') return [client ? 'fromQueue' : 'toQueue'];
  if (message === 'READY') return ['toQueue'];
  return ['fromQueue', 'toQueue'];
}

export function faultText(frame: Frame, peer: PeerState | undefined, fault: AppliedFault): string {
  const { words } = frame;
  const { kind, level, message, params } = fault;
  const icon = kind === 'partition' ? iconOf(fault) : undefined;
  const does = icon === 'jammed' || icon === 'refused' ? words.cut[icon] : words.fault[kind];
  if (level === 'process') return params.times === undefined ? does : `${does} ${params.times} ×`;
  const whole = kind === 'partition' || kind === 'hang' || kind === 'profile';
  const parts = [does];
  if (params.profile !== undefined) parts.push(words.profile[params.profile]);
  if (!whole) parts.push(message === null ? words.everything : named(frame, message));
  if (params.nth !== undefined) parts.push(`#${params.nth}`);
  if (params.every !== undefined) parts.push(`1/${params.every}`);
  if (params.count !== undefined) parts.push(`≤ ${params.count}`);
  if (params.extraMs !== undefined) parts.push(`+${delayText(frame, params.extraMs, params.jitterMs ?? 0)}`);
  if (params.probability !== undefined) parts.push(`${Math.round(params.probability * 100)} %`);
  const [only, other] = peer === undefined ? [] : directionsOf(peer, fault);
  parts.push(!peer || !only || other ? '↔' : goesRight(peer, only) ? '→' : '←');
  return parts.join(' ');
}

const named = ({ words }: Frame, kind: NonNullable<AppliedFault['message']>): string =>
  kind === 'PING' || kind === 'PONG' ? kind : words.kind[kind];

/** A chip's size and words, still without a place; a single fault's time beside them. */
export function chip(
  frame: Frame,
  link: string,
  faults: readonly AppliedFault[],
): Omit<ChipMark, 'x' | 'y' | 'leader'> {
  const { words, t, state } = frame;
  const only = faults.length === 1 ? faults[0] : undefined;
  const hits = faults.reduce((sum, fault) => sum + fault.hits, 0);
  const parts = [only ? faultText(frame, state.peers[link], only) : words.faults(faults.length)];
  const share = only ? shareLeft(only, t) : null;
  if (only?.untilAt != null) parts.push(words.wholeSeconds(Math.ceil(Math.max(0, only.untilAt - t) / 1e6)));
  if (hits > 0 && !frame.view.presentation) parts.push(words.hits(hits));
  const content = parts.join(' · ');
  const { chip: sizePx } = frame.type;
  const height = sizePx * 1.9;
  const ring = share === null ? null : { x: 1.15 * sizePx, y: height / 2, r: 0.42 * sizePx, share };
  const from = ring ? 1.95 * sizePx : 0.95 * sizePx;
  const width = textWidth(content, sizePx, 650) + from + 0.95 * sizePx;
  return { width, height, ring, texts: [text(from, height / 2 + sizePx * 0.36, sizePx, content, 'fault', 650)] };
}
