// The log, against the plain fold: whatever was asked before, an answer is that of a fresh start [T2].

import { emptyState, fold, type TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { runs, timesOf, trace, upTo } from './log-runs.ts';

describe('the log', () => {
  test('[T2] stateAt after any seeks is the fold of all facts up to then', () => {
    fc.assert(
      fc.property(runs, ({ steps, chunk, seeks }) => {
        const events = trace(steps);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        log.append(events, events.at(-1)?.t ?? 0);
        for (const t of timesOf(events, seeks)) expect(log.stateAt(t)).toEqual(upTo(events, t));
      }),
      { numRuns: 150 },
    );
  });

  test('[T2] looking while facts come in gives the same states as looking afterwards', () => {
    fc.assert(
      fc.property(runs, ({ steps, chunk }) => {
        const events = trace(steps);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        for (const [i, event] of events.entries()) {
          log.append([event], event.t);
          const t = events[Math.max(0, i - 5)]?.t ?? 0;
          expect(log.stateAt(t)).toEqual(upTo(events.slice(0, i + 1), t));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('[T2] looking now and then while the window moves on as well', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 30 }), ({ steps, chunk }, every) => {
        const events = trace(steps);
        const log = new TraceLog({ windowFacts: 30, chunkFacts: chunk, keyframeFacts: 3 });
        for (const [i, event] of events.entries()) {
          log.append([event], event.t);
          if (i % every === 0) expect(log.stateAt(event.t)).toEqual(fold(events.slice(0, i + 1)));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('[T2] a snapshot and the rest give the state that all of it gives', () => {
    fc.assert(
      fc.property(runs, fc.nat(100), ({ steps, chunk, seeks }, cut) => {
        const events = trace(steps);
        const at = Math.min(events.length, 1 + cut);
        const state = fold(events.slice(0, at));
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        log.reset({ state, now: state.t });
        log.append(events.slice(at), events.at(-1)?.t ?? 0);
        for (const t of timesOf(events, seeks)) {
          if (t >= log.startAt) expect(log.stateAt(t)).toEqual(fold(events.filter((e, i) => i < at || e.t <= t)));
        }
      }),
      { numRuns: 80 },
    );
  });

  test('between gives the facts after one time up to and with another', () => {
    fc.assert(
      fc.property(runs, fc.nat(10_000), fc.nat(10_000), ({ steps, chunk }, a, b) => {
        const events = trace(steps);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        log.append(events, 0);
        const [from = 0, to = 0] = timesOf(events, [a, b]).sort((x, y) => x - y);
        expect(log.between(from, to)).toEqual(events.filter((event) => event.t > from && event.t <= to));
      }),
      { numRuns: 80 },
    );
  });

  test('a window keeps the newest facts and says from when on', () => {
    fc.assert(
      fc.property(runs, ({ steps, chunk }) => {
        const events = trace(steps);
        const log = new TraceLog({ windowFacts: 40, chunkFacts: chunk, keyframeFacts: 3 });
        log.append(events, 0);
        expect(log.size).toBeLessThanOrEqual(Math.max(40, chunk));
        expect(log.droppedBefore === null).toBe(log.size === events.length);
        const t = events.at(-1)?.t ?? 0;
        expect(log.stateAt(t)).toEqual(fold(events));
        for (const message of Object.values(log.stateAt(t).messages)) expect(log.fate(message.msg)).toBeDefined();
      }),
      { numRuns: 80 },
    );
  });

  test('a state that was given stays as it was while one looks a little later', () => {
    const log = new TraceLog();
    const joined = { type: 'peer.joined', role: 'worker', guest: false, name: 'w' } as const;
    const events: TraceEvent[] = [
      { seq: 0, t: 0, peer: 'worker-1', ...joined },
      { seq: 1, t: 300_000, peer: 'worker-2', ...joined },
    ];
    log.append(events, 400_000);
    const before = log.stateAt(0);
    const after = log.stateAt(300_000);
    expect([Object.keys(before.peers), Object.keys(after.peers)]).toEqual([['worker-1'], ['worker-1', 'worker-2']]);
  });
});

describe('fates', () => {
  const entered = (seq: number, msg: number, more: object = {}): TraceEvent =>
    ({
      ...{ seq, t: seq * 100, type: 'message.entered', link: 'worker-1', conn: 1, msg, direction: 'toQueue' },
      ...{ kind: 'READY', frames: ['READY'], sizes: [5], frameCount: 1, dueAt: seq * 100 + 50, ...more },
    }) as TraceEvent;

  test('[T3] a fate tells the end, and is known before the playhead comes to it', () => {
    const log = new TraceLog();
    log.append([entered(0, 7), { seq: 1, t: 60, type: 'message.left', link: 'worker-1', msg: 7 }], 60);
    expect(log.fate(7)).toEqual({ enteredAt: 0, dueAt: 50, leftAt: 60 });
    log.append([{ seq: 2, t: 90, type: 'message.read', peer: 'queue', msg: 7 }], 90);
    expect(log.fate(7)).toEqual({ enteredAt: 0, dueAt: 50, leftAt: 60, endAt: 90, end: 'read' });
    expect(log.entered(7)?.kind).toBe('READY');
  });

  test('[T3] handed to a guest is its end', () => {
    const log = new TraceLog();
    log.append(
      [
        { seq: 0, t: 0, type: 'peer.joined', peer: 'worker-1', role: 'worker', guest: true, name: 'g' },
        entered(1, 7, { direction: 'fromQueue' }),
        { seq: 2, t: 160, type: 'message.left', link: 'worker-1', msg: 7 },
      ],
      160,
    );
    expect(log.fate(7)).toMatchObject({ end: 'delivered', endAt: 160 });
  });

  test('messages under way in a snapshot have a fate, and get their end', () => {
    const first = new TraceLog();
    first.append([entered(0, 7)], 0);
    const log = new TraceLog();
    log.reset({ state: structuredClone(first.stateAt(0)), now: 10 });
    expect(log.fate(7)).toEqual({ enteredAt: 0, dueAt: 50 });
    log.append([{ seq: 1, t: 20, type: 'message.lost', link: 'worker-1', msg: 7, cause: 'process' }], 20);
    expect(log.fate(7)).toMatchObject({ end: 'lost', cause: 'process', endAt: 20 });
  });

  test('[T6] a journey lists its hops in order, and loses those that the window lets go', () => {
    const log = new TraceLog({ windowFacts: 2, chunkFacts: 1 });
    log.append([entered(0, 1, { journey: 5 }), { seq: 1, t: 10, type: 'message.read', peer: 'queue', msg: 1 }], 10);
    log.append([entered(2, 2, { journey: 5 })], 200);
    expect(log.journey(5).map((hop) => hop.msg)).toEqual([1, 2]);
    log.append([entered(3, 3), entered(4, 4)], 400);
    expect(log.journey(5).map((hop) => hop.msg)).toEqual([2]);
    expect([log.fate(1), log.entered(1)]).toEqual([undefined, undefined]);
  });

  test('facts that were seen before are not told twice', () => {
    const log = new TraceLog();
    log.append([entered(0, 1)], 0);
    log.append([entered(0, 1), entered(1, 2)], 100);
    expect(log.size).toBe(2);
    expect(log.stateAt(100).ledger.sent).toBe(2);
    expect(emptyState().ledger.sent).toBe(0);
  });
});
