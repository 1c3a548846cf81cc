// How little the log takes, counted in its own account of bytes; the bench compares that account with what a browser says.

import { apply, emptyState } from '@crows-nest/protocol';
import { LoopedRun } from '@crows-nest/protocol/sim';
import { describe, expect, test } from 'vitest';
import { CROWD, DEMO, simulate } from '../bench/runs.ts';
import { Chunks } from '../src/model/chunks.ts';
import { LOG_WINDOW, TraceLog } from '../src/model/log.ts';

const FEW = 50_000;
const MANY = 150_000;

describe('two million facts in 60 MB', () => {
  test.each([
    ['10 workers and 4 clients', { ...DEMO, seconds: 60 }],
    ['60 workers and 8 clients', { ...CROWD, seconds: 15 }],
  ])('of %s', { timeout: 60_000 }, (_, crowd) => {
    const looped = new LoopedRun(simulate(crowd));
    const log = new TraceLog({ windowBytes: 1e9 });
    log.append(looped.take(FEW), 0);
    const few = log.bytes;
    log.append(looped.take(MANY - FEW), 0);
    const eachFact = (log.bytes - few) / (MANY - FEW);
    const twoMillion = few + eachFact * (2_000_000 - FEW);
    expect(log.size).toBe(MANY);
    expect(eachFact).toBeLessThan(30);
    expect(twoMillion).toBeLessThan(LOG_WINDOW.windowBytes);
    expect(LOG_WINDOW.windowBytes).toBeLessThan(60e6);
  });

  test('and when they take more, the oldest go', { timeout: 60_000 }, () => {
    const looped = new LoopedRun(simulate({ ...DEMO, seconds: 60 }));
    const log = new TraceLog({ windowBytes: 8_000_000 });
    for (let i = 0; i < 20; i++) {
      log.append(looped.take(10_000), 0);
      expect(log.bytes).toBeLessThanOrEqual(8_000_000);
    }
    expect(log.size).toBeGreaterThan(50_000);
    expect(log.droppedBefore).toBe(log.startAt);
    expect(log.between(Number.NEGATIVE_INFINITY, log.startAt)).toEqual([]);
  });
});

test('a seek goes over few facts: keyframes are close', { timeout: 60_000 }, () => {
  const run = simulate({ ...DEMO, seconds: 60 });
  const chunks = new Chunks(LOG_WINDOW);
  const state = emptyState();
  for (const event of run) {
    chunks.push(event, state);
    apply(state, event);
  }
  for (let index = 0; index < run.length; index += 97) {
    expect(index - chunks.keyframeFor(index).index).toBeLessThan(1.5 * LOG_WINDOW.keyframeFacts);
  }
});
