// The moments on the time bar: none is lost, none is invented, and their number stays bounded.

import type { TraceEvent } from '@crows-nest/protocol';
import { emptyState } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groups } from '../src/model/marker-groups.ts';
import { Markers } from '../src/model/markers.ts';
import { axisOf, Density, ticks } from '../src/model/time-axis.ts';
import { eventsOf, logOf, TROUBLE } from './stage-world.ts';

const lost = (t: number, link = 'worker-1') =>
  ({ seq: 0, t, type: 'message.lost', link, msg: 1, cause: 'connection' }) as const satisfies TraceEvent;
const expired = (t: number) =>
  ({
    ...{ seq: 0, t, type: 'worker.expired', peer: 'queue', worker: 'w', workerPeer: 'worker-1' },
    ...{ lastHeardAt: 0, expiryAt: t, busy: false },
  }) as const satisfies TraceEvent;

const learnt = (events: readonly TraceEvent[], most?: number): Markers => {
  const markers = new Markers(most);
  markers.begin(emptyState(), false);
  for (const event of events) markers.learn(event, emptyState());
  return markers;
};

describe('markers', () => {
  test('tell of a run with troubles what was done to it and what came of it', () => {
    const markers = new Markers();
    // One worker dies early, with time to be missed before the queue dies as well.
    const dies = [1, { type: 'process.kill', peer: 'worker-6' }] as const;
    const events = eventsOf({ ...TROUBLE, everyMs: 20_000, seconds: 20, steps: [dies, ...(TROUBLE.steps ?? [])] });
    logOf(events, 20).observe(markers);
    const of = (kind: string) => markers.list.filter((marker) => marker.kind === kind).map((marker) => marker.peer);
    expect(of('fault').sort()).toEqual(['worker-1', 'worker-5']);
    expect(of('healed').sort()).toEqual(['worker-1', 'worker-5']);
    expect([of('freeze'), of('resume')]).toEqual([['worker-2'], ['worker-2']]);
    expect(of('kill')).toEqual(['worker-6', 'worker-3', 'queue']);
    const expired = events.flatMap((event) => (event.type === 'worker.expired' ? [event.workerPeer] : []));
    expect(of('expiry')).toEqual(expired);
    expect(expired.length).toBeGreaterThan(0);
    expect(of('defect')).toEqual([]);
  });

  test('a shower of losses is one marker that counts them, and names whom it met only when it met one', () => {
    const { list } = learnt([lost(1000), lost(2000), expired(3000), lost(4000, 'worker-2'), lost(300_000)]);
    expect(list).toEqual([
      { t: 1000, kind: 'loss', peer: null, count: 3 },
      { t: 3000, kind: 'expiry', peer: 'worker-1', count: 1 },
      { t: 300_000, kind: 'loss', peer: 'worker-1', count: 1 },
    ]);
  });

  test('however many there are, few are kept, in order, and all are counted', () => {
    const some = fc.array(fc.record({ gap: fc.nat(400_000), loss: fc.boolean() }), { maxLength: 400 });
    fc.assert(
      fc.property(some, fc.integer({ min: 4, max: 60 }), (facts, most) => {
        let t = 0;
        const events = facts.map(({ gap, loss }) => {
          t += gap;
          return loss ? lost(t) : expired(t);
        });
        const { list } = learnt(events, most);
        expect(list.length).toBeLessThanOrEqual(most);
        expect(list.map((marker) => marker.t)).toEqual([...list].map((marker) => marker.t).sort((a, b) => a - b));
        for (const kind of ['loss', 'expiry'] as const) {
          const counted = list.filter((m) => m.kind === kind).reduce((sum, m) => sum + m.count, 0);
          expect(counted).toBe(facts.filter(({ loss }) => loss === (kind === 'loss')).length);
        }
      }),
    );
  });

  test('a ledger that breaks is marked once, where it broke', () => {
    const markers = learnt([]);
    const broken = { ...emptyState(), t: 700, ledger: { ...emptyState().ledger, unexplained: 1 } };
    markers.learn(expired(800), broken);
    markers.learn(expired(900), broken);
    expect(markers.list.map(({ t, kind }) => [t, kind])).toEqual([
      [700, 'defect'],
      [800, 'expiry'],
      [900, 'expiry'],
    ]);
  });

  test('the next and the previous are found; what is let go is forgotten; a gap forgets nothing', () => {
    const markers = learnt([expired(100), expired(200), expired(300)]);
    expect([markers.before(200)?.t, markers.after(200)?.t, markers.before(100)?.t]).toEqual([100, 300, undefined]);
    markers.begin(emptyState(), true);
    markers.forget(200);
    expect(markers.list.map(({ t }) => t)).toEqual([300]);
    markers.begin(emptyState(), false);
    expect(markers.list).toEqual([]);
  });

  test('crowded, they are one that counts all and leads to the gravest', () => {
    const { list } = learnt([expired(100), lost(120), expired(900)]);
    const killed = { t: 130, kind: 'kill', peer: 'worker-2', count: 1 } as const;
    const [first, second] = groups([...list.slice(0, 2), killed, ...list.slice(2)], 500);
    expect([first?.at, first?.t, first?.kind, first?.count]).toEqual([100, 130, 'kill', 3]);
    expect([second?.at, second?.count]).toEqual([900, 1]);
  });

  test('no two groups stand closer than what one covers, and none is left out', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000)), fc.integer({ min: 1, max: 800 }), (times, apart) => {
        const markers = [...times]
          .sort((a, b) => a - b)
          .map((t) => ({ t, kind: 'loss', peer: null, count: 1 }) as const);
        const found = groups(markers, apart);
        expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
        for (const [i, { at }] of found.entries()) {
          if (i > 0) expect(at - (found[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(apart);
        }
      }),
    );
  });
});

describe("the bar's axis", () => {
  test('holds all that is kept and stands still while it grows a little', () => {
    const kept = { startAt: 5_000_000, endAt: 20_000_000 };
    expect(axisOf(kept)).toEqual({ from: 5_000_000, to: 35_000_000 });
    expect(axisOf({ ...kept, endAt: 34_900_000 })).toEqual(axisOf(kept));
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(2e11), (startAt, length) => {
        const { from, to } = axisOf({ startAt, endAt: startAt + length });
        expect(from).toBe(startAt);
        expect(to).toBeGreaterThanOrEqual(startAt + length);
        expect(length < 30e6 || to - from <= 2 * length).toBe(true);
      }),
    );
  });

  test('has its labels at round times of the run', () => {
    expect(ticks({ from: 3_000_000, to: 33_000_000 }, 1_000_000, 4)).toEqual([11_000_000, 21_000_000, 31_000_000]);
  });

  test('its bars count every fact once, whether counted before or anew', () => {
    const events = eventsOf(TROUBLE);
    const density = new Density();
    const log = logOf(events, 14);
    for (const most of [40, 40, 300]) {
      const { counts } = density.bins(log, log.generation, axisOf(log), most);
      expect(counts.length).toBeLessThanOrEqual(most);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(events.length);
    }
  });
});
