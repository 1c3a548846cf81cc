// What happened to a process, as a mark in its lane with a word or two where there is room.

import type { Token } from '../theme.ts';
import { WORDS_FROM_PX } from './bars.ts';
import { type Cone, inCone } from './cone.ts';
import { type Labels, label } from './labels.ts';
import { isHarm, type Note, type NoteKind } from './noted.ts';
import { inPlot, type Plot } from './plot.ts';
import { laneScale, type Row } from './rows.ts';
import { along } from './time-scale.ts';
import type { DiagramWords } from './view.ts';

export type MarkShape = 'cross' | 'tick' | 'gate' | 'healed' | 'expiry';

export interface NoteMark {
  readonly seq: number;
  readonly shape: MarkShape;
  readonly token: Token;
  readonly x: number;
  readonly y: number;
  readonly sizePx: number;
  /** Beside what is picked out of the rest. */
  readonly faint: boolean;
}

const SHAPES: Readonly<Record<NoteKind, MarkShape>> = {
  ...{ killed: 'cross', crashed: 'cross', exited: 'cross', unrouted: 'cross', abandoned: 'cross', gaveUp: 'cross' },
  ...{ frozen: 'tick', resumed: 'tick', overloaded: 'tick', recovered: 'tick', started: 'tick', left: 'tick' },
  ...{
    backedOff: 'tick',
    requeued: 'tick',
    expired: 'expiry',
    faultApplied: 'gate',
    faultStruck: 'gate',
    faultHealed: 'healed',
  },
};

const TOKENS: Partial<Record<NoteKind, Token>> = {
  ...{ frozen: 'frozen', overloaded: 'busy', requeued: 'request', exited: 'muted' },
};

/** What is written; the rest is said by the bar it begins, or when one points at it. */
const WRITTEN = new Set<NoteKind>([
  ...(['killed', 'crashed', 'exited', 'expired', 'requeued', 'started', 'resumed', 'left'] as const),
  ...(['unrouted', 'abandoned', 'gaveUp', 'faultApplied', 'faultStruck', 'faultHealed', 'recovered'] as const),
]);
const WRITTEN_AT_MOST = 120;
/** Above this only harm is marked. */
const MARKED_AT_MOST = 1500;

export function noteText(note: Note, words: DiagramWords): string {
  const { kind, journey, end, waitMs, beats, beatMs, fault, struck, message } = note;
  const number = journey === undefined ? '' : `#${journey}`;
  switch (kind) {
    case 'expired':
      return words.note.expired(words.missed(beats ?? 0, words.seconds(String((beatMs ?? 0) / 1000))));
    case 'backedOff':
      return words.backOff(words.seconds(String((waitMs ?? 0) / 1000)));
    case 'faultApplied': {
      const what = fault?.message === undefined ? words.everything : words.kind[fault.message];
      const way = fault?.direction === undefined ? '' : ` ${words.direction[fault.direction]}`;
      const cut = fault?.mode === 'jammed' || fault?.mode === 'refused' ? fault.mode : undefined;
      return words.fault[cut ?? fault?.kind ?? 'drop'](`${what}${way}`);
    }
    case 'faultStruck':
      return words.struck[struck ?? 'drop'];
    case 'unrouted':
      return words.note.unrouted(`${message === undefined ? '' : words.kind[message]} ${number}`.trim());
    case 'exited':
    case 'killed':
      return words.note[kind](end ?? '');
    default:
      return words.note[kind](number);
  }
}

/** The first note later than t. */
export function noteAfter(notes: readonly Note[], t: number): number {
  let low = 0;
  let high = notes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((notes[middle] as Note).t <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function noteMarks(plot: Plot, cone: Cone | null, labels: Labels): NoteMark[] {
  const { notes } = plot.index;
  const [first, end] = [noteAfter(notes, plot.from - 1), noteAfter(notes, plot.to)];
  const place = along(plot.scale);
  const outside = (note: Note): boolean => cone !== null && !inCone(cone, note.lane, note.t);
  const marks: NoteMark[] = [];
  const written: [Note, Row, number][] = [];
  for (let i = first; i < end; i++) {
    const note = notes[i] as Note;
    const row = plot.rowOf.get(note.lane);
    if (!row || (end - first > MARKED_AT_MOST && !isHarm(note.kind))) continue;
    const scale = laneScale(row.height);
    const x = inPlot(plot, place(note.t));
    const token = TOKENS[note.kind] ?? (isHarm(note.kind) ? 'fault' : 'muted');
    const y = note.kind === 'expired' && row.height >= 7 ? row.barY - 13 * scale : row.barY;
    marks.push({
      faint: outside(note),
      seq: note.seq,
      shape: SHAPES[note.kind],
      token,
      x,
      y,
      sizePx: Math.max(1.6, 4.5 * Math.min(1, scale)),
    });
    if (row.height >= WORDS_FROM_PX && WRITTEN.has(note.kind)) written.push([note, row, x]);
  }
  if (written.length > WRITTEN_AT_MOST) return marks;
  // Harm first; the newest first, for it is what one looks for.
  written.sort(([a], [b]) => Number(isHarm(b.kind)) - Number(isHarm(a.kind)) || b.t - a.t);
  for (const [note, row, x] of written) writeNote(plot, note, row, x, outside(note), labels);
  return marks;
}

function writeNote(plot: Plot, note: Note, row: Row, x: number, faint: boolean, labels: Labels): void {
  const sizePx = 11 * plot.view.textScale;
  const harm =
    note.kind === 'killed' ||
    note.kind === 'crashed' ||
    note.kind === 'faultApplied' ||
    note.kind === 'faultStruck' ||
    note.kind === 'unrouted';
  const token: Token = note.kind === 'requeued' ? 'request' : harm ? 'fault' : 'muted';
  const said = label(x + 9, row.barY + sizePx * 0.36, noteText(note, plot.view.words), sizePx, token, {
    ...{ weight: harm || note.kind === 'requeued' ? 650 : 560, boxed: true, faint },
  });
  if (labels.offer(said) || labels.offer({ ...said, x: x - 9, align: 'right' })) return;
  // In the half of the lane that the bar leaves free.
  const above = { ...said, y: row.barY - 12 * laneScale(row.height) + sizePx * 0.36 };
  if (row.height >= 26 && !labels.offer(above)) labels.offer({ ...above, x: x - 9, align: 'right' });
}
