// The ready list in order: rows that glide to their places, or a grid of small arcs that is read as text.

import type { ListedWorker, Micros, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import { type Frame, markedPeer } from './frame.ts';
import { type ArcMark, type Box2, type QueueMark, text } from './marks.ts';
import { easeOut } from './mix.ts';
import { nameOf } from './names.ts';
import { fitText, textWidth } from './text-width.ts';
import { intervalUs, isCurrent } from './truth.ts';

const SHIFT_US = 180_000;
/** More workers than this on stage, and the list is a grid: it must not flip between forms at each dispatch. */
const ROWS_UP_TO = 5;
const ROW_LEAST_PX = 28;
/** Above the first row: the queue's name and the list's. */
const HEAD_PX = 74;
const GRID_COLUMNS = 6;
const CELL_LEAST_PX = 31;
const GRID_CELLS = 48;
/** More changes than this in one glide are not told apart: the list jumps. */
const SHIFTS_MOST = 12;
const DISPATCHES = ['worker.listed', 'worker.expired', 'request.dispatched'] as const;
const CHANGES = [...DISPATCHES, 'worker.refreshed'] as const;

export const padOf = ({ placement }: Frame): number =>
  placement.arrangement.narrow ? 10 : 16 * placement.arrangement.unit;

/** Rows for a few, where the panel is high enough for all of them, and a grid of small arcs for many. */
export const listsInRows = ({ placement, state }: Frame): boolean => {
  const { narrow, queue, unit } = placement.arrangement;
  const workers = placement.members.workers.length;
  const few = workers <= ROWS_UP_TO && state.queue.list.length <= ROWS_UP_TO;
  return !narrow && few && (HEAD_PX + workers * ROW_LEAST_PX) * unit <= queue.height;
};

/** The ready list before its changes of the last 180 ms. To be asked for before the state at t. */
export function recentShifts(log: Log, t: Micros): { before: string[]; events: readonly TraceEvent[] } | null {
  if (log.count(t - SHIFT_US, t, DISPATCHES) > SHIFTS_MOST) return null;
  const events = log
    .between(t - SHIFT_US, t, CHANGES)
    .filter((event) => event.type !== 'worker.refreshed' || event.moved);
  const first = events[0];
  if (!first || events.length > SHIFTS_MOST || first.t - 1 < log.startAt) return null;
  return { before: log.stateAt(first.t - 1).queue.list.map(({ worker }) => worker), events };
}

/** Places as they glide: each change in turn moves everybody from where they were towards where they are. */
export function glidingPlaces(frame: Frame, shifts: ReturnType<typeof recentShifts>): Map<string, number> {
  const { list } = frame.state.queue;
  let places = new Map<string, number>();
  if (shifts === null || frame.view.reducedMotion) {
    list.forEach(({ worker }, i) => {
      places.set(worker, i);
    });
    return places;
  }
  let order = shifts.before;
  order.forEach((worker, i) => {
    places.set(worker, i);
  });
  for (const event of shifts.events) {
    if (!('worker' in event)) continue;
    order = order.filter((worker) => worker !== event.worker);
    if (event.type === 'worker.listed' || event.type === 'worker.refreshed') order = [...order, event.worker];
    const share = easeOut((frame.t - event.t) / SHIFT_US);
    const from = places;
    places = new Map();
    order.forEach((worker, i) => {
      const before = from.get(worker) ?? order.length;
      places.set(worker, before + (i - before) * share);
    });
  }
  return places;
}

/** Without an expiry (`simple` rules) the queue counts no beats, and the arc is empty. */
export function arcOf(frame: Frame, expiryAt: Micros | null, parted: boolean, missed: number | null = null): ArcMark {
  const { liveness } = frame.state.queue;
  const beats = expiryAt === null ? 0 : Math.min(liveness, Math.max(0, (expiryAt - frame.t) / intervalUs(frame.state)));
  const notches = Array.from({ length: liveness }, (_, k) => ({
    fill: Math.min(1, Math.max(0, beats - k)),
    missed: missed !== null && k >= liveness - missed,
  }));
  return { notches, gapDegrees: liveness > 6 ? 6 : 10, parted };
}

/** Whether what the queue lists here cannot serve, or no longer answers to this name. */
function isParted({ readings, state }: Frame, entry: ListedWorker): boolean {
  const peer = entry.peer === null ? undefined : state.peers[entry.peer];
  if (!isCurrent(entry, peer)) return true;
  return entry.peer !== null && readings.get(entry.peer)?.parted?.how === 'believed';
}

/** Row height for the most that can be listed, so that rows keep their height. */
function rowHeight({ placement }: Frame): { height: number; pitch: number } {
  const { queue, unit } = placement.arrangement;
  const room = queue.height - (HEAD_PX + 116) * unit;
  const most = Math.max(1, Math.min(ROWS_UP_TO, placement.members.workers.length));
  const pitch = Math.min(66 * unit, Math.max(ROW_LEAST_PX * unit, room / most));
  return { height: pitch - (pitch > 50 * unit ? 7 : 5) * unit, pitch };
}

/** By `simple` rules nothing is counted, and there is nothing to say. */
function expiresText({ words, t, view }: Frame, expiryAt: Micros | null): string {
  if (expiryAt === null) return '';
  const left = expiryAt - t;
  if (view.presentation) return words.listedMore(words.seconds(Math.max(0, left)));
  return left >= 0 ? words.expiresIn(words.seconds(left)) : words.overdue(words.seconds(-left));
}

export function rows(frame: Frame, mark: QueueMark, top: number, places: Map<string, number>): number {
  const { state, words, type } = frame;
  const { unit } = frame.placement.arrangement;
  const { height, pitch } = rowHeight(frame);
  const x = mark.x + mark.padPx;
  const width = mark.width - 2 * mark.padPx;
  const { list } = state.queue;
  let lowest = list.length;
  list.forEach((entry, i) => {
    // By `simple` rules a worker may stand in the list twice: a place of its own has no name to glide by.
    const place = (state.queue.rules === 'simple' ? undefined : places.get(entry.worker)) ?? i;
    lowest = Math.max(lowest, place + 1);
    const parted = isParted(frame, entry);
    const border = parted ? 'fault' : i === 0 ? 'next' : 'plain';
    const alpha = Math.min(1, Math.max(0, list.length - place + (place > i ? 0.4 : 0)));
    const marked = entry.peer === null ? null : markedPeer(frame, entry.peer);
    const box = { x, y: top + place * pitch, width, height };
    mark.rows.push({ ...box, border, alpha, marked });
    row(frame, mark, box, entry, i, parted);
  });
  const head = mark.rows[0];
  if (head) flag(frame, mark, head.y + head.height / 2, head.alpha);
  if (list.length === 0) mark.texts.push(text(x, top + 8 * unit + type.state, type.state, words.nobody, 'faint', 560));
  // Also when nobody is listed, that is said above what follows.
  return top + Math.max(0.5 * pitch, lowest * pitch, 4 * unit + 1.4 * type.state);
}

function row(frame: Frame, mark: QueueMark, box: Box2, entry: ListedWorker, i: number, parted: boolean): void {
  const { state, words, t, type } = frame;
  const { unit } = frame.placement.arrangement;
  const roomy = box.height >= 42 * unit;
  const r = (roomy ? 16 : 10) * unit;
  const arcX = box.x + (roomy ? 28 : 18) * unit;
  const middle = box.y + box.height / 2;
  mark.arcs.push({
    x: arcX,
    y: middle,
    r,
    arc: arcOf(frame, entry.expiryAt, false),
    text: String(i + 1),
    sizePx: (roomy ? 14.5 : 10.5) * unit,
    framed: false,
    marked: null,
  });
  const expires = expiresText(frame, entry.expiryAt);
  const peer = entry.peer === null ? undefined : state.peers[entry.peer];
  const second = [...(isCurrent(entry, peer) ? [] : [words.oldIdentity]), ...(expires ? [expires] : [])].join(', ');
  const token = parted ? 'fault' : 'muted';
  const weight = parted ? 650 : 450;
  const textX = arcX + r + (roomy ? 12 : 9) * unit;
  const flagged = i === 0 ? flagWidth(frame) - mark.padPx - 2 : 8 * unit;
  const room = box.x + box.width - textX - flagged;
  const name = nameOf(frame, entry.peer, entry.worker);
  if (roomy) {
    // The two lines together stand in the row's middle.
    const nameY = middle + type.row * 0.36 - type.rowNote * 0.7;
    mark.texts.push(text(textX, nameY, type.row, fitText(name, room, type.row, 700), 'text', 700));
    const noteY = nameY + type.rowNote * 1.4;
    mark.texts.push(text(textX, noteY, type.rowNote, fitText(second, room, type.rowNote), token, weight));
    return;
  }
  const nameWidth = textWidth(name, type.note, 700);
  mark.texts.push(text(textX, middle + type.note * 0.34, type.note, name, 'text', 700));
  if (nameWidth + 4.2 * type.small < room + 24) {
    const rest = entry.expiryAt === null ? '' : words.seconds(Math.max(0, entry.expiryAt - t));
    mark.texts.push(text(textX + nameWidth + 8, middle + type.note * 0.34, type.small, rest, token, weight));
  }
}

const flagWidth = ({ words, type, placement }: Frame): number =>
  textWidth(words.next, type.chip, 700) + 26 * placement.arrangement.unit;

/** The flag stands out over the panel's edge: this one is given the next request. */
function flag(frame: Frame, mark: QueueMark, y: number, alpha: number): void {
  const { words, type, placement } = frame;
  const { unit } = placement.arrangement;
  const width = flagWidth(frame);
  const height = type.chip + 10.5 * unit;
  const x = mark.x + mark.width - width + 6 * unit;
  const said = text(x + (width - 8 * unit) / 2, y + type.chip * 0.36, type.chip, words.next, 'onRequest', 700, {
    align: 'center',
    alpha,
  });
  mark.flag = { x, y: y - height / 2, width, height, text: said };
}

export function cells(frame: Frame, mark: QueueMark, top: number): number {
  const { state, words, placement, type } = frame;
  const { unit } = placement.arrangement;
  const { list } = state.queue;
  const room = mark.width - 2 * mark.padPx + 8 * unit;
  const columns = Math.min(GRID_COLUMNS, Math.floor(room / (CELL_LEAST_PX * unit)));
  const width = room / columns;
  const height = 31 * unit;
  const roomRows = Math.max(1, Math.floor((mark.height - (68 + 146) * unit) / height));
  const capacity = Math.min(GRID_CELLS, roomRows * columns);
  const shown = list.length > capacity ? capacity - 1 : list.length;
  const at = (i: number): { x: number; y: number } => ({
    x: mark.x + mark.padPx - 4 * unit + ((i % columns) + 0.5) * width,
    y: top + (Math.floor(i / columns) + 0.5) * height,
  });
  const r = Math.min(11.5 * unit, width / 2 - 4);
  list.slice(0, shown).forEach((entry, i) => {
    const label = entry.peer?.match(/\d+$/)?.[0] ?? '?';
    const arc = arcOf(frame, entry.expiryAt, isParted(frame, entry));
    const marked = entry.peer === null ? null : markedPeer(frame, entry.peer);
    mark.arcs.push({ ...at(i), r, arc, text: label, sizePx: r * 0.92, framed: i === 0, marked });
  });
  if (shown < list.length) {
    const { x, y } = at(shown);
    const more = words.more(list.length - shown);
    mark.texts.push(text(x, y + type.note * 0.34, type.note, more, 'muted', 650, { align: 'center' }));
  }
  if (list.length === 0) {
    mark.texts.push(text(mark.x + mark.padPx, top + 8 * unit + type.state, type.state, words.nobody, 'faint', 560));
  }
  const most = Math.ceil(Math.min(capacity, Math.max(placement.members.workers.length, list.length)) / columns);
  return top + Math.max(1, most) * height;
}
