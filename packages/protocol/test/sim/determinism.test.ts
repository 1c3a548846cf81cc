import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Fact, Recorder, type Rules } from '../../src/index.ts';
import { drawSchedule, runSchedule } from '../../src/sim/index.ts';

const RULES: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];

/** A digest of every fact of a run, numbered and resolved. */
function digest(seed: number, rules: Rules): string {
  const recorder = new Recorder();
  const hash = createHash('sha256');
  const onFact = (fact: Fact): void => {
    for (const event of recorder.record(fact)) hash.update(JSON.stringify(event));
  };
  runSchedule(drawSchedule(seed, rules, 4), { onFact });
  return hash.digest('hex');
}

test.each(RULES)(
  '%s: the same seed twice gives the same bytes, another seed gives others',
  (rules) => {
    const digests = [11, 12, 13].map((seed) => digest(seed, rules));
    expect([11, 12, 13].map((seed) => digest(seed, rules))).toEqual(digests);
    expect(new Set(digests).size).toBe(3);
  },
  60_000,
);

test('nobody listening changes nothing: a run ends the same with and without facts', () => {
  for (const seed of [21, 22, 23]) {
    const schedule = drawSchedule(seed, 'guide', 3);
    expect(runSchedule(schedule)).toEqual(runSchedule(schedule, { onFact: () => {} }));
  }
});
