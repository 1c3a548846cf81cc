// The ready list in order: rows that glide to their places, or a grid of small arcs that is read as text.

import type { ListedWorker, Micros, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { Frame } from './frame.ts';
import { type ArcMark, type QueueMark, text } from './marks.ts';
import { easeOut } from './mix.ts';
import { nameOf } from './names.ts';
import { fitText, textWidth } from './text-width.ts';
import { intervalUs, isCurrent } from './truth.ts';

const SHIFT_US = 180_000;
/** More workers than this on stage, and the list is a grid: it must not flip between forms at each dispatch. */
export const ROWS_UP_TO = 5;
const GRID_COLUMNS = 6;
const CELL_LEAST_PX = 31;
const GRID_CELLS = 48;
export const PAD_PX = 16;

/** The ready list before its changes of the last 180 ms. To be asked for before the state at t. */
export function recentShifts(log: Log, t: Micros): { before: string[]; events: TraceEvent[] } | null {
  const events = log.between(t - SHIFT_US, t).filter(changesList);
  const first = events[0];
  if (!first || first.t - 1 < log.startAt) return null;
  return { before: log.stateAt(first.t - 1).queue.list.map(({ worker }) => worker), events };
}

const changesList = (event: TraceEvent): boolean =>
  event.type === 'worker.listed' ||
  event.type === 'worker.expired' ||
  event.type === 'request.dispatched' ||
  (event.type === 'worker.refreshed' && event.moved);

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
  const room = placement.arrangement.queue.height - 74 - 116;
  const most = Math.max(1, Math.min(ROWS_UP_TO, placement.members.workers.length));
  const pitch = Math.min(66, Math.max(28, room / most));
  return { height: pitch - (pitch > 50 ? 7 : 5), pitch };
}

function expiresText({ words, t }: Frame, expiryAt: Micros | null): string {
  if (expiryAt === null) return '';
  const left = expiryAt - t;
  return left >= 0 ? words.expiresIn(words.seconds(left)) : words.overdue(words.seconds(-left));
}

export function rows(frame: Frame, mark: QueueMark, top: number, places: Map<string, number>): number {
  const { state, words, t } = frame;
  const { height, pitch } = rowHeight(frame);
  const roomy = height >= 42;
  const x = mark.x + PAD_PX;
  const width = mark.width - 2 * PAD_PX;
  let lowest = state.queue.list.length;
  state.queue.list.forEach((entry, i) => {
    // By `simple` rules a worker may stand in the list twice: a place of its own has no name to glide by.
    const place = (state.queue.rules === 'simple' ? undefined : places.get(entry.worker)) ?? i;
    lowest = Math.max(lowest, place + 1);
    const y = top + place * pitch;
    const parted = isParted(frame, entry);
    const peer = entry.peer === null ? undefined : state.peers[entry.peer];
    const alpha = Math.min(1, Math.max(0, state.queue.list.length - place + (place > i ? 0.4 : 0)));
    mark.rows.push({ x, y, width, height, border: parted ? 'fault' : i === 0 ? 'next' : 'plain', alpha });
    const r = roomy ? 16 : 10;
    const arcX = x + (roomy ? 28 : 18);
    mark.arcs.push({
      x: arcX,
      y: y + height / 2,
      r,
      arc: arcOf(frame, entry.expiryAt, false),
      text: String(i + 1),
      framed: false,
    });
    const expires = expiresText(frame, entry.expiryAt);
    const second = isCurrent(entry, peer) ? expires : [words.oldIdentity, expires].filter(Boolean).join(', ');
    const textX = arcX + r + (roomy ? 12 : 9);
    const room = x + width - textX - (i === 0 ? 40 : 8);
    const name = nameOf(frame, entry.peer, entry.worker);
    if (roomy) {
      const middle = y + height / 2;
      mark.texts.push(text(textX, middle - 4, height > 50 ? 14.5 : 13.5, fitText(name, room, 14.5, 700), 'text', 700));
      mark.texts.push(
        text(textX, middle + 14, 12, fitText(second, room, 12), parted ? 'fault' : 'muted', parted ? 650 : 450),
      );
    } else {
      const nameWidth = textWidth(name, 12, 700);
      mark.texts.push(text(textX, y + height / 2 + 4, 12, name, 'text', 700));
      const rest = entry.expiryAt === null ? '' : words.seconds(Math.max(0, entry.expiryAt - t));
      if (nameWidth + 50 < room + 24) {
        const token = parted ? 'fault' : 'muted';
        mark.texts.push(text(textX + nameWidth + 8, y + height / 2 + 4, 11.5, rest, token, parted ? 650 : 450));
      }
    }
  });
  const head = mark.rows[0];
  if (head) flag(frame, mark, head.x + head.width, head.y + head.height / 2, head.alpha);
  if (state.queue.list.length === 0) mark.texts.push(text(x, top + 18, 12.5, words.nobody, 'faint', 560));
  return top + Math.max(0.5, lowest) * pitch;
}

/** The flag stands out over the panel's edge: this one is given the next request. */
function flag(frame: Frame, mark: QueueMark, rightX: number, y: number, alpha: number): void {
  const label = frame.words.next;
  const width = textWidth(label, 12.5, 700) + 26;
  const height = 23;
  const x = mark.x + mark.width - width + 6;
  if (rightX <= x) return;
  const words = text(x + (width - 8) / 2, y + 4.5, 12.5, label, 'onRequest', 700, { align: 'center', alpha });
  mark.flag = { x, y: y - height / 2, width, height, text: words };
}

export function cells(frame: Frame, mark: QueueMark, top: number): number {
  const { state, words, placement } = frame;
  const { list } = state.queue;
  const room = mark.width - 2 * PAD_PX + 8;
  const columns = Math.min(GRID_COLUMNS, Math.floor(room / CELL_LEAST_PX));
  const width = room / columns;
  const height = 31;
  const roomRows = Math.max(1, Math.floor((mark.height - 68 - 146) / height));
  const capacity = Math.min(GRID_CELLS, roomRows * columns);
  const shown = list.length > capacity ? capacity - 1 : list.length;
  const at = (i: number): { x: number; y: number } => ({
    x: mark.x + PAD_PX - 4 + ((i % columns) + 0.5) * width,
    y: top + (Math.floor(i / columns) + 0.5) * height,
  });
  list.slice(0, shown).forEach((entry, i) => {
    const label = entry.peer?.match(/\d+$/)?.[0] ?? '?';
    const arc = arcOf(frame, entry.expiryAt, isParted(frame, entry));
    mark.arcs.push({ ...at(i), r: Math.min(11.5, width / 2 - 4), arc, text: label, framed: i === 0 });
  });
  if (shown < list.length) {
    const { x, y } = at(shown);
    mark.texts.push(text(x, y + 4, 12, words.more(list.length - shown), 'muted', 650, { align: 'center' }));
  }
  if (list.length === 0) mark.texts.push(text(mark.x + PAD_PX, top + 20, 12.5, words.nobody, 'faint', 560));
  const most = Math.ceil(Math.min(capacity, Math.max(placement.members.workers.length, list.length)) / columns);
  return top + Math.max(1, most) * height;
}
