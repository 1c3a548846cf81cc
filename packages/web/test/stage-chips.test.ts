// The chips of faults: where they stand, and the time they say.

import { expect, test } from 'vitest';
import type { Box2 } from '../src/stage/marks.ts';
import { scene } from '../src/stage/scene.ts';
import { boxOf } from '../src/stage/text-width.ts';
import { eventsOf, logOf, TROUBLE, VIEW } from './stage-world.ts';

const overlap = (a: Box2, b: Box2): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('on a stage with room no chip covers the legend, a glyph, the queue or another chip', () => {
  const log = logOf(eventsOf({ ...TROUBLE, workers: 5 }), TROUBLE.seconds);
  let count = 0;
  for (let t = 1_000_000; t < TROUBLE.seconds * 1e6; t += 160_000) {
    const { chips, workers, clients, queue, notes } = scene(log, t, VIEW);
    const glyphs = workers.map(({ x, y, scale }) => ({
      ...{ x: x - 44 * scale, y: y - 44 * scale, width: 88 * scale, height: 88 * scale },
    }));
    const others: Box2[] = [...glyphs, ...clients, ...(queue ? [queue] : []), ...notes.texts.map(boxOf)];
    for (const [i, chip] of chips.entries()) {
      count++;
      expect(
        [...others, ...chips.slice(i + 1)].filter((other) => overlap(chip, other)),
        `at ${t / 1e6} s`,
      ).toEqual([]);
    }
  }
  expect(count).toBeGreaterThan(50);
});

test('a ring says what is left of its time, second by second; what is pinned has none', () => {
  const fault = { kind: 'delay', selector: {}, extraMs: 10, seed: 1 } as const;
  const events = eventsOf({
    ...{ workers: 2, clients: 1, seconds: 8 },
    steps: [
      [2, { type: 'fault.apply', link: 'client-1', fault: { ...fault, id: 'f1', untilAt: 7_000_000 } }],
      [2, { type: 'fault.apply', link: 'worker-1', fault: { ...fault, id: 'f2' } }],
    ],
  });
  const log = logOf(events, 8);
  const ringsAt = (t: number) => scene(log, t, VIEW).chips.map(({ ring }) => ring?.share ?? null);
  expect(ringsAt(1_900_000)).toEqual([]);
  const rings = [2_500_000, 4_500_000, 6_500_000].map(ringsAt);
  for (const shares of rings) expect(shares.filter((share) => share === null)).toHaveLength(1);
  const left = rings.map((shares) => shares.find((share) => share !== null) ?? Number.NaN);
  expect(left.map((share) => Math.round(share * 10) / 10)).toEqual([0.9, 0.5, 0.1]);
  const words = scene(log, 4_500_000, VIEW).chips.flatMap(({ texts }) => texts[0]?.runs[0]?.text ?? '');
  expect(words.filter((text) => text.includes('3 s'))).toHaveLength(1);
});
