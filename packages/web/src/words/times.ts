// Lengths of time as people read them: one decimal, then whole minutes; the unit is the language's own.

import type { Micros } from '@crows-nest/protocol';
import type { Words } from './words.ts';

export function seconds(length: Micros): string {
  const s = Math.max(0, length) / 1_000_000;
  return s < 99.95 ? s.toFixed(1) : String(Math.round(s));
}

/** "2.1 s", "0.25 ms"; for a length that is the answer itself, so small ones keep their digits. */
export function duration(length: Micros, words: Words): string {
  if (length < 1000) return words.time.micros(String(Math.round(length)));
  if (length < 100_000) return words.time.millis((length / 1000).toFixed(length < 10_000 ? 1 : 0));
  if (length < 100_000_000) return words.time.seconds(seconds(length));
  return words.time.minutes(String(Math.floor(length / 60_000_000)), String(Math.round(length / 1_000_000) % 60));
}

/** Against the playhead: "2.1 s ago" for what was, "in 0.9 s" for what is due. */
export function relative(at: Micros, t: Micros, words: Words): string {
  const text = (length: Micros) =>
    length < 100_000_000 ? words.time.seconds(seconds(length)) : duration(length, words);
  return at <= t ? words.time.ago(text(t - at)) : words.time.due(text(at - t));
}

/** Of the run: 1:02.345 for a row of the log. */
export function clockTime(t: Micros, startAt: Micros): string {
  const total = Math.max(0, t - startAt);
  const minutes = Math.floor(total / 60_000_000);
  const rest = ((total % 60_000_000) / 1_000_000).toFixed(3).padStart(6, '0');
  return `${minutes}:${rest}`;
}
