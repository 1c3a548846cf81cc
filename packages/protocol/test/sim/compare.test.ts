// Two worlds under the same requests and the same faults, at the same moments of one clock.

import { describe, expect, it } from 'vitest';
import { Accountant, compare, type Figure, fold, millis, Recorder, type TraceEvent } from '../../src/index.ts';
import { type Action, GROUND, type Ground, type TimedAction, World } from '../../src/sim/index.ts';

const SECONDS = 30;

function run(ground: Partial<Ground>, steps: readonly TimedAction[], seed = 1): TraceEvent[] {
  const recorder = new Recorder();
  const events: TraceEvent[] = [];
  const full = { ...GROUND, ...ground };
  const world = new World({ seed, ground: full, onFact: (fact) => events.push(...recorder.record(fact)) });
  for (const { at, do: action } of steps) world.plan(at, action);
  world.runUntil(millis(SECONDS * 1000));
  return events;
}

type Table = Readonly<Record<Figure, readonly [a: number | null, b: number | null]>>;

/** The table, by figure. */
function table(a: readonly TraceEvent[], b: readonly TraceEvent[]): Table {
  const rows = compare(new Accountant().read(a).settled, new Accountant().read(b).settled);
  const entries: Partial<Record<Figure, readonly [number | null, number | null]>> = {};
  for (const row of rows) entries[row.figure] = [row.a, row.b];
  return entries as Table;
}

const at = (ms: number, action: Action): TimedAction => ({ at: ms, do: action });
const troupe = (knobs: object, workers = 2, clients = 1): TimedAction[] => [
  ...Array.from({ length: workers }, (_, i) => at(0, { type: 'worker.add', peer: `worker-${i + 1}`, ...knobs })),
  ...Array.from({ length: clients }, (_, i) => at(0, { type: 'client.add', peer: `client-${i + 1}`, led: true })),
];
/** All clients are told to ask, so many times. */
const asks = (times: number, everyMs: number, clients = 1, from = 500): TimedAction[] =>
  Array.from({ length: times * clients }, (_, i) =>
    at(from + Math.floor(i / clients) * everyMs, { type: 'client.ask', peer: `client-${(i % clients) + 1}` }),
  );

describe('[B1] two troupes under the same requests', () => {
  const busy = { replyFirst: false, quietWhileBusy: false, workMs: 1800 };
  const steps = [...troupe(busy, 2, 3), ...asks(6, 4000, 3)];

  it("the guide's double dispatch, and its absence in listing and robust", () => {
    const guide = run({ rules: 'guide' }, steps);
    const listing = run({ rules: 'listing' }, steps);
    const robust = run({ rules: 'robust' }, steps);
    expect(table(listing, robust).asked).toEqual([18, 18]);
    const [ofListing, ofGuide] = table(listing, guide).doubleDispatches;
    expect(ofListing).toBe(0);
    expect(ofGuide).toBeGreaterThan(0);
    expect(table(robust, guide).doubleDispatches[0]).toBe(0);
  });

  it('the same numbered requests begin at the same moments on both sides, as long as none is still out', () => {
    const sent = (events: readonly TraceEvent[]) =>
      events.flatMap((e) => (e.type === 'request.sent' && e.attempt === 1 ? [`${e.peer} ${e.n} ${e.t}`] : []));
    const quick = [...troupe({ workMs: 10 }), ...asks(10, 1000)];
    expect(sent(run({ rules: 'guide' }, quick))).toEqual(sent(run({ rules: 'robust' }, quick)));
  });

  it('a table of one trace with itself has no difference', () => {
    const events = run({}, steps);
    const [one, other] = [new Accountant().read(events), new Accountant().read(events)];
    expect(compare(one.settled, other.settled).every(({ a, b, better }) => a === b && better === null)).toBe(true);
    expect(one.state).toEqual(fold(events));
  });
});

describe('[B1] two troupes under the same faults', () => {
  it('Simple against Paranoid: one waits three intervals and knows, the other learns of it by its client', () => {
    const faults = [at(3200, { type: 'process.kill', peer: 'worker-1' })];
    const requests = asks(5, 3000, 1, 9000);
    const paranoid = run({ rules: 'listing' }, [...troupe({ workMs: 10 }), ...faults, ...requests]);
    const simple = run({ rules: 'simple' }, [...troupe({ workMs: 10, pattern: 'simple' }), ...faults, ...requests]);
    const figures = table(paranoid, simple);
    expect(figures.answered).toEqual([5, 5]);
    expect(figures.detected).toEqual([1, 0]);
    expect(figures.undetected).toEqual([0, 1]);
    expect(figures.sentToNobody).toEqual([0, 1]);
    expect(figures.retried).toEqual([0, 1]);
    expect(figures.detectionMeanMs[0]).toBeGreaterThan(2000);
    expect(figures.detectionMeanMs[0]).toBeLessThan(4000);
    expect(figures.detectionMeanMs[1]).toBeNull();
  });

  it('liveness 1 against 3: sooner noticed, and more often wrong', () => {
    const lose: Action = {
      type: 'fault.apply',
      link: 'worker-2',
      fault: { id: 'f1', kind: 'drop', selector: { direction: 'toQueue', kind: 'HEARTBEAT', every: 2 }, seed: 1 },
    };
    const steps = [...troupe({ workMs: 10 }), at(2000, lose), at(9300, { type: 'process.kill', peer: 'worker-1' })];
    const figures = table(run({ liveness: 1 }, steps), run({ liveness: 3 }, steps));
    expect(figures.falseDeaths[0]).toBeGreaterThan(3);
    expect(figures.falseDeaths[1]).toBe(0);
    expect(figures.detected[1]).toBe(1);
  });

  it('put back or lost: robust answers on the first try what listing answers on the second', () => {
    const steps = [
      ...troupe({ replyFirst: false, workMs: 1000 }),
      ...asks(1, 0),
      at(1000, { type: 'process.kill', peer: 'worker-1' }),
    ];
    const patient = steps.map((step) =>
      step.do.type === 'client.add' ? { ...step, do: { ...step.do, timeoutMs: 8000 } } : step,
    );
    const figures = table(run({ rules: 'listing' }, patient), run({ rules: 'robust' }, patient));
    expect(figures.answered).toEqual([1, 1]);
    expect(figures.retried).toEqual([1, 0]);
  });

  it('a request that is answered too late is executed twice', () => {
    const steps = [...troupe({ replyFirst: false, workMs: 3000 }), ...asks(1, 0)];
    expect(table(run({}, steps), run({}, steps)).executedTwice[0]).toBe(1);
  });

  it('a death that ends before anybody noticed is none; one that is given a request is never noticed', () => {
    const froze = [
      ...troupe({ workMs: 10 }, 1),
      at(2000, { type: 'process.pause', peer: 'worker-1' }),
      at(3000, { type: 'process.resume', peer: 'worker-1' }),
    ];
    const given = [
      ...troupe({ workMs: 10 }, 1),
      at(2000, { type: 'process.kill', peer: 'worker-1' }),
      ...asks(1, 0, 1, 2500),
    ];
    const figures = table(run({}, froze), run({}, given as TimedAction[]));
    expect(figures.undetected).toEqual([0, 1]);
    expect(figures.falseDeaths).toEqual([0, 0]);
  });
});

describe('the table', () => {
  it('says which side did better, where that can be said', () => {
    const [a, b] = [new Accountant().account, new Accountant().account];
    Object.assign(a, { asked: 3, answered: 3 });
    Object.assign(b, { asked: 3, answered: 2, lost: 1 });
    const better = Object.fromEntries(compare(a, b).map((row) => [row.figure, row.better]));
    expect(better).toMatchObject({ asked: null, answered: 'a', lost: 'a', retried: null, detectionMeanMs: null });
  });
});
