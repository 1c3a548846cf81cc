import { describe, expect, test } from 'vitest';
import { lanePoints, makeCurve, pointAt } from '../src/stage/curve.ts';
import { type Arrangement, arrange } from '../src/stage/layout.ts';

const SIZES: readonly (readonly [number, number])[] = [
  [1516, 584],
  [1040, 480],
  [700, 520],
  [1920, 960],
];
const WORKERS = [0, 1, 2, 3, 5, 7, 8, 10, 14, 15, 24, 37, 60, 61, 85, 100];
const CLIENTS = [0, 1, 2, 4, 8, 9, 15, 20];

function* cases(): Generator<Arrangement> {
  for (const [width, height] of SIZES) {
    for (const n of WORKERS) for (const m of CLIENTS) yield arrange(width, height, n, m);
  }
}

describe('the layout', () => {
  test('[V1] is a function of the size and the counts', () => {
    const before = [...cases()].map((a) => JSON.stringify(a));
    for (let n = 0; n < 120; n++) arrange(333, 444, n, 3);
    const after = [...cases()].reverse().map((a) => JSON.stringify(a));
    expect(after.reverse()).toEqual(before);
  });

  test('gives everybody a place on the stage', () => {
    for (const a of cases()) {
      const outside = [...a.workers, ...a.clients].filter(({ x, y, scale }) => {
        const half = 28 * scale;
        return !(x > half && x < a.width - half && y > half && y < a.height - half);
      });
      expect(outside, `${a.width}×${a.height}, ${a.workers.length}, ${a.clients.length}`).toEqual([]);
    }
  });

  test('lets no two glyphs touch, and none touch the queue', () => {
    const touching: string[] = [];
    for (const a of cases()) {
      const label = `${a.width}×${a.height}, ${a.workers.length} workers, ${a.clients.length} clients`;
      const check = (fine: boolean, what: string): void => {
        if (!fine) touching.push(`${label}: ${what}`);
      };
      a.workers.forEach((one, i) => {
        for (const other of a.workers.slice(i + 1)) {
          check(Math.hypot(one.x - other.x, one.y - other.y) >= 88 * one.scale - 0.5, `worker ${i + 1}`);
        }
        check(one.x - 47.6 * one.scale > a.queue.x + a.queue.width, `worker ${i + 1} and the queue`);
      });
      a.clients.forEach((one, i) => {
        for (const other of a.clients.slice(i + 1)) {
          const apart = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));
          check(apart >= 56 * one.scale - 0.5, `client ${i + 1}`);
        }
        check(one.x + 28 * one.scale < a.door.x - a.door.lengthPx, `client ${i + 1} and the door`);
      });
    }
    expect(touching).toEqual([]);
  });

  test('keeps the order of ports, so that links leave the queue without crossing there', () => {
    for (const a of cases()) {
      if (a.form === 'grid') continue;
      const ports = a.workers.map(({ portY }) => portY);
      const heights = a.workers.map(({ y }) => y);
      for (const list of [ports, heights]) expect(list).toEqual([...list].sort((one, other) => one - other));
    }
  });
});

describe('a curve', () => {
  const curve = makeCurve(10, 20, 400, 220);

  test('is walked at constant speed', () => {
    const steps = Array.from({ length: 101 }, (_, i) => pointAt(curve, i / 100));
    const lengths = steps.slice(1).map((p, i) => Math.hypot(p.x - (steps[i]?.x ?? 0), p.y - (steps[i]?.y ?? 0)));
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.02);
  });

  test('starts and ends where it should, with lanes on either side', () => {
    expect(pointAt(curve, 0)).toMatchObject({ x: 10, y: 20 });
    expect(pointAt(curve, 1)).toMatchObject({ x: 400, y: 220 });
    const upper = lanePoints(curve, -6.5);
    const lower = lanePoints(curve, 6.5);
    expect(upper).toHaveLength(lower.length);
    for (let i = 1; i < upper.length; i += 2) expect(upper[i]).toBeLessThan(lower[i] ?? 0);
  });
});
