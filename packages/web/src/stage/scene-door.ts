// The door: requests that have arrived and that the queue has not read, oldest next to the opening.

import { atTheDoor, type Micros } from '@crows-nest/protocol';
import { pointAt } from './curve.ts';
import { type Frame, isSelectedMessage, laneOffset, share } from './frame.ts';
import { type DoorMark, type MessageMark, text } from './marks.ts';
import { shownNumber } from './message-facts.ts';
import { easeOut } from './mix.ts';
import { linkCurve } from './placement.ts';
import { doorIsOpen, queuePeer } from './truth.ts';

const DRAWN_MOST = 20;
const LARGE_UP_TO = 6;
const MOVE_US = 180_000;

interface Point {
  x: number;
  y: number;
}

/** Place number `i` in the pile, oldest first: the head stands in the opening, then columns outwards. */
function slot(door: { x: number; y: number; gapPx: number }, place: number, large: boolean, open: boolean): Point {
  const pitch = large ? 24 : 15;
  const head = { x: door.x - (open ? 4 : 0), y: door.y };
  // Nobody stands in an opening that is shut.
  const i = open ? place : place + 1;
  if (i < 1) return head;
  const rows = Math.max(1, Math.floor((door.gapPx - 20) / pitch));
  const column = Math.floor((i - 1) / rows);
  const row = (i - 1) % rows;
  // From the middle outwards, so that few of them stand at the opening.
  const step = row === 0 ? 0 : Math.ceil(row / 2) * (row % 2 === 1 ? -1 : 1);
  const shift = rows % 2 === 0 ? 0.5 : 0;
  return {
    x: head.x - (column + 1) * pitch * 0.94,
    y: door.y + (step + shift) * pitch + (column % 2) * (large ? 4 : 2),
  };
}

export function door(frame: Frame): { door: DoorMark; pile: MessageMark[]; waiting: number } {
  const { state, placement, words, view, t, log } = frame;
  const at = placement.arrangement.door;
  const waiting = atTheDoor(state);
  const open = doorIsOpen(state);
  const large = waiting.length <= LARGE_UP_TO;
  const r = (large ? 10 : 5.5) * (large ? placement.arrangement.messageScale : 1);
  const ghosts = waiting.filter(({ ghost }) => ghost).length;
  const pile: MessageMark[] = [];
  // Each that was just read moves the others up by one place.
  const moves: { msg: number; share: number; readAt: Micros }[] = [];
  for (const event of frame.recent) {
    if (event.type !== 'message.read' || event.msg === undefined || event.t <= t - MOVE_US) continue;
    const entered = log.entered(event.msg);
    if (entered?.direction !== 'toQueue' || state.peers[entered.link]?.role !== 'client') continue;
    moves.push({ msg: event.msg, share: easeOut(share(frame, event.t, MOVE_US)), readAt: event.t });
  }
  const behind = moves.reduce((sum, move) => sum + 1 - move.share, 0);
  const mark = (msg: number, number: string | null, ghost: boolean, point: Point, alpha: number): MessageMark => ({
    msg,
    kind: 'REQUEST',
    ...point,
    angle: 0,
    r,
    text: large && r >= 8 ? number : null,
    ghost,
    alpha,
    tail: null,
    arrow: false,
    selected: isSelectedMessage(frame, msg),
  });
  const arrived = (link: string, leftAt: Micros, to: Point, until: Micros): Point => {
    const peer = state.peers[link];
    const curve = peer && linkCurve(placement, peer);
    if (!peer || !curve) return to;
    const end = pointAt(curve, 1, laneOffset(frame, peer, 'toQueue'));
    const a = easeOut(view.reducedMotion ? 1 : (until - leftAt) / MOVE_US);
    return { x: end.x + (to.x - end.x) * a, y: end.y + (to.y - end.y) * a };
  };
  waiting.slice(0, DRAWN_MOST).forEach((message, i) => {
    const place = i + behind;
    const low = slot(at, Math.floor(place), large, open);
    const high = slot(at, Math.ceil(place), large, open);
    const f = place - Math.floor(place);
    const to = { x: low.x + (high.x - low.x) * f, y: low.y + (high.y - low.y) * f };
    const point = arrived(message.link, message.leftAt ?? t, to, t);
    pile.push(mark(message.msg, shownNumber(message), message.ghost, point, 1));
  });
  for (const move of moves) {
    const entered = log.entered(move.msg);
    if (!entered || move.share >= 1) continue;
    const leftAt = log.fate(move.msg)?.leftAt ?? move.readAt;
    const from = arrived(entered.link, leftAt, slot(at, 0, large, true), move.readAt);
    const inside = { x: at.x + 18, y: at.y };
    const point = { x: from.x + (inside.x - from.x) * move.share, y: from.y + (inside.y - from.y) * move.share };
    const number = shownNumber({ journey: entered.journey ?? null, n: entered.n ?? null });
    pile.push(mark(move.msg, number, false, point, 1 - move.share ** 3));
  }
  const status = queuePeer(state)?.process?.status;
  const shut = status === 'paused' ? words.queueFrozen : status === 'exited' ? words.queueGone : words.doorClosed;
  const texts = [
    text(
      at.x - 10,
      at.y - at.gapPx / 2 - 9,
      12,
      open ? words.doorOpen : shut,
      open ? 'muted' : 'fault',
      open ? 450 : 650,
      {
        align: 'right',
        halo: true,
      },
    ),
  ];
  if (waiting.length > 0) {
    const count = words.waiting(waiting.length, ghosts, Math.min(DRAWN_MOST, waiting.length));
    texts.push(text(at.x - 10, at.y + at.gapPx / 2 + 19, 12, count, 'request', 650, { align: 'right', halo: true }));
  }
  const { x, y, lengthPx, gapPx } = at;
  return { door: { x, y, lengthPx, gapPx, open, texts }, pile, waiting: waiting.length };
}
