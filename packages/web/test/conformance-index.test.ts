// What was found at t, by the index and by judging everything up to t anew.

import { beginJudgement, type Fact, findingsOf, judge, millis, Recorder, type TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConformanceIndex } from '../src/model/conformance.ts';
import { countOf, MOST_COUNTED } from '../src/model/conformance-steps.ts';
import { TraceLog } from '../src/model/log.ts';
import { misbehaved } from './conformance-world.ts';
import { RUNS } from './figures-worlds.ts';
import { logOf } from './stage-world.ts';

const WORLDS: Readonly<Record<string, readonly TraceEvent[]>> = { ...RUNS, misbehaved: misbehaved() };

function indexOf(events: readonly TraceEvent[]): ConformanceIndex {
  const index = new ConformanceIndex();
  logOf(events, 60).observe(index);
  return index;
}

/** By judging all of it anew. */
function found(events: readonly TraceEvent[], peer: string, t: number) {
  const judgement = beginJudgement();
  for (const event of events) if (event.t <= t) judge(judgement, event);
  return findingsOf(judgement, peer);
}

const peersOf = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'peer.joined' ? [event.peer] : []));
const endOf = (events: readonly TraceEvent[]): number => events.at(-1)?.t ?? 0;

describe.each(Object.entries(WORLDS))('[J1] [V1] in the run "%s"', (_, events) => {
  const index = indexOf(events);
  const peers = peersOf(events);
  const asks = fc.array(fc.tuple(fc.constantFrom(...peers), fc.integer({ min: 0, max: endOf(events) })), {
    minLength: 1,
    maxLength: 12,
  });

  test('it is what the judge finds who has heard all up to t and nothing after', () => {
    fc.assert(
      fc.property(fc.constantFrom(...peers), fc.constantFrom(...events), (peer, { t }) => {
        const findings = found(events, peer, t);
        const verdicts = index.at(peer, t)?.verdicts ?? [];
        // Who left is still told of.
        if (findings.length === 0) return;
        expect(verdicts.map(({ statement, stands, broken, why }) => ({ statement, stands, broken, why }))).toEqual(
          findings.map(({ statement, standing, broken, why }) => ({
            ...{ statement, stands: standing, broken: Math.min(broken, MOST_COUNTED), why },
          })),
        );
        for (const [i, { stands, evidence, since }] of verdicts.entries()) {
          if (stands === 'broken') expect(evidence).toEqual(findings[i]?.evidence);
          expect(evidence.length > 0).toBe(stands === 'met' || stands === 'broken');
          expect(since === null).toBe(stands === 'unseen');
          if (since !== null) expect(since).toBeLessThanOrEqual(t);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('it does not depend on what was asked before, nor on what came later', () => {
    fc.assert(
      fc.property(asks, ([ask, ...others]) => {
        const [peer, t] = ask as [string, number];
        for (const [who, at] of others) index.at(who, at);
        expect(index.at(peer, t)).toEqual(indexOf(events.filter((event) => event.t <= t)).at(peer, t));
      }),
      { numRuns: 40 },
    );
  });

  test('it learns as the facts come what it learns of a log that is there', () => {
    const late = new ConformanceIndex();
    const log = new TraceLog();
    const half = Math.floor(events.length / 2);
    log.append(events.slice(0, half), 0);
    log.observe(late);
    for (const event of events.slice(half)) log.append([event], event.t);
    for (const peer of peers) expect(late.at(peer, endOf(events))).toEqual(index.at(peer, endOf(events)));
  });
});

describe('[J2] our own actors in every trouble', () => {
  test.each(Object.entries(RUNS))('break nothing: %s', (_, events) => {
    const index = indexOf(events);
    const broken = peersOf(events).flatMap((peer) =>
      (index.at(peer, endOf(events))?.verdicts ?? []).filter(({ stands }) => stands === 'broken'),
    );
    expect(broken).toEqual([]);
  });
});

describe('[J2] a page that comes in the middle', () => {
  test.each(Object.entries(RUNS))('blames nobody, and sees who keeps to what from then on: %s', (_, events) => {
    for (let begin = 0.1; begin < 0.9; begin += 0.1) {
      const at = Math.floor(events.length * begin);
      const log = new TraceLog();
      log.reset({ state: logOf(events.slice(0, at), 0).stateAt(1e9), now: 0 });
      const index = new ConformanceIndex();
      log.observe(index);
      log.append(events.slice(at), 60e6);
      const verdicts = peersOf(events).flatMap((peer) => index.at(peer, log.endAt)?.verdicts ?? []);
      expect(verdicts.filter(({ stands }) => stands === 'broken')).toEqual([]);
      expect(verdicts.find((v) => v.statement === 'worker.oneReply' && v.stands === 'met')).toBeDefined();
    }
  });
});

describe('what is kept', () => {
  /** One that says nothing but heartbeats; of a queue that is `deaf` it hears none. */
  const beating = (count: number, deaf = false): TraceEvent[] => {
    const recorder = new Recorder();
    const tell = (fact: Fact) => recorder.record(fact);
    const events = tell({ t: 0, type: 'peer.joined', peer: 'w', role: 'worker', guest: true, name: 'w' });
    events.push(...tell({ t: 0, type: 'connection.opened', link: 'w', conn: 1, side: 'backend' }));
    for (let beat = 1; beat <= count; beat++) {
      for (const direction of deaf ? (['toQueue'] as const) : (['toQueue', 'fromQueue'] as const)) {
        const at = { t: millis(beat * 1000), link: 'w', msg: 2 * beat + Number(direction === 'toQueue') };
        const frames = { frames: ['\x02'], sizes: [1], frameCount: 1 };
        const passing = { conn: 1, direction, kind: 'HEARTBEAT', ...frames, dueAt: at.t } as const;
        events.push(...tell({ ...at, type: 'message.entered', ...passing }));
        events.push(...tell({ ...at, type: 'message.left' }));
      }
    }
    return events;
  };
  const observed = (events: readonly TraceEvent[]) => {
    const index = new ConformanceIndex();
    const log = new TraceLog();
    log.observe(index);
    log.append(events, endOf(events));
    return { index, log };
  };

  test('hours of heartbeats are a few steps, and the proof is of late', () => {
    const events = beating(7200);
    const { index } = observed(events);
    expect(index.length).toBeLessThan(3 * (7200 / 30) + 10);
    const beats = index.at('w', endOf(events))?.verdicts.find(({ statement }) => statement === 'worker.beats');
    expect(beats?.stands).toBe('met');
    const seen = events.find(({ seq }) => seq === beats?.evidence.at(-1));
    expect(endOf(events) - (seen?.t ?? 0)).toBeLessThanOrEqual(31e6);
  });

  test('a statement that is broken without end is counted up to a bound, and its first breach stays', () => {
    const { index } = observed(beating(3000, true));
    const again = index.at('w', 3000e6)?.verdicts.find(({ statement }) => statement === 'worker.readyAgain');
    expect(again).toMatchObject({ stands: 'broken', broken: MOST_COUNTED, since: 8e6 });
    expect(index.length).toBeLessThan(3 * (3000 / 30) + MOST_COUNTED + 10);
  });

  test('what the log lets go is let go, and what holds since then still holds', () => {
    const { index } = observed(beating(2000));
    const ask = () => [1500e6, 1999e6].map((t) => index.at('w', t));
    const [before, { length }] = [ask(), index];
    index.forget(1400e6);
    expect(index.length).toBeLessThan(length / 2);
    expect(ask()).toEqual(before);
  });

  test('who has left is told of, until the log forgets it', () => {
    const events = beating(4);
    const { index } = observed([...events, { seq: events.length, t: 5e6, type: 'peer.left', peer: 'w' }]);
    expect(countOf(index.at('w', 9e6)?.verdicts ?? []).met).toBeGreaterThan(0);
    index.forget(6e6);
    expect(index.at('w', 9e6)).toBeNull();
  });

  test('after a gap it goes on: what was broken stays broken, and nobody is blamed for what was missed', () => {
    const events = WORLDS.misbehaved ?? [];
    const { index, log } = observed(events.slice(0, -60));
    const counts = () => peersOf(events).map((peer) => countOf(index.at(peer, log.endAt)?.verdicts ?? []).broken);
    const broken = counts();
    expect(broken.filter((count) => count > 0).length).toBeGreaterThanOrEqual(2);
    log.append(events.slice(-20), endOf(events));
    expect(log.gaps).toHaveLength(1);
    expect(counts()).toEqual(broken);
  });
});
