import { expect, test } from 'vitest';
import { type Fact, Recorder, type Rules, type TraceEvent } from '../../src/index.ts';
import {
  describeFailure,
  drawSchedule,
  MACHINES,
  runBatch,
  runSchedule,
  shrink,
  summary,
  withStrangers,
} from '../../src/sim/index.ts';
import { PLANTS } from './plants.ts';

const RULES: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];

test.each(RULES)(
  '%s: no invariant breaks in 40 runs of six minutes',
  (rules) => {
    const { runs, simulatedHours, failures } = runBatch(1, 40, rules);
    expect({ runs, simulatedHours }).toEqual({ runs: 40, simulatedHours: 4 });
    expect(failures.flatMap((failure) => describeFailure(failure, 6))).toEqual([]);
  },
  60_000,
);

test.each(RULES)(
  '%s, with Simple workers that belong elsewhere: nothing of all that breaks either',
  (rules) => {
    for (let seed = 1; seed <= 15; seed++) {
      const violation = runSchedule(withStrangers(drawSchedule(seed, rules, 6)));
      expect(violation, `seed ${seed}`).toBeUndefined();
    }
  },
  60_000,
);

/** The facts of each life of a stranger's process: from one start to the next. */
function livesOf(events: readonly TraceEvent[]): TraceEvent[][] {
  const lives = new Map<string, TraceEvent[][]>();
  for (const event of events) {
    const peer = 'link' in event ? event.link : 'peer' in event ? event.peer : '';
    if (!peer.startsWith('simple-')) continue;
    const own = lives.get(peer) ?? [];
    if (event.type === 'process.started') own.push([]);
    own.at(-1)?.push(event);
    lives.set(peer, own);
  }
  return [...lives.values()].flat();
}

test('[SP7] a Simple worker that a Paranoid queue has spoken to hangs up, and is never connected again in that life', () => {
  let hungUp = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const recorder = new Recorder();
    const events: TraceEvent[] = [];
    const onFact = (fact: Fact): void => {
      events.push(...recorder.record(fact));
    };
    runSchedule(withStrangers(drawSchedule(seed, RULES[seed % 3] as Rules, 4)), { onFact });
    for (const life of livesOf(events)) {
      const types = life.map(({ type }) => type);
      const spokenTo = types.indexOf('message.lost');
      if (spokenTo < 0) continue;
      hungUp++;
      expect(types.slice(spokenTo), `seed ${seed}`).not.toContain('connection.opened');
      expect(types).not.toContain('work.started');
    }
  }
  expect(hungUp).toBeGreaterThan(20);
});

// Each of these once broke an invariant, by a defect of the machines or of the simulator.
test.each([
  ['robust', 24, 'a worker that beat on without an answer stayed busy for ever'],
  ['robust', 328, 'a client gave up behind a full door'],
  ['robust', 100, 'a heartbeat torn in two frames reads as that of a REQ worker'],
  ['robust', 107, 'a worker that hears but damaged heartbeats does not lose hope'],
  ['simple', 1786, 'a frozen process is told that it is slow no more when it goes on, and not before'],
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
