// What is due next: all of it ahead of t, nothing forgotten, in order, and a function of the state alone.

import { describe, expect, test } from 'vitest';
import { FARTHEST, NEAREST, placeOf, upcoming } from '../src/model/figures-timers.ts';
import { eventsOf, logOf, TROUBLE } from './stage-world.ts';

const log = logOf(eventsOf(TROUBLE), TROUBLE.seconds);
const TIMES = [2e6, 4.6e6, 6.8e6, 8.5e6, 12e6];

describe('upcoming timers', () => {
  test.each(TIMES)('at %d hold each deadline of the state once, soonest first', (t) => {
    const state = log.stateAt(t);
    const timers = upcoming(state, t, null);
    const of = (kind: string) => timers.filter((timer) => timer.kind === kind);
    expect(timers.map(({ at }) => at)).toEqual(timers.map(({ at }) => at).sort((a, b) => a - b));
    expect(of('expiry').map(({ worker }) => worker)).toHaveLength(state.queue.list.length);
    const peers = Object.values(state.peers);
    expect(of('retry')).toHaveLength(peers.filter(({ request }) => request && request.timeoutAt > t).length);
    expect(of('work')).toHaveLength(peers.filter(({ work }) => work && work.untilAt > t).length);
    expect(of('backOff')).toHaveLength(peers.filter(({ backOff }) => backOff && backOff.untilAt > t).length);
    const flying = Object.values(state.messages).filter(({ leftAt, dueAt }) => leftAt === null && dueAt > t);
    expect(of('delivery').reduce((sum, { count }) => sum + count, 0)).toBe(flying.length);
  });

  test('an expiry is urgent when a healthy worker would have been heard', () => {
    const t = 6e6;
    const steps = [[4, { type: 'process.kill', peer: 'worker-2' }]] as const;
    const state = logOf(eventsOf({ workers: 3, clients: 0, seconds: 7, steps }), 7).stateAt(t);
    for (const { kind, at, urgent } of upcoming(state, t, null)) {
      expect(urgent).toBe(kind === 'expiry' && at - t < 1e6);
    }
    expect(upcoming(state, t, null).some(({ urgent }) => urgent)).toBe(true);
  });

  test('the next beat comes an interval after the last, unless that has passed', () => {
    const state = log.stateAt(3e6);
    const beats = (lastAt: number | null) => upcoming(state, 3e6, lastAt).filter(({ kind }) => kind === 'beat');
    expect(beats(2.5e6)).toMatchObject([{ peer: 'queue', at: 3.5e6 }]);
    expect([beats(null), beats(1.9e6)]).toEqual([[], []]);
  });

  test('places go with the logarithm of what is left, within the strip', () => {
    expect(placeOf(NEAREST, 0)).toBe(0);
    expect(placeOf(FARTHEST, 0)).toBe(1);
    expect(placeOf(5, 0)).toBe(0);
    expect(placeOf(1e6, 0) - placeOf(1e5, 0)).toBeCloseTo(placeOf(1e5, 0) - placeOf(1e4, 0), 9);
  });
});
