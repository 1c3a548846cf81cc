// The figures are exact, depend on nothing later than t nor on what was asked before, and forget with the log [V1].

import { TRACE_VERSION, type TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figures, quantile } from '../src/model/figures.ts';
import { FiguresIndex } from '../src/model/figures-index.ts';
import { WINDOWS } from '../src/model/figures-windows.ts';
import { type LogWindow, TraceLog } from '../src/model/log.ts';
import { RUNS, slowFigures } from './figures-worlds.ts';

function observed(events: readonly TraceEvent[], window: Partial<LogWindow> = {}) {
  const log = new TraceLog(window);
  const index = new FiguresIndex();
  log.observe(index);
  log.append(events, events.at(-1)?.t ?? 0);
  return { log, index, at: (t: number, windowUs: number) => figures(index, log.stateAt(t), t, windowUs) };
}

const endOf = (events: readonly TraceEvent[]): number => events.at(-1)?.t ?? 0;
const TIMES = [0.04, 0.31, 0.55, 0.834_567, 1];

describe('the figures', () => {
  test.each(Object.keys(RUNS))('[V1] of a run that is %s are those counted fact by fact', (name) => {
    const events = RUNS[name] ?? [];
    const { at } = observed(events);
    for (const share of TIMES) {
      const t = Math.round(endOf(events) * share);
      for (const windowUs of WINDOWS) expect(at(t, windowUs)).toMatchObject(slowFigures(events, t, windowUs));
    }
  });

  test('[V1] are the same after any asking, and know nothing of what is later than t', () => {
    const ask = fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), window: fc.constantFrom(...WINDOWS) });
    const events = RUNS.trouble ?? [];
    const { at } = observed(events);
    fc.assert(
      fc.property(fc.array(ask, { minLength: 1, maxLength: 6 }), (asked) => {
        for (const { share, window } of asked) {
          const t = Math.round(share * endOf(events));
          const fresh = observed(events.filter((event) => event.t <= t));
          expect(at(t, window)).toEqual(fresh.at(t, window));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('[V1] are the same whether one looks while facts come in or afterwards', () => {
    const events = RUNS.trouble ?? [];
    const after = observed(events);
    const live = new TraceLog();
    const index = new FiguresIndex();
    live.observe(index);
    for (let i = 0; i < events.length; i += 97) {
      const batch = events.slice(i, i + 97);
      live.append(batch, 0);
      const t = (batch[0]?.t ?? 0) - 1;
      expect(figures(index, live.stateAt(t), t, 30e6)).toEqual(after.at(t, 30e6));
    }
  });

  test('beginning in the middle of a run, levels hold and counts are of what came since', () => {
    const events = RUNS.trouble ?? [];
    const cut = Math.floor(events.length / 2);
    const whole = observed(events);
    const state = structuredClone(whole.log.stateAt((events[cut]?.t ?? 0) - 1));
    const rest = events.filter((event) => event.seq > state.seq);
    const log = new TraceLog();
    const index = new FiguresIndex();
    log.observe(index);
    log.reset({ state, now: state.t });
    log.append(rest, 0);
    const t = endOf(events);
    const [late, full] = [figures(index, log.stateAt(t), t, 30e6), whole.at(t, 30e6)];
    expect(late.now).toEqual(full.now);
    expect(late.total.requests).toBe(slowFigures(rest, t, 30e6).total.requests);
    expect(late.unheld).toEqual([{ from: t - 30e6, to: state.t }]);
    const held = late.starts.findIndex((at) => at >= state.t);
    for (const name of ['waiting', 'listed', 'atWork', 'workers'] as const) {
      expect(late.levels[name].slice(held)).toEqual(full.levels[name].slice(held));
    }
  });

  test('forget with the log, and what is held stays exact', () => {
    const events = RUNS.crowd ?? [];
    const { log, at } = observed(events, { windowFacts: 3000, chunkFacts: 256, keyframeFacts: 128 });
    expect(log.droppedBefore).toBeGreaterThan(0);
    const t = endOf(events);
    const [kept, slow] = [at(t, 30e6), slowFigures(events, t, 30e6)];
    expect(kept.unheld).toEqual([{ from: t - 30e6, to: log.startAt }]);
    const held = kept.starts.findIndex((start) => start >= log.startAt);
    expect(held).toBeGreaterThan(0);
    for (const name of ['requests', 'beatsToQueue'] as const) {
      expect(kept.counts[name].slice(held)).toEqual(slow.counts[name]?.slice(held));
      expect(kept.total[name]).toBeLessThan(slow.total[name] ?? 0);
    }
    expect(kept.levels.listed.slice(held)).toEqual(slow.levels.listed?.slice(held));
    expect(kept.roundTrips.slice(held)).toEqual(slow.roundTrips.slice(held));
  });

  test('go on over a gap: counts of both sides stay, levels are those of the state, and the gap is told', () => {
    // A snapshot is of the same run when it began at the same time.
    const started = {
      seq: 0,
      t: 0,
      type: 'run.started',
      version: TRACE_VERSION,
      startedAt: 'then',
      source: 'simulated',
    } as const;
    const events = [started, ...(RUNS.trouble ?? []).map((event) => ({ ...event, seq: event.seq + 1 }))];
    const [a, b] = [Math.floor(events.length / 3), Math.floor(events.length / 2)];
    const log = new TraceLog();
    const index = new FiguresIndex();
    log.observe(index);
    const state = structuredClone(observed(events).log.stateAt((events[b]?.t ?? 0) - 1));
    const held = [...events.slice(0, a), ...events.filter(({ seq }) => seq > state.seq)];
    log.append(events.slice(0, a), 0);
    log.reset({ state, now: state.t });
    log.append(held.slice(a), 0);
    const t = endOf(events);
    const made = figures(index, log.stateAt(t), t, 30e6, log.gaps);
    expect(made.total).toEqual(slowFigures(held, t, 30e6).total);
    expect(made.now).toEqual(slowFigures(events, t, 30e6).now);
    expect(made.unheld.at(-1)).toEqual({ from: events[a - 1]?.t, to: state.t });
  });

  test('quantiles are those of the sorted samples, whatever order they come in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, share) => {
          const sorted = samples.toSorted((x, y) => x - y);
          expect(quantile(Float64Array.from(samples), share)).toBe(
            sorted[Math.max(0, Math.ceil(share * samples.length) - 1)],
          );
        },
      ),
    );
  });

  test('a quantile is a sample: of one its own, of a hundred the ninety-ninth', () => {
    expect(quantile(new Float64Array([7]), 0.99)).toBe(7);
    const hundred = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 99, 100]);
  });
});
