// One monotonic clock for all processes of a run: hrtime counts from the same origin in each of them, and `epoch` is where the run began.

import type { Micros } from '@crows-nest/protocol';

export type Clock = () => Micros;

/** Where the clock of a run starts, in whole microseconds of hrtime. */
export function epochNow(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1_000_000 + Math.floor(nanos / 1000);
}

/** Microseconds since the epoch. The array form of hrtime: half the cost of the bigint form. */
export const clockFrom =
  (epoch: number): Clock =>
  () =>
    epochNow() - epoch;
