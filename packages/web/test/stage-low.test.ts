// Low and narrow stages: what has no room in the queue's panel is left out.

import { describe, expect, test } from 'vitest';
import type { Box2, TextMark } from '../src/stage/marks.ts';
import { type Scene, type StageView, scene } from '../src/stage/scene.ts';
import { boxOf } from '../src/stage/text-width.ts';
import { eventsOf, logOf, TROUBLE, VIEW } from './stage-world.ts';
import './stage-words-here.ts';

const overlap = (a: Box2, b: Box2): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const said = ({ runs }: TextMark): string => runs.map(({ text }) => text).join('');

/** With the letters' own space, as section names have it. */
function boxWithSpaces(mark: TextMark): Box2 {
  const box = boxOf(mark);
  return { ...box, width: box.width + (mark.spacingPx ?? 0) * said(mark).length };
}

const SIZES: readonly (readonly [width: number, height: number])[] = [
  [390, 457],
  [420, 520],
  [768, 512],
  [1280, 335],
  [1280, 218],
  [1516, 584],
];
const views = SIZES.flatMap(([width, height]) =>
  (['en', 'zh'] as const).map((locale): StageView => ({ ...VIEW, width, height, locale })),
);
const named = ({ width, height, locale }: StageView) => `${width} × ${height} ${locale}`;

const runs = [4, 5].map((workers) => logOf(eventsOf({ ...TROUBLE, workers }), TROUBLE.seconds));
const times = Array.from({ length: 40 }, (_, i) => 1_000_000 + i * 320_000);

function forEachScene(view: StageView, check: (made: Scene, where: string) => void): void {
  for (const [run, log] of runs.entries())
    for (const t of times) check(scene(log, t, view), `run ${run} at ${t / 1e6} s`);
}

describe.each(views.map((view) => [named(view), view] as const))('%s', (_, view) => {
  test('nothing in the queue’s panel leaves it, and no two of its words meet', () => {
    forEachScene(view, ({ queue }, where) => {
      if (!queue) return;
      const boxes = queue.texts.map((mark) => ({ text: said(mark), ...boxWithSpaces(mark) }));
      for (const [i, box] of boxes.entries()) {
        expect(box.y + box.height, `${where}: ${box.text}`).toBeLessThan(queue.y + queue.height + 1);
        expect(box.x + box.width, `${where}: ${box.text}`).toBeLessThan(queue.x + queue.width + 1);
        const met = boxes.slice(i + 1).filter((other) => overlap(box, other));
        expect(
          met.map(({ text }) => `${box.text} / ${text}`),
          where,
        ).toEqual([]);
      }
      for (const y of queue.rules) expect(y, where).toBeLessThan(queue.y + queue.height);
    });
  });
});
