// Each situation of the pattern and the sentence that says why, word for word; and every kind of cause in both languages.

import { type Cause, type CauseKind, type EventType, EXPLAINED, fold, why, whyState } from '@crows-nest/protocol';
import { type Action, drawSchedule, SCENARIOS } from '@crows-nest/protocol/sim';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { WORDS } from '../src/stage/words.ts';
import { factText } from '../src/words/facts.ts';
import { WHY_WORDS } from '../src/words/why-causes.ts';
import { factsOf, logOfFacts, logOfScenario, logOfStory } from './why-runs.ts';

const sentence = (log: TraceLog, seq: number, locale: 'en' | 'zh' = 'en'): string => {
  const fact = log.event(seq);
  const said = why(log, seq);
  if (!fact || !said) return '';
  const { lead, rest } = WHY_WORDS[locale].cause(said.cause, { t: fact.t, name: WORDS[locale].name });
  return `${lead} ${rest}`.trim();
};

/** The sentences of one kind of fact, in order, each once. */
const sentences = (log: TraceLog, type: EventType, locale: 'en' | 'zh' = 'en'): string[] => [
  ...new Set(log.between(-1, log.endAt, [type]).map((fact) => sentence(log, fact.seq, locale))),
];

const worker = (n: number, knobs: object = {}): Action => ({ type: 'worker.add', peer: `worker-${n}`, ...knobs });
const client = (n: number, knobs: object = {}): Action => ({
  type: 'client.add',
  peer: `client-${n}`,
  requests: 1,
  ...knobs,
});

test('[SP5] why a worker gave up on a Simple queue: by its rules nobody is sent a beat', () => {
  const { log } = logOfScenario('paranoid-worker-simple-queue');
  const all = [...sentences(log, 'liveness.lost'), ...sentences(log, 'worker.backedOff')];
  expect(all.length).toBeGreaterThan(0);
  for (const said of all) expect(said).toContain('by simple rules the queue beats for nobody');
  for (const said of sentences(log, 'worker.backedOff', 'zh')) expect(said).toContain('队列不向任何人发心跳');
});

describe('why a worker expired', () => {
  const expiries = (name: string): string[] => sentences(logOfScenario(name).log, 'worker.expired');

  test('it was killed', () => {
    expect(expiries('killed-idle-worker')).toEqual([
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s and −1.0 s; its process ended 3.99 s ago.',
    ]);
  });
  test('it is frozen', () => {
    expect(expiries('frozen-worker-returns')).toEqual([
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s and −1.0 s; its process was stopped (SIGSTOP) 3.99 s ago.',
    ]);
  });
  test('it is overloaded', () => {
    expect(expiries('overloaded-worker')).toEqual([
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s and −1.0 s; it was overloaded 3.99 s ago: a busy loop left it no time.',
    ]);
  });
  test('its heartbeats are muted', () => {
    expect(expiries('heartbeats-muted')[0]).toBe(
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s and −1.0 s; the link has dropped HEARTBEAT since 3.99 s ago (f1).',
    );
  });
  test('its link is cut towards the queue', () => {
    expect(expiries('cut-to-the-queue')).toEqual([
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s and −1.0 s; the link has dropped everything since 3.99 s ago (f1).',
    ]);
  });
  test('its link is cut from the queue: it went away by itself', () => {
    expect(expiries('cut-from-the-queue')).toEqual([
      'Expired: last heard 3.00 s ago (HEARTBEAT); beats were due at −2.0 s and −1.0 s; it gave up on the queue 2.01 s ago and backed off.',
    ]);
  });
  test('it was at work for a robust queue, and died', () => {
    expect(expiries('request-put-back')).toEqual([
      'Expired at work: last heard 3.00 s ago (READY); beats were due at −2.0 s and −1.0 s; its process ended 2.97 s ago.',
    ]);
  });
  test('its beats are on their way for longer than it is given', () => {
    const fault = { id: 'f2', kind: 'delay', selector: { direction: 'toQueue' }, extraMs: 4500, seed: 1 } as const;
    const log = logOfStory({
      steps: [
        [0, worker(1)],
        [500, { type: 'fault.apply', link: 'worker-1', fault }],
      ],
      endMs: 4400,
    });
    expect(sentences(log, 'worker.expired')).toEqual([
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s, −1.0 s and now; the first of them was sent 3.00 s ago, and all are made late by fault f2, which delays everything (applied 3.50 s ago).',
    ]);
  });
  test('[SP5] it is a Simple Pirate, and its queue is none', () => {
    // Or its REQ socket would hang up at the first beat.
    const fault = { id: 'f1', kind: 'drop', selector: { direction: 'fromQueue', kind: 'HEARTBEAT' }, seed: 1 } as const;
    const log = logOfStory({
      steps: [
        [0, worker(1, { pattern: 'simple' })],
        [100, { type: 'fault.apply', link: 'worker-1', fault }],
      ],
      endMs: 5000,
    });
    expect(sentences(log, 'worker.expired')).toEqual([
      'Expired: last heard 3.99 s ago (READY); it is a Simple Pirate, and beats for nobody.',
    ]);
  });
  test('the queue itself was frozen, and its beats lie unread', () => {
    const log = logOfStory({
      steps: [
        [0, worker(1)],
        [0, worker(2)],
        [0, worker(3)],
        [2500, { type: 'process.pause', peer: 'queue' }],
        [5400, { type: 'process.resume', peer: 'queue' }],
      ],
      endMs: 7000,
    });
    expect(sentences(log, 'worker.expired')[0]).toBe(
      'Expired: last heard 3.39 s ago (HEARTBEAT); beats were due at −2.4 s, −1.4 s and −0.4 s; they lie unread at the queue since 2.39 s ago: the queue’s process was stopped (SIGSTOP) 2.90 s ago.',
    );
  });
  test('the name was ROUTER’s own, after a handover of its identity', () => {
    const selector = { direction: 'toQueue', kind: 'HEARTBEAT' } as const;
    const fault = { id: 'f1', kind: 'hold', selector, seed: 1 } as const;
    const log = logOfStory({
      ground: { rules: 'guide' },
      steps: [
        [0, worker(1)],
        [2500, { type: 'process.pause', peer: 'queue' }],
        // The end of the old connection waits behind a beat that is held, and the one before that lies unread.
        [3100, { type: 'fault.apply', link: 'worker-1', fault }],
        [4200, { type: 'process.restart', peer: 'worker-1', identity: 'same' }],
        [4600, { type: 'process.resume', peer: 'queue' }],
        [4700, { type: 'fault.heal', link: 'worker-1', fault: 'f1' }],
      ],
      endMs: 9000,
    });
    const said = sentences(log, 'worker.expired').filter((text) => text.includes('ROUTER'));
    expect(said).toEqual([
      'Expired: last heard 3.00 s ago (HEARTBEAT); the name is ROUTER’s own, for what it still read from a connection of worker 1 after another had taken its identity over.',
    ]);
  });
});

describe('why, with the whole catalogue of faults', () => {
  const first = (scenario: string, type: CauseKind): string | undefined => {
    const { log, facts } = logOfScenario(scenario);
    const fact = facts.find((event) => event.type === type && why(log, event.seq));
    return fact && sentence(log, fact.seq);
  };
  test('what is jammed stands on its link, and the queue hears nothing', () => {
    expect(first('jammed-to-the-queue', 'worker.expired')).toBe(
      'Expired: last heard 3.99 s ago (READY); beats were due at −3.0 s, −2.0 s and −1.0 s; they stand still on the link since 3.00 s ago, kept by fault f1, which jams everything (applied 3.99 s ago).',
    );
  });
  test('a READY that was damaged is read as another', () => {
    expect(first('ready-damaged', 'worker.backedOff')).toContain(
      'its READY was not heard: it was read, but not as sent: damaged by fault f1',
    );
  });
  test.each([
    ['worker-mute', 'worker.expired', 'a fault has kept it from beating'],
    ['worker-slow', 'worker.expired', 'a fault has slowed it down'],
    ['queue-mute', 'worker.backedOff', 'a fault has kept the queue from beating'],
    ['refused-both-ways', 'connection.closed', 'ended just now by fault f1, which refuses the connection'],
    ['accepted-and-left', 'worker.backedOff', 'a fault has kept it from connecting'],
    ['connection-reset', 'connection.closed', 'reset the connection'],
    ['reply-held', 'message.held', 'stands still: fault f1, which holds REPLY'],
    ['reply-replayed', 'message.duplicated', 'came once more: fault w1 (played an earlier message again)'],
    ['freeze-of-limited-time', 'process.paused', 'keeps it stopped'],
  ] as const)('%s, %s: %s', (scenario, type, said) => {
    expect(first(scenario, type)).toContain(said);
  });
});

describe('why a worker gave up on the queue', () => {
  const of = (name: string): string[] => sentences(logOfScenario(name).log, 'worker.backedOff');

  test('the queue is dead', () => {
    expect(of('queue-away').slice(0, 2)).toEqual([
      'Heartbeat failure, can’t reach queue: nothing heard for 3.00 s, three silent polls; the queue’s process ended 2.99 s ago; it tries again in 1 s.',
      'Heartbeat failure, can’t reach queue: nothing heard for 3.00 s, three silent polls; the queue’s process ended 7.00 s ago; it tries again in 2 s.',
    ]);
  });
  test('the queue was restarted and does not know it', () => {
    expect(of('queue-restart')).toEqual([
      'Heartbeat failure, can’t reach queue: nothing heard for 3.00 s, three silent polls; the queue does not beat for it: the queue was started anew 2.99 s ago and has heard no READY from it; it tries again in 1 s.',
    ]);
  });
  test('the queue expired it and no longer beats for it', () => {
    expect(of('cut-to-the-queue')).toEqual([
      'Heartbeat failure, can’t reach queue: nothing heard for 3.00 s, three silent polls; the queue does not beat for it: it expired 3.01 s ago; it tries again in 1 s.',
    ]);
  });
  test('the link drops what comes from the queue', () => {
    expect(of('cut-from-the-queue')).toEqual([
      'Heartbeat failure, can’t reach queue: nothing heard for 3.00 s, three silent polls; the link has dropped everything since 2.99 s ago (f1); it tries again in 1 s.',
    ]);
  });
});

describe('why a request was not answered', () => {
  test('nobody is listed, and the door is shut', () => {
    expect(sentences(logOfScenario('client-gives-up').log, 'request.abandoned')).toEqual([
      'Gave up on #1 after three tries: the request waits at the queue’s door since 2.49 s ago: no worker has been listed since 7.50 s ago.',
    ]);
  });
  test('its worker died with it', () => {
    expect(sentences(logOfScenario('killed-busy-worker').log, 'request.retried')).toEqual([
      'No reply within 2.50 s, so it asks again: worker 1 read it 2.48 s ago; then its process ended 2.48 s ago.',
    ]);
  });
  test('its worker works for longer than the client waits', () => {
    expect(sentences(logOfScenario('late-reply').log, 'request.retried')[0]).toBe(
      'No reply within 2.50 s, so it asks again: worker 1 read it 2.48 s ago and is still at work.',
    );
  });
  test('it went to a frozen worker', () => {
    const log = logOfStory({
      steps: [
        [0, worker(1)],
        [100, { type: 'process.pause', peer: 'worker-1' }],
        [200, client(1)],
      ],
      endMs: 3000,
    });
    expect(sentences(log, 'request.retried')).toEqual([
      'No reply within 2.50 s, so it asks again: the queue gave it to worker 1 2.49 s ago, and it lies unread at worker 1 since 2.48 s ago: worker 1’s process was stopped (SIGSTOP) 2.60 s ago.',
    ]);
    expect(sentences(log, 'request.dispatched')).toEqual([
      'The request of client 1 went to worker 1: it was the head of the list since 0.20 s ago, with nobody behind it; and the queue cannot know that its process was stopped (SIGSTOP) 0.11 s ago.',
    ]);
  });
  test('its reply was dropped', () => {
    const fault = { id: 'f4', kind: 'drop', selector: { kind: 'REPLY' }, seed: 1 } as const;
    const log = logOfStory({
      steps: [
        [0, worker(1)],
        [100, { type: 'fault.apply', link: 'worker-1', fault }],
        [200, client(1)],
      ],
      endMs: 3000,
    });
    expect(sentences(log, 'request.retried')).toEqual([
      'No reply within 2.50 s, so it asks again: worker 1 answered, and of the reply: the link has dropped REPLY since 2.60 s ago (f4).',
    ]);
  });
  test('the queue is dead', () => {
    const log = logOfStory({
      steps: [
        [0, worker(1)],
        [100, { type: 'process.kill', peer: 'queue' }],
        [200, client(1)],
      ],
      endMs: 3000,
    });
    expect(sentences(log, 'request.retried')).toEqual([
      'No reply within 2.50 s, so it asks again: the request waits at the queue’s door since 2.50 s ago: the queue’s process ended 2.60 s ago.',
    ]);
  });
});

describe('why other things happened', () => {
  test('the guide gives a second request to a worker that beats at work', () => {
    const said = sentences(logOfScenario('double-dispatch').log, 'request.dispatched');
    expect(said[1]).toBe(
      'The request of client 2 went to worker 1: it was the head of the list since just now, with nobody behind it; the request had waited 0.97 s at the door; and the queue cannot know that it went to work 0.98 s ago, deaf and silent by design.',
    );
  });
  test('robust takes a request back', () => {
    expect(sentences(logOfScenario('request-put-back').log, 'request.requeued')).toEqual([
      'Taken back from worker 1 to be given to another: worker 1 expired 2.98 s after it was given the request.',
    ]);
    expect(sentences(logOfScenario('reply-lost').log, 'request.requeued')).toEqual([
      'Taken back from worker 1 to be given to another: worker 1 beats and has not answered for 5.03 s.',
    ]);
  });
  test('a reply finds nobody', () => {
    expect(sentences(logOfScenario('late-reply').log, 'message.unrouted')[0]).toBe(
      'ROUTER dropped the REPLY for client 1 without a word: client 1 gave up waiting and opened a new socket 0.23 s ago, and the old socket died with what it had not read.',
    );
  });
  test('a reply whose address a fault damaged finds nobody', () => {
    const { log } = logOfScenario('address-damaged');
    const fault = 'by fault f1, which damages envelopes (applied';
    expect(sentences(log, 'message.unrouted')).toEqual([
      `ROUTER dropped the REPLY for client 1 without a word: its address was damaged on the way from worker 1 to the queue ${fault} 34 ms ago).`,
    ]);
    expect(sentences(log, 'request.retried')).toEqual([
      `No reply within 2.50 s, so it asks again: the reply came 2.47 s ago, and ROUTER knew nobody by its address, damaged on the way from worker 1 to the queue ${fault} 2.50 s ago).`,
    ]);
    expect(sentences(log, 'message.unrouted', 'zh')).toEqual([
      'ROUTER 默默丢弃了给客户端 1 的应答： 它的地址在工作者 1 发给队列的途中被故障 f1（自 34 毫秒前起损坏信封）损坏。',
    ]);
  });
  test('a reply answers something else, because a fault damaged what it was forwarded from', () => {
    expect(sentences(logOfScenario('reply-damaged').log, 'reply.refused')).toEqual([
      'The reply was refused: it answers another request than the one that is waited for; it was damaged on its way by fault f1, which damages bodies (applied 45 ms ago).',
    ]);
  });
  test('a heartbeat does not count', () => {
    expect(sentences(logOfScenario('frozen-worker-returns').log, 'worker.ignored')[1]).toBe(
      'HEARTBEAT of worker 1 was ignored, it is not listed: it expired 1.01 s ago.',
    );
  });
  test('the list is full', () => {
    expect(sentences(logOfScenario('one-worker-too-many').log, 'worker.refused')).toEqual([
      'Worker 3 was not listed: two workers are known already, and the list takes no more (it sent READY).',
    ]);
  });
  test('in Chinese as well', () => {
    expect(sentences(logOfScenario('heartbeats-muted').log, 'worker.expired', 'zh')[0]).toBe(
      '已过期： 最近一次听到它是 3.99 秒前（READY）；心跳本应在 −3.0 秒、−2.0 秒、−1.0 秒发出；链路自 3.99 秒前起丢弃心跳（f1）。',
    );
  });
});

test('a frozen worker at a moment between facts', () => {
  const { log } = logOfScenario('frozen-worker-returns');
  const standing = whyState(log, 2_600_000, 'worker-1')?.standing;
  const said = standing && WHY_WORDS.en.standing(standing, { t: 2_600_000, name: WORDS.en.name });
  expect(`${said?.lead} ${said?.rest}`).toBe(
    'Expires in 0.4 s unless heard: last heard 2.6 s ago, two beats of 1 s missed. The process is stopped (SIGSTOP), its TCP connection is still up.',
  );
});

test('nothing of what came later is known: the log up to a fact explains it alike', () => {
  const { log, facts } = logOfScenario('cut-to-the-queue');
  for (const type of ['worker.expired', 'worker.backedOff', 'liveness.lost'] as const) {
    for (const fact of facts.filter((event) => event.type === type)) {
      const story = facts.filter((event) => event.seq <= fact.seq);
      const upTo = logOfFacts(story);
      expect(why(upTo, fact.seq)).toEqual(why(log, fact.seq));
    }
  }
});

test('a log that begins in the middle of a run knows less, and says so in whole sentences', () => {
  const { ground, steps, endMs } = drawSchedule(7, 'robust', 2);
  const facts = factsOf({ ground, steps: steps.map((step) => [step.at, step.do] as const), endMs });
  const half = facts.length >> 1;
  const log = new TraceLog();
  log.reset({ state: fold(facts.slice(0, half)), now: facts[half - 1]?.t ?? 0 });
  log.append(facts.slice(half), facts.at(-1)?.t ?? 0);
  let asked = 0;
  for (const fact of facts.slice(half)) {
    if (!EXPLAINED.has(fact.type)) continue;
    const said = why(log, fact.seq);
    // Of a message that was sent before, even its kind may be unknown.
    if (!said) continue;
    asked++;
    for (const { seq } of said.evidence) expect(log.event(seq)).toBeDefined();
    expect(sentence(log, fact.seq)).not.toMatch(/undefined|NaN|null/);
  }
  expect(asked).toBeGreaterThan(100);
});

describe('every kind of cause has a sentence', () => {
  /** Causes as they come in drawn runs, at most this many of a kind. */
  const MANY = 60;
  const met = new Map<CauseKind, { cause: Cause; t: number }[]>();
  for (const [seed, rules] of [1, 2, 3, 4].flatMap((n) =>
    (['listing', 'guide', 'robust'] as const).map((r) => [n, r] as const),
  )) {
    const { ground, steps, endMs } = drawSchedule(seed, rules, 2);
    const log = logOfStory({ ground, steps: steps.map((step) => [step.at, step.do] as const), endMs });
    for (const fact of log.between(-1, log.endAt, [...EXPLAINED])) {
      const kind = fact.type as CauseKind;
      const list = met.get(kind) ?? [];
      if (list.length >= MANY) continue;
      const said = why(log, fact.seq);
      if (said) met.set(kind, [...list, { cause: said.cause, t: fact.t }]);
    }
  }
  /** What no drawn run brings. */
  const by = { fault: 'f1', kind: 'corrupt', mode: 'envelope', sinceAt: 1000, only: null, once: false } as const;
  const rare: Cause[] = [
    { kind: 'message.corrupted', message: 'REQUEST', link: 'client-1', direction: 'toQueue', n: 3, by },
    { kind: 'worker.refused', worker: 'worker-3', known: 100, by: 'READY' },
    { kind: 'message.invalidated', by: 'queue', from: null, message: null, reason: 'no body', damaged: null },
    { kind: 'connection.opaqued', link: 'guest-1', reason: 'CURVE' },
    { kind: 'connection.refused', link: 'worker-1', reason: 'ECONNREFUSED', queue: 'dead', by: null, sinceAt: 1000 },
    { kind: 'request.dropped', worker: null, attempt: 3, because: 'expired', heldUs: null },
    { kind: 'reply.refused', by: 'queue', worker: null, because: 'stranger', at: null, damaged: null },
  ];
  for (const cause of rare) met.set(cause.kind, [...(met.get(cause.kind) ?? []), { cause, t: 5_000_000 }]);

  test.each([...EXPLAINED] as CauseKind[])('%s', (kind) => {
    const causes = met.get(kind) ?? [];
    expect(causes.length).toBeGreaterThan(0);
    for (const { cause, t } of causes) {
      for (const locale of ['en', 'zh'] as const) {
        const { lead, rest } = WHY_WORDS[locale].cause(cause, { t, name: WORDS[locale].name });
        const text = `${lead} ${rest}`;
        expect(lead).not.toBe('');
        expect(text).not.toMatch(/undefined|NaN|null|\[object|−0\.0|\s{2}|;;|\.\./);
        expect(/\p{Script=Han}/u.test(text), text).toBe(locale === 'zh');
      }
    }
  });

  test('and every fact is said in plain words', () => {
    const seen = new Set<EventType>();
    for (const { name } of SCENARIOS) {
      for (const fact of logOfScenario(name).facts) {
        if (seen.has(fact.type)) continue;
        seen.add(fact.type);
        const en = factText(fact, 'en', WORDS.en.name, undefined);
        const zh = factText(fact, 'zh', WORDS.zh.name, undefined);
        expect(`${en} ${zh}`).not.toMatch(/undefined|NaN|null/);
        expect([en.length > 0, /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
      }
    }
    expect(seen.size).toBeGreaterThan(25);
  });
});
