import { describe, expect, test } from 'vitest';
import { queue } from '../src/index.ts';
import { DrivenQueue, HEARTBEAT, READY } from './driven-queue.ts';

describe('listing', () => {
  test('[QL1] HEARTBEAT from a listed worker refreshes its expiry and keeps its place', () => {
    const q = new DrivenQueue('listing').hear('A', READY).hear('B', READY).at(700).hear('A', HEARTBEAT);
    expect(q.list).toEqual(['A', 'B']);
    expect(q.state.ready[0]?.expiryAt).toBe(3_700_000);
    expect(q.take('worker.refreshed')).toEqual([
      { type: 'worker.refreshed', worker: 'A', expiryAt: 3_700_000, moved: false },
    ]);
  });

  test('[QL2] HEARTBEAT from an unlisted worker is ignored with the fact "not ready"', () => {
    const q = new DrivenQueue('listing').hear('A', HEARTBEAT);
    expect(q.list).toEqual([]);
    expect(q.take('worker.ignored')).toEqual([{ type: 'worker.ignored', worker: 'A', reason: 'not ready' }]);
  });

  test('[F5] an ignored heartbeat has still told how its worker speaks: a reply may list it next', () => {
    const q = new DrivenQueue('listing').hear('A', 'HEARTBEAT').hear('A', 'C', '', 'a late answer');
    q.takeSent();
    expect(q.list).toEqual(['A']);
    expect(q.at(1000).tick().takeSent()).toEqual([['A', 'HEARTBEAT']]);
  });

  test('[QL3] a worker that gets a request is forgotten until it speaks, and is sent no heartbeat', () => {
    const q = new DrivenQueue('listing').hear('A', READY).hear('B', READY).ask('C');
    q.takeSent();
    q.at(500).hear('A', HEARTBEAT);
    expect(q.take('worker.ignored')).toHaveLength(1);
    q.at(1000).tick();
    expect(q.takeSent()).toEqual([['B', HEARTBEAT]]);
    expect(q.state.busy).toEqual([]);
  });

  test('[QL4] one message a socket a turn, then the tick, which beats before it purges', () => {
    expect(queue.turn('listing')).toEqual([{ take: 'backend', most: 1 }, { take: 'frontend', most: 1 }, 'tick']);
    const q = new DrivenQueue('listing').hear('A', READY).at(3000).tick();
    expect(q.takeSent()).toEqual([['A', HEARTBEAT]]);
    expect(q.list).toEqual([]);
  });

  test('[F7] an unknown one-frame message is no sign of life', () => {
    const q = new DrivenQueue('listing').hear('A', READY).at(2000).hear('A', 'nonsense').hear('B', 'nonsense');
    expect(q.list).toEqual(['A']);
    expect(q.state.ready[0]?.heardAt).toBe(0);
    expect(q.take('message.invalidated')).toHaveLength(2);
  });

  test('a silent worker goes between L·I and (L + 1)·I after it was last heard', () => {
    const q = new DrivenQueue('listing').at(500).hear('A', READY).until(3999);
    expect(q.list).toEqual(['A']);
    q.until(4000);
    expect(q.list).toEqual([]);
  });
});

describe('guide', () => {
  test('[QL4] the poll turn is that of listing', () => {
    expect(queue.turn('guide')).toEqual(queue.turn('listing'));
  });

  test('[QG1] any control message, HEARTBEAT included, moves its worker to the end', () => {
    const q = new DrivenQueue('guide').hear('A', READY).hear('B', READY).hear('A', HEARTBEAT);
    expect(q.list).toEqual(['B', 'A']);
    q.hear('B', READY);
    expect(q.list).toEqual(['A', 'B']);
  });

  test('[QG2] HEARTBEAT from a busy worker makes it ready again: double dispatch', () => {
    const q = new DrivenQueue('guide').hear('A', READY).ask('C1').hear('A', HEARTBEAT).ask('C2');
    expect(q.takeSent()).toEqual([
      ['A', 'C1', '', 'hello'],
      ['A', 'C2', '', 'hello'],
    ]);
  });

  test('[QG3] an unknown one-frame message is invalid, yet its worker becomes ready', () => {
    const q = new DrivenQueue('guide').hear('A', 'nonsense');
    expect(q.list).toEqual(['A']);
    expect(q.take('message.invalidated', 'worker.listed').map((f) => f.type)).toEqual([
      'message.invalidated',
      'worker.listed',
    ]);
  });

  test('[QG3] a worker of which only nonsense was heard is taught nothing of a dialect [F5]', () => {
    const q = new DrivenQueue('guide').hear('A', 'nonsense').hear('A', 'HEARTBEAT').at(1000).tick();
    expect(q.takeSent()).toEqual([['A', 'HEARTBEAT']]);
  });
});

describe('robust', () => {
  const busy = (q: DrivenQueue): string[] => q.state.busy.map((w) => w.identity);

  test('[QR1] the backend is drained, then purged, then requests are dispatched', () => {
    const [first, second, third] = queue.turn('robust');
    expect(first).toMatchObject({ take: 'backend' });
    expect(second).toBe('tick');
    expect(third).toMatchObject({ take: 'frontend' });
    const q = new DrivenQueue('robust').hear('A', READY).hear('B', READY).at(2900).hear('B', HEARTBEAT).at(3500).tick();
    expect(q.list).toEqual(['B']);
    expect(q.takeSent()).toEqual([['B', HEARTBEAT]]);
  });

  test('[QR1] the driver is called back at the earliest expiry, not an interval later', () => {
    const q = new DrivenQueue('robust').at(500).hear('A', READY).until(3499);
    expect(q.list).toEqual(['A']);
    q.until(3500);
    expect(q.list).toEqual([]);
  });

  test('[QR2] a worker with a request stays known as busy, and HEARTBEAT refreshes it without listing it', () => {
    const q = new DrivenQueue('robust').hear('A', READY).at(100).ask('C').at(2000).hear('A', HEARTBEAT);
    expect(q.list).toEqual([]);
    expect(q.state.busy).toMatchObject([{ identity: 'A', since: 100_000, expiryAt: 5_000_000 }]);
    expect(q.take('worker.refreshed')).toHaveLength(1);
  });

  test('[QR3] HEARTBEAT from an unknown worker lists it', () => {
    const q = new DrivenQueue('robust').hear('A', HEARTBEAT);
    expect(q.list).toEqual(['A']);
    expect(q.take('worker.listed')).toMatchObject([{ by: 'HEARTBEAT' }]);
  });

  test('[QR4] heartbeats go to every known worker, listed or busy', () => {
    const q = new DrivenQueue('robust').hear('A', READY).hear('B', 'READY').ask('C');
    q.takeSent();
    q.at(1000).tick();
    expect(q.takeSent()).toEqual([
      ['B', 'HEARTBEAT'],
      ['A', HEARTBEAT],
    ]);
  });

  test('[QR5] a request whose worker expires goes to the next one before any other request', () => {
    const q = new DrivenQueue('robust').hear('A', READY).ask('C', 'first').at(2500).hear('B', READY).hear('D', READY);
    q.takeSent();
    q.at(3000).tick().ask('E', 'second');
    expect(q.takeSent().filter((m) => m.length > 2)).toEqual([
      ['B', 'C', '', 'first'],
      ['D', 'E', '', 'second'],
    ]);
    expect(q.take('worker.expired', 'request.requeued', 'request.dispatched').slice(1)).toEqual([
      { type: 'worker.expired', worker: 'A', lastHeardAt: 0, expiryAt: 3_000_000, busy: true },
      { type: 'request.requeued', client: 'C', worker: 'A', attempt: 1 },
      { type: 'request.dispatched', client: 'C', worker: 'B', attempt: 2, expiryAt: 5_500_000 },
      { type: 'request.dispatched', client: 'E', worker: 'D', attempt: 1, expiryAt: 5_500_000 },
    ]);
  });

  test('[QR5] a busy worker that says READY again has its request put back', () => {
    const q = new DrivenQueue('robust').hear('A', READY).hear('B', READY).ask('C').hear('A', READY).tick();
    expect(q.take('request.requeued')).toEqual([{ type: 'request.requeued', client: 'C', worker: 'A', attempt: 1 }]);
    expect(busy(q)).toEqual(['B']);
    expect(q.list).toEqual(['A']);
  });

  test('[QR5] after 3 tries the request is dropped with a fact', () => {
    const q = new DrivenQueue('robust').hear('A', READY).ask('C');
    for (let i = 0; i < 3; i++) q.hear('A', READY).tick();
    expect(q.take('request.dispatched', 'request.dropped').slice(-2)).toEqual([
      { type: 'request.dispatched', client: 'C', worker: 'A', attempt: 3, expiryAt: 3_000_000 },
      { type: 'request.dropped', client: 'C', tries: 3 },
    ]);
    expect(q.state).toMatchObject({ busy: [], putBack: [] });
    expect(q.list).toEqual(['A']);
  });

  test('[QR6] exactly one reply is accepted for a dispatched request', () => {
    const q = new DrivenQueue('robust').hear('A', READY).ask('C').hear('A', 'C', '', 'one').hear('A', 'C', '', 'two');
    expect(q.takeSent().slice(1)).toEqual([['C', '', 'one']]);
    expect(q.take('reply.refused')).toEqual([
      { type: 'reply.refused', identity: 'A', reason: 'it was given no request' },
    ]);
  });

  test('[QR6] a reply to a request that was taken away is refused', () => {
    const q = new DrivenQueue('robust').hear('A', READY).ask('C').at(2000).hear('B', READY).at(3000).tick();
    q.takeSent();
    q.hear('A', 'C', '', 'late');
    expect(q.takeSent()).toEqual([]);
    expect(q.take('reply.refused')).toHaveLength(1);
    q.hear('B', 'C', '', 'in time');
    expect(q.takeSent()).toEqual([['C', '', 'in time']]);
  });

  test('[QR6] a reply with another envelope than that of the request is refused, and the worker stays busy', () => {
    const q = new DrivenQueue('robust').hear('A', READY).ask('C').hear('A', 'X', '', 'hello');
    expect(q.take('reply.refused')).toMatchObject([{ reason: 'it answers another request than it was given' }]);
    expect(busy(q)).toEqual(['A']);
  });

  test('[QR7] a busy worker that beats yet does not answer in 30 s lost its request: it is listed, the request put back', () => {
    const q = new DrivenQueue('robust').hear('A', READY).hear('B', READY).ask('C');
    for (let ms = 1000; ms < 30_000; ms += 1000) q.at(ms).hear('A', HEARTBEAT).hear('B', HEARTBEAT).tick();
    expect(busy(q)).toEqual(['A']);
    q.take();
    q.at(30_000).hear('A', HEARTBEAT);
    expect(q.list).toEqual(['B', 'A']);
    q.tick();
    expect(busy(q)).toEqual(['B']);
    expect(q.take('request.requeued', 'worker.listed', 'request.dispatched')).toEqual([
      { type: 'request.requeued', client: 'C', worker: 'A', attempt: 1 },
      { type: 'worker.listed', worker: 'A', expiryAt: 33_000_000, by: 'HEARTBEAT' },
      { type: 'request.dispatched', client: 'C', worker: 'B', attempt: 2, expiryAt: 32_000_000 },
    ]);
  });

  test('[F7] an unknown one-frame message changes nothing', () => {
    const q = new DrivenQueue('robust').hear('A', 'nonsense');
    expect(q.list).toEqual([]);
    expect(q.take('message.invalidated')).toHaveLength(1);
  });
});
