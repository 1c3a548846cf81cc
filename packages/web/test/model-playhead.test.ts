// The clock and the playhead: late batches, sleeping pages, hands on the space bar.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BridgeClock } from '../src/model/clock.ts';
import { Playhead } from '../src/model/playhead.ts';
import { faster, placeOf, SLOWEST, STOPS, slower, speedAt, speedText } from '../src/model/speed.ts';

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

const EVER = { startAt: 0, endAt: 9e9 };

const at1s = (): Playhead => {
  const playhead = new Playhead();
  playhead.set(1_000_000);
  playhead.advance(0, 1_000_000, EVER);
  return playhead;
};

describe('the playhead', () => {
  test('stays within what is known and never goes back by itself, whatever the clock, the window and the hands do', () => {
    const frame = fc.record({
      gap: fc.nat(400),
      error: fc.integer({ min: -900_000, max: 900_000 }),
      ahead: fc.nat(500_000),
      dropped: fc.nat(200_000),
      hand: fc.constantFrom('none', 'none', 'hold', 'play', 'slow', 'fast', 'live'),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 80 }), (frames) => {
        const playhead = new Playhead();
        let at = 0;
        let known = { startAt: 0, endAt: 0 };
        for (const { gap, error, ahead, dropped, hand } of frames) {
          at += gap;
          const endAt = Math.max(known.endAt, at * 1000 - ahead);
          known = { startAt: Math.min(endAt, known.startAt + dropped), endAt };
          if (hand === 'hold') playhead.hold();
          if (hand === 'play') playhead.play();
          if (hand === 'slow') playhead.setSpeed(1 / 50);
          if (hand === 'fast') playhead.setSpeed(8);
          if (hand === 'live') playhead.goLive();
          const before = playhead.t;
          const t = playhead.advance(at, at * 1000 - 400_000 + error, known);
          expect(t).toBeGreaterThanOrEqual(Math.max(before, known.startAt));
          expect(t).toBeLessThanOrEqual(known.endAt);
          if (playhead.mode === 'held') expect(t).toBe(Math.max(before, known.startAt));
        }
      }),
    );
  });

  test('a small error is made good gently', () => {
    const t = at1s().advance(16, 1_116_000, EVER);
    expect(t).toBeGreaterThan(1_016_000);
    expect(t).toBeLessThan(1_020_000);
  });

  test('after a sleep it jumps', () => {
    expect(at1s().advance(16, 90_000_000, EVER)).toBe(90_000_000);
  });

  test('held it stands; resumed it plays on behind, at the pace of the clock', () => {
    const playhead = at1s();
    playhead.hold();
    expect(playhead.advance(5000, 6_000_000, EVER)).toBe(1_000_000);
    playhead.play();
    expect(playhead.advance(5100, 6_100_000, EVER)).toBe(1_100_000);
    expect(playhead.mode).toBe('behind');
  });

  test('made slower than time it falls behind, and keeps the fractions of a microsecond', () => {
    const playhead = at1s();
    playhead.setSpeed(1 / 1000);
    expect(playhead.mode).toBe('behind');
    for (let frame = 1; frame <= 600; frame++) playhead.advance((frame * 1000) / 60, 1e6 + (frame * 1e6) / 60, EVER);
    expect(playhead.t).toBeCloseTo(1_010_000, -1);
  });

  test('faster than time it catches up, and is then live at x 1 without having been ahead', () => {
    const playhead = at1s();
    playhead.play();
    playhead.setSpeed(4);
    let at = 0;
    while (playhead.mode === 'behind' && at < 10_000) {
      at += 16;
      expect(playhead.advance(at, 4_000_000 + at * 1000, EVER)).toBeLessThanOrEqual(4_000_000 + at * 1000);
    }
    expect([playhead.mode, playhead.speed]).toEqual(['live', 1]);
    expect(at).toBeGreaterThan(960);
    expect(at).toBeLessThan(1010);
  });

  test('live there is nothing to be faster for', () => {
    const playhead = at1s();
    playhead.setSpeed(8);
    expect([playhead.mode, playhead.speed]).toEqual(['live', 1]);
  });

  test.each([1 / 1000, 1, 16])('stops exactly where it was told to, at speed %s', (speed) => {
    const playhead = at1s();
    playhead.play();
    playhead.setSpeed(speed);
    playhead.stopAt = 1_000_777;
    for (let at = 16; at < 2000; at += 16) playhead.advance(at, 60_000_000, EVER);
    expect([playhead.t, playhead.mode, playhead.stopAt]).toEqual([1_000_777, 'held', null]);
  });

  test('live as well it stops there, even after a sleep', () => {
    const playhead = at1s();
    playhead.stopAt = 1_300_001;
    expect(playhead.advance(60_000, 61_000_000, EVER)).toBe(1_300_001);
    expect(playhead.mode).toBe('held');
  });
});

describe('the scale of speeds', () => {
  test('goes there and back, and finds x 1 again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (place) => {
        expect(Math.abs(placeOf(speedAt(place)) - place)).toBeLessThan(0.026);
      }),
    );
    expect([speedAt(0), speedAt(placeOf(1) + 0.02), speedAt(1)]).toEqual([1 / 1000, 1, 16]);
  });

  test('its stops lead from end to end and back', () => {
    let speed = SLOWEST;
    for (let i = 1; i < STOPS.length; i++) speed = faster(speed);
    expect(speed).toBe(16);
    for (let i = 1; i < STOPS.length; i++) speed = slower(speed);
    expect(speed).toBe(SLOWEST);
  });

  test('reads as people say it', () => {
    expect([1 / 1000, 0.05, 0.35, 1, 2.5, 16].map(speedText)).toEqual([
      '×1/1000',
      '×1/20',
      '×1/2.9',
      '×1',
      '×2.5',
      '×16',
    ]);
  });
});
