// Times of the run as the time bar writes them, and as people type them: 0:41.98, 1:02:03.45, 12.4, 1:02.5, -3.

import type { Micros } from '@crows-nest/protocol';

const two = (n: number): string => String(n).padStart(2, '0');

/** Whole hundredths, cut and not rounded: a clock does not show a moment before it has come. */
export function clock(sinceStart: Micros, hundredths = true): string {
  const total = Math.floor(Math.max(0, sinceStart) / 10_000);
  const s = Math.floor(total / 100) % 60;
  const min = Math.floor(total / 6000) % 60;
  const h = Math.floor(total / 360_000);
  const whole = h > 0 ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
  return hundredths ? `${whole}.${two(total % 100)}` : whole;
}

const TIME = /^([+\-−])?(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6}(?:[.,]\d{1,6})?)\s*s?$/;

/** What somebody means by a time: since the run's start, or with a sign from where the picture is. null: nothing. */
export function readClock(text: string): { readonly from: 'start' | 'picture'; readonly length: Micros } | null {
  const found = TIME.exec(text.trim());
  if (!found) return null;
  const [, sign, h, min, s = '0'] = found;
  const length = Math.round((Number(h ?? 0) * 3600 + Number(min ?? 0) * 60 + Number(s.replace(',', '.'))) * 1_000_000);
  return { from: sign ? 'picture' : 'start', length: sign && sign !== '+' ? -length : length };
}
