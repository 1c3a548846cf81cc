// What the log is asked beside states: facts by time, type and number, and messages' fates; each against the plainest answer there is.

import type { EventOf, EventType, TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fate, TraceLog } from '../src/model/log.ts';
import { Follower } from './log-follower.ts';
import { runs, timesOf, trace } from './log-runs.ts';

const TYPES = ['message.entered', 'message.read', 'worker.listed', 'client.paced', 'peer.joined'] as const;
const someTypes = fc.option(fc.subarray<EventType>([...TYPES, 'process.paused']), { nil: undefined });

/** By reading all facts from the first on. */
function plainFates(events: readonly TraceEvent[]): Map<number, Fate> {
  const fates = new Map<number, Fate>();
  const guests = new Set(events.flatMap((e) => (e.type === 'peer.joined' && e.guest ? [e.peer] : [])));
  const fromQueue = new Set<number>();
  for (const event of events) {
    const fate = 'msg' in event && event.msg !== undefined ? fates.get(event.msg) : undefined;
    if (event.type === 'message.entered') {
      fates.set(event.msg, { enteredAt: event.t, dueAt: event.dueAt });
      if (event.direction === 'fromQueue') fromQueue.add(event.msg);
    } else if (!fate) continue;
    else if (event.type === 'message.left') {
      fate.leftAt = event.t;
      const toGuest = guests.has(event.link) && fromQueue.has(event.msg);
      if (toGuest) Object.assign(fate, { endAt: event.t, end: 'delivered' });
    } else if (event.type === 'message.read') Object.assign(fate, { endAt: event.t, end: 'read' });
    else if (event.type === 'message.dropped')
      Object.assign(fate, { endAt: event.t, end: 'dropped', cause: event.fault });
    else if (event.type === 'message.lost') Object.assign(fate, { endAt: event.t, end: 'lost', cause: event.cause });
  }
  return fates;
}

describe('facts', () => {
  test('by time and type: between, count, the next and the one before', () => {
    fc.assert(
      fc.property(runs, fc.nat(10_000), fc.nat(10_000), someTypes, ({ steps, chunk }, a, b, types) => {
        const events = trace(steps);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        log.append(events, 0);
        const [from = 0, to = 0] = timesOf(events, [a, b]);
        const meant = events.filter(({ type }) => types?.includes(type) ?? true);
        const found = meant.filter(({ t }) => t > from && t <= to);
        expect(log.between(from, to, types)).toEqual(found);
        expect(log.count(from, to, types)).toBe(found.length);
        expect(log.timeAfter(from, types)).toBe(meant.find(({ t }) => t > from)?.t ?? null);
        expect(log.timeBefore(to, types)).toBe(meant.findLast(({ t }) => t < to)?.t ?? null);
      }),
      { numRuns: 300 },
    );
  });

  test('by number, also when the oldest have gone', () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 5, max: 60 }), ({ steps, chunk }, windowFacts) => {
        const events = trace(steps);
        const log = new TraceLog({ windowFacts, chunkFacts: chunk, keyframeFacts: 3 });
        log.append(events, 0);
        const held = events.slice(events.length - log.size);
        expect(log.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toEqual(held);
        for (const event of events) expect(log.event(event.seq)).toEqual(held.includes(event) ? event : undefined);
        expect(log.event(events.length)).toBeUndefined();
        expect(log.event(-1)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test('a fact that was given is the same fact when it is asked for again', () => {
    const log = new TraceLog({ chunkFacts: 16 });
    const enter = { gap: 900, what: 'enter', pick: 2 };
    log.append(trace(Array.from({ length: 12 }, () => enter)), 0);
    expect(log.event(9)).toBe(log.event(9));
    expect(log.entered(5)).toBe(log.event(9));
  });
});

describe('[T3] fates and journeys', () => {
  test('are what all facts tell, and while facts come in what those so far tell', () => {
    fc.assert(
      fc.property(runs, fc.nat(120), ({ steps, chunk }, cut) => {
        const events = trace(steps);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        for (const count of [Math.min(cut, events.length), events.length]) {
          log.append(events.slice(0, count), 0);
          const fates = plainFates(events.slice(0, count));
          for (const [msg, fate] of fates) expect(log.fate(msg)).toEqual(fate);
          expect(log.fate(fates.size)).toBeUndefined();
        }
        const entered = events.filter((event): event is EventOf<'message.entered'> => event.type === 'message.entered');
        for (const event of entered) expect(log.entered(event.msg)).toEqual(event);
        for (let journey = 0; journey < 8; journey++) {
          expect(log.journey(journey)).toEqual(entered.filter((event) => event.journey === journey));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('observers', () => {
  test('learn every fact once, in order, whenever they come, each with the state before it', () => {
    fc.assert(
      fc.property(runs, fc.nat(120), ({ steps, chunk }, cut) => {
        const events = trace(steps);
        const log = new TraceLog({ chunkFacts: chunk, keyframeFacts: 3 });
        const [early, late] = [new Follower(), new Follower()];
        log.observe(early);
        log.append(events.slice(0, cut), 0);
        const stop = log.observe(late);
        log.append(events.slice(cut), 0);
        for (const follower of [early, late]) {
          expect(follower.seqs).toEqual(events.map(({ seq }) => seq));
          expect(follower.begins).toEqual([false]);
        }
        stop();
        log.append([{ seq: events.length, t: 1e9, type: 'peer.left', peer: 'worker-1' }], 0);
        expect([early.seqs.length, late.seqs.length]).toEqual([events.length + 1, events.length]);
      }),
      { numRuns: 60 },
    );
  });

  test('are told what is no longer held', () => {
    const enter = { gap: 900, what: 'enter', pick: 2 };
    const events = trace(Array.from({ length: 100 }, () => enter));
    const log = new TraceLog({ windowFacts: 40, chunkFacts: 10 });
    const follower = new Follower();
    log.observe(follower);
    log.append(events, 0);
    expect(follower.forgotten).toBe(log.droppedBefore);
    expect(log.between(Number.NEGATIVE_INFINITY, follower.forgotten)).toEqual([]);
  });
});
