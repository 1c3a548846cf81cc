// Makes a failing schedule small: takes steps away, in ever smaller groups, as long as the same invariant still breaks.

import type { Schedule, TimedAction } from './action.ts';
import type { Violation } from './invariants.ts';
import type { Machines } from './machines.ts';
import { runSchedule } from './run.ts';

export interface Shrunk {
  readonly schedule: Schedule;
  readonly violation: Violation;
}

export function shrink(schedule: Schedule, violation: Violation, machines?: Machines): Shrunk {
  let best: Shrunk = { schedule, violation };
  const keep = (candidate: Schedule): boolean => {
    const found = runSchedule(candidate, { machines });
    if (found?.invariant !== violation.invariant) return false;
    // Nothing after the violation can have led to it.
    best = { schedule: { ...candidate, endMs: Math.ceil(found.at / 1000) }, violation: found };
    return true;
  };
  keep(schedule);
  for (let size = Math.ceil(best.schedule.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.schedule.steps.length; ) {
      const { steps } = best.schedule;
      if (!keep({ ...best.schedule, steps: without(steps, from, size) })) from += size;
    }
  }
  return best;
}

const without = (steps: readonly TimedAction[], from: number, count: number): readonly TimedAction[] => [
  ...steps.slice(0, from),
  ...steps.slice(from + count),
];
