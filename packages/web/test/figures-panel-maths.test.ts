// The marks of the figures' panel: nothing overlaps, nobody is left out, and the same data give the same picture.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figures } from '../src/model/figures.ts';
import { FiguresIndex } from '../src/model/figures-index.ts';
import { upcoming } from '../src/model/figures-timers.ts';
import { columns, roundTop, xScale } from '../src/panels/figures/chart.ts';
import { crowdOf } from '../src/panels/figures/crowd.ts';
import { pile, thin } from '../src/panels/figures/swarm.ts';
import { marksOf } from '../src/panels/figures/timer-strip.ts';
import { CROWD, RUNS } from './figures-worlds.ts';
import { logOf } from './stage-world.ts';

const log = logOf(RUNS.crowd ?? [], CROWD.seconds);
const T = 6.5e6;

describe('the crowd', () => {
  const crowd = crowdOf(log.stateAt(T), T);

  test('has each worker in one state, and as many as there are', () => {
    expect(crowd.count).toBe(60);
    expect(crowd.groups.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    expect(Object.fromEntries(crowd.groups.map(({ state, count }) => [state, count]))).toMatchObject({
      frozen: 1,
      overloaded: 1,
      dead: 2,
    });
  });

  test('puts those first on whom the queue counts wrongly, for longest', () => {
    const believed = crowd.parted.filter(({ dropsInUs }) => dropsInUs !== null);
    expect(believed.map(({ peer }) => peer)).toEqual(expect.arrayContaining(['worker-17', 'worker-47']));
    expect(crowd.parted.slice(0, believed.length)).toEqual(believed);
    const lengths = believed.filter(({ reading }) => reading.place !== 1).map(({ forUs }) => forUs);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  });

  test('tells the silence of everyone the queue believes in', () => {
    const { queue } = log.stateAt(T);
    expect(crowd.silences.map(({ worker }) => worker)).toEqual(queue.list.map(({ worker }) => worker));
    for (const { us } of crowd.silences) expect(us).toBeLessThanOrEqual(4e6);
  });
});

describe('the dots', () => {
  test('never lie on each other, stay within the width, and keep their order of place', () => {
    const places = fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { maxLength: 120 });
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 900 }), (at, width) => {
        const dots = pile(at, (place) => place, width, 7);
        expect(dots).toHaveLength(at.length);
        expect(new Set(dots.map(({ x, level }) => `${x} ${level}`)).size).toBe(at.length);
        for (const { x } of dots) expect(x >= 0 && x <= width).toBe(true);
        for (const a of dots) for (const b of dots) if (a.item < b.item) expect(a.x).toBeLessThanOrEqual(b.x);
      }),
      { numRuns: 60 },
    );
  });

  test('names that are kept do not overlap, and the first always is', () => {
    const span = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 60 })).map(([from, w]) => ({ from, to: from + w }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 30 }), (spans) => {
        const kept = thin(spans);
        expect(kept[0]).toBe(spans[0]);
        for (const [i, a] of kept.entries()) {
          for (const b of kept.slice(i + 1)) expect(a.to <= b.from || b.to <= a.from).toBe(true);
        }
      }),
    );
  });
});

describe('the strip of timers', () => {
  test.each([120, 280, 700])('%d wide counts everyone, and no name meets a mark or another name', (width) => {
    const timers = upcoming(log.stateAt(T), T, null).filter(({ kind }) => kind === 'expiry');
    const marks = marksOf(timers, T, width, 7, ({ peer }) => peer ?? '');
    expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(timers.length);
    const texts = marks
      .filter(({ text }) => text !== '')
      .map(({ text, textX, anchor }) => ({
        from: anchor === 'end' ? textX - text.length * 7 : textX,
        to: anchor === 'end' ? textX : textX + text.length * 7,
      }));
    expect(thin(texts, marks)).toHaveLength(texts.length);
    for (const { from, to } of [...marks, ...texts]) expect(from >= 0 && to <= width).toBe(true);
  });
});

describe('a chart', () => {
  test('ends at the playhead, and its columns show each count once', () => {
    const index = new FiguresIndex();
    log.observe(index);
    const made = figures(index, log.stateAt(T), T, 30e6);
    const x = xScale(made, { width: 300, height: 40 });
    expect([x(T - 30e6), x(T)]).toEqual([0, 300]);
    const d = columns(made, x, (bucket) => [0, made.counts.requests[bucket] ?? 0]);
    expect(d.match(/M/g)).toHaveLength(made.counts.requests.filter((count) => count > 0).length);
  });

  test('has a top that nothing is above, and that is not far above', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 40 }), (values) => {
        const most = Math.max(2, ...values);
        expect(roundTop(values, 2)).toBeGreaterThanOrEqual(most);
        expect(roundTop(values, 2)).toBeLessThanOrEqual(most * 2.6);
      }),
    );
  });
});
