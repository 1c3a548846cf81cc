// Faults on a real link: whole messages are taken, the byte stream stays in sync, and healing is at once.

import type { FaultSpec } from '@crows-nest/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Dealer } from 'zeromq';
import { openDealer, rig, texts } from './tap-rig.ts';

const fault = (spec: Partial<FaultSpec>): FaultSpec => ({ id: 'f1', kind: 'drop', selector: {}, seed: 1, ...spec });

/** Resolves when its TCP connection is up, which is all that ZeroMQ knows of it then. */
async function connectedDealer(endpoint: string, routingId: string): Promise<Dealer> {
  const socket = new Dealer({ linger: 0, routingId });
  onTestFinished(() => socket.close());
  const connected = new Promise<unknown>((resolve) => socket.events.on('connect', resolve));
  socket.connect(endpoint);
  await connected;
  return socket;
}

describe('drop', () => {
  test('[L4] takes the 2nd HEARTBEAT, whole and alone', async () => {
    const { endpoint, queue, link, until, all } = await rig();
    link.applyFault(fault({ selector: { kind: 'HEARTBEAT', direction: 'toQueue', nth: 2 } }));
    const worker = openDealer(endpoint, { routingId: 'w1' });
    for (const frame of ['\x01', '\x02', '\x02', '\x02', 'end']) await worker.send(frame);
    const got: (string | undefined)[] = [];
    while (got.at(-1) !== 'end') got.push(texts(await queue.receive())[1]);
    expect(got).toEqual(['\x01', '\x02', '\x02', 'end']);
    await until('message.left', 4);
    expect(all('message.dropped')).toMatchObject([{ link: 'peer-1', msg: 3, fault: 'f1' }]);
    expect(all('fault.applied')).toMatchObject([
      { fault: 'f1', kind: 'drop', message: 'HEARTBEAT', direction: 'toQueue', nth: 2, seed: 1 },
    ]);
  });

  test('[L4] of half of all messages, large and multipart ones too, leaves the others intact', async () => {
    const { endpoint, queue, link, tap, all } = await rig();
    link.applyFault(fault({ selector: { probability: 0.5, kind: 'REPLY' } }));
    const worker = openDealer(endpoint, { routingId: 'w1', sendHighWaterMark: 0 });
    const body = (i: number) => `${i}:`.padEnd(1 + ((i * 7919) % 100_000), 'x');
    for (let i = 0; i < 200; i++) await worker.send(['c1', '', body(i)]);
    await worker.send('end');
    const numbers: number[] = [];
    for (;;) {
      const [, ...frames] = texts(await queue.receive());
      if (frames[0] === 'end') break;
      const i = Number(frames[2]?.split(':')[0]);
      expect(frames).toEqual(['c1', '', body(i)]);
      numbers.push(i);
    }
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.length + all('message.dropped').length).toBe(200);
    expect(numbers.length).toBeGreaterThan(60);
    expect(numbers.length).toBeLessThan(140);
    expect(tap.accounts().toQueue.dropped).toBeGreaterThan(100_000);
  });

  test('[L5] belongs to the link: a reconnect does not shake it off, nor start its count again', async () => {
    const { endpoint, queue, link, until } = await rig();
    link.applyFault(fault({ selector: { kind: 'READY', nth: 2 } }));
    for (const routingId of ['w1', 'w2', 'w3']) {
      const worker = openDealer(endpoint, { routingId });
      await worker.send('\x01');
      await worker.send('\x02');
      const first = texts(await queue.receive());
      expect(first).toEqual([routingId, routingId === 'w2' ? '\x02' : '\x01']);
      if (routingId !== 'w2') await queue.receive();
      worker.close();
      await until('connection.closed', Number(routingId[1]));
    }
  });
});

describe('partition', () => {
  test('[L4] one way: the worker goes unheard and still hears', async () => {
    const { endpoint, queue, link, until } = await rig();
    const worker = openDealer(endpoint, { routingId: 'w1' });
    await worker.send('\x01');
    await queue.receive();
    link.applyFault(fault({ kind: 'partition', selector: { direction: 'toQueue' } }));
    await worker.send('\x02');
    await worker.send('\x02');
    await until('message.dropped', 2);
    await queue.send(['w1', '\x02']);
    expect(texts(await worker.receive())).toEqual(['\x02']);
    link.heal();
    await worker.send('back');
    expect(texts(await queue.receive())).toEqual(['w1', 'back']);
  });

  test('[L7] both ways: a new connection gets no further than the tap until it is healed', async () => {
    const { endpoint, queue, link, until, all } = await rig();
    link.applyFault(fault({ kind: 'partition' }));
    const worker = await connectedDealer(endpoint, 'w1');
    expect(all('connection.opened')).toEqual([]);
    await worker.send('\x01');
    link.heal('f1');
    expect(texts(await queue.receive())).toEqual(['w1', '\x01']);
    await until('connection.opened');
    expect(all('message.dropped')).toEqual([]);
  });

  test('[L7] a peer that gives up behind a partition leaves no trace of a connection', async () => {
    const { endpoint, link, tap, all } = await rig();
    link.applyFault(fault({ kind: 'partition' }));
    const worker = await connectedDealer(endpoint, 'w1');
    worker.close();
    await tap.close();
    expect(all('connection.opened')).toEqual([]);
    expect(all('connection.closed')).toEqual([]);
  });

  test('[L7] hides the end of a connection from the queue until it is healed', async () => {
    const { endpoint, queue, link, until, all } = await rig();
    const worker = openDealer(endpoint, { routingId: 'w1' });
    await worker.send('\x01');
    await queue.receive();
    link.applyFault(fault({ kind: 'partition', selector: { direction: 'toQueue' } }));
    worker.close();
    // The queue goes on sending to a worker that is gone, and nobody tells it.
    for (let i = 1; all('message.lost').length === 0; i++) {
      await queue.send(['w1', '\x02']);
      await until('message.entered', 1 + i);
    }
    expect(all('connection.closed')).toEqual([]);
    link.heal();
    expect(await until('connection.closed')).toMatchObject([{ conn: 1, by: 'peer' }]);
  });
});

describe('healing', () => {
  test('[L7] is at once, is told once, and never waits for a peer', async () => {
    const { link, all } = await rig();
    link.applyFault(fault({ id: 'a' }));
    link.applyFault(fault({ id: 'b', kind: 'partition' }));
    link.applyFault(fault({ id: 'c', kind: 'delay', extraMs: 500 }));
    link.heal('b');
    link.heal('b');
    expect(all('fault.healed').map((fact) => fact.fault)).toEqual(['b']);
    link.heal();
    link.heal();
    expect(all('fault.healed').map((fact) => fact.fault)).toEqual(['b', 'a', 'c']);
    expect(link.link.faults).toEqual([]);
  });

  test('[L7] restores a link under load without a gap in what follows', async () => {
    const { endpoint, queue, link, all } = await rig({ delayMs: 3 });
    const worker = openDealer(endpoint, { routingId: 'w1', sendHighWaterMark: 0 });
    const received: number[] = [];
    const reading = (async () => {
      while (received.at(-1) !== 2999) received.push(Number(texts(await queue.receive())[1]));
    })();
    for (let i = 0; i < 3000; i++) {
      if (i === 1000) link.applyFault(fault({ kind: 'partition', selector: { direction: 'toQueue' } }));
      if (i === 2000) link.heal();
      await worker.send(String(i));
    }
    await reading;
    expect(received.length + all('message.dropped').length).toBe(3000);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    const gaps = received.filter((n, i) => i > 0 && n !== (received[i - 1] ?? 0) + 1);
    expect(gaps.length).toBeLessThanOrEqual(1);
  });
});
