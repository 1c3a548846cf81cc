// Lengths of time as people read them: one decimal, then whole minutes; the unit is the language's own.

import type { Micros } from '@crows-nest/protocol';
import type { Words } from './words.ts';

export function seconds(length: Micros): string {
  const s = Math.max(0, length) / 1_000_000;
  return s < 99.95 ? s.toFixed(1) : String(Math.round(s));
}

/** A length that was measured: small ones keep their digits. */
export function duration(length: Micros, words: Words): string {
  if (length < 1000) return words.time.micros(String(Math.round(length)));
  if (length < 999_500) return words.time.millis((length / 1000).toFixed(length < 10_000 ? 1 : 0));
  return span(length, words);
}

/** A length that goes on: always with one decimal, so that it does not change its unit while one reads. */
export function span(length: Micros, words: Words): string {
  if (length < 100_000_000) return words.time.seconds(seconds(length));
  const whole = Math.round(length / 1_000_000);
  return words.time.minutes(String(Math.floor(whole / 60)), String(whole % 60));
}

/** A setting: 1 s, 250 ms. */
export function setting(ms: number, words: Words): string {
  return ms >= 1000 ? words.time.seconds(String(ms / 1000)) : words.time.millis(String(ms));
}

/** Against the playhead: "2.1 s ago" for what was, "in 0.9 s" for what is due. */
export function relative(at: Micros, t: Micros, words: Words): string {
  return at <= t ? words.time.ago(span(t - at, words)) : words.time.due(span(at - t, words));
}

/** Of the run: 1:02.345 for a row of the log. */
export function clockTime(t: Micros, startAt: Micros): string {
  const total = Math.max(0, t - startAt);
  const minutes = Math.floor(total / 60_000_000);
  const rest = ((total % 60_000_000) / 1_000_000).toFixed(3).padStart(6, '0');
  return `${minutes}:${rest}`;
}
