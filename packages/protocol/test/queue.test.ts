import { describe, expect, test } from 'vitest';
import { queue } from '../src/index.ts';
import { ALL_RULES, DrivenQueue, HEARTBEAT, READY } from './driven-queue.ts';

describe.each(ALL_RULES)('every rule set: %s', (rules) => {
  test('starts with one fact that names the rules', () => {
    expect(new DrivenQueue(rules).facts).toEqual([
      { type: 'queue.started', rules, heartbeatIntervalMs: 1000, liveness: 3 },
    ]);
  });

  test('[Q1] READY lists a worker at the end with expiry now + L·I', () => {
    const q = new DrivenQueue(rules).at(10).hear('A', READY).at(20).hear('B', READY);
    expect(q.list).toEqual(['A', 'B']);
    expect(q.take('worker.listed')).toEqual([
      { type: 'worker.listed', worker: 'A', expiryAt: 3_010_000, by: 'READY' },
      { type: 'worker.listed', worker: 'B', expiryAt: 3_020_000, by: 'READY' },
    ]);
  });

  test('[Q1] a second READY moves a listed worker to the end, where it stands once', () => {
    const q = new DrivenQueue(rules).hear('A', READY).hear('B', READY).at(500).hear('A', READY);
    expect(q.list).toEqual(['B', 'A']);
    expect(q.take('worker.refreshed')).toEqual([
      { type: 'worker.refreshed', worker: 'A', expiryAt: 3_500_000, moved: true },
    ]);
  });

  test('[Q2] a reply goes to the client of its envelope, body untouched, and lists its worker at the end', () => {
    const q = new DrivenQueue(rules).hear('A', READY).hear('B', READY).ask('C');
    q.takeSent();
    q.hear('A', 'C', '', 'one', '', 'two');
    expect(q.sent).toEqual([{ type: 'send', side: 'frontend', frames: ['C', '', 'one', '', 'two'] }]);
    expect(q.list).toEqual(['B', 'A']);
    expect(q.take('reply.forwarded', 'worker.listed').slice(-2)).toEqual([
      { type: 'reply.forwarded', client: 'C', worker: 'A' },
      { type: 'worker.listed', worker: 'A', expiryAt: 3_000_000, by: 'REPLY' },
    ]);
  });

  test('[Q3] a request goes to the head of the ready list, which leaves the list', () => {
    const q = new DrivenQueue(rules).hear('A', READY).hear('B', READY).ask('C', 'work');
    expect(q.sent).toEqual([{ type: 'send', side: 'backend', frames: ['A', 'C', '', 'work'] }]);
    expect(q.list).toEqual(['B']);
    const [told] = q.take('request.dispatched');
    expect(told).toMatchObject({ client: 'C', worker: 'A', attempt: 1 });
    // Only `robust` goes on believing in a worker that is at work [QL3] [QR2].
    expect('expiryAt' in (told ?? {})).toBe(rules === 'robust');
  });

  test('[Q4] the frontend is read only while a worker is listed', () => {
    const q = new DrivenQueue(rules);
    expect(queue.readsFrontend(q.state)).toBe(false);
    expect(() => q.ask('C')).toThrow('Q4');
    q.hear('A', READY);
    expect(queue.readsFrontend(q.state)).toBe(true);
    q.ask('C');
    expect(queue.readsFrontend(q.state)).toBe(false);
  });

  test('[Q4] the seed crashes when all workers have expired and a request arrives: here the gate is shut', () => {
    const q = new DrivenQueue(rules).hear('A', READY).until(5000);
    expect(q.list).toEqual([]);
    expect(queue.readsFrontend(q.state)).toBe(false);
  });

  test('[Q5] each interval a heartbeat goes to each listed worker', () => {
    const q = new DrivenQueue(rules).hear('A', READY).hear('B', READY);
    q.at(999).tick();
    expect(q.takeSent()).toEqual([]);
    q.at(1000).tick();
    expect(q.takeSent()).toEqual([
      ['A', HEARTBEAT],
      ['B', HEARTBEAT],
    ]);
    q.at(1300).tick();
    expect(q.takeSent()).toEqual([]);
    q.at(2000).tick();
    expect(q.takeSent()).toHaveLength(2);
  });

  test('[Q6] a purge removes every worker whose expiry has passed and says when it was last heard', () => {
    const q = new DrivenQueue(rules).at(100).hear('A', READY).at(200).hear('B', READY).at(2500).hear('B', HEARTBEAT);
    q.at(3099).tick();
    expect(q.list).toContain('A');
    q.at(3100).tick();
    expect(q.list).toEqual(['B']);
    expect(q.take('worker.expired')).toEqual([
      { type: 'worker.expired', worker: 'A', lastHeardAt: 100_000, expiryAt: 3_100_000, busy: false },
    ]);
  });

  test('[Q7] the 101st worker is refused with a fact, and the others go on', () => {
    const q = new DrivenQueue(rules);
    for (let i = 1; i <= 101; i++) q.hear(`w${i}`, READY);
    expect(q.list).toHaveLength(100);
    expect(q.take('worker.refused')).toEqual([
      { type: 'worker.refused', worker: 'w101', reason: '100 workers are known already' },
    ]);
    q.hear('w7', READY).ask('C');
    expect(q.sent[0]?.frames[0]).toBe('w1');
    q.hear('w101', READY);
    expect(q.list.includes('w101')).toBe(rules !== 'robust');
  });

  test('[Q8] identities are compared as bytes: two that are one in UTF-8 are two workers', () => {
    const q = new DrivenQueue(rules).hear('\x00\xc3\x28', READY).hear('\x00\xc3\x29', READY);
    expect(q.list).toEqual(['\x00\xc3\x28', '\x00\xc3\x29']);
    q.hear('\x00\xc3\x28', READY);
    expect(q.list).toEqual(['\x00\xc3\x29', '\x00\xc3\x28']);
  });

  test('[Q8] two workers with the same identity are one entry', () => {
    expect(new DrivenQueue(rules).hear('A', READY).hear('A', READY).list).toEqual(['A']);
  });

  test.each([[['C']], [['C', 'no delimiter']], [['C', '']], [['', 'body']], [[]]])(
    '[Q9] %j on the frontend becomes a fact and changes nothing',
    (frames) => {
      const q = new DrivenQueue(rules).hear('A', READY);
      const before = q.state;
      q.give({ type: 'frontend', frames });
      expect(q.state).toEqual(before);
      expect(q.sent).toEqual([]);
      expect(q.take('message.invalidated')).toHaveLength(1);
    },
  );

  test.each([[['A', 'x', 'y']], [['A', '', '', 'READY']], [['A', 'C', '']], [['A']], [[]]])(
    '[Q9] %j on the backend becomes a fact and changes nothing',
    (frames) => {
      const q = new DrivenQueue(rules).hear('A', READY).ask('C');
      q.takeSent();
      const before = q.state;
      q.give({ type: 'backend', frames });
      expect(q.state).toEqual(before);
      expect(q.sent).toEqual([]);
      expect(q.take('message.invalidated')).toHaveLength(1);
    },
  );

  test('[F3] the stack of a request is kept, also with a correlation frame and many body frames', () => {
    const q = new DrivenQueue(rules).hear('A', READY);
    q.give({ type: 'frontend', frames: ['C', '\x00\x00\x00\x07', '', 'a', '', 'b'] });
    expect(q.takeSent()).toEqual([['A', 'C', '\x00\x00\x00\x07', '', 'a', '', 'b']]);
    q.hear('A', 'C', '\x00\x00\x00\x07', '', 'reply');
    expect(q.takeSent()).toEqual([['C', '\x00\x00\x00\x07', '', 'reply']]);
  });

  test('[F4] the 33-byte body that begins with @, which the seed corrupts, passes both ways', () => {
    const body = `@${'0123456789ABCDEF'.repeat(2)}`;
    const q = new DrivenQueue(rules).hear('A', READY).ask('C', body).hear('A', 'C', '', body);
    expect(q.takeSent()).toEqual([
      ['A', 'C', '', body],
      ['C', '', body],
    ]);
  });

  test('[F5] each worker is answered in the dialect of its first control frame', () => {
    const q = new DrivenQueue(rules).hear('A', 'READY').hear('B', READY).hear('A', HEARTBEAT).at(1000).tick();
    expect(q.takeSent().sort()).toEqual([
      ['A', 'HEARTBEAT'],
      ['B', HEARTBEAT],
    ]);
  });

  test('[F5] a worker that is listed again by its reply keeps its dialect', () => {
    const q = new DrivenQueue(rules).hear('A', 'READY').ask('C').at(900).hear('A', 'C', '', 'hello');
    q.takeSent();
    q.at(1000).tick();
    expect(q.takeSent()).toEqual([['A', 'HEARTBEAT']]);
  });

  test('[F5] the memory of dialects is bounded', () => {
    const q = new DrivenQueue(rules, { maxWorkers: 2 });
    for (let i = 0; i < 50; i++) {
      q.at(i * 5000)
        .hear(`w${i}`, READY)
        .until(i * 5000 + 4500);
    }
    expect(q.state.dialects.map((d) => d.identity)).toEqual([42, 43, 44, 45, 46, 47, 48, 49].map((i) => `w${i}`));
  });

  test('a reply from a listed worker never lists it twice', () => {
    const q = new DrivenQueue(rules).hear('A', READY).hear('B', READY).hear('A', 'C', '', 'hello');
    expect([...q.list].sort()).toEqual(['A', 'B']);
  });

  test('each message is read once, with its side and sender', () => {
    const q = new DrivenQueue(rules).hear('A', READY).ask('C');
    expect(q.take('message.read')).toEqual([
      { type: 'message.read', side: 'backend', identity: 'A' },
      { type: 'message.read', side: 'frontend', identity: 'C' },
    ]);
  });
});
