// The queue's panel: the ready list in order with what is left of each belief, who is at work, who was forgotten.

import type { State } from '@crows-nest/protocol';
import { type Frame, isSelectedPeer } from './frame.ts';
import { type QueueMark, type TextMark, text } from './marks.ts';
import { nameOf, shortName } from './names.ts';
import { cells, glidingPlaces, PAD_PX, ROWS_UP_TO, type recentShifts, rows } from './ready-list.ts';
import { fitText } from './text-width.ts';
import { queuePeer } from './truth.ts';

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
      const expires =
        entry.expiryAt === null ? '' : `, ${words.expiresIn(words.seconds(Math.max(0, entry.expiryAt - t)))}`;
      const second = `${since}${entry.attempt > 1 ? `, ${words.attempt(entry.attempt)}` : expires}`;
      const parted = entry.peer !== null && frame.readings.get(entry.peer)?.parted?.how === 'believed';
      const fitted = fitText(second, right - left - 34, 11.5);
      mark.texts.push(text(left + 34, y + 12, 11.5, fitted, parted ? 'fault' : 'muted'));
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
