import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  admit,
  admitBytes,
  applyFault,
  cutBy,
  DISTRIBUTIONS,
  type Direction,
  drawDelay,
  expired,
  type FaultSpec,
  gate,
  healAll,
  healFault,
  type Kind,
  LINK_FAULTS,
  type Link,
  makeLink,
  millis,
  PROFILE_NAMES,
  PROFILES,
  setDelay,
  severs,
  stream,
  type Verdict,
} from '../src/index.ts';

const DIRECTIONS: readonly Direction[] = ['toQueue', 'fromQueue'];
const KINDS: readonly Kind[] = ['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', 'INVALID'];

interface Arrival {
  readonly direction: Direction;
  readonly kind: Kind;
  /** Microseconds after the one before. */
  readonly after: number;
  readonly size?: number;
}

function run(link: Link, arrivals: readonly Arrival[]): [Link, Verdict[]] {
  let now = 0;
  const verdicts = arrivals.map(({ direction, kind, after, size }) => {
    now += after;
    const [next, verdict] = admit(link, now, direction, kind, size);
    link = next;
    return verdict;
  });
  return [link, verdicts];
}

const arrival = fc.record<Arrival>({
  direction: fc.constantFrom(...DIRECTIONS),
  kind: fc.constantFrom(...KINDS),
  after: fc.nat(50_000),
  size: fc.nat(2000),
});
const arrivals = fc.array(arrival, { maxLength: 60 });

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const faultCalled = (id: string): fc.Arbitrary<FaultSpec> =>
  fc.record<FaultSpec>({
    id: fc.constant(id),
    kind: fc.constantFrom(...LINK_FAULTS),
    selector: fc.record({
      direction: maybe(fc.constantFrom(...DIRECTIONS)),
      kind: maybe(fc.constantFrom(...KINDS)),
      nth: maybe(fc.integer({ min: 1, max: 5 })),
      every: maybe(fc.integer({ min: 1, max: 3 })),
      count: maybe(fc.nat(3)),
      probability: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    seed: fc.integer(),
    mode: maybe(fc.constantFrom('payload', 'type', 'envelope', 'structure', 'stopped', 'jammed', 'refused')),
    copies: maybe(fc.integer({ min: 1, max: 4 })),
    extraMs: maybe(fc.nat(300)),
    jitterMs: maybe(fc.nat(100)),
    distribution: maybe(fc.constantFrom(...DISTRIBUTIONS)),
    bytesPerSecond: maybe(fc.integer({ min: 1000, max: 1_000_000 })),
    profile: maybe(fc.constantFrom(...PROFILE_NAMES)),
  });

const drop = (selector: FaultSpec['selector'], id = 'f1', seed = 7): FaultSpec => ({
  id,
  kind: 'drop',
  selector,
  seed,
});
const beats = (count: number): Arrival[] =>
  Array.from({ length: count }, () => ({ direction: 'toQueue', kind: 'HEARTBEAT', after: 1000 }));
/** When each copy leaves. */
const due = (verdict: Verdict): number[] => (verdict.pass ? verdict.copies.map(({ dueAt }) => dueAt) : []);
const passed = (verdicts: readonly Verdict[]) => verdicts.map((verdict) => verdict.pass);

describe('delay', () => {
  test('[L1] a message leaves after the delay, within the jitter', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(500), fc.integer(), fc.nat(10 ** 9), (delayMs, jitterMs, seed, now) => {
        const [, verdict] = admit(makeLink(delayMs, jitterMs, seed), now, 'toQueue', 'REQUEST');
        if (!verdict.pass) return expect.unreachable();
        const delay = verdict.copies[0].dueAt - now;
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
            if (!verdict.pass || faults[0]?.kind === 'reorder') continue;
            for (const { dueAt } of verdict.copies) {
              expect(dueAt).toBeGreaterThanOrEqual(Math.max(now, last[one.direction]));
              last[one.direction] = dueAt;
            }
          }
        },
      ),
    );
  });

  test('[L1] the directions do not wait for each other', () => {
    let link = makeLink(500, 0, 1);
    [link] = admit(link, 0, 'toQueue', 'REQUEST');
    link = setDelay(link, 10);
    expect(due(admit(link, 0, 'fromQueue', 'REPLY')[1])).toEqual([millis(10)]);
    expect(due(admit(link, 0, 'toQueue', 'REQUEST')[1])).toEqual([millis(500)]);
  });

  test('[L1] bytes that are no message take their turn, and messages stay behind them', () => {
    const [slow, dueAt] = admitBytes(makeLink(100, 0, 1), 1000, 'toQueue');
    expect(dueAt).toBe(1000 + millis(100));
    const link = setDelay(slow, 0);
    expect(due(admit(link, 2000, 'toQueue', 'REPLY')[1])).toEqual([dueAt]);
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
    const slow: FaultSpec = { id: 'a', kind: 'delay', selector: { nth: 1 }, seed: 1, extraMs: 9 };
    const partition: FaultSpec = { id: 'b', kind: 'partition', selector: { direction: 'toQueue' }, seed: 1 };
    const all = [slow, partition, drop({ nth: 1 }, 'z')].reduce(applyFault, makeLink(0, 0, 1));
    const [link, verdicts] = run(all, [...beats(2), { direction: 'fromQueue', kind: 'REQUEST', after: 1 }]);
    expect(verdicts.map((verdict) => (verdict.pass ? 'passes' : verdict.fault))).toEqual(['z', 'b', 'passes']);
    expect(link.faults[0]).toMatchObject({ matched: 2, hits: 1 });
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
        expect(due(admit(healed, now, 'toQueue', 'REPLY')[1])).toEqual([now + millis(50)]);
      }),
    );
  });

  test('[L2] each kind against each other kind: A then B equals B then A', () => {
    for (const one of LINK_FAULTS) {
      for (const other of LINK_FAULTS) {
        fc.assert(
          fc.property(faultCalled('a'), faultCalled('b'), arrivals, fc.integer(), (a, b, all, seed) => {
            const link = makeLink(50, 20, seed);
            const pair = [
              { ...a, kind: one },
              { ...b, kind: other },
            ];
            const there = run(pair.reduce(applyFault, link), all);
            expect(run(pair.toReversed().reduce(applyFault, link), all)).toEqual(there);
          }),
          { numRuns: 20 },
        );
      }
    }
  });

  test('[L3] every so-manieth is struck', () => {
    const link = applyFault(makeLink(0, 0, 1), drop({ every: 3 }));
    expect(passed(run(link, beats(7))[1])).toEqual([true, true, false, true, true, false, true]);
  });

  test('[L10] a fault has its time, and then it is over', () => {
    const at = (id: string, untilAt?: number): FaultSpec => ({ ...drop({}, id), untilAt });
    const link = [at('a', 500), at('b'), at('c', 400)].reduce(applyFault, makeLink(0, 0, 1));
    expect(expired(link, 399)).toEqual([]);
    expect(expired(link, 400)).toEqual(['c']);
    expect(expired(link, 10 ** 9)).toEqual(['a', 'c']);
  });

  test('[L4] ZMTP’s own heartbeats are struck only by who names them, and cut with everything', () => {
    const take = (...specs: FaultSpec[]): boolean =>
      admit(specs.reduce(applyFault, makeLink(0, 0, 1)), 0, 'toQueue', 'PONG')[1].pass;
    expect(take(drop({}))).toBe(true);
    expect(take(drop({ kind: 'PING' }))).toBe(true);
    expect(take(drop({ kind: 'PONG' }))).toBe(false);
    expect(take({ ...drop({}), kind: 'partition' })).toBe(false);
  });
});

describe('what a fault makes of a message', () => {
  const only = (spec: Partial<FaultSpec>, delayMs = 10): Link =>
    applyFault(makeLink(delayMs, 0, 1), { id: 'f', kind: 'drop', selector: {}, seed: 3, ...spec });

  test('[L9] duplicate: so many more, at once, each saying who made it', () => {
    const [, verdict] = admit(only({ kind: 'duplicate', copies: 2 }), 0, 'toQueue', 'REPLY');
    const dueAt = millis(10);
    expect(verdict).toMatchObject({ copies: [{ dueAt }, { dueAt, by: 'f' }, { dueAt, by: 'f' }] });
  });

  test('[L9] delay is added, of any shape, bounded, and the order stays', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DISTRIBUTIONS), fc.integer(), (distribution, seed) => {
        const link = only({ kind: 'delay', extraMs: 100, jitterMs: 20, distribution, seed });
        let last = 0;
        for (const verdict of run(link, beats(50))[1]) {
          const [at = 0] = due(verdict);
          expect(at).toBeGreaterThanOrEqual(last);
          last = at;
        }
        expect(last).toBeLessThanOrEqual(50_000 + millis(10 + 100 + 10 * 20));
      }),
    );
  });

  test('[L9] the three shapes have their mean and their spread; pareto alone has a long tail', () => {
    for (const distribution of DISTRIBUTIONS) {
      let random = stream(7, distribution);
      const drawn: number[] = [];
      for (let i = 0; i < 20_000; i++) {
        const [delay, rest] = drawDelay(random, 1_000_000, 10_000, distribution);
        random = rest;
        drawn.push((delay - 1_000_000) / 10_000);
      }
      const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
      const deviation = Math.sqrt(drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length);
      expect(Math.abs(mean)).toBeLessThan(0.03);
      // Uniform within ±1 has a deviation of one by the root of three.
      expect(deviation).toBeGreaterThan(distribution === 'uniform' ? 0.55 : 0.85);
      expect(deviation).toBeLessThan(distribution === 'uniform' ? 0.6 : 1.1);
      expect(Math.max(...drawn) > 4).toBe(distribution === 'pareto');
    }
  });

  test('[L9] reorder: the one is overtaken, the others keep their time', () => {
    const link = only({ kind: 'reorder', selector: { nth: 2 }, extraMs: 50 });
    const verdicts = run(link, beats(4))[1].map((verdict) => due(verdict)[0]);
    expect(verdicts).toEqual([11, 62, 13, 14].map(millis));
  });

  test('[L9] bandwidth: one after the other through the bottleneck, each by its size, both ways alone', () => {
    const link = only({ kind: 'bandwidth', bytesPerSecond: 1000 }, 0);
    const sent = (direction: Direction, size: number): Arrival => ({ direction, kind: 'REPLY', after: 0, size });
    const [, verdicts] = run(link, [sent('toQueue', 500), sent('toQueue', 100), sent('fromQueue', 200)]);
    expect(verdicts.flatMap(due)).toEqual([500, 600, 200].map(millis));
    expect(verdicts[0]).toMatchObject({ slowedBy: ['f'] });
  });

  test('[L9] a profile takes the place of the link’s own delay', () => {
    for (const profile of PROFILE_NAMES) {
      const link = only({ kind: 'profile', profile }, 5000);
      const [, verdicts] = run(link, beats(100));
      const { delayMs, jitterMs } = PROFILES[profile];
      const [first = 0] = due(verdicts[0] as Verdict);
      expect(first).toBeLessThan(millis(1 + delayMs + 10 * jitterMs + 200 + 2 * delayMs));
      expect(PROFILES[profile].source.length).toBeGreaterThan(20);
    }
  });

  test('[L9] hold parks what it matches, jammed everything; stopped drops it, refused leaves it to the ends', () => {
    const [, held] = admit(only({ kind: 'hold', selector: { kind: 'REPLY' } }), 0, 'toQueue', 'REPLY');
    expect(held).toMatchObject({ pass: true, heldBy: ['f'], copies: [{ dueAt: millis(10) }] });
    const cut = (mode: FaultSpec['mode'], direction?: Direction): FaultSpec => ({
      ...{ id: 'f', kind: 'partition', selector: { direction }, seed: 1 },
      mode,
    });
    const through = (spec: FaultSpec) => admit(applyFault(makeLink(0, 0, 1), spec), 0, 'toQueue', 'REPLY')[1];
    expect(through(cut('jammed'))).toMatchObject({ pass: true, heldBy: ['f'] });
    expect(through(cut('jammed', 'fromQueue'))).toMatchObject({ pass: true, heldBy: [] });
    expect(through(cut('stopped'))).toEqual({ pass: false, fault: 'f' });
    expect(through(cut(undefined))).toEqual({ pass: false, fault: 'f' });
    expect(through(cut('refused'))).toMatchObject({ pass: true, heldBy: [] });
  });

  test('[L9] corrupt strikes only what it can damage', () => {
    const strikes = (mode: FaultSpec['mode'], kind: Kind): boolean => {
      const [, verdict] = admit(only({ kind: 'corrupt', mode }), 0, 'toQueue', kind);
      return verdict.pass && verdict.damages.length > 0;
    };
    const which = (mode: FaultSpec['mode']): Kind[] => KINDS.filter((kind) => strikes(mode, kind));
    expect(which('payload')).toEqual(['REQUEST', 'REPLY']);
    expect(which('envelope')).toEqual(['REQUEST', 'REPLY']);
    expect(which('type')).toEqual(['READY', 'HEARTBEAT', 'INVALID']);
    expect(which('structure')).toEqual(KINDS);
  });
});

describe('partitions and connections', () => {
  const cut = (mode: FaultSpec['mode'], direction?: Direction): FaultSpec => ({
    ...{ id: 'f', kind: 'partition', selector: { direction }, seed: 1 },
    mode,
  });
  const told = (spec: FaultSpec) => {
    const link = applyFault(makeLink(0, 0, 1), spec);
    const hidden = DIRECTIONS.filter((direction) => cutBy(link, direction));
    const open = gate(link);
    return [hidden, open === undefined ? 'through' : open.refuses ? 'refused' : 'held', severs(spec)];
  };

  test('[L9] what each hides, what a new connection meets, and whom it resets', () => {
    const [to, from] = DIRECTIONS;
    expect(told(cut('stopped'))).toEqual([[to, from], 'held', []]);
    expect(told(cut('stopped', 'toQueue'))).toEqual([[to], 'held', []]);
    expect(told(cut('jammed', 'fromQueue'))).toEqual([[from], 'held', []]);
    expect(told(cut('refused'))).toEqual([[to, from], 'refused', ['peer', 'queue']]);
    expect(told(cut('refused', 'toQueue'))).toEqual([[to], 'refused', ['peer']]);
    expect(told(cut('refused', 'fromQueue'))).toEqual([[from], 'held', ['queue']]);
    expect(told({ id: 'f', kind: 'hang', selector: {}, seed: 1 })).toEqual([[], 'held', ['peer', 'queue']]);
    expect(told({ id: 'f', kind: 'drop', selector: {}, seed: 1 })).toEqual([[], 'through', []]);
  });
});
