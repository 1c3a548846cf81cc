// The queue's panel: the ready list in order with what is left of each belief, who is at work, who was forgotten.

import type { ListedWorker, Micros, State, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import { identityText, visibleText } from '../visible-text.ts';
import { type Frame, isSelectedPeer } from './frame.ts';
import { type ArcMark, type QueueMark, type TextMark, text } from './marks.ts';
import { easeOut } from './placement.ts';
import { fitText, textWidth } from './text-width.ts';
import { intervalUs, isCurrent, queuePeer } from './truth.ts';

const SHIFT_US = 180_000;
/** More workers than this on stage, and the list is a grid: it must not flip between forms at each dispatch. */
const ROWS_UP_TO = 5;
const GRID_COLUMNS = 6;
const CELL_LEAST_PX = 31;
const GRID_CELLS = 48;
const PAD_PX = 16;

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
function glidingPlaces(frame: Frame, shifts: ReturnType<typeof recentShifts>): Map<string, number> {
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

export function arcOf(frame: Frame, entry: ListedWorker, parted: boolean, missed: number | null = null): ArcMark {
  const { liveness } = frame.state.queue;
  const beats = Math.min(liveness, Math.max(0, (entry.expiryAt - frame.t) / intervalUs(frame.state)));
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
  return entry.peer !== null && readings.get(entry.peer)?.parted?.how === 'listed';
}

export function nameOf({ state, words }: Frame, id: string | null, identity: string): string {
  const peer = id === null ? undefined : state.peers[id];
  return peer ? words.name(visibleText(peer.name, 24)) : identityText(identity, 14);
}

/** "w17" for worker 17: what fits into a small cell. */
export function shortName(id: string | null, identity: string): string {
  const number = id?.match(/\d+$/)?.[0];
  if (id === null || number === undefined) return identityText(identity, 4);
  return `${id.startsWith('client') ? 'c' : id.startsWith('guest') ? 'g' : 'w'}${number.padStart(2, '0')}`;
}

export function queuePanel(frame: Frame, shifts: ReturnType<typeof recentShifts>): QueueMark | null {
  const { state, placement, words } = frame;
  const peer = queuePeer(state);
  if (!peer) return null;
  const { queue: box } = placement.arrangement;
  const mark: QueueMark = {
    ...box,
    status: statusOf(state),
    rows: [],
    arcs: [],
    flag: null,
    rules: [],
    discs: [],
    texts: [],
    selected: isSelectedPeer(frame, peer.peer),
  };
  const left = box.x + PAD_PX;
  const right = box.x + box.width - PAD_PX;
  const { texts } = mark;
  texts.push(
    text(left, box.y + 29, 16, words.name(peer.name) === peer.name ? words.queue : words.name(peer.name), 'text', 700),
  );
  const status = {
    running: null,
    unknown: null,
    frozen: words.queueFrozen,
    overloaded: words.queueOverloaded,
    dead: words.queueGone,
  }[mark.status];
  const note = status ?? words.rules(state.queue.rules);
  const noteToken =
    mark.status === 'frozen'
      ? 'frozen'
      : mark.status === 'overloaded'
        ? 'busy'
        : mark.status === 'dead'
          ? 'fault'
          : 'muted';
  texts.push(text(right, box.y + 29, 12, note, noteToken, status ? 650 : 450, { align: 'right' }));
  const workers = placement.members.workers.length;
  const inRows = workers <= ROWS_UP_TO && state.queue.list.length <= ROWS_UP_TO;
  const listed = state.queue.list.length;
  texts.push(sectionLabel(frame, left, box.y + 59, words.readyList));
  texts.push(
    text(
      right,
      box.y + 59,
      12,
      inRows ? words.listedOf(listed, workers) : box.width < 200 ? String(listed) : words.headFirst(listed),
      'muted',
      450,
      {
        align: 'right',
      },
    ),
  );
  const y = inRows ? rows(frame, mark, box.y + 70, glidingPlaces(frame, shifts)) : cells(frame, mark, box.y + 68);
  const below = atWork(frame, mark, y + 6, left, right);
  forgotten(frame, mark, Math.max(below, box.y + box.height - 62), left, right);
  return mark;
}

function statusOf(state: State): QueueMark['status'] {
  const status = queuePeer(state)?.process?.status;
  if (status === undefined) return 'unknown';
  if (status === 'paused') return 'frozen';
  if (status === 'exited') return 'dead';
  return status === 'overloaded' ? 'overloaded' : 'running';
}

const sectionLabel = ({ view }: Frame, x: number, y: number, label: string): TextMark =>
  view.locale === 'zh'
    ? text(x, y, 11.5, label, 'muted', 700)
    : text(x, y, 10.5, label, 'muted', 700, { spacingPx: 1 });

/** Row height for the most that can be listed, so that rows keep their height. */
function rowHeight({ placement }: Frame): { height: number; pitch: number } {
  const room = placement.arrangement.queue.height - 74 - 116;
  const most = Math.max(1, Math.min(ROWS_UP_TO, placement.members.workers.length));
  const pitch = Math.min(66, Math.max(28, room / most));
  return { height: pitch - (pitch > 50 ? 7 : 5), pitch };
}

function rows(frame: Frame, mark: QueueMark, top: number, places: Map<string, number>): number {
  const { state, words, t } = frame;
  const { height, pitch } = rowHeight(frame);
  const roomy = height >= 42;
  const x = mark.x + PAD_PX;
  const width = mark.width - 2 * PAD_PX;
  let lowest = state.queue.list.length;
  state.queue.list.forEach((entry, i) => {
    const place = places.get(entry.worker) ?? i;
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
      arc: arcOf(frame, entry, false),
      text: String(i + 1),
      framed: false,
    });
    const left = entry.expiryAt - t;
    const expires = left >= 0 ? words.expiresIn(words.seconds(left)) : words.overdue(words.seconds(-left));
    const second = isCurrent(entry, peer) ? expires : `${words.oldIdentity}, ${expires}`;
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
      const rest = words.seconds(Math.max(0, left));
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

function cells(frame: Frame, mark: QueueMark, top: number): number {
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
    const arc = arcOf(frame, entry, isParted(frame, entry));
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

function atWork(frame: Frame, mark: QueueMark, top: number, left: number, right: number): number {
  const { state, words, t } = frame;
  const busy = state.queue.atWork;
  mark.rules.push(top);
  mark.texts.push(sectionLabel(frame, left, top + 20, words.atWork));
  const bottom = mark.y + mark.height - 66;
  const fits = Math.floor((bottom - top - 26) / 38);
  if (busy.length === 0) {
    mark.texts.push(text(right, top + 20, 12, words.nobody, 'faint', 450, { align: 'right' }));
    return top + 34;
  }
  if (busy.length <= fits) {
    busy.forEach((entry, i) => {
      const y = top + 47 + i * 38;
      const number = entry.journey === null ? null : String(entry.journey);
      mark.discs.push({ x: left + 12, y, r: 12, text: number });
      mark.texts.push(
        text(
          left + 34,
          y - 3,
          13.5,
          fitText(nameOf(frame, entry.peer, entry.worker), right - left - 34, 13.5, 700),
          'text',
          700,
        ),
      );
      const since = words.since(words.seconds(t - entry.since));
      const second = entry.attempt > 1 ? `${since}, ${words.attempt(entry.attempt)}` : since;
      mark.texts.push(text(left + 34, y + 12, 11.5, second, 'muted'));
    });
    return top + 34 + busy.length * 38;
  }
  mark.texts.push(text(right, top + 20, 12.5, String(busy.length), 'text', 700, { align: 'right' }));
  const columns = 8;
  const pitch = (right - left - 16) / (columns - 1);
  const most = columns * Math.max(1, Math.min(3, Math.floor((bottom - top - 24) / 23)));
  const short = busy.length <= 16 && busy.every(({ journey }) => journey !== null && journey <= 99);
  busy.slice(0, most).forEach((entry, i) => {
    const x = left + 8 + (i % columns) * pitch;
    const y = top + 40 + Math.floor(i / columns) * 23;
    mark.discs.push({ x, y, r: 8, text: short ? String(entry.journey) : null });
  });
  return top + 34 + Math.ceil(Math.min(most, busy.length) / columns) * 23;
}

function forgotten(frame: Frame, mark: QueueMark, top: number, left: number, right: number): void {
  const { state, words, t } = frame;
  const gone = state.queue.forgotten;
  mark.rules.push(top);
  mark.texts.push(sectionLabel(frame, left, top + 20, words.forgotten));
  const last = gone[gone.length - 1];
  if (!last) {
    mark.texts.push(text(right, top + 20, 12, words.nobody, 'faint', 450, { align: 'right' }));
    return;
  }
  const names =
    gone.length === 1 ? [nameOf(frame, last.peer, last.worker)] : gone.map((f) => shortName(f.peer, f.worker));
  const line = fitText(names.join(' '), right - left, 12.5, 560);
  mark.texts.push(text(left, top + 38, 12.5, line, 'muted', 560));
  mark.texts.push(text(left, top + 54, 11.5, words.unheard(words.seconds(t - last.lastHeardAt)), 'faint'));
  if (gone.length > 1)
    mark.texts.push(text(right, top + 20, 12.5, String(gone.length), 'muted', 700, { align: 'right' }));
}
