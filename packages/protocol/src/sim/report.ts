// What a batch of runs came to, as lines for a person.

import type { Rules } from '../events.ts';
import type { Schedule } from './action.ts';
import { type BatchResult, type Failure, runSchedule } from './run.ts';
import { shrink } from './shrink.ts';
import { drawSchedule } from './swarm.ts';

/** Joins batches that ran apart. */
export function joinBatches(batches: readonly BatchResult[]): BatchResult {
  const sum = (count: (batch: BatchResult) => number): number => batches.reduce((total, b) => total + count(b), 0);
  return {
    runs: sum((b) => b.runs),
    simulatedHours: sum((b) => b.simulatedHours),
    failures: batches.flatMap((b) => b.failures),
  };
}

/** One line: runs, simulated hours, violations. */
export function summary({ runs, simulatedHours, failures }: BatchResult): string {
  return `${runs} runs, ${simulatedHours.toFixed(1)} simulated hours, ${failures.length} violations`;
}

export const replayLine = (seed: number, rules: Rules, minutes: number): string =>
  `npm run sim -- --rules ${rules} --seed ${seed} --minutes ${minutes}`;

/** What went wrong, the smallest schedule that still does it, and the line that runs it again. */
export function describeFailure({ seed, rules, violation }: Failure, minutes: number): string[] {
  const schedule = drawSchedule(seed, rules, minutes);
  const small = shrink(schedule, violation);
  return [
    `${rules}, seed ${seed}: ${violation.invariant}`,
    `  at ${(violation.at / 1000).toFixed(1)} ms: ${violation.detail}`,
    `  ${schedule.steps.length} steps shrink to ${small.schedule.steps.length}, which break it at ${(small.violation.at / 1000).toFixed(1)} ms:`,
    ...scheduleLines(small.schedule).map((line) => `    ${line}`),
    `  again: ${replayLine(seed, rules, minutes)}`,
  ];
}

export function scheduleLines({ steps, calmAtMs, endMs }: Schedule): string[] {
  const lines = steps.map((step) => `${String(step.at).padStart(7)} ms  ${JSON.stringify(step.do)}`);
  return calmAtMs < endMs ? [...lines, `${String(calmAtMs).padStart(7)} ms  all is well again`] : lines;
}

/** Runs one drawn schedule and says what came of it. */
export function runSeed(seed: number, rules: Rules, minutes: number): Failure | undefined {
  const violation = runSchedule(drawSchedule(seed, rules, minutes));
  return violation && { seed, rules, violation };
}
