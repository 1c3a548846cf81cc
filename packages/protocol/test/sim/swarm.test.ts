import { expect, test } from 'vitest';
import type { Rules } from '../../src/index.ts';
import {
  describeFailure,
  drawSchedule,
  MACHINES,
  runBatch,
  runSchedule,
  shrink,
  summary,
} from '../../src/sim/index.ts';
import { PLANTS } from './plants.ts';

const RULES: readonly Rules[] = ['listing', 'guide', 'robust'];

test.each(RULES)(
  '%s: no invariant breaks in 40 runs of six minutes',
  (rules) => {
    const { runs, simulatedHours, failures } = runBatch(1, 40, rules);
    expect({ runs, simulatedHours }).toEqual({ runs: 40, simulatedHours: 4 });
    expect(failures.flatMap((failure) => describeFailure(failure, 6))).toEqual([]);
  },
  60_000,
);

// Each of these once broke an invariant, by a defect of the machines or of the simulator.
test.each([
  ['robust', 24, 'a worker that beat on without an answer stayed busy for ever'],
  ['robust', 328, 'a client gave up behind a full door'],
  ['robust', 100, 'a heartbeat torn in two frames reads as that of a REQ worker'],
  ['robust', 107, 'a worker that hears but damaged heartbeats does not lose hope'],
] as [Rules, number, string][])('%s, seed %i: %s', (rules, seed) => {
  expect(runSchedule(drawSchedule(seed, rules, 6))).toBeUndefined();
});

test('a failing schedule shrinks to the steps that matter, and still fails in the same way', () => {
  const machines = PLANTS.find((plant) => plant.name === 'the queue never purges')?.plant(MACHINES);
  const schedule = drawSchedule(3, 'guide', 6);
  const violation = runSchedule(schedule, { machines });
  if (!violation) return expect.fail('the plant was not seen');
  const small = shrink(schedule, violation, machines);
  expect(small.violation.invariant).toBe(violation.invariant);
  expect(small.schedule.steps.length).toBeLessThanOrEqual(3);
  expect(runSchedule(small.schedule, { machines })?.invariant).toBe(violation.invariant);
});

test('a batch is summed up in one line', () => {
  expect(summary({ runs: 6000, simulatedHours: 600, failures: [] })).toBe(
    '6000 runs, 600.0 simulated hours, 0 violations',
  );
});
