// The page's playhead over a log: what hands do to it, and what it runs to.

import { describe, expect, test } from 'vitest';
import { readWorker } from '../src/stage/truth.ts';
import { fedPage, message } from './panels-page.ts';
import { eventsOf, TROUBLE } from './stage-world.ts';

const lost = (seq: number, t: number, msg: number) =>
  ({ seq, t, type: 'message.lost', link: 'worker-1', msg, cause: 'connection' }) as const;

describe('by hand', () => {
  test('seeking holds, unless asked to play on, and stays between the beginning and live', () => {
    const { page } = fedPage('viewer');
    page.seek(700_000);
    expect([page.t, page.mode, page.look.t]).toEqual([700_000, 'held', 700_000]);
    page.seek(-5, { hold: false });
    expect([page.t, page.mode]).toEqual([0, 'held']);
    page.resume();
    page.seek(500_000, { hold: false });
    expect([page.t, page.mode]).toEqual([500_000, 'behind']);
    page.seek(9e9);
    expect([page.t, page.mode]).toEqual([2_000_000, 'held']);
    page.resume();
    page.seek(9e9, { hold: false });
    expect([page.t, page.mode]).toEqual([2_000_000, 'live']);
  });

  test('steps go to the times at which something happened, once each', () => {
    const { page } = fedPage('viewer', [message(6, 1_000_000, 1), message(7, 1_000_000, 2), message(8, 1_200_000, 3)]);
    const seen = [-1, -1, -1, 1, 1, 1].map((direction) => {
      page.step(direction as -1 | 1);
      return page.t;
    });
    expect(seen).toEqual([1_200_000, 1_000_000, 0, 1_000_000, 1_200_000, 1_200_000]);
    expect(page.mode).toBe('held');
  });

  test('slower than time it falls behind and says by how much; live again it is at x 1', () => {
    const { page, tick } = fedPage('viewer');
    page.setSpeed(0.1);
    tick(2500, 2_500_000);
    tick(12_400, 12_400_000);
    expect([page.mode, page.speed, page.slow]).toEqual(['behind', 0.1, false]);
    expect(page.behind).toBe(12_400_000 - page.t);
    expect(page.t).toBeLessThan(3_100_000);
    page.goLive();
    expect([page.mode, page.speed, page.t]).toEqual(['live', 1, 12_000_000]);
  });

  test('a hop is stretched only when asked for, and less the slower it plays', () => {
    const { page } = fedPage('viewer');
    expect(page.stretchUs).toBeNull();
    page.settings.setSchematic(true);
    expect(page.stretchUs).toBe(300_000);
    page.setSpeed(1 / 1000);
    expect([page.stretchUs, page.slow]).toEqual([300, true]);
  });

  test('the past that is looked at is not looked at again while it stands', () => {
    const { page, tick } = fedPage('viewer');
    page.seek(1_000_000);
    const { look } = page;
    tick(5000, 5_000_000, [message(6, 4_000_000, 1)]);
    expect(page.look).toBe(look);
    expect(page.behind).toBe(4_000_000);
  });
});

describe('running until', () => {
  test('a loss that is in the log: on to it, and held exactly there', () => {
    const { page, tick } = fedPage('viewer', [message(6, 900_000, 1), lost(7, 1_234_567, 1), lost(8, 1_300_000, 2)]);
    page.seek(800_000);
    page.runUntil({ what: 'loss' });
    expect([page.mode, page.waitingFor]).toEqual(['behind', { what: 'loss' }]);
    tick(2500, 2_500_000);
    expect(page.mode).toBe('behind');
    for (let at = 2500; at <= 3200; at += 100) tick(at, at * 1000);
    expect([page.t, page.mode, page.waitingFor]).toEqual([1_234_567, 'held', null]);
  });

  test('a fact still to come: it is waited for, live, and held exactly there', () => {
    const { page, tick } = fedPage('viewer');
    page.runUntil({ what: 'peer', peer: 'worker-1' });
    tick(2500, 2_500_000);
    expect([page.mode, page.waitingFor]).toEqual(['live', { what: 'peer', peer: 'worker-1' }]);
    tick(2600, 2_600_000, [message(6, 2_555_555, 1)]);
    expect(page.mode).toBe('live');
    for (let at = 2700; at <= 3300; at += 100) tick(at, at * 1000);
    expect([page.t, page.mode, page.waitingFor]).toEqual([2_555_555, 'held', null]);
  });

  test('is over when one holds, seeks or goes live oneself', () => {
    const { page } = fedPage('viewer');
    for (const over of [() => page.hold(), () => page.seek(1), () => page.goLive(), () => page.runUntil(null)]) {
      page.runUntil({ what: 'expiry' });
      expect(page.waitingFor).toEqual({ what: 'expiry' });
      over();
      expect(page.waitingFor).toBeNull();
    }
  });

  test('the queue believing in a worker that cannot serve is found in a run with troubles', () => {
    const { page, tick } = fedPage('viewer');
    page.snapshot({ a: { state: structuredClone(page.log.stateAt(-1)), now: 0 } });
    const events = eventsOf(TROUBLE);
    tick(14_000, 14_000_000, events);
    page.seek(0);
    page.runUntil({ what: 'disagreement' });
    for (let at = 14_000; page.mode !== 'held' && at < 40_000; at += 500) tick(at, at * 1000);
    // Worker 2 was frozen at 4 s, and listed; nothing was wrong before.
    const found = events.filter((event) => event.t === page.t).map((event) => event.type);
    expect(page.t).toBeGreaterThanOrEqual(4_000_000);
    expect(page.t).toBeLessThan(5_000_000);
    expect(found.length).toBeGreaterThan(0);
    const parted = (t: number): string[] => {
      const state = page.log.stateAt(t);
      const workers = Object.values(state.peers).filter(({ role }) => role === 'worker');
      return workers.filter((peer) => readWorker(state, peer, t).parted?.how === 'believed').map(({ peer }) => peer);
    };
    expect([parted(page.t - 1), parted(page.t)]).toEqual([[], ['worker-2']]);
  });
});
