// What both languages share in telling a cause: lengths of time, and beats that met the same end gathered into one clause.

import type { Absence, Cause, Micros, MissedBeat, Standing } from '@crows-nest/protocol';

/** What is said first and stands out, and the rest of the sentence. */
export interface Sentence {
  readonly lead: string;
  readonly rest: string;
}

/** Against which time "ago" is meant, and what peers are called. */
export interface Telling {
  readonly t: Micros;
  name(peer: string): string;
}

export interface WhyWords {
  cause(cause: Cause, telling: Telling): Sentence;
  standing(standing: Standing, telling: Telling): Sentence;
}

/** Two decimals below ten seconds, then one: "3.02", "14.5". */
export function exact(length: Micros): string {
  const s = Math.max(0, length) / 1e6;
  return s < 9.995 ? s.toFixed(2) : s.toFixed(1);
}

/** For what goes on while one reads: one decimal. */
export const rough = (length: Micros): string => (Math.max(0, length) / 1e6).toFixed(1);

/** A moment before t: "−2.0". undefined: so near that it is now. */
export function before(at: Micros, t: Micros): string | undefined {
  const s = (t - at) / 1e6;
  return s < 0.15 ? undefined : `−${s.toFixed(1)}`;
}

/** Beats that met the same end, one after the other. */
export interface Gathered {
  readonly absence: Absence;
  readonly count: number;
  readonly first: Micros;
}

export function gather(beats: readonly MissedBeat[]): Gathered[] {
  const groups: Gathered[] = [];
  for (const { absence, dueAt } of beats) {
    const last = groups.at(-1);
    if (last && sameEnd(last.absence, absence)) groups[groups.length - 1] = { ...last, count: last.count + 1 };
    else groups.push({ absence, count: 1, first: dueAt });
  }
  return groups;
}

const sameEnd = (a: Absence, b: Absence): boolean => endKey(a) === endKey(b);

function endKey(absence: Absence): string {
  switch (absence.how) {
    case 'dropped':
      return `dropped ${absence.fault}`;
    case 'lost':
      return `lost ${absence.cause}`;
    case 'held':
      return `held ${absence.by.fault}`;
    case 'underWay':
      return `underWay ${absence.slowed?.fault}`;
    case 'unread':
      return `unread ${absence.hindrance} ${absence.sinceAt}`;
    case 'unsent':
      return `unsent ${absence.hindrance} ${absence.sinceAt}`;
    case 'uncounted':
      return `uncounted ${absence.why} ${absence.damaged?.fault}`;
    case 'unlisted':
      return `${absence.how} ${absence.why}`;
    default:
      return absence.how;
  }
}
