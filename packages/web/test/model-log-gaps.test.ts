// A snapshot of the run that is held: the log goes on from it and keeps what it has, and says what it missed.

import { copyState, emptyState, fold, type TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { Follower } from './log-follower.ts';
import { runs, timesOf, trace } from './log-runs.ts';

const cuts = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(60));

/** A log that missed the facts from number `from` up to before `to`. */
function withGap(events: readonly TraceEvent[], from: number, to: number, log: TraceLog): void {
  log.append(events.slice(0, from), 0);
  const state = fold(events.slice(0, to));
  log.reset({ state, now: state.t });
  log.append(events.slice(to), 0);
}

describe('a gap', () => {
  test('[T2] [T8] states before it, in it and after it are what is known at each time', () => {
    fc.assert(
      fc.property(runs, cuts, ({ steps, chunk, seeks }, [first, missed]) => {
        const events = trace(steps);
        const from = Math.min(first, events.length);
        const to = Math.min(from + missed, events.length);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        withGap(events, from, to, log);
        const resumedAt = events[to - 1]?.t ?? 0;
        expect(log.gaps).toEqual(from < to ? [{ from: events[from - 1]?.t, to: resumedAt }] : []);
        expect(log.size).toBe(events.length - (to - from));
        for (const t of timesOf(events, seeks)) {
          const known = events.filter((e, i) => (t >= resumedAt ? i < to || e.t <= t : i < from && e.t <= t));
          expect(log.stateAt(t)).toEqual(fold(known));
        }
        const held = events.filter((_, i) => i < from || i >= to);
        const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
        expect(log.between(...all)).toEqual(held);
        expect(log.count(...all)).toBe(held.length);
        for (const event of events) expect(log.event(event.seq)).toEqual(held.includes(event) ? event : undefined);
      }),
      { numRuns: 200 },
    );
  });

  test('observers begin again at it, with the state after it, also those that come later', () => {
    fc.assert(
      fc.property(runs, cuts, ({ steps, chunk }, [first, missed]) => {
        const events = trace(steps);
        const from = Math.min(first, events.length);
        const to = Math.min(from + missed, events.length);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        const early = new Follower();
        log.observe(early);
        withGap(events, from, to, log);
        const late = new Follower();
        log.observe(late);
        for (const { seqs, begins, state } of [early, late]) {
          expect(seqs).toEqual(events.filter((_, i) => i < from || i >= to).map(({ seq }) => seq));
          expect(begins).toEqual(from < to ? [false, true] : [false]);
          expect(state).toEqual(fold(events));
        }
      }),
      { numRuns: 100 },
    );
  });

  test('[T3] messages that were under way and are no more have ended by its end, those in the snapshot go on', () => {
    fc.assert(
      fc.property(runs, cuts, ({ steps, chunk }, [first, missed]) => {
        const events = trace(steps);
        const from = Math.min(first, events.length);
        const to = Math.min(from + missed, events.length);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        const [before, after] = [fold(events.slice(0, from)), fold(events.slice(0, to))];
        withGap(events, from, to, log);
        const resumedAt = events[to - 1]?.t ?? 0;
        for (const { msg, enteredAt } of Object.values(before.messages)) {
          if (after.messages[msg]) continue;
          expect(log.fate(msg)).toMatchObject({ enteredAt, endAt: resumedAt });
          expect(log.fate(msg)?.end).toBeUndefined();
        }
        const whole = new TraceLog();
        whole.append(events, 0);
        for (const { msg } of Object.values(after.messages)) expect(log.fate(msg)).toEqual(whole.fate(msg));
      }),
      { numRuns: 150 },
    );
  });
});

describe('a snapshot', () => {
  const events = trace(
    Array.from({ length: 40 }, (_, i) => ({ gap: 900, what: i % 3 === 2 ? 'read' : 'enter', pick: i % 7 })),
  );
  const at = (count: number) => {
    const state = fold(events.slice(0, count));
    return { state, now: state.t };
  };

  test('of the same moment changes nothing, and facts that were seen are not told twice', () => {
    const log = new TraceLog();
    const follower = new Follower();
    log.observe(follower);
    log.append(events.slice(0, 20), 0);
    const { generation } = log;
    log.reset(at(20));
    log.append(events.slice(15), 0);
    expect([log.gaps, log.size, log.generation]).toEqual([[], events.length, generation]);
    expect(follower.seqs).toEqual(events.map(({ seq }) => seq));
  });

  test('of an earlier moment, or of another run, begins anew', () => {
    const other = at(30);
    other.state.startedAt = 'another day';
    const unknown = at(30);
    unknown.state.startedAt = null;
    for (const snapshot of [at(10), other, unknown]) {
      const log = new TraceLog();
      log.append(events.slice(0, 20), 0);
      const { generation } = log;
      log.reset(snapshot);
      expect([log.size, log.startAt, log.gaps]).toEqual([0, snapshot.state.t, []]);
      expect(log.generation).toBeGreaterThan(generation);
      expect(log.stateAt(log.endAt)).toEqual(snapshot.state);
    }
  });

  test('many of them, and the window passes over the gaps', () => {
    const log = new TraceLog({ windowFacts: 12, chunkFacts: 4, keyframeFacts: 2 });
    for (let count = 3; count < events.length; count += 3) {
      log.append(events.slice(count, count + 1), 0);
      log.reset(at(count + 2));
      expect(log.stateAt(log.endAt)).toEqual(at(count + 2).state);
    }
    expect(log.size).toBeLessThanOrEqual(12);
    for (const { to } of log.gaps) expect(to).toBeGreaterThan(log.startAt);
    expect(log.stateAt(log.startAt).seq).toBeLessThan(log.between(0, log.endAt)[0]?.seq ?? 0);
  });

  test('a hole in a recording is a gap as well: what is known is folded on', () => {
    const log = new TraceLog();
    const follower = new Follower();
    log.observe(follower);
    log.append([...events.slice(0, 10), ...events.slice(14)], 0);
    expect(log.gaps).toEqual([{ from: events[9]?.t, to: events[14]?.t }]);
    expect(follower.begins).toEqual([false, true]);
    expect(log.stateAt(log.endAt)).toEqual(
      fold([...events.slice(0, 10), ...events.slice(14)], copyState(emptyState())),
    );
    const late = new Follower();
    log.observe(late);
    expect(late.begins).toEqual([false, true]);
  });
});
