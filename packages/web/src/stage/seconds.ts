// Durations in words begin with seconds and one decimal.

import type { Micros } from '@crows-nest/protocol';

/** Never negative: what is overdue is said in words of its own. */
export const secondsText = (us: Micros): string => (Math.max(0, us) / 1e6).toFixed(1);
