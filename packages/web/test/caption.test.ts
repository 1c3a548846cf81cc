// Captions: the most telling thing at t, a pure function of (log, t), in two languages.

import type { TraceEvent } from '@crows-nest/protocol';
import type { Action } from '@crows-nest/protocol/sim';
import { describe, expect, test } from 'vitest';
import { caption } from '../src/model/caption.ts';
import { type Caption, captionKey, namedPeers } from '../src/model/caption-data.ts';
import type { TraceLog } from '../src/model/log.ts';
import { WORDS } from '../src/stage/words.ts';
import { plain } from '../src/words/caption-parts.ts';
import { CAPTION_WORDS } from '../src/words/caption-words.ts';
import { eventsOf, logOf, TROUBLE } from './stage-world.ts';
import { logOfScenario, logOfStory } from './why-runs.ts';

type Locale = 'en' | 'zh';
const said = (log: TraceLog, seconds: number, locale: Locale = 'en'): string => {
  const found = caption(log, seconds * 1e6);
  return found ? plain(CAPTION_WORDS[locale].parts(found, WORDS[locale].name)) : '';
};
const worker = (n: number, knobs: object = {}): Action => ({ type: 'worker.add', peer: `worker-${n}`, ...knobs });
const three: readonly (readonly [number, Action])[] = [
  [0, worker(1)],
  [20, worker(2)],
  [40, worker(3)],
];

describe('what is told', () => {
  test('an empty stage says nothing, a queue alone that requests will wait', () => {
    expect(caption(logOf([], 1), 0)).toBeNull();
    expect(said(logOfStory({ steps: [], endMs: 500 }), 0.4)).toBe(
      'There is no worker yet: requests will wait at the door of the queue.',
    );
  });

  test('calm: who is ready, who is next', () => {
    const log = logOfStory({ steps: three, endMs: 3000 });
    expect(said(log, 1)).toBe('All three workers are ready: the next request goes to worker 1.');
    expect(said(log, 1, 'zh')).toBe('3 个工作者全部就绪：下一个请求交给工作者 1。');
  });

  test('a frozen worker at the head of the list is told before all else', () => {
    const log = logOfStory({ steps: [...three, [1000, { type: 'process.pause', peer: 'worker-1' }]], endMs: 6000 });
    expect(said(log, 1.2)).toBe(
      'Worker 1 is frozen, but the queue still believes its last heartbeat: the next request would go to a process that cannot answer.',
    );
    expect(namedPeers(caption(log, 1_200_000))).toEqual(['worker-1']);
  });

  test('one further down the list is not next', () => {
    const log = logOfStory({ steps: [...three, [1000, { type: 'process.kill', peer: 'worker-2' }]], endMs: 6000 });
    expect(said(log, 1.2)).toBe('Worker 2 is dead, and the queue does not know it yet.');
    expect(said(log, 5.5)).toMatch(/^The queue gave up on worker 2, unheard for \d\.\d s: it is dead\.$/);
  });

  test('a worker that runs and is not heard', () => {
    const { log } = logOfScenario('heartbeats-muted');
    expect(said(log, 2)).toBe('Fault f1 drops heartbeats to the queue on the link of worker 1.');
    expect(said(log, 4.1)).toBe(
      'The queue gave up on worker 1, unheard for 4.0 s: it runs, but its heartbeats were dropped by f1.',
    );
    expect(said(log, 5.5)).toBe('Worker 1 is running, but the queue does not list it: no request will come to it.');
  });

  test('back-off, and back under a new identity', () => {
    const { log } = logOfScenario('cut-from-the-queue');
    expect(said(log, 3.4)).toContain('Worker 1 has given up on the queue, but the queue still believes');
    expect(said(log, 4.1)).toBe('Worker 1 is back under a new identity: the queue lists it again as ready.');
  });

  test('a shut door, a client that asks again and gives up', () => {
    const { log } = logOfScenario('client-gives-up');
    expect(said(log, 1)).toBe(
      'No worker is listed, so the queue does not read its clients: one request waits at its door.',
    );
    expect(said(log, 2.6)).toContain('Client 1 had no reply in time and asks again for request #1');
    expect(said(log, 7.55)).toBe('Client 1 gave up on its request #1: no try was answered in time.');
  });

  test('a dead queue and a frozen one', () => {
    const log = logOfStory({
      steps: [
        ...three,
        [1000, { type: 'process.pause', peer: 'queue' }],
        [1500, { type: 'process.kill', peer: 'queue' }],
      ],
      endMs: 2000,
    });
    expect(said(log, 1.3)).toBe(
      'The queue is frozen: it neither reads nor beats, and its workers will believe it lost.',
    );
    expect(said(log, 1.7)).toBe('The queue is dead: its list is forgotten, and nobody reads what is sent to it.');
  });

  test('a lost request, and one that is stuck with a frozen worker', () => {
    const events = eventsOf(TROUBLE);
    const log = logOf(events, 14);
    const types = new Set<Caption['type']>();
    for (let t = 0; t < 14e6; t += 100_000) types.add(caption(log, t)?.type ?? 'calm');
    expect([...types]).toEqual(expect.arrayContaining(['lost', 'queueDown', 'fault', 'back', 'calm']));
    const stuck = logOfStory({
      steps: [
        [0, worker(1)],
        [100, { type: 'process.pause', peer: 'worker-1' }],
        [200, { type: 'client.add', peer: 'client-1', requests: 1 }],
      ],
      endMs: 2000,
    });
    expect(said(stuck, 1)).toBe(
      'Worker 1 is frozen with request #1: the queue has forgotten both, and only the client’s timeout brings the request back.',
    );
  });

  test('a crowd is told by its numbers', () => {
    const log = logOf(
      eventsOf({
        workers: 60,
        clients: 0,
        seconds: 8,
        steps: [
          [3, { type: 'process.pause', peer: 'worker-1' }],
          [3, { type: 'process.pause', peer: 'worker-35' }],
          [3, { type: 'process.pause', peer: 'worker-47' }],
        ],
      }),
      8,
    );
    expect(said(log, 4)).toBe(
      'Of 60 workers the queue lists 60 as ready; three of them cannot answer, and worker 1 is next in line.',
    );
    expect(said(log, 4, 'zh')).toBe('60 个工作者里，队列列出 60 个就绪；其中 3 个无法应答，而下一个正是工作者 1。');
  });
});

describe('a pure function of (log, t)', () => {
  const events: readonly TraceEvent[] = eventsOf(TROUBLE);

  test('asked in any order it says the same', () => {
    const [forwards, backwards] = [logOf(events, 14), logOf(events, 14)];
    const times = Array.from({ length: 140 }, (_, i) => i * 100_000);
    const there = times.map((t) => caption(forwards, t));
    const back = [...times].reverse().map((t) => caption(backwards, t));
    expect(back.reverse()).toEqual(there);
  });

  test('what is to come changes nothing of what is said', () => {
    const whole = logOf(events, 14);
    for (const seconds of [3.3, 4.5, 5.5, 7.5, 9.5, 11, 12.5]) {
      const part = logOf(
        events.filter((event) => event.t <= seconds * 1e6),
        seconds,
      );
      expect(caption(part, seconds * 1e6), `at ${seconds} s`).toEqual(caption(whole, seconds * 1e6));
    }
  });

  test('every sentence is whole in both languages, and names whom it is about', () => {
    const log = logOf(events, 14);
    const seen = new Set<string>();
    for (let t = 0; t < 14e6; t += 50_000) {
      const found = caption(log, t);
      if (!found || seen.has(captionKey(found))) continue;
      seen.add(captionKey(found));
      for (const locale of ['en', 'zh'] as const) {
        const parts = CAPTION_WORDS[locale].parts(found, WORDS[locale].name);
        const text = plain(parts);
        expect(text).toMatch(locale === 'en' ? /^[A-Z0-9].*\.$/ : /。$/);
        expect(text).not.toMatch(/undefined|NaN|null| {2}| [,.;:，。；：]/);
        expect(parts.some((part) => part.role !== 'text')).toBe(true);
        for (const peer of namedPeers(found))
          expect(text.toLowerCase()).toContain(WORDS[locale].name(peer).toLowerCase());
      }
    }
    expect(seen.size).toBeGreaterThan(6);
  });
});
