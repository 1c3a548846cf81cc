import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  admit,
  admitBytes,
  applyFault,
  type Direction,
  type FaultSpec,
  healAll,
  healFault,
  isPartitioned,
  type Kind,
  type Link,
  makeLink,
  millis,
  setDelay,
  type Verdict,
} from '../src/index.ts';

const DIRECTIONS: readonly Direction[] = ['toQueue', 'fromQueue'];
const KINDS: readonly Kind[] = ['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', 'INVALID'];

interface Arrival {
  readonly direction: Direction;
  readonly kind: Kind;
  /** Microseconds after the one before. */
  readonly after: number;
}

function run(link: Link, arrivals: readonly Arrival[]): [Link, Verdict[]] {
  let now = 0;
  const verdicts = arrivals.map(({ direction, kind, after }) => {
    now += after;
    const [next, verdict] = admit(link, now, direction, kind);
    link = next;
    return verdict;
  });
  return [link, verdicts];
}

const arrival = fc.record<Arrival>({
  direction: fc.constantFrom(...DIRECTIONS),
  kind: fc.constantFrom(...KINDS),
  after: fc.nat(50_000),
});
const arrivals = fc.array(arrival, { maxLength: 60 });

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const faultCalled = (id: string): fc.Arbitrary<FaultSpec> =>
  fc.record<FaultSpec>({
    id: fc.constant(id),
    kind: fc.constantFrom('drop', 'delay', 'partition'),
    selector: fc.record({
      direction: maybe(fc.constantFrom(...DIRECTIONS)),
      kind: maybe(fc.constantFrom(...KINDS)),
      nth: maybe(fc.integer({ min: 1, max: 5 })),
      count: maybe(fc.nat(3)),
      probability: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    seed: fc.integer(),
    extraMs: maybe(fc.nat(300)),
    jitterMs: maybe(fc.nat(100)),
  });

const drop = (selector: FaultSpec['selector'], id = 'f1', seed = 7): FaultSpec => ({
  id,
  kind: 'drop',
  selector,
  seed,
});
const beats = (count: number): Arrival[] =>
  Array.from({ length: count }, () => ({ direction: 'toQueue', kind: 'HEARTBEAT', after: 1000 }));
const passed = (verdicts: readonly Verdict[]) => verdicts.map((verdict) => verdict.pass);

describe('delay', () => {
  test('[L1] a message leaves after the delay, within the jitter', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(500), fc.integer(), fc.nat(10 ** 9), (delayMs, jitterMs, seed, now) => {
        const [, verdict] = admit(makeLink(delayMs, jitterMs, seed), now, 'toQueue', 'REQUEST');
        if (!verdict.pass) return expect.unreachable();
        const delay = verdict.dueAt - now;
        expect(delay).toBeGreaterThanOrEqual(Math.max(0, millis(delayMs - jitterMs)));
        expect(delay).toBeLessThanOrEqual(millis(delayMs + jitterMs));
      }),
    );
  });

  test('[L1] the order of a direction is kept, whatever jitter, faults and new delays do', () => {
    const step = fc.record({ arrival, delayMs: maybe(fc.nat(200)) });
    fc.assert(
      fc.property(
        fc.array(step),
        fc.array(faultCalled('f1'), { maxLength: 1 }),
        fc.integer(),
        (steps, faults, seed) => {
          let link = faults.reduce(applyFault, makeLink(100, 80, seed));
          const last = { toQueue: 0, fromQueue: 0 };
          let now = 0;
          for (const { arrival: one, delayMs } of steps) {
            if (delayMs !== undefined) link = setDelay(link, delayMs, delayMs / 2);
            now += one.after;
            const [next, verdict] = admit(link, now, one.direction, one.kind);
            link = next;
            if (!verdict.pass) continue;
            expect(verdict.dueAt).toBeGreaterThanOrEqual(Math.max(now, last[one.direction]));
            last[one.direction] = verdict.dueAt;
          }
        },
      ),
    );
  });

  test('[L1] the directions do not wait for each other', () => {
    let link = makeLink(500, 0, 1);
    [link] = admit(link, 0, 'toQueue', 'REQUEST');
    link = setDelay(link, 10);
    expect(admit(link, 0, 'fromQueue', 'REPLY')[1]).toEqual({ pass: true, dueAt: millis(10) });
    expect(admit(link, 0, 'toQueue', 'REQUEST')[1]).toEqual({ pass: true, dueAt: millis(500) });
  });

  test('[L1] bytes that are no message take their turn, and messages stay behind them', () => {
    const [slow, dueAt] = admitBytes(makeLink(100, 0, 1), 1000, 'toQueue');
    expect(dueAt).toBe(1000 + millis(100));
    const link = setDelay(slow, 0);
    expect(admit(link, 2000, 'toQueue', 'REPLY')[1]).toEqual({ pass: true, dueAt });
    expect(admitBytes(link, 2000, 'toQueue')[1]).toBe(dueAt);
  });
});

describe('faults', () => {
  test('[L2] applying A then B equals B then A', () => {
    fc.assert(
      fc.property(
        faultCalled('a'),
        faultCalled('b'),
        faultCalled('c'),
        arrivals,
        fc.integer(),
        (a, b, c, all, seed) => {
          const link = makeLink(50, 20, seed);
          const [, verdicts] = run([a, b, c].reduce(applyFault, link), all);
          expect(run([c, a, b].reduce(applyFault, link), all)[1]).toEqual(verdicts);
          expect(run([b, c, a].reduce(applyFault, link), all)[1]).toEqual(verdicts);
        },
      ),
    );
  });

  test('[L2] what a drop takes, a partition does not see', () => {
    const partition: FaultSpec = { id: 'a', kind: 'partition', selector: { nth: 1 }, seed: 1 };
    const both = applyFault(applyFault(makeLink(0, 0, 1), partition), drop({ nth: 1 }, 'z'));
    const [, verdicts] = run(both, beats(3));
    expect(verdicts.map((verdict) => (verdict.pass ? 'passes' : verdict.fault))).toEqual(['z', 'a', 'passes']);
  });

  test('[L3] the same seed makes the same choices, and another fault does not disturb them', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(200), (seed, other, jitterMs) => {
        const choosy = drop({ probability: 0.5 }, 'f1', seed);
        const slow: FaultSpec = { id: 'f2', kind: 'delay', selector: { probability: 0.5 }, seed: other, jitterMs };
        const alone = run(applyFault(makeLink(0, 0, 1), choosy), beats(40))[1];
        const together = run([slow, choosy].reduce(applyFault, makeLink(9, 5, other)), beats(40))[1];
        expect(passed(together)).toEqual(passed(alone));
      }),
    );
  });

  test('[L3] a probability is met, near enough', () => {
    const [, verdicts] = run(applyFault(makeLink(0, 0, 1), drop({ probability: 0.2 })), beats(10_000));
    const dropped = passed(verdicts).filter((pass) => !pass).length;
    expect(dropped).toBeGreaterThan(1850);
    expect(dropped).toBeLessThan(2150);
  });

  test('[L4] the nth matching message is dropped, whole and alone', () => {
    const link = applyFault(makeLink(0, 0, 1), drop({ kind: 'HEARTBEAT', direction: 'toQueue', nth: 3 }));
    const beat: Arrival = { direction: 'toQueue', kind: 'HEARTBEAT', after: 1 };
    const mixed: Arrival[] = [
      beat,
      { ...beat, direction: 'fromQueue' },
      { ...beat, kind: 'REPLY' },
      beat,
      { ...beat, kind: 'READY' },
      beat,
      beat,
    ];
    expect(passed(run(link, mixed)[1])).toEqual([true, true, true, true, true, false, true]);
  });

  test('[L4] a count ends a drop', () => {
    const link = applyFault(makeLink(0, 0, 1), drop({ count: 2 }));
    expect(passed(run(link, beats(4))[1])).toEqual([false, false, true, true]);
  });

  test('[L5] a link is plain data: written down and read again it goes on alike', () => {
    fc.assert(
      fc.property(faultCalled('a'), faultCalled('b'), arrivals, arrivals, (a, b, before, after) => {
        const [link] = run([a, b].reduce(applyFault, makeLink(50, 20, 3)), before);
        const copy = JSON.parse(JSON.stringify(link)) as Link;
        expect(run(copy, after)[1]).toEqual(run(link, after)[1]);
      }),
    );
  });

  test('[L7] healing is idempotent and leaves the delay alone', () => {
    fc.assert(
      fc.property(faultCalled('a'), faultCalled('b'), arrivals, (a, b, before) => {
        const [link] = run([a, b].reduce(applyFault, makeLink(50, 0, 3)), before);
        const once = healFault(link, 'a');
        expect(once.faults.map((fault) => fault.spec.id)).toEqual(['b']);
        expect(healFault(once, 'a')).toBe(once);
        const healed = healAll(link);
        expect(healed).toEqual({ ...link, faults: [] });
        expect(healAll(healed)).toBe(healed);
        const now = 10 ** 9;
        expect(admit(healed, now, 'toQueue', 'REPLY')[1]).toEqual({ pass: true, dueAt: now + millis(50) });
      }),
    );
  });

  test('[L2] only a partition of everything partitions a direction', () => {
    const partition = (selector: FaultSpec['selector'], id = 'p'): FaultSpec => ({
      id,
      kind: 'partition',
      selector,
      seed: 1,
    });
    const state = (...specs: FaultSpec[]) => {
      const link = specs.reduce(applyFault, makeLink(0, 0, 1));
      return [isPartitioned(link, 'toQueue'), isPartitioned(link, 'fromQueue'), isPartitioned(link)];
    };
    expect(state()).toEqual([false, false, false]);
    expect(state(partition({}))).toEqual([true, true, true]);
    expect(state(partition({ direction: 'toQueue' }))).toEqual([true, false, false]);
    expect(state(partition({ direction: 'toQueue' }), partition({ direction: 'fromQueue' }, 'q'))).toEqual([
      true,
      true,
      true,
    ]);
    expect(state(partition({ kind: 'REPLY' }))).toEqual([false, false, false]);
    expect(state(drop({}))).toEqual([false, false, false]);
  });
});
