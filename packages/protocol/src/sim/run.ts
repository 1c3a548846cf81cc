// One run of a schedule, and many runs of drawn ones: what a seed does, and whether an invariant saw something wrong.

import type { Fact, Rules } from '../events.ts';
import { millis } from '../timing.ts';
import type { Schedule } from './action.ts';
import { Invariants, type Violation } from './invariants.ts';
import type { Machines } from './machines.ts';
import { drawSchedule } from './swarm.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly machines?: Machines | undefined;
  readonly onFact?: ((fact: Fact) => void) | undefined;
}

/** Runs the whole schedule, or to the first violation. */
export function runSchedule(schedule: Schedule, options: RunOptions = {}): Violation | undefined {
  const invariants = new Invariants();
  const { seed, ground } = schedule;
  const world = new World({ seed, ground, watcher: invariants, ...options });
  invariants.watch(world);
  for (const { at, do: action } of schedule.steps) world.plan(at, action);
  world.plan(schedule.calmAtMs, { type: 'world.calm' });
  try {
    world.runUntil(millis(schedule.endMs));
    if (!world.halted) invariants.ended();
  } catch (error) {
    return {
      invariant: 'nothing throws',
      at: world.now,
      detail: error instanceof Error ? error.message : String(error),
    };
  }
  return invariants.violation;
}

export interface Failure {
  readonly seed: number;
  readonly rules: Rules;
  readonly violation: Violation;
}

export interface BatchResult {
  readonly runs: number;
  readonly simulatedHours: number;
  readonly failures: readonly Failure[];
}

/** Runs `seedCount` drawn schedules from `seedFrom` on. A worker thread does one such batch. */
export function runBatch(
  seedFrom: number,
  seedCount: number,
  rules: Rules,
  minutes = 6,
  machines?: Machines,
): BatchResult {
  const failures: Failure[] = [];
  for (let seed = seedFrom; seed < seedFrom + seedCount; seed++) {
    const violation = runSchedule(drawSchedule(seed, rules, minutes), { machines });
    if (violation) failures.push({ seed, rules, violation });
  }
  return { runs: seedCount, simulatedHours: (seedCount * minutes) / 60, failures };
}
