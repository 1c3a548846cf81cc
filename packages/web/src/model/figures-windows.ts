// How far back the figures over time can look, and in how many buckets. Apart from figures.ts: the page knows this before anybody looks.

import type { Micros } from '@crows-nest/protocol';

export const SECOND: Micros = 1_000_000;
export const WINDOWS: readonly Micros[] = [30 * SECOND, 60 * SECOND, 120 * SECOND, 600 * SECOND];
export const BUCKETS = 60;
