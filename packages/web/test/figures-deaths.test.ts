// Silences: each death is noticed within its bound, and who is given up wrongly is named with the reason [Q5].

import { type Expiry, isFalseSuspicion } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { figures } from '../src/model/figures.ts';
import { FiguresIndex } from '../src/model/figures-index.ts';
import { eventsOf, logOf, type Plan } from './stage-world.ts';

function run(plan: Plan) {
  const log = logOf(eventsOf(plan), plan.seconds);
  const index = new FiguresIndex();
  log.observe(index);
  return (t: number) => figures(index, log.stateAt(t), t, 60e6);
}

const IDLE: Plan = { workers: 3, clients: 0, seconds: 12 };
const silence = ({ at, lastHeardAt }: Expiry) => at - lastHeardAt;

describe('a death', () => {
  test.each([
    ['exited', { type: 'process.kill', peer: 'worker-2' }],
    ['paused', { type: 'process.pause', peer: 'worker-2' }],
    ['overloaded', { type: 'process.overload', peer: 'worker-2', ms: 6000 }],
  ] as const)('%s grows until the queue notices, between L and L + 1 beats after it last heard', (cause, action) => {
    const at = run({ ...IDLE, steps: [[4, action]] });
    const growing = at(5.5e6).unnoticed;
    expect(growing).toMatchObject([{ peer: 'worker-2', cause, endedAt: null }]);
    expect(at(6e6).unnoticed[0]?.lastHeardAt).toBe(growing[0]?.lastHeardAt);
    expect(at(3.9e6).unnoticed).toEqual([]);
    const { expiries, unnoticed } = at(9e6);
    expect(unnoticed).toEqual([]);
    expect(expiries).toMatchObject([{ peer: 'worker-2', cause, lastHeardAt: growing[0]?.lastHeardAt }]);
    expect(expiries[0]?.diedAt).toBeCloseTo(4e6, -4);
    for (const expiry of expiries) {
      expect(silence(expiry)).toBeGreaterThanOrEqual(3e6);
      expect(silence(expiry)).toBeLessThanOrEqual(4e6);
    }
    expect(expiries.map(isFalseSuspicion)).toEqual([cause === 'overloaded']);
  });

  test('is missed when it is over before the queue notices', () => {
    const steps = [
      [4, { type: 'process.pause', peer: 'worker-2' }],
      [5, { type: 'process.resume', peer: 'worker-2' }],
    ] as const;
    const at = run({ ...IDLE, steps });
    expect(at(4.9e6).unnoticed).toHaveLength(1);
    expect(at(9e6)).toMatchObject({ unnoticed: [], expiries: [], missed: [{ peer: 'worker-2', cause: 'paused' }] });
  });

  test('is missed when the dead one is given a request, which nobody answers', () => {
    const steps = [[4, { type: 'process.pause', peer: 'worker-1' }]] as const;
    const at = run({ workers: 1, clients: 1, everyMs: 3000, workMs: 10, seconds: 12, steps });
    const { missed, expiries } = at(12e6);
    expect([missed.length, expiries.length]).toEqual([1, 0]);
  });
});

describe('a false suspicion', () => {
  test('is named after the fault that hid its beats', () => {
    const fault = { id: 'f1', kind: 'drop', selector: { kind: 'HEARTBEAT', direction: 'toQueue' }, seed: 1 } as const;
    const at = run({ ...IDLE, steps: [[4, { type: 'fault.apply', link: 'worker-3', fault }]] });
    const { expiries } = at(9e6);
    expect(expiries).toMatchObject([{ peer: 'worker-3', cause: 'fault', diedAt: null }]);
    expect(expiries.every(isFalseSuspicion)).toBe(true);
  });

  test('is named after the work that kept it silent, when it answers first and works afterwards', () => {
    const { expiries } = run({ workers: 1, clients: 1, everyMs: 20_000, workMs: 6000, seconds: 9 })(9e6);
    expect(expiries).toMatchObject([{ peer: 'worker-1', cause: 'busy' }]);
    expect(expiries.every(isFalseSuspicion)).toBe(true);
  });

  test('is none when the worker is not behind that name any more', () => {
    const restart = { type: 'process.restart', peer: 'worker-2', identity: 'new' } as const;
    const { expiries } = run({ ...IDLE, steps: [[4, restart]] })(9e6);
    expect(expiries).toMatchObject([{ peer: 'worker-2', cause: 'exited' }]);
    expect(expiries.some(isFalseSuspicion)).toBe(false);
  });
});
