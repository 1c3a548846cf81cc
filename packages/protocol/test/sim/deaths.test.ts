// When a death is noticed, missed or over before, and when it is a false one: worlds in which one thing befalls one worker.

import { describe, expect, it } from 'vitest';
import {
  Accountant,
  apply,
  type Death,
  DeathWatch,
  type Expiry,
  emptyState,
  fold,
  isDeath,
  millis,
  Recorder,
  type TraceEvent,
} from '../../src/index.ts';
import { type Action, drawSchedule, GROUND, type Ground, World } from '../../src/sim/index.ts';

type Step = readonly [seconds: number, action: Action];

function run(ground: Partial<Ground>, steps: readonly Step[], seconds = 16): TraceEvent[] {
  const recorder = new Recorder();
  const events: TraceEvent[] = [];
  const onFact = (fact: Parameters<Recorder['record']>[0]): void => void events.push(...recorder.record(fact));
  const world = new World({ seed: 3, ground: { ...GROUND, ...ground }, onFact });
  for (const [at, action] of steps) world.plan(at * 1000, action);
  world.runUntil(millis(seconds * 1000));
  return events;
}

function watched(events: readonly TraceEvent[]) {
  const deaths: Death[] = [];
  const expiries: Expiry[] = [];
  const watch = new DeathWatch({ began: (death) => deaths.push(death), expired: (expiry) => expiries.push(expiry) });
  const state = emptyState();
  for (const event of events) {
    watch.learn(event, state);
    apply(state, event);
  }
  const { detected, undetected, falseDeaths } = new Accountant().read(events).settled;
  return {
    deaths: deaths.map(({ cause, end }) => [cause, end]),
    expiries: expiries.map(({ cause, verdict }) => [cause, verdict]),
    counts: { detected, undetected, falseDeaths },
    diedAt: deaths.map(({ diedAt }) => diedAt / 1e6),
    all: deaths,
  };
}

const peer = 'worker-1';
const WORKER: Step = [0, { type: 'worker.add', peer, workMs: 10 }];
const kill = (at: number): Step => [at, { type: 'process.kill', peer }];
const pause = (at: number): Step => [at, { type: 'process.pause', peer }];
const resume = (at: number): Step => [at, { type: 'process.resume', peer }];
const again = (at: number, identity: 'same' | 'new'): Step => [at, { type: 'process.restart', peer, identity }];
const ask = (at: number): Step[] => [
  [at - 0.2, { type: 'client.add', peer: 'client-1', led: true, timeoutMs: 20_000 }],
  [at, { type: 'client.ask', peer: 'client-1' }],
];
const NONE = { detected: 0, undetected: 0, falseDeaths: 0 };

describe('[B3] a death', () => {
  it.each([
    ['killed', 'exited', kill(4)],
    ['frozen', 'paused', pause(4)],
  ] as const)('%s, is noticed when the queue gives the name up', (_, cause, befalls) => {
    const { deaths, expiries, counts } = watched(run({}, [WORKER, befalls]));
    expect(deaths).toEqual([[cause, 'noticed']]);
    expect(expiries).toEqual([[cause, 'noticed']]);
    expect(counts).toEqual({ ...NONE, detected: 1 });
  });

  it('is not noticed as long as the queue waits, and is missed when that worker is given a request', () => {
    const events = run({ rules: 'listing' }, [WORKER, kill(4), ...ask(5)]);
    const early = watched(events.filter(({ t }) => t < 4.5e6));
    expect([early.deaths, early.counts.undetected]).toEqual([[['exited', null]], 1]);
    const late = watched(events);
    expect(late.deaths).toEqual([['exited', 'missed']]);
    expect(late.counts).toEqual({ ...NONE, undetected: 1 });
  });

  it('is noticed by robust also when that worker was given a request', () => {
    const { deaths, counts } = watched(run({ rules: 'robust' }, [WORKER, kill(4), ...ask(5)]));
    expect(deaths).toEqual([['exited', 'noticed']]);
    expect(counts).toEqual({ ...NONE, detected: 1 });
  });

  it('is missed when the queue ends, and believes in nobody any more', () => {
    const { deaths, counts } = watched(run({}, [WORKER, kill(4), [5, { type: 'process.kill', peer: 'queue' }]]));
    expect(deaths).toEqual([['exited', 'missed']]);
    expect(counts).toEqual({ ...NONE, undetected: 1 });
  });

  it.each([
    ['the frozen one runs on', [pause(4), resume(5)], 'paused'],
    ['a new one comes by the same name', [kill(4), again(5, 'same')], 'exited'],
  ] as const)('is none of both when it is over before: %s', (_, steps, cause) => {
    const { deaths, expiries, counts } = watched(run({}, [WORKER, ...steps]));
    expect(deaths).toEqual([[cause, 'lived']]);
    expect([expiries, counts]).toEqual([[], NONE]);
  });

  it('is not over when a new one comes by another name, even while beats of the old one arrive', () => {
    const { deaths, counts } = watched(run({ delayMs: 400 }, [WORKER, kill(4.05), again(4.06, 'new')]));
    expect(deaths).toEqual([['exited', 'noticed']]);
    expect(counts).toEqual({ ...NONE, detected: 1 });
  });

  it('of one that was frozen and then killed is one, since the freeze, and is not over when another is started', () => {
    const { deaths, counts, diedAt } = watched(run({}, [WORKER, pause(4), kill(5), again(5.5, 'new')]));
    expect(deaths).toEqual([
      ['paused', 'untold'],
      ['exited', 'noticed'],
    ]);
    expect(diedAt).toEqual([4, 4]);
    expect(counts).toEqual({ ...NONE, detected: 1 });
  });

  it('begins when its last words list it', () => {
    // It answers first, works, and dies before its answer has come.
    const events = run({ delayMs: 300 }, [WORKER, ...ask(4), kill(4.75)]);
    const listed = events.findLast((event) => event.type === 'worker.listed');
    const { deaths, counts, diedAt } = watched(events);
    expect(deaths).toEqual([['exited', 'noticed']]);
    expect(diedAt).toEqual([(listed?.t ?? 0) / 1e6]);
    expect(diedAt[0]).toBeGreaterThan(4.75);
    expect(counts).toEqual({ ...NONE, detected: 1 });
  });

  it('is one while the answer it left behind moves it from busy to listed', () => {
    const { deaths, diedAt } = watched(run({ rules: 'robust', delayMs: 300 }, [WORKER, ...ask(4), kill(4.75)]));
    expect(deaths).toEqual([['exited', 'noticed']]);
    expect(diedAt).toEqual([4.75]);
  });

  it('is of the name it goes by: one that it gave up before is dropped without a death', () => {
    const deaf = { id: 'f1', kind: 'drop', selector: { direction: 'fromQueue' }, seed: 1 } as const;
    const steps: Step[] = [WORKER, [2, { type: 'fault.apply', link: peer, fault: deaf }]];
    const renamed = run({}, steps).find((event) => event.type === 'worker.opened' && event.t > 2e6)?.t ?? 0;
    // The old name is listed still.
    const { deaths, expiries, counts } = watched(run({}, [...steps, kill(renamed / 1e6 + 0.1)]));
    expect(expiries).toEqual([
      ['gone', 'neither'],
      ['exited', 'noticed'],
    ]);
    expect(deaths).toEqual([['exited', 'noticed']]);
    expect(counts).toEqual({ ...NONE, detected: 1 });
  });

  it('of a name that a simple queue has listed many times is over when the last is used', () => {
    // A Paranoid worker's heartbeats list it once more each [SP8].
    const { deaths, counts } = watched(run({ rules: 'simple' }, [WORKER, kill(2.5), ...ask(3), ...ask(4)], 5));
    expect(deaths).toEqual([['exited', null]]);
    expect(counts).toEqual({ ...NONE, undetected: 1 });
  });
});

describe('[B4] a false death', () => {
  const dropped = { id: 'f1', kind: 'drop', selector: { kind: 'HEARTBEAT', direction: 'toQueue' }, seed: 1 } as const;
  const cut = (mode: 'stopped' | 'jammed' | 'refused') =>
    ({ id: 'f1', kind: 'partition', selector: {}, mode, seed: 1 }) as const;
  const fault = (at: number, spec: typeof dropped | ReturnType<typeof cut>): Step => [
    at,
    { type: 'fault.apply', link: peer, fault: spec },
  ];

  it.each([
    ['spins', [[4, { type: 'process.overload', peer, ms: 9000 }]], 'overloaded'],
    ['works and is silent', [[0.5, { type: 'worker.add', peer: 'worker-2', workMs: 9000 }]], 'busy'],
    ['is unheard by a fault', [fault(4, dropped)], 'fault'],
    ['is cut off, its connection as if alive', [fault(4, cut('stopped'))], 'fault'],
    ['is cut off, its messages held', [fault(4, cut('jammed'))], 'fault'],
    ['is cut off, its connection refused', [fault(4, cut('refused'))], 'fault'],
    ['keeps its beats to itself', [[4, { type: 'process.mute', peer, fault: 'f1' }]], 'fault'],
  ] as const)('is to give up one that %s', (_, steps, cause) => {
    const all: Step[] =
      cause === 'busy' ? [...(steps as readonly Step[]), ...ask(4)] : [WORKER, ...(steps as readonly Step[])];
    const { expiries, counts } = watched(run({}, all, 9));
    expect(expiries).toEqual([[cause, 'false']]);
    expect(counts).toEqual({ ...NONE, falseDeaths: 1 });
  });

  it('is to give up one that was frozen and runs on, unheard as yet', () => {
    const events = run({ delayMs: 400 }, [WORKER, pause(4)]);
    const expired = (events.find(({ type }) => type === 'worker.expired')?.t ?? 0) / 1e6;
    const { deaths, expiries, counts } = watched(run({ delayMs: 400 }, [WORKER, pause(4), resume(expired - 0.1)]));
    expect(deaths).toEqual([['paused', 'lived']]);
    expect(expiries).toEqual([['paused', 'false']]);
    expect(counts).toEqual({ ...NONE, falseDeaths: 1 });
  });

  it('is none when it has given up that name itself', () => {
    const deaf = { id: 'f1', kind: 'drop', selector: { direction: 'fromQueue' }, seed: 1 } as const;
    const { expiries, counts } = watched(run({}, [WORKER, [2, { type: 'fault.apply', link: peer, fault: deaf }]]));
    expect(expiries.length).toBeGreaterThan(0);
    expect(new Set(expiries.flat())).toEqual(new Set(['gone', 'neither']));
    expect(counts).toEqual(NONE);
  });

  it('is none of a guest, of whose process nothing is known', () => {
    const own = run({}, [WORKER, fault(4, dropped)], 9);
    const events = own
      .filter((event) => !('peer' in event && event.peer === peer && event.type.startsWith('process.')))
      .map((event) => (event.type === 'peer.joined' && event.peer === peer ? { ...event, guest: true } : event));
    expect(fold(events).peers[peer]?.process).toBeNull();
    const { deaths, expiries, counts } = watched(events);
    expect([deaths, expiries, counts]).toEqual([[], [['unknown', 'neither']], NONE]);
  });
});

it('[B3] an open death is of a name that the queue believes in, and there is one for each whose process does not run', () => {
  let seen = 0;
  for (const rules of ['listing', 'guide', 'robust'] as const) {
    for (let seed = 1; seed <= 6; seed++) {
      const { ground, steps } = drawSchedule(seed, rules, 3);
      const drawn = steps.map(({ at, do: action }): Step => [at / 1000, action]);
      const open = new Set<Death>();
      const watch = new DeathWatch({ began: (death) => open.add(death), ended: (death) => open.delete(death) });
      const state = emptyState();
      const events = run(ground, drawn, 80);
      for (const [i, event] of events.entries()) {
        watch.learn(event, state);
        apply(state, event);
        // What the queue does in one step it says in several facts.
        if (events[i + 1]?.t === event.t) continue;
        const { list, atWork } = state.queue;
        const believed = [...list, ...(rules === 'robust' ? atWork : [])];
        const dead = believed.filter(({ worker, peer: id }) => {
          const whose = state.peers[id ?? ''];
          return whose?.identity === worker && ['exited', 'paused'].includes(whose.process?.status ?? '');
        });
        const names = [...open].filter(isDeath).map(({ worker }) => worker);
        const where = `${rules}, seed ${seed}, fact ${event.seq}`;
        expect(names, where).toEqual(expect.arrayContaining(dead.map(({ worker }) => worker)));
        expect(
          believed.map(({ worker }) => worker),
          where,
        ).toEqual(expect.arrayContaining(names));
        seen += names.length;
      }
    }
  }
  expect(seen).toBeGreaterThan(1000);
});
