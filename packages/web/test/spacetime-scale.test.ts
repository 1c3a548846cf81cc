import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cut, QUIET_US, Quiet } from '../src/spacetime/quiet.ts';
import { along, CUT_PX, project, timeScale, unproject } from '../src/spacetime/time-scale.ts';

const LEFT = 118;
const NOW_X = 1450;
const RIGHT = 1516;

/** Silences of a run: the times at which something other than a beat happened. */
const disturbed = fc.array(fc.integer({ min: 1, max: 40_000_000 }), { minLength: 1, maxLength: 25 }).map((lengths) => {
  let t = 0;
  return lengths.map((length) => {
    t += length;
    return t;
  });
});

const looks = fc.record({
  times: disturbed,
  playhead: fc.double({ min: 0, max: 1.2, noNaN: true }),
  anchor: fc.double({ min: 0, max: 1.1, noNaN: true }),
  spanUs: fc.integer({ min: 2_000, max: 400_000_000 }),
});

function scaleOf({ times, playhead, anchor, spanUs }: typeof looks extends fc.Arbitrary<infer L> ? L : never) {
  const quiet = new Quiet(0);
  for (const t of times) quiet.disturb(t);
  const endAt = times.at(-1) ?? 0;
  const t = Math.round(playhead * endAt);
  const at = { t: Math.round(anchor * endAt), x: NOW_X };
  return { quiet, t, endAt, scale: timeScale(quiet, at, (NOW_X - LEFT) / spanUs, [LEFT, RIGHT], t, 0) };
}

const seeds = { numRuns: 300 };

describe('the scale of time', () => {
  test('is monotone, and each way is the other way back', () => {
    fc.assert(
      fc.property(looks, fc.array(fc.double({ min: -500, max: 2000, noNaN: true }), { maxLength: 30 }), (look, xs) => {
        const { scale } = scaleOf(look);
        const sorted = [...xs].sort((a, b) => a - b);
        const times = sorted.map((x) => unproject(scale, x));
        for (let i = 1; i < times.length; i++) {
          if ((sorted[i] as number) - (sorted[i - 1] as number) < 1e-6) continue;
          expect(times[i]).toBeGreaterThanOrEqual(times[i - 1] as number);
        }
        const step = along(scale);
        for (const [i, x] of sorted.entries()) {
          expect(Math.abs(project(scale, times[i] as number) - x)).toBeLessThan(1e-3);
          expect(step(times[i] as number)).toBe(project(scale, times[i] as number));
        }
      }),
      seeds,
    );
  });

  test('what is near the anchor is to scale, and a cut is never wider than what it stands for', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const { scale } = scaleOf(look);
        for (const { from, to, x, widthPx } of scale.cuts) {
          expect(widthPx).toBe(CUT_PX);
          expect((to - from) * scale.pxPerUs).toBeGreaterThanOrEqual(CUT_PX - 1e-6);
          expect(project(scale, from)).toBeCloseTo(x, 5);
          expect(project(scale, to)).toBeCloseTo(x + widthPx, 5);
        }
      }),
      seeds,
    );
  });

  test('a cut holds no event and keeps its distance from the playhead', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const { quiet, t } = scaleOf(look);
        const cuts: Cut[] = [];
        quiet.each(t, 0, 0, 1, (cut) => cuts.push(cut) > 0);
        for (const { from, to } of cuts) {
          expect(look.times.some((at) => at >= from && at <= to)).toBe(false);
          expect(t < from ? from - t : t - to).toBeGreaterThanOrEqual(QUIET_US);
          const before = Math.max(0, ...look.times.filter((at) => at < from));
          const after = Math.min(Number.POSITIVE_INFINITY, ...look.times.filter((at) => at > to));
          expect(Math.min(after, t > before ? Math.max(t, to) : after) - before).toBeGreaterThan(QUIET_US);
        }
        const back: Cut[] = [];
        quiet.each(t, 0, Number.MAX_SAFE_INTEGER, -1, (cut) => back.push(cut) > 0);
        expect(back.reverse()).toEqual(cuts);
      }),
      seeds,
    );
  });

  test('live, nothing jumps: from frame to frame each time moves at most as far as time went by', () => {
    const quiet = new Quiet(0);
    for (const t of [1e6, 2e6, 12e6, 12.4e6, 30e6]) quiet.disturb(t);
    const pxPerUs = (NOW_X - LEFT) / 20e6;
    const frame = 16_667;
    let before: ReturnType<typeof timeScale> | null = null;
    for (let t = 2e6; t < 60e6; t += frame) {
      const scale = timeScale(quiet, { t, x: NOW_X }, pxPerUs, [LEFT, RIGHT], t, 0);
      for (const at of before ? [1e6, 5e6, 11e6, 12.2e6, 20e6, 29e6] : []) {
        const moved = project(before as typeof scale, at) - project(scale, at);
        expect(moved).toBeGreaterThanOrEqual(-1e-6);
        expect(moved).toBeLessThanOrEqual(frame * pxPerUs + 1e-6);
      }
      before = scale;
    }
  });

  test('what is forgotten is not cut', () => {
    const quiet = new Quiet(0);
    for (const t of [1e6, 20e6, 40e6]) quiet.disturb(t);
    quiet.forget(20e6);
    const cuts: Cut[] = [];
    quiet.each(60e6, 20e6, 0, 1, (cut) => cuts.push(cut) > 0);
    expect(cuts.map(({ from }) => from)).toEqual([20.25e6, 40.25e6]);
  });
});
