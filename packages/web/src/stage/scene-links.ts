// Two lanes a link, or a trunk a row; gone and reconnecting connections look so; gates and chips where faults act.

import type { AppliedFault, Direction, EventOf, PeerState } from '@crows-nest/protocol';
import { type Curve, lanePoints, pointAt, wholeLane } from './curve.ts';
import { type Frame, goesRight, isSelectedLink, laneOffset } from './frame.ts';
import { type ChipMark, type GateMark, type LinePart, type LinkMark, type TextMark, text } from './marks.ts';
import { linkCurve, trunkCurve } from './placement.ts';
import { CUT_SHARE, GATE_SHARE } from './scene-losses.ts';
import { textWidth } from './text-width.ts';

export function links(frame: Frame): LinkMark[] {
  const { placement, state } = frame;
  const marks: LinkMark[] = [];
  const grid = placement.arrangement.form === 'grid';
  for (const id of [...placement.members.clients, ...(grid ? [] : placement.members.workers)]) {
    const peer = state.peers[id];
    if (!peer) continue;
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
    parts,
    widthPx: offset < 4 ? 1 : 1.5,
    selected: isSelectedLink(frame, peer.peer),
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

function trunks({ placement }: Frame): LinkMark[] {
  const { arrangement, members } = placement;
  const marks: LinkMark[] = [];
  for (let i = 0; i < members.workers.length; i += arrangement.columns) {
    const row = members.workers.slice(i, i + arrangement.columns);
    const curve = trunkCurve(placement, row);
    if (!curve) continue;
    const parts = [-arrangement.laneOffsetPx, arrangement.laneOffsetPx].map(
      (side): LinePart => ({ points: wholeLane(curve, side), dash: null, alpha: LANE_ALPHA }),
    );
    marks.push({ link: `row ${i / arrangement.columns}`, parts, widthPx: 1, selected: false, cut: null });
  }
  return marks;
}

/** The delay most links have; those that have another say so themselves. */
export function commonDelay(frame: Frame): { delayMs: number; jitterMs: number } | null {
  const kinds: { delayMs: number; jitterMs: number; count: number }[] = [];
  for (const { role, link } of Object.values(frame.state.peers)) {
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
  const common = commonDelay(frame);
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
      text(at.x, at.y - lift, 11.5, delayText(frame, delayMs, jitterMs), 'muted', 560, {
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
  anchors: { link: string; x: number; y: number; faults: AppliedFault[] }[];
}

/** What the gate looks like: most take a message or change it. */
const ICON: { readonly [K in AppliedFault['kind']]?: 'delay' | 'partition' } = {
  ...{ delay: 'delay', reorder: 'delay', bandwidth: 'delay', profile: 'delay' },
  ...{ hold: 'partition', partition: 'partition', hang: 'partition' },
};

export function gates(frame: Frame): Gates {
  const { state, placement } = frame;
  const result: Gates = { gates: [], anchors: [] };
  const byLink = new Map<string, AppliedFault[]>();
  for (const fault of Object.values(state.faults)) {
    if (fault.level !== 'link') continue;
    const list = byLink.get(fault.link);
    if (list) list.push(fault);
    else byLink.set(fault.link, [fault]);
  }
  for (const [link, faults] of byLink) {
    const peer = state.peers[link];
    const curve = peer && linkCurve(placement, peer);
    if (!peer || !curve) continue;
    const grid = placement.arrangement.form === 'grid' && peer.role === 'worker';
    const seen = new Map<string, number>();
    let first: { x: number; y: number } | null = null;
    for (const fault of faults) {
      const directions = directionsOf(peer, fault);
      // The lanes of a trunk are too close for two gates: one in their middle stands for both.
      const middle = grid && directions.length > 1;
      for (const direction of middle ? directions.slice(0, 1) : directions) {
        const nth = seen.get(direction) ?? 0;
        seen.set(direction, nth + 1);
        const size = grid ? 9 : 14;
        const way = grid ? 1 - 8 / curve.lengthPx : GATE_SHARE + (nth * (size + 6)) / curve.lengthPx;
        const right = grid || goesRight(peer, direction);
        const offsetPx = middle ? 0 : laneOffset(frame, peer, direction);
        const at = pointAt(curve, right ? way : 1 - way, offsetPx);
        result.gates.push({ ...at, sizePx: size, icon: ICON[fault.kind] ?? 'drop' });
        first ??= { x: at.x, y: at.y };
      }
    }
    if (first) result.anchors.push({ link, ...first, faults });
  }
  return result;
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

/** The knobs of a fault are in the fact that applied it. */
function knobsOf({ log }: Frame, fault: AppliedFault): EventOf<'fault.applied'> | null {
  for (const event of log.between(fault.appliedAt - 1, fault.appliedAt)) {
    if (event.type === 'fault.applied' && event.fault === fault.fault) return event;
  }
  return null;
}

export function faultText(frame: Frame, peer: PeerState | undefined, fault: AppliedFault): string {
  const { words } = frame;
  const knobs = knobsOf(frame, fault);
  const what =
    fault.kind === 'partition' || fault.kind === 'hang' || fault.kind === 'profile'
      ? ''
      : ` ${fault.message === null ? words.everything : named(frame, fault.message)}`;
  const [only, other] = peer === undefined ? [] : directionsOf(peer, fault);
  const way = !peer || !only || other ? '⇄' : goesRight(peer, only) ? '→' : '←';
  const extra = knobs?.extraMs === undefined ? '' : ` +${delayText(frame, knobs.extraMs, knobs.jitterMs ?? 0)}`;
  const chance = knobs?.probability === undefined ? '' : ` ${Math.round(knobs.probability * 100)} %`;
  return `${words.fault[fault.kind]}${what}${extra}${chance} ${way}`;
}

const named = ({ words }: Frame, kind: NonNullable<AppliedFault['message']>): string =>
  kind === 'PING' || kind === 'PONG' ? kind : words.kind[kind];

const CHIP_FONT_PX = 12.5;

/** A chip's size and words, still without a place. */
export function chip(
  frame: Frame,
  link: string,
  faults: readonly AppliedFault[],
): Omit<ChipMark, 'x' | 'y' | 'leader'> {
  const { words } = frame;
  const only = faults.length === 1 ? faults[0] : undefined;
  const hits = faults.reduce((sum, fault) => sum + fault.hits, 0);
  const head = only ? faultText(frame, frame.state.peers[link], only) : words.faults(faults.length);
  const content = hits > 0 ? `${head} · ${words.hits(hits)}` : head;
  const width = textWidth(content, CHIP_FONT_PX, 650) + 24;
  const height = CHIP_FONT_PX * 1.9;
  return { width, height, texts: [text(12, height / 2 + 4.5, CHIP_FONT_PX, content, 'fault', 650)] };
}
