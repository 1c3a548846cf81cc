// What lies between the stage and a person: the way arrow keys lead, what is said aloud.

import type { TraceEvent } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { ANNOUNCE_MS, Announcer } from '../src/model/announce.ts';
import { neighbour } from '../src/model/navigate.ts';
import { Overlay } from '../src/panels/overlay.svelte.ts';
import type { Target } from '../src/stage/scene.ts';

const box = (x: number, y: number, size = 20) => ({ x, y, width: size, height: size });

describe('arrow keys on the stage', () => {
  const [client, queue, upper, lower] = [0, 1, 2, 3];
  const boxes = [box(0, 100), box(100, 100), box(200, 40), box(200, 160)];

  test('lead to the nearest thing in their direction', () => {
    expect(neighbour(boxes, client, 'right')).toBe(queue);
    expect(neighbour(boxes, upper, 'down')).toBe(lower);
    expect(neighbour(boxes, upper, 'left')).toBe(queue);
  });

  test('lead on in reading order where there is nothing', () => {
    expect(neighbour(boxes, lower, 'right')).toBe(client);
    expect(neighbour(boxes, client, 'left')).toBe(lower);
  });

  test('reach everything from everywhere', () => {
    for (const start of boxes.keys()) {
      const reached = new Set([start]);
      for (const from of reached) {
        for (const heading of ['up', 'down', 'left', 'right'] as const) reached.add(neighbour(boxes, from, heading));
      }
      expect([...reached].sort()).toEqual([client, queue, upper, lower]);
    }
  });
});

describe('the overlay', () => {
  const target = (peer: string, label: string, x: number): Target => ({
    selection: { type: 'peer', peer },
    label,
    ...box(x, 0),
  });

  test('follows places at once, and what is read aloud at most once a second', () => {
    const overlay = new Overlay();
    overlay.show([target('worker-1', 'ready', 0)], 'all calm', 0, 'en');
    overlay.show([target('worker-1', 'busy', 9), target('worker-2', 'new', 50)], 'a storm', 300, 'en');
    expect(overlay.items.map(({ label, x }) => [label, x])).toEqual([
      ['ready', 9],
      ['new', 50],
    ]);
    expect(overlay.summary).toBe('all calm');
    overlay.show([target('worker-1', 'busy', 9)], 'a storm', 1000, 'en');
    expect([overlay.items[0]?.label, overlay.summary]).toEqual(['busy', 'a storm']);
  });

  test('has one Tab stop, which survives that its thing leaves', () => {
    const overlay = new Overlay();
    overlay.show([target('worker-1', 'a', 0), target('worker-2', 'b', 50)], '', 0, 'en');
    expect(overlay.stop).toBe('peer:worker-1');
    expect(overlay.move('right')).toBe('peer:worker-2');
    overlay.show([target('worker-1', 'a', 0)], '', 200, 'en');
    expect(overlay.stop).toBe('peer:worker-1');
  });
});

describe('what is said aloud', () => {
  const fact = (more: object): TraceEvent => ({ seq: 0, t: 0, ...more }) as TraceEvent;
  const lost = fact({ type: 'message.lost', link: 'worker-1', msg: 1, cause: 'process' });
  const died = fact({ type: 'process.exited', peer: 'worker-1', code: null, signal: 'SIGKILL' });

  test('is silent in a calm run', () => {
    const announcer = new Announcer();
    announcer.hear([fact({ type: 'work.finished', peer: 'worker-1' })]);
    expect(announcer.speak(0)).toEqual([]);
  });

  test('makes one sentence of a burst, and takes its time before the next', () => {
    const announcer = new Announcer();
    announcer.hear([died, lost, lost]);
    expect(announcer.speak(0)).toEqual([
      { type: 'exited', peer: 'worker-1' },
      { type: 'lost', count: 2 },
    ]);
    announcer.hear([lost]);
    expect(announcer.speak(ANNOUNCE_MS - 1)).toEqual([]);
    announcer.hear([lost]);
    expect(announcer.speak(ANNOUNCE_MS)).toEqual([{ type: 'lost', count: 2 }]);
  });
});
