// Messages through a tap: what goes in comes out, in order, after the link's delay, and is told as facts.

import { millis } from '@crows-nest/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Request } from 'zeromq';
import { openDealer, rig, texts, watchTimers } from './tap-rig.ts';

function request(endpoint: string, options: { correlate?: boolean } = {}): Request {
  const socket = new Request({ linger: 0, ...options });
  onTestFinished(() => socket.close());
  socket.connect(endpoint);
  return socket;
}

describe.each([
  ['rfc', '\x01', '\x02'],
  ['text', 'READY', 'HEARTBEAT'],
])('a worker that speaks %s', (_, ready, heartbeat) => {
  test('[L1] says READY, is beaten for, is given a request, and replies', async () => {
    const { endpoint, queue, until, all } = await rig();
    const worker = openDealer(endpoint, { routingId: 'w1' });
    await worker.send(ready);
    expect(texts(await queue.receive())).toEqual(['w1', ready]);
    await queue.send(['w1', heartbeat]);
    await queue.send(['w1', 'c1', '', 'question']);
    expect(texts(await worker.receive())).toEqual([heartbeat]);
    expect(texts(await worker.receive())).toEqual(['c1', '', 'question']);
    await worker.send(['c1', '', 'answer', '']);
    expect(texts(await queue.receive())).toEqual(['w1', 'c1', '', 'answer', '']);

    await until('message.left', 4);
    const entered = all('message.entered').map(({ kind, direction, frames, sizes }) => ({
      kind,
      direction,
      frames,
      sizes,
    }));
    expect(entered).toEqual([
      { kind: 'READY', direction: 'toQueue', frames: [ready], sizes: [ready.length] },
      { kind: 'HEARTBEAT', direction: 'fromQueue', frames: [heartbeat], sizes: [heartbeat.length] },
      { kind: 'REQUEST', direction: 'fromQueue', frames: ['c1', '', 'question'], sizes: [2, 0, 8] },
      { kind: 'REPLY', direction: 'toQueue', frames: ['c1', '', 'answer', ''], sizes: [2, 0, 6, 0] },
    ]);
  });
});

describe('what passes', () => {
  test('[Z1] the handshake of both sides is told, the identity that the peer set too', async () => {
    const { endpoint, queue, until } = await rig();
    const worker = openDealer(endpoint, { routingId: 'A1B2-C3D4' });
    await worker.send('\x01');
    await queue.receive();
    const [opened] = await until('connection.opened');
    expect(opened).toMatchObject({ link: 'peer-1', conn: 1, side: 'backend' });
    const greeted = await until('connection.greeted', 2);
    const shared = { type: 'connection.greeted', link: 'peer-1', conn: 1, version: '3.1', mechanism: 'NULL' };
    expect(greeted.map(({ t: _, ...fact }) => fact).sort((a, b) => (a.by < b.by ? -1 : 1))).toEqual([
      { ...shared, by: 'peer', socketType: 'DEALER', identity: 'A1B2-C3D4' },
      { ...shared, by: 'queue', socketType: 'ROUTER' },
    ]);
  });

  test('[L4] REQ asks and is answered, with REQ_CORRELATE too', async () => {
    for (const correlate of [false, true]) {
      const { endpoint, queue, all } = await rig({ side: 'frontend' });
      const client = request(endpoint, { correlate });
      await client.send(['several', '', 'frames']);
      const asked = await queue.receive();
      expect(asked.length).toBe(correlate ? 6 : 5);
      await queue.send([...asked.slice(0, -3), 'done']);
      expect(texts(await client.receive())).toEqual(['done']);
      expect(all('message.entered').map(({ kind, frameCount }) => [kind, frameCount])).toEqual([
        ['REQUEST', asked.length - 1],
        ['REPLY', asked.length - 3],
      ]);
    }
  });

  test('[L4] binary frames, empty ones, hundreds of them and large ones arrive as they were sent', async () => {
    const { endpoint, queue, until } = await rig();
    const worker = openDealer(endpoint, { routingId: 'w1' });
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const large = Buffer.alloc(1 << 20, every);
    const messages = [
      [every, '', every],
      Array.from({ length: 600 }, (_, i) => String(i)),
      ['c1', '', large],
      [Buffer.alloc(6 << 20, 'six')], // larger than what a direction holds
      ['end'],
    ];
    for (const message of messages) {
      await worker.send(message);
      const [, ...frames] = await queue.receive();
      expect(frames.length).toBe(message.length);
      expect(frames.every((frame, i) => frame.equals(Buffer.from(message[i] ?? 'gone')))).toBe(true);
      await queue.send(['w1', ...frames]);
      const back = await worker.receive();
      expect(back.every((frame, i) => frame.equals(Buffer.from(message[i] ?? 'gone')))).toBe(true);
    }
    await until('message.left', 10);
  });

  test('[L1] a fact shows at most 8 frames and 256 bytes of each, and the true sizes', async () => {
    const { endpoint, queue, until } = await rig();
    const worker = openDealer(endpoint);
    await worker.send(['x'.repeat(300), ...Array.from({ length: 9 }, () => 'y')]);
    await queue.receive();
    const [entered] = await until('message.entered');
    expect(entered).toMatchObject({ frameCount: 10, sizes: [300, 1, 1, 1, 1, 1, 1, 1] });
    expect(entered?.frames).toEqual(['x'.repeat(256), 'y', 'y', 'y', 'y', 'y', 'y', 'y']);
  });
});

describe('delay', () => {
  test('[L1] 50 ms: never early, seldom late, in order; the handshake is not delayed', async () => {
    const { endpoint, queue, until } = await rig({ delayMs: 50 });
    const worstTimer = watchTimers();
    const worker = openDealer(endpoint, { routingId: 'w1' });
    const count = 60;
    for (let i = 0; i < count; i++) {
      await worker.send(['c', '', String(i)]);
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 7));
    }
    for (let i = 0; i < count; i++) expect(texts(await queue.receive())).toEqual(['w1', 'c', '', String(i)]);

    const entered = await until('message.entered', count);
    const left = await until('message.left', count);
    expect(left.map(({ msg }) => msg)).toEqual(entered.map(({ msg }) => msg));
    const late = left.map(({ t }, i) => t - (entered[i]?.dueAt ?? 0)).sort((a, b) => a - b);
    expect(entered.every(({ t, dueAt }) => dueAt === t + millis(50))).toBe(true);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    expect(late[count >> 1]).toBeLessThan(millis(3) + worstTimer());
    const [opened] = await until('connection.opened');
    const greeted = await until('connection.greeted', 2);
    expect((greeted[1]?.t ?? 0) - (opened?.t ?? 0)).toBeLessThan(millis(50) + worstTimer());
  });

  test('[L1] jitter and a shorter delay never reorder', async () => {
    const { endpoint, queue, link } = await rig({ delayMs: 40, jitterMs: 40 });
    const worker = openDealer(endpoint, { routingId: 'w1' });
    const count = 300;
    for (let i = 0; i < count; i++) {
      await worker.send(String(i));
      if (i === 150) link.setDelay(2);
    }
    for (let i = 0; i < count; i++) expect(texts(await queue.receive())).toEqual(['w1', String(i)]);
  });

  test('[L1] without delay a message leaves in the turn in which it came', async () => {
    const { endpoint, queue, until } = await rig();
    await openDealer(endpoint).send('\x01');
    await queue.receive();
    const [entered] = await until('message.entered');
    const [left] = await until('message.left');
    expect(entered?.dueAt).toBe(entered?.t);
    expect(left?.msg).toBe(entered?.msg);
    expect((left?.t ?? 0) - (entered?.t ?? 0)).toBeLessThan(millis(100));
  });
});
