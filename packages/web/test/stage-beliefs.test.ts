// Both sides of liveness in words: what is read aloud of a worker says what the queue believes, what the worker believes, and what is true.

import { describe, expect, test } from 'vitest';
import { type StageView, scene } from '../src/stage/scene.ts';
import { readAloud } from '../src/stage/targets.ts';
import { eventsOf, logOf, VIEW } from './stage-world.ts';

/** Two idle workers; one way of the first one's link is cut at 5 s. */
const cut = (direction: 'toQueue' | 'fromQueue') => {
  const fault = { id: 'f1', kind: 'partition', selector: { direction }, seed: 2 } as const;
  const steps = [[5, { type: 'fault.apply', link: 'worker-1', fault }]] as const;
  return logOf(eventsOf({ workers: 2, clients: 0, seconds: 14, steps }), 14);
};

function labelAt(log: ReturnType<typeof cut>, t: number, view: StageView = VIEW): string {
  const { targets } = readAloud(log, t, view, scene(log, t, view));
  const found = targets.find(({ selection }) => selection.type === 'peer' && selection.peer === 'worker-1');
  return found?.label ?? '';
}

/** Each belief in the order it is first told. */
function told(log: ReturnType<typeof cut>, pattern: RegExp, view: StageView = VIEW): string[] {
  const said: string[] = [];
  for (let t = 4.9e6; t < 14e6; t += 100_000) {
    const found = labelAt(log, t, view).match(pattern)?.[0];
    if (found !== undefined && said.at(-1) !== found) said.push(found);
  }
  return said;
}

const ZH: StageView = { ...VIEW, locale: 'zh' };

describe('the queue stops hearing a worker, which still hears the queue', () => {
  const log = cut('toQueue');

  test('before the cut both believe', () => {
    expect(labelAt(log, 4.9e6)).toMatch(/The queue lists it .*expires in .*Its belief in the queue: 3 of 3\./);
  });

  test('the queue forgets it while it goes on to believe', () => {
    const label = labelAt(log, 8.2e6);
    expect(label).toMatch(
      /^worker 1, not listed\. The queue does not list it\. The queue last heard it [34]\.\d s ago\./,
    );
    expect(label).toContain('Its belief in the queue: 3 of 3.');
  });

  test('forgotten, it is sent no beats: then it loses its belief as well, and until then the two differ', () => {
    expect(labelAt(log, 9.5e6)).toMatch(
      /does not list it\..*Its belief in the queue: [12] of 3\. Belief and truth differ for/,
    );
    expect(told(log, /Its belief in the queue: \d of 3/).slice(0, 3)).toEqual(
      [3, 2, 1].map((n) => `Its belief in the queue: ${n} of 3`),
    );
    expect(told(log, /no longer believes/)).toHaveLength(1);
  });

  test('in Chinese too', () => {
    const label = labelAt(log, 8.2e6, ZH);
    expect(label).toMatch(
      /^工作者 1，未列出。队列没有列出它。队列最后一次听到它是 [34]\.\d 秒前。它对队列的信任：3 \/ 3。/,
    );
    expect(labelAt(log, 9.5e6, ZH)).toContain('信念与事实不符');
  });
});

describe('a worker stops hearing the queue, which still hears it', () => {
  const log = cut('fromQueue');

  test('its belief goes down beat by beat while the queue lists and refreshes it', () => {
    expect(told(log, /Its belief in the queue: \d of 3/).slice(0, 3)).toEqual(
      [3, 2, 1].map((left) => `Its belief in the queue: ${left} of 3`),
    );
    expect(labelAt(log, 6.9e6)).toMatch(
      /The queue lists it .*expires in [23]\.\d s\. Its belief in the queue: [12] of 3\./,
    );
  });

  test('then it gives up, and the queue still lists who it was', () => {
    const label = told(log, /.*no longer believes.*/)[0] ?? '';
    expect(label).toMatch(/^worker 1, reconnecting in \d s\. The queue lists it/);
    expect(label).toMatch(/It no longer believes in the queue and reconnects in \d s\. Belief and truth differ/);
  });

  test('in Chinese too', () => {
    expect(told(log, /它对队列的信任：\d \/ 3/, ZH).slice(0, 3)).toEqual(
      [3, 2, 1].map((n) => `它对队列的信任：${n} / 3`),
    );
    const label = told(log, /.*不再信任.*/, ZH)[0] ?? '';
    expect(label).toMatch(/队列把它列在.*它不再信任队列，\d 秒后重连。信念与事实不符/);
  });
});

describe('a worker that was given another request while it works', () => {
  const plan = { workers: 2, clients: 3, everyMs: 3000, workMs: 1500, restless: true, seconds: 10 };
  const words = (rules: 'listing' | 'guide' | 'robust', view: StageView) => {
    const log = logOf(eventsOf({ ...plan, rules }), plan.seconds);
    return told(log, view === ZH ? /正在处理 #\d+，又被派给 #\d+/ : /busy #\d+, given #\d+/, view);
  };

  test.each([VIEW, ZH])('is said to have both, by the rules of the guide', (view) => {
    const said = words('guide', view);
    expect(said.length).toBeGreaterThan(0);
    for (const text of said) {
      const [works, given] = text.match(/\d+/g) ?? [];
      expect(given).not.toBe(works);
    }
  });

  test.each(['listing', 'robust'] as const)('never, by those of %s', (rules) => {
    expect(words(rules, VIEW)).toEqual([]);
  });
});
