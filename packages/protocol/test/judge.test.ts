// Each statement with a peer that keeps it and one that breaks it; and what must not be held against anybody.

import { describe, expect, it, test } from 'vitest';
import { findingsOf, STATEMENTS, type StatementId, statementsOf } from '../src/index.ts';
import { JudgedWire } from './judged-wire.ts';

/** A guest worker that has said READY and been answered in kind. */
const worker = (wire = new JudgedWire()): JudgedWire => wire.joins('w', 'backend').says('w', 'READY').beats('w', 2);
/** And a guest client beside it. */
const both = (): JudgedWire => worker().joins('c', 'frontend');
const asked = (wire = both()): JudgedWire => wire.says('c', '', 'question').dispatches('c', 'w', 'C', '', 'question');

/** Who breaks what, and how. */
const BREACHES: Record<StatementId, readonly [peer: string, how: () => JudgedWire]> = {
  'worker.zmtp': ['w', () => new JudgedWire().joins('w', 'backend', { socketType: 'REQ' })],
  'worker.readyFirst': ['w', () => new JudgedWire().joins('w', 'backend').says('w', 'HEARTBEAT')],
  'worker.readyAgain': [
    'w',
    () => {
      const wire = worker();
      for (let i = 0; i < 9; i++) wire.wait(1000).saysInVain('w', 'HEARTBEAT');
      return wire;
    },
  ],
  'worker.beats': [
    'w',
    () => {
      const wire = worker();
      for (let i = 0; i < 4; i++) wire.wait(1000).told('w', 'HEARTBEAT');
      return wire;
    },
  ],
  'worker.controlFrames': ['w', () => worker().says('w', 'HELLO')],
  'worker.dialect': ['w', () => worker().says('w', '\x02')],
  'worker.envelope': ['w', () => asked().says('w', 'D', '', 'answer')],
  'worker.asked': ['w', () => worker().says('w', 'C', '', 'answer')],
  'worker.oneReply': ['w', () => asked().says('w', 'C', '', 'answer').says('w', 'C', '', 'again')],
  'queue.beats': [
    'queue',
    () => {
      const wire = worker();
      for (let i = 0; i < 3; i++) wire.wait(900).says('w', 'HEARTBEAT');
      return wire;
    },
  ],
  'queue.controlFrames': ['queue', () => worker().told('w', 'READY')],
  'queue.dialect': ['queue', () => worker().told('w', '\x02')],
  'queue.oneAtATime': ['queue', () => asked().told('w', 'E', '', 'another')],
  'queue.requestKept': ['queue', () => both().says('c', '', 'question').dispatches('c', 'w', 'C', '', 'answer?')],
  'queue.replyKept': ['queue', () => asked().says('w', 'C', '', 'answer').forwards('w', 'c', '', 'other')],
  'client.zmtp': ['c', () => new JudgedWire().joins('c', 'frontend', { mechanism: 'PLAIN' })],
  'client.envelope': ['c', () => both().says('c', 'no', 'delimiter')],
  'client.alternates': ['c', () => both().says('c', '', 'one').says('c', '', 'two')],
  'client.retriesAnew': ['c', () => both().says('c', '', 'one').says('c', '', 'one')],
};

describe('each statement is broken by somebody', () => {
  test.each(Object.entries(BREACHES))('[J1] %s', (statement, [peer, how]) => {
    const wire = how();
    const finding = wire.finding(peer, statement as StatementId);
    expect(finding.standing).toBe('broken');
    expect(finding.evidence.length).toBeGreaterThan(0);
    for (const seq of finding.evidence) expect(seq).toBeLessThanOrEqual(wire.seq);
    // And by that alone: a retry on the same connection does not alternate either.
    const expected = [`${peer} ${statement}`];
    if (statement === 'client.retriesAnew') expected.unshift('c client.alternates');
    expect(wire.broken()).toEqual(expected);
  });
});

describe('who keeps to everything', () => {
  it('[J1] a worker, the queue and a client: each statement that could be seen is met', () => {
    const wire = asked();
    wire.says('w', 'C', '', 'answer').forwards('w', 'c', '', 'answer').says('c', '', 'next').wait(1000).closes('c');
    wire.connects('c').says('c', '', 'next').beats('w', 1).wait(3500).closes('w').connects('w').says('w', 'READY');
    expect(wire.broken()).toEqual([]);
    const met = ['w', 'queue', 'c'].flatMap((peer) =>
      findingsOf(wire.judgement, peer).filter(({ standing }) => standing === 'met'),
    );
    expect(met.map(({ statement }) => statement).sort()).toEqual(Object.keys(STATEMENTS).sort());
  });

  it('[J1] of whom nothing was seen nothing is said', () => {
    const wire = new JudgedWire().tell({ type: 'peer.joined', peer: 'w', role: 'worker', guest: true, name: 'w' });
    const findings = findingsOf(wire.judgement, 'w');
    expect(findings.map(({ statement }) => statement)).toEqual(statementsOf('worker'));
    for (const { standing, evidence } of findings) expect([standing, evidence]).toEqual(['unseen', []]);
    expect(findingsOf(wire.judgement, 'nobody')).toEqual([]);
  });
});

it.each([
  [4000, 'broken'],
  [8001, 'unseen'],
] as const)('[J1] what went on is held against what came %i requests ago: %s', (others, standing) => {
  const wire = both().says('c', '', 'question');
  for (let i = 0; i < others; i++) wire.says('c', '', `${i}`);
  wire.dispatches('c', 'w', 'C', '', 'answer?');
  expect(wire.finding('queue', 'queue.requestKept').standing).toBe(standing);
  expect(wire.judgement.arrived.size + wire.judgement.arrivedBefore.size).toBeLessThanOrEqual(8000);
});

describe('[J2] nobody is blamed for what a fault did', () => {
  it('heartbeats that a fault swallows were said', () => {
    const wire = worker();
    for (let i = 0; i < 6; i++) wire.wait(1000).saysInVain('w', 'HEARTBEAT').told('w', 'HEARTBEAT');
    expect(wire.broken()).toEqual([]);
  });

  it('a queue that does not hear its worker owes it nothing', () => {
    const wire = worker();
    for (let i = 0; i < 6; i++) wire.wait(1000).saysInVain('w', 'HEARTBEAT');
    expect(wire.broken()).toEqual([]);
  });

  it('a worker that hears nothing may think its queue gone, and be silent', () => {
    expect(worker().wait(30_000).broken()).toEqual([]);
  });

  it('bytes that became unreadable on a link with a fault', () => {
    const wire = worker().tell({ type: 'fault.applied', fault: 'f1', link: 'w', kind: 'drop', seed: 1 });
    wire.tell({ type: 'connection.opaqued', link: 'w', conn: 1, reason: 'malformed' });
    expect(wire.broken()).toEqual([]);
  });

  it('a queue that hears an answer twice counts on its worker twice, until it connects anew', () => {
    const wire = asked().says('w', 'C', '', 'answer').forwards('w', 'c', '', 'answer');
    wire.tell({ type: 'fault.applied', fault: 'f1', link: 'w', kind: 'duplicate', seed: 1 });
    const copy = { frames: ['C', '', 'answer'], sizes: [1, 0, 6], frameCount: 3, dueAt: 0, copyOf: 1 };
    const entered = { type: 'message.entered', direction: 'toQueue', kind: 'REPLY', ...copy } as const;
    wire.tell({ ...entered, link: 'w', conn: 1, msg: 900 }).tell({ type: 'message.left', link: 'w', msg: 900 });
    for (const text of ['one', 'two', 'three']) wire.told('w', 'C', '', text);
    expect(wire.broken()).toEqual([]);
    wire.tell({ type: 'fault.healed', fault: 'f1', link: 'w', kind: 'duplicate', why: 'asked' }).closes('w');
    wire.connects('w').says('w', 'READY').told('w', 'C', '', 'one').told('w', 'C', '', 'two');
    expect(wire.broken()).toEqual(['queue queue.oneAtATime']);
  });

  it('after the queue went, the same socket comes back, and need not say READY before it has noticed', () => {
    const wire = worker().closes('w', 'queue').connects('w').says('w', 'HEARTBEAT');
    expect(wire.broken()).toEqual([]);
    wire.closes('w').connects('w').says('w', 'HEARTBEAT');
    expect(wire.broken()).toEqual(['w worker.readyFirst']);
  });
});

describe('[J3] what cannot be judged says why', () => {
  it('an opaque connection', () => {
    const wire = new JudgedWire().tell({ type: 'peer.joined', peer: 'w', role: 'worker', guest: true, name: 'w' });
    wire.tell({ type: 'connection.opened', link: 'w', conn: 1, side: 'backend' });
    wire.tell({ type: 'connection.opaqued', link: 'w', conn: 1, reason: 'CURVE' });
    expect(wire.finding('w', 'worker.zmtp').standing).toBe('broken');
    expect(wire.finding('w', 'worker.beats')).toMatchObject({ standing: 'unjudged', why: 'opaque' });
  });

  it('a DEALER client may ask as often as it likes', () => {
    const wire = new JudgedWire().joins('c', 'frontend', { socketType: 'DEALER' });
    wire.says('c', '', 'one').says('c', '', 'one').says('c', '', 'two');
    expect(wire.finding('c', 'client.alternates')).toMatchObject({ standing: 'unjudged', why: 'dealer' });
    expect(wire.broken()).toEqual([]);
  });
});

describe('[J2] our own actors are excused by what they tell', () => {
  it.each([
    ['frozen', 'process.paused'],
    ['gone', 'worker.backedOff'],
    ['at work', 'work.started'],
  ] as const)('a worker that is %s', (_, type) => {
    const wire = worker();
    wire.tell({ type, peer: 'w', untilAt: 0, waitMs: 0 });
    for (let i = 0; i < 6; i++) wire.wait(1000).told('w', 'HEARTBEAT');
    expect(wire.broken()).toEqual([]);
  });

  it('a queue that is frozen', () => {
    const wire = worker().tell({ type: 'process.paused', peer: 'queue' });
    for (let i = 0; i < 6; i++) wire.wait(500).says('w', 'HEARTBEAT');
    expect(wire.broken()).toEqual([]);
  });
});
