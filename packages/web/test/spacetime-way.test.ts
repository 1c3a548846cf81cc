import { expect, test } from 'vitest';
import { underText } from '../src/panels/spacetime/under-text.ts';
import { Way } from '../src/panels/spacetime/way.svelte.ts';
import { fedPage, message } from './panels-page.ts';
import { indexOf } from './spacetime-world.ts';

function walked() {
  const { page, tick } = fedPage('presenter', [
    message(6, 1_000_000, 7),
    message(7, 1_100_000, 8, { kind: 'HEARTBEAT' }),
    { seq: 8, t: 1_500_000, type: 'process.paused', peer: 'worker-1' },
  ]);
  return { page, tick, index: indexOf(page.log), way: new Way() };
}

test('the way goes back from the playhead, over beats, and says where it is', () => {
  const { page, index, way } = walked();
  expect(way.go(page, index, -1)).toBe(1_500_000);
  expect(way.said).toBe('worker 1: frozen, 0.5 s ago');
  expect(page.hoverOn('a')).toEqual({ type: 'event', seq: 8 });
  expect(way.go(page, index, -1)).toBe(1_000_000);
  expect(way.said).toMatch(/^REQUEST #7, queue → worker 1, sent 1\.0 s ago/);
  expect(way.go(page, index, -1)).toBeNull();
  expect(way.said).toBe('No earlier event.');
});

test('what it is at can be selected and let go, and left', () => {
  const { page, index, way } = walked();
  expect(way.pick(page)).toBe(false);
  way.go(page, index, -1);
  expect(way.pick(page)).toBe(true);
  expect(page.selection).toEqual({ type: 'event', seq: 8 });
  way.pick(page);
  expect(page.selection).toBeNull();
  way.leave(page);
  expect(page.hoverOn('a')).toBeNull();
});

test('live it does not go to what has not been shown', () => {
  const { page, tick, way } = walked();
  tick(2500, 2_500_000, [{ seq: 9, t: 2_450_000, type: 'process.resumed', peer: 'worker-1' }]);
  expect(page.log.endAt).toBe(2_500_000);
  expect(page.t).toBeLessThan(2_450_000);
  expect(way.go(page, indexOf(page.log), 1)).toBeNull();
  page.hold();
  expect(way.go(page, indexOf(page.log), 1)).toBe(2_450_000);
});

test('a bar is read as truth, belief, and what is between them', () => {
  const { page, index } = walked();
  index.settle(page.log, page.t);
  const spans = index.lanes.get('worker-1')?.spans;
  const span = spans?.at(1_900_000) ?? -1;
  const lines = underText(page, index, { type: 'bar', t: 1_900_000, peer: 'worker-1', seq: 8, span }, page.t);
  expect(lines).toEqual(['worker 1', 'frozen for 0.5 s', 'not listed']);
});
