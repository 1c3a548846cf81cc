import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carries, coneOf, inCone, type Passing } from '../src/spacetime/cone.ts';

const passings = fc.array(
  fc
    .record({
      from: fc.integer({ min: 0, max: 4 }),
      to: fc.integer({ min: 0, max: 4 }),
      sentAt: fc.integer({ min: 0, max: 100 }),
      length: fc.integer({ min: 1, max: 30 }),
      lost: fc.boolean(),
    })
    .map(({ length, lost, ...rest }): Passing => {
      return { ...rest, readAt: lost ? Number.POSITIVE_INFINITY : rest.sentAt + length };
    }),
  { maxLength: 40 },
);

/** All places that can be reached by walking on in time and along messages, found the slow way. */
function reached(lane: number, t: number, all: readonly Passing[], on: boolean): Map<number, number> {
  const best = new Map([[lane, t]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to, sentAt, readAt } of all) {
      if (readAt === Number.POSITIVE_INFINITY) continue;
      const [a, at, b, then] = on ? [from, sentAt, to, readAt] : [to, readAt, from, sentAt];
      const here = best.get(a);
      if (here === undefined || (on ? at < here : at > here)) continue;
      const there = best.get(b);
      if (there !== undefined && (on ? there <= then : there >= then)) continue;
      best.set(b, then);
      changed = true;
    }
  }
  return best;
}

test('the cone is all that happened before, and all that can have come of it', () => {
  fc.assert(
    fc.property(passings, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 130 }), (all, lane, t) => {
      const cone = coneOf(lane, t, all);
      expect(new Map(cone.after)).toEqual(reached(lane, t, all, true));
      expect(new Map(cone.before)).toEqual(reached(lane, t, all, false));
    }),
    { numRuns: 500 },
  );
});

test('a message carries influence when both its ends are in the cone, on the same side', () => {
  const all: Passing[] = [
    { from: 0, to: 1, sentAt: 1, readAt: 3 },
    { from: 1, to: 2, sentAt: 5, readAt: 7 },
    { from: 1, to: 2, sentAt: 2, readAt: 6 },
    { from: 2, to: 0, sentAt: 8, readAt: 9 },
    { from: 0, to: 2, sentAt: 6, readAt: 8 },
  ];
  const cone = coneOf(1, 4, all);
  expect(all.map((passing) => carries(cone, passing))).toEqual([true, true, false, true, false]);
  expect(inCone(cone, 0, 1)).toBe(true);
  expect(inCone(cone, 0, 5)).toBe(false);
  expect(inCone(cone, 0, 9)).toBe(true);
});

test('a lost message tells nobody anything', () => {
  const cone = coneOf(0, 0, [{ from: 0, to: 1, sentAt: 1, readAt: Number.POSITIVE_INFINITY }]);
  expect(cone.after.has(1)).toBe(false);
});
