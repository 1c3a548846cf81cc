// The clock and the playhead: late batches, sleeping pages, hands on the space bar.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BridgeClock } from '../src/model/clock.ts';
import { Playhead } from '../src/model/playhead.ts';

describe('the clock', () => {
  test('believes the batch that was least late', () => {
    const clock = new BridgeClock();
    clock.observe(1_000_000, 100);
    clock.observe(1_100_000, 260);
    expect(clock.now(300)).toBe(1_200_000);
  });

  test('forgets it after a while, so that drift is followed', () => {
    const clock = new BridgeClock();
    clock.observe(1_000_000, 0);
    clock.observe(13_000_000 - 50_000, 12_000);
    expect(clock.now(12_000)).toBe(12_950_000);
  });

  test('knows nothing before it heard something', () => {
    expect(new BridgeClock().now(5)).toBeNull();
  });
});

describe('the playhead', () => {
  test('live it never goes back, nor past what is known, whatever the clock says', () => {
    const frame = fc.record({
      gap: fc.nat(400),
      error: fc.integer({ min: -900_000, max: 900_000 }),
      ahead: fc.nat(500_000),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
        const playhead = new Playhead();
        let at = 0;
        let last = 0;
        let endAt = 0;
        for (const { gap, error, ahead } of frames) {
          at += gap;
          endAt = Math.max(endAt, at * 1000 - ahead);
          const t = playhead.advance(at, at * 1000 - 400_000 + error, endAt);
          expect(t).toBeGreaterThanOrEqual(last);
          expect(t).toBeLessThanOrEqual(Math.max(endAt, 0));
          last = t;
        }
      }),
    );
  });

  test('a small error is made good gently', () => {
    const playhead = new Playhead();
    playhead.set(1_000_000);
    playhead.advance(0, 1_000_000, 9e9);
    const t = playhead.advance(16, 1_116_000, 9e9);
    expect(t).toBeGreaterThan(1_016_000);
    expect(t).toBeLessThan(1_020_000);
  });

  test('after a sleep it jumps', () => {
    const playhead = new Playhead();
    playhead.set(1_000_000);
    playhead.advance(0, 1_000_000, 9e9);
    expect(playhead.advance(16, 90_000_000, 9e9)).toBe(90_000_000);
  });

  test('held it stands; resumed it plays on behind, at the pace of the clock', () => {
    const playhead = new Playhead();
    playhead.set(1_000_000);
    playhead.advance(0, 1_000_000, 9e9);
    playhead.mode = 'held';
    expect(playhead.advance(5000, 6_000_000, 9e9)).toBe(1_000_000);
    playhead.mode = 'behind';
    expect(playhead.advance(5100, 6_100_000, 9e9)).toBe(1_100_000);
    expect(playhead.mode).toBe('behind');
  });
});
