// Durations in words begin with seconds and one decimal; a hop has the unit that suits it.

import type { Micros } from '@crows-nest/protocol';

/** Never negative: what is overdue is said in words of its own. */
export const secondsText = (us: Micros): string => (Math.max(0, us) / 1e6).toFixed(1);

const UNITS = { us: 'µs', ms: 'ms', s: 's' };

export function hopText(us: Micros, units = UNITS): string {
  if (us < 1000) return `${Math.round(us)} ${units.us}`;
  if (us < 10_000) return `${(us / 1000).toFixed(1)} ${units.ms}`;
  return us < 1_000_000 ? `${Math.round(us / 1000)} ${units.ms}` : `${secondsText(us)} ${units.s}`;
}
