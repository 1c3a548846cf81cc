// The queue's panel: the ready list in order with what is left of each belief, who is at work, who was forgotten.

import type { State } from '@crows-nest/protocol';
import { type Frame, markedJourney, markedPeer } from './frame.ts';
import { type QueueMark, type TextMark, text } from './marks.ts';
import { nameOf, shortName } from './names.ts';
import { cells, glidingPlaces, listsInRows, padOf, type recentShifts, rows } from './ready-list.ts';
import { boxOf, fitText, textWidth } from './text-width.ts';
import { queuePeer } from './truth.ts';

export function queuePanel(frame: Frame, shifts: ReturnType<typeof recentShifts>): QueueMark | null {
  const { state, placement, words, type } = frame;
  const peer = queuePeer(state);
  if (!peer) return null;
  const { queue: box, unit } = placement.arrangement;
  const padPx = padOf(frame);
  const mark: QueueMark = {
    ...box,
    peer: peer.peer,
    status: statusOf(state),
    rows: [],
    arcs: [],
    flag: null,
    rules: [],
    discs: [],
    texts: [],
    padPx,
    marked: markedPeer(frame, peer.peer),
  };
  const left = box.x + padPx;
  const right = box.x + box.width - padPx;
  const { texts } = mark;
  const title = words.name(peer.name) === peer.name ? words.queue : words.name(peer.name);
  const titleY = box.y + 11 * unit + type.title * 1.12;
  texts.push(text(left, titleY, type.title, title, 'text', 700));
  const note = statusNote(frame, mark.status);
  // It stands beside the title, or not at all.
  if (note && textWidth(title, type.title, 700) + textWidth(note.content, type.note, 650) + 14 < right - left) {
    texts.push(text(right, titleY, type.note, note.content, note.token, note.weight, { align: 'right' }));
  }
  const headY = titleY + 30 * unit;
  texts.push(sectionLabel(frame, left, headY, words.readyList));
  const listed = state.queue.list.length;
  const inRows = listsInRows(frame);
  const count = inRows
    ? words.listedOf(listed, placement.members.workers.length)
    : box.width < 200 * unit
      ? String(listed)
      : words.headFirst(listed);
  if (!frame.view.presentation) {
    texts.push(text(right, headY, type.note, count, 'muted', 450, { align: 'right' }));
  }
  const top = headY + (inRows ? 11 : 9) * unit;
  const y = inRows ? rows(frame, mark, top, glidingPlaces(frame, shifts)) : cells(frame, mark, top);
  const below = atWork(frame, mark, y + 6 * unit, left, right);
  forgotten(frame, mark, Math.max(below, box.y + box.height - 62 * unit), left, right);
  return mark;
}

/** A low panel ends where it ends: what has no room in it is not begun. */
const fits = ({ y, height }: QueueMark, lineY: number): boolean => lineY + 5 <= y + height;

/** Beside a section's name, or below it where there is no room. The answer is the line it stands on. */
function nobody(frame: Frame, mark: QueueMark, label: TextMark, right: number): number {
  const { words, type } = frame;
  const named = boxOf(label);
  const spaced = (label.spacingPx ?? 0) * (label.runs[0]?.text.length ?? 0);
  const beside = named.x + named.width + spaced + 8 + textWidth(words.nobody, type.note) < right;
  const y = beside ? label.y : label.y + type.note * 1.4;
  const said = beside
    ? text(right, y, type.note, words.nobody, 'faint', 450, { align: 'right' })
    : text(label.x, y, type.note, words.nobody, 'faint');
  if (fits(mark, y)) mark.texts.push(said);
  return y;
}

function statusOf(state: State): QueueMark['status'] {
  const status = queuePeer(state)?.process?.status;
  if (status === undefined) return 'unknown';
  if (status === 'paused') return 'frozen';
  if (status === 'exited') return 'dead';
  return status === 'overloaded' ? 'overloaded' : 'running';
}

type Note = { content: string; token: TextMark['runs'][number]['token']; weight: number } | null;

function statusNote({ state, words, view }: Frame, status: QueueMark['status']): Note {
  if (status === 'frozen') return { content: words.queueFrozen, token: 'frozen', weight: 650 };
  if (status === 'overloaded') return { content: words.queueOverloaded, token: 'busy', weight: 650 };
  if (status === 'dead') return { content: words.queueGone, token: 'fault', weight: 650 };
  return view.presentation ? null : { content: words.rules(state.queue.rules), token: 'muted', weight: 450 };
}

const sectionLabel = ({ view, type }: Frame, x: number, y: number, label: string): TextMark =>
  view.locale === 'zh'
    ? text(x, y, type.section + 1, label, 'muted', 700)
    : text(x, y, type.section, label, 'muted', 700, { spacingPx: 1 });

function atWork(frame: Frame, mark: QueueMark, top: number, left: number, right: number): number {
  const { state, words, placement, type, view } = frame;
  const { unit, narrow } = placement.arrangement;
  const busy = state.queue.atWork;
  const headY = top + 9 * unit + type.section;
  if (!fits(mark, headY)) return top;
  mark.rules.push(top);
  const label = sectionLabel(frame, left, headY, words.atWork);
  mark.texts.push(label);
  const bottom = mark.y + mark.height - 66 * unit;
  const pitch = Math.max(38 * unit, 1.25 * type.list + 1.5 * type.small);
  const rowsFit = narrow ? 0 : Math.floor((bottom - top - 26 * unit) / pitch);
  if (busy.length === 0) {
    const last = view.presentation ? headY : nobody(frame, mark, label, right);
    return top + 34 * unit + last - headY;
  }
  if (busy.length <= rowsFit) {
    busy.forEach((entry, i) => {
      workRow(frame, mark, entry, top + 28 * unit + (i + 0.5) * pitch, left, right);
    });
    return top + 32 * unit + busy.length * pitch;
  }
  mark.texts.push(text(right, headY, type.state, String(busy.length), 'text', 700, { align: 'right' }));
  if (!fits(mark, top + 48 * unit)) return top + 34 * unit;
  return workDiscs(frame, mark, top, left, right, bottom);
}

type Work = Frame['state']['queue']['atWork'][number];

function workRow(frame: Frame, mark: QueueMark, entry: Work, y: number, left: number, right: number): void {
  const { words, t, type, placement, view } = frame;
  const { unit } = placement.arrangement;
  const number = entry.journey === null ? null : String(entry.journey);
  mark.discs.push({ x: left + 12 * unit, y, r: 12 * unit, text: number, marked: markedJourney(frame, entry.journey) });
  const x = left + 34 * unit;
  const room = right - x;
  const name = fitText(nameOf(frame, entry.peer, entry.worker), room, type.list, 700);
  const nameY = y + type.list * 0.33 - type.small * 0.62;
  mark.texts.push(text(x, nameY, type.list, name, 'text', 700));
  const since = words.since(words.seconds(t - entry.since));
  const { expiryAt } = entry;
  const expires = expiryAt === null ? '' : `, ${words.expiresIn(words.seconds(Math.max(0, expiryAt - t)))}`;
  const second = view.presentation
    ? since
    : `${since}${entry.attempt > 1 ? `, ${words.attempt(entry.attempt)}` : expires}`;
  const parted = entry.peer !== null && frame.readings.get(entry.peer)?.parted?.how === 'believed';
  const noteY = nameY + type.small * 1.32;
  mark.texts.push(text(x, noteY, type.small, fitText(second, room, type.small), parted ? 'fault' : 'muted'));
}

/** Too many for a row each: a disc each, then at least their number. */
function workDiscs(frame: Frame, mark: QueueMark, top: number, left: number, right: number, bottom: number): number {
  const { state, placement } = frame;
  const { unit } = placement.arrangement;
  const busy = state.queue.atWork;
  const columns = Math.max(2, Math.min(8, Math.floor((right - left) / (23 * unit))));
  const pitch = (right - left - 16 * unit) / (columns - 1);
  const most = columns * Math.max(1, Math.min(3, Math.floor((bottom - top - 24 * unit) / (23 * unit))));
  const short = busy.length <= 16 && busy.every(({ journey }) => journey !== null && journey <= 99);
  busy.slice(0, most).forEach((entry, i) => {
    const x = left + 8 * unit + (i % columns) * pitch;
    const y = top + (40 + Math.floor(i / columns) * 23) * unit;
    const number = short ? String(entry.journey) : null;
    mark.discs.push({ x, y, r: 8 * unit, text: number, marked: markedJourney(frame, entry.journey) });
  });
  return top + (34 + Math.ceil(Math.min(most, busy.length) / columns) * 23) * unit;
}

function forgotten(frame: Frame, mark: QueueMark, top: number, left: number, right: number): void {
  const { state, words, t, type, placement, view } = frame;
  const { unit } = placement.arrangement;
  const gone = state.queue.forgotten;
  const headY = top + 9 * unit + type.section;
  if (!fits(mark, headY)) return;
  mark.rules.push(top);
  const label = sectionLabel(frame, left, headY, words.forgotten);
  mark.texts.push(label);
  const last = gone[gone.length - 1];
  if (!last) {
    if (!view.presentation) nobody(frame, mark, label, right);
    return;
  }
  const names =
    gone.length === 1 ? [nameOf(frame, last.peer, last.worker)] : gone.map((f) => shortName(f.peer, f.worker));
  const line = fitText(names.join(' '), right - left, type.state, 560);
  const lineY = headY + type.state * 1.45;
  const named = fits(mark, lineY);
  if (named) mark.texts.push(text(left, lineY, type.state, line, 'muted', 560));
  const noteY = lineY + type.small * 1.4;
  if (!view.presentation && !placement.arrangement.narrow && fits(mark, noteY)) {
    const unheard = fitText(words.unheard(words.seconds(t - last.lastHeardAt)), right - left, type.small);
    mark.texts.push(text(left, noteY, type.small, unheard, 'faint'));
  }
  if (gone.length > 1 || !named) {
    mark.texts.push(text(right, headY, type.state, String(gone.length), 'muted', 700, { align: 'right' }));
  }
}
