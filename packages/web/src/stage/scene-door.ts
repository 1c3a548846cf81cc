// The door: requests that have arrived and that the queue has not read, oldest next to the opening.

import type { EventOf, Micros } from '@crows-nest/protocol';
import { oldest } from './census.ts';
import { pointAt } from './curve.ts';
import { type Frame, laneOffset, markedMessage, share } from './frame.ts';
import { arrivesAt } from './hop.ts';
import { type Box2, type DoorMark, type MessageMark, type TextMark, text } from './marks.ts';
import { shownNumber, standIn } from './message-facts.ts';
import { easeOut } from './mix.ts';
import { linkCurve } from './placement.ts';
import { doorIsOpen, queuePeer } from './truth.ts';

const DRAWN_MOST = 20;
const LARGE_UP_TO = 6;
const MOVE_US = 180_000;
const MOVES_MOST = 24;
/** Reads by others, and of beats, among them. */
const LOOKED_AT_MOST = 10 * MOVES_MOST;
const READ = ['message.read'] as const;

interface Point {
  x: number;
  y: number;
}

export interface AtDoor {
  door: DoorMark;
  pile: MessageMark[];
  waiting: number;
  /** What it takes up, words and all. */
  box: Box2;
}

export function door(frame: Frame): AtDoor {
  const { state, placement, census } = frame;
  const { arrangement } = placement;
  const at = arrangement.door;
  const { unit } = arrangement;
  const open = doorIsOpen(state);
  const waiting = census.atDoor.length;
  const large = waiting <= LARGE_UP_TO && at.lengthPx >= 40;
  const look: Look = {
    door: at,
    open,
    large,
    pitchPx: (large ? 24 : 15) * Math.max(1, unit * 0.95) * (large && unit === 1 ? arrangement.messageScale : 1),
    r: large ? 10 * arrangement.messageScale : 5.5 * unit,
  };
  const moves = recentReads(frame);
  const behind = moves.reduce((sum, move) => sum + 1 - move.share, 0);
  const pile = oldest(census.atDoor, DRAWN_MOST).map((message, i) => {
    const to = between(slot(look, Math.floor(i + behind)), slot(look, Math.ceil(i + behind)), (i + behind) % 1);
    const point = arrived(frame, message.link, arrivesAt(frame, message), to, frame.t);
    return mark(frame, look, message.msg, shownNumber(message), message.ghost, point, 1);
  });
  for (const { entered, share: gone, readAt } of moves) {
    if (gone >= 1) continue;
    const message = standIn(entered, null);
    const from = arrived(frame, entered.link, arrivesAt(frame, message), slot({ ...look, open: true }, 0), readAt);
    const point = between(from, { x: at.x + 18 * unit, y: at.y }, gone);
    pile.push(mark(frame, look, entered.msg, shownNumber(message), false, point, 1 - gone ** 3));
  }
  const { x, y, lengthPx, gapPx } = at;
  const box = { x: x - lengthPx, y: y - gapPx / 2, width: lengthPx, height: gapPx };
  return { door: { x, y, lengthPx, gapPx, open, unit, texts: signs(frame, open) }, pile, waiting, box };
}

interface Look {
  door: { x: number; y: number; gapPx: number };
  open: boolean;
  large: boolean;
  pitchPx: number;
  r: number;
}

/** Place number `place` in the pile, oldest first: the head stands in the opening, then columns outwards. */
function slot({ door, open, pitchPx, large }: Look, place: number): Point {
  const head = { x: door.x - (open ? 4 : 0), y: door.y };
  // Nobody stands in an opening that is shut.
  const i = open ? place : place + 1;
  if (i < 1) return head;
  const rows = Math.max(1, Math.floor((door.gapPx - 20) / pitchPx));
  const column = Math.floor((i - 1) / rows);
  const row = (i - 1) % rows;
  // From the middle outwards, so that few of them stand at the opening.
  const step = row === 0 ? 0 : Math.ceil(row / 2) * (row % 2 === 1 ? -1 : 1);
  const shift = rows % 2 === 0 ? 0.5 : 0;
  return {
    x: head.x - (column + 1) * pitchPx * 0.94,
    y: door.y + (step + shift) * pitchPx + (column % 2) * (large ? 4 : 2),
  };
}

const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});

/** On its way from the end of its link to its place. */
function arrived(frame: Frame, link: string, at: Micros, to: Point, until: Micros): Point {
  const { state, placement, view } = frame;
  const peer = state.peers[link];
  const curve = peer && linkCurve(placement, peer);
  if (!peer || !curve) return to;
  const end = pointAt(curve, 1, laneOffset(frame, peer, 'toQueue'));
  return between(end, to, easeOut(view.reducedMotion ? 1 : (until - at) / MOVE_US));
}

interface Read {
  entered: EventOf<'message.entered'>;
  readAt: Micros;
  share: number;
}

/** Each that was just read moves the others up by one place; more than can be told apart move nobody. */
function recentReads(frame: Frame): Read[] {
  const { log, t, state, stretchUs } = frame;
  const found: Read[] = [];
  const from = t - MOVE_US - (stretchUs ?? 0);
  if (log.count(from, t, READ) > LOOKED_AT_MOST) return found;
  for (const event of log.between(from, t, READ)) {
    if (event.type !== 'message.read' || event.msg === undefined) continue;
    const entered = log.entered(event.msg);
    if (entered?.direction !== 'toQueue' || state.peers[entered.link]?.role !== 'client') continue;
    const readAt = Math.max(event.t, entered.t + (stretchUs ?? 0));
    if (readAt > t || readAt <= t - MOVE_US) continue;
    found.push({ entered, readAt, share: easeOut(share(frame, readAt, MOVE_US)) });
    if (found.length > MOVES_MOST) return [];
  }
  return found;
}

function mark(
  frame: Frame,
  { large, r }: Look,
  msg: number,
  number: string | null,
  ghost: boolean,
  point: Point,
  alpha: number,
): MessageMark {
  return {
    msg,
    kind: 'REQUEST',
    ...point,
    angle: 0,
    r,
    text: large && r >= 7.5 ? number : null,
    ghost,
    alpha,
    tail: null,
    arrow: false,
    marked: markedMessage(frame, msg),
  };
}

function signs(frame: Frame, open: boolean): TextMark[] {
  const { state, words, type, census, placement, view } = frame;
  const { door: at, narrow, unit } = placement.arrangement;
  const status = queuePeer(state)?.process?.status;
  const shut =
    status === 'paused'
      ? words.queueFrozen
      : status === 'exited'
        ? words.queueGone
        : narrow
          ? words.doorShut
          : words.doorClosed;
  const ends = { align: 'right' as const, halo: true };
  const above = at.y - at.gapPx / 2 - 9 * unit;
  const texts: TextMark[] = [];
  // A room is told what is wrong, not what is as usual.
  if (!open || !(view.presentation || narrow)) {
    texts.push(
      text(at.x - 10, above, type.door, open ? words.doorOpen : shut, open ? 'muted' : 'fault', open ? 450 : 650, ends),
    );
  }
  const { length } = census.atDoor;
  if (length === 0) return texts;
  const said =
    view.presentation || narrow
      ? words.atDoorShort(length)
      : words.waiting(length, census.ghosts, Math.min(DRAWN_MOST, length));
  texts.push(text(at.x - 10, at.y + at.gapPx / 2 + type.door * 1.15 + 5, type.door, said, 'request', 650, ends));
  return texts;
}
