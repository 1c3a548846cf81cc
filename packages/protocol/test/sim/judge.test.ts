// Our own actors before the judge: whatever faults strike them, nothing is held against them that they did not do.

import { describe, expect, it, test } from 'vitest';
import {
  beginJudgement,
  findingsOf,
  fold,
  type Judgement,
  judge,
  judgeUntil,
  Recorder,
  type Rules,
  type TraceEvent,
} from '../../src/index.ts';
import {
  drawSchedule,
  playScenario,
  runSchedule,
  SCENARIOS,
  type Schedule,
  withStrangers,
} from '../../src/sim/index.ts';

const RULES = ['listing', 'guide', 'robust'] as const;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const MINUTES = 4;
/** Each once brought an accusation, just or unjust: a spelling learnt too late [F5], a READY read after a freeze. */
const ONCE_FAILED = [
  ['listing', 31, 6],
  ['listing', 34, 6],
  ['listing', 69, 6],
  ['robust', 95, 6],
] as const;

function swarm(
  seed: number,
  rules: (typeof RULES)[number],
  onEvent: (event: TraceEvent) => void,
  minutes = MINUTES,
): void {
  runDrawn(drawSchedule(seed, rules, minutes), onEvent);
}

function runDrawn(schedule: Schedule, onEvent: (event: TraceEvent) => void): void {
  const recorder = new Recorder();
  runSchedule(schedule, {
    onFact: (fact) => {
      for (const event of recorder.record(fact)) onEvent(event);
    },
  });
}

function judged(events: readonly TraceEvent[]): Judgement {
  const judgement = beginJudgement();
  for (const event of events) judge(judgement, event);
  return judgement;
}

const of = (judgement: Judgement, standing: string): string[] =>
  Object.keys(judgement.peers).flatMap((peer) =>
    findingsOf(judgement, peer).flatMap((f) => (f.standing === standing ? [`${peer} ${f.statement}`] : [])),
  );

function play(name: string): Judgement {
  const scenario = SCENARIOS.find((s) => s.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const events = playScenario(scenario);
  const judgement = judged(events);
  judgeUntil(judgement, events.at(-1)?.t ?? 0);
  return judgement;
}

describe('[J2] over a swarm of faults', () => {
  const runs = [...RULES.flatMap((rules) => SEEDS.map((seed) => [rules, seed, MINUTES] as const)), ...ONCE_FAILED];

  test.each(runs)('%s, seed %i: all that can be seen is met', (rules, seed, minutes) => {
    const judgement = beginJudgement();
    let most = 0;
    swarm(
      seed,
      rules,
      (event) => {
        judge(judgement, event);
        if (event.seq % 997 === 0) most = Math.max(most, JSON.stringify([...judgement.links]).length);
      },
      minutes,
    );
    // What the guide's rules do and RFC 6 does not know: a second request to a worker that is at work [QG2].
    const known = rules === 'guide' ? ['queue queue.oneAtATime'] : [];
    expect(of(judgement, 'broken').filter((breach) => !known.includes(breach))).toEqual([]);
    expect(of(judgement, 'unjudged')).toEqual([]);
    expect(of(judgement, 'met').length).toBeGreaterThan(20);
    expect(most / judgement.links.size).toBeLessThan(20_000);
  });

  /** What the two patterns differ in: who is none of RFC 6's workers, and a queue that is none of its queues. */
  const DIFFERENT = ['worker.zmtp', 'worker.controlFrames', 'worker.beats'];

  test.each([
    ...SEEDS.map((seed) => ['simple', seed, drawSchedule(seed, 'simple', MINUTES)] as const),
    ...SEEDS.map((seed) => ['listing', seed, withStrangers(drawSchedule(seed, 'listing', MINUTES))] as const),
    ...SEEDS.map((seed) => ['robust', seed, withStrangers(drawSchedule(seed, 'robust', MINUTES))] as const),
  ])('[J1] Simple workers and %s, seed %i: nothing is broken but what the patterns differ in', (rules, _, drawn) => {
    const added = drawn.steps.flatMap(({ do: action }) => (action.type === 'worker.add' ? [action] : []));
    const simple = added.filter(({ pattern }) => pattern === 'simple').map(({ peer }) => peer);
    const known = simple.flatMap((peer) => DIFFERENT.map((statement) => `${peer} ${statement}`));
    if (rules === 'simple') known.push('queue queue.beats');
    // A worker that beats is listed with each beat, and may be given as many requests [SP8].
    if (rules === 'simple' && simple.length < added.length) known.push('queue queue.oneAtATime');
    const judgement = beginJudgement();
    runDrawn(drawn, (event) => judge(judgement, event));
    expect(of(judgement, 'broken').filter((breach) => !known.includes(breach))).toEqual([]);
    expect(of(judgement, 'broken').length).toBeGreaterThan(0);
  });

  it('a judgement is plain data: a copy of it goes on the same', () => {
    const events: TraceEvent[] = [];
    swarm(1, 'guide', (event) => events.push(event));
    const half = judged(events.slice(0, events.length / 2));
    const copy = structuredClone(half);
    for (const event of events.slice(events.length / 2)) judge(copy, event);
    expect(copy).toEqual(judged(events));
  });

  it('one that begins in the middle holds nothing of before against anybody', () => {
    for (const part of [0.2, 0.5, 0.8]) {
      const events: TraceEvent[] = [];
      swarm(2, 'robust', (event) => events.push(event));
      const at = Math.floor(events.length * part);
      const judgement = beginJudgement(fold(events.slice(0, at)));
      for (const event of events.slice(at)) judge(judgement, event);
      expect(of(judgement, 'broken')).toEqual([]);
      expect(of(judgement, 'met').length).toBeGreaterThan(10);
    }
  });
});

describe('in the scenarios', () => {
  const paranoid = SCENARIOS.filter(({ name, ground }) => {
    const rules: Rules = ground?.rules ?? 'listing';
    return rules !== 'simple' && !name.includes('simple') && name !== 'double-dispatch';
  });

  test.each(paranoid.map(({ name }) => [name]))('[J2] %s: nothing is broken', (name) => {
    expect(of(play(name), 'broken')).toEqual([]);
  });

  it('[J1] the double dispatch of the guide is seen', () => {
    expect(of(play('double-dispatch'), 'broken')).toEqual(['queue queue.oneAtATime']);
  });

  it('[J1] a Simple worker on a Paranoid queue breaks what the patterns differ in', () => {
    expect(of(play('simple-worker-paranoid-queue'), 'broken')).toEqual([
      ...['worker-1 worker.zmtp', 'worker-1 worker.controlFrames'],
      ...['worker-3 worker.zmtp', 'worker-3 worker.controlFrames'],
    ]);
  });

  it('[J1] a Simple queue owes a Paranoid worker its heartbeats', () => {
    expect(of(play('paranoid-worker-simple-queue'), 'broken')).toEqual(['queue queue.beats']);
  });
});
