// The way by keyboard: from event to event in time, and at one time from lane to lane. Beats are passed over.

import type { Micros } from '@crows-nest/protocol';
import type { Selection } from '../model/selection.ts';
import { someCrossing } from './crossings.ts';
import type { DiagramIndex } from './diagram-index.ts';
import { noteAfter } from './noted-marks.ts';

/** A message by its sending, or a note. */
export interface Stop {
  readonly t: Micros;
  readonly lane: number;
  readonly selection: Extract<Selection, { type: 'message' | 'event' }>;
}

const order = (a: Stop, b: Stop): number =>
  a.t - b.t || a.lane - b.lane || rank(a) - rank(b) || numberOf(a) - numberOf(b);
const rank = ({ selection }: Stop): number => (selection.type === 'message' ? 1 : 0);
const numberOf = ({ selection }: Stop): number => (selection.type === 'message' ? selection.msg : selection.seq);

/** All stops of one time, in their order. */
function stopsAt(index: DiagramIndex, t: Micros): Stop[] {
  const stops: Stop[] = [];
  const row = someCrossing();
  const { crossings, notes } = index;
  for (let at = crossings.after(t - 1); at < crossings.after(t); at++) {
    if (crossings.read(at, row) && row.kind !== 'HEARTBEAT') {
      stops.push({ t, lane: row.lane, selection: { type: 'message', msg: row.msg } });
    }
  }
  for (let at = noteAfter(notes, t - 1); at < notes.length && notes[at]?.t === t; at++) {
    const note = notes[at];
    if (note) stops.push({ t, lane: note.lane, selection: { type: 'event', seq: note.seq } });
  }
  return stops.sort(order);
}

/** The nearest time before or after t that has a stop. */
function timeBeside(index: DiagramIndex, t: Micros, step: -1 | 1): Micros | null {
  const row = someCrossing();
  const { crossings, notes } = index;
  let message: Micros | null = null;
  for (let at = step > 0 ? crossings.after(t) : crossings.after(t - 1) - 1; ; at += step) {
    if (at < crossings.firstRow || at >= crossings.endRow) break;
    if (!crossings.read(at, row) || row.kind === 'HEARTBEAT') continue;
    message = row.enteredAt;
    break;
  }
  const note = notes[step > 0 ? noteAfter(notes, t) : noteAfter(notes, t - 1) - 1]?.t ?? null;
  if (message === null || note === null) return message ?? note;
  return step > 0 ? Math.min(message, note) : Math.max(message, note);
}

/** The stop after or before this one, or beside a time; null: there is none between the two limits. */
export function stopBeside(
  index: DiagramIndex,
  from: Stop | Micros,
  step: -1 | 1,
  knownFrom: Micros,
  knownTo: Micros,
): Stop | null {
  if (typeof from !== 'number') {
    const stops = stopsAt(index, from.t);
    const beyond = stops.filter((stop) => order(stop, from) * step > 0);
    const next = step > 0 ? beyond[0] : beyond.at(-1);
    if (next) return next;
  }
  const t = timeBeside(index, typeof from === 'number' ? from : from.t, step);
  if (t === null || t < knownFrom || t > knownTo) return null;
  const stops = stopsAt(index, t);
  return (step > 0 ? stops[0] : stops.at(-1)) ?? null;
}
