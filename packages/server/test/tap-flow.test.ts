// A tap under load: every byte accounted for at all times, memory bounded, time kept.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { millis, writeGreeting, writeMessage, writeReady } from '@crows-nest/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DelayLine, type Parcel } from '../src/tap/delay-line.ts';
import { joinViews } from '../src/tap/join.ts';
import { MAX_BUFFERED } from '../src/tap/throttle.ts';
import { clock, expectBalanced, openDealer, type Rig, rig, texts, watchTimers } from './tap-rig.ts';

const HANDSHAKE = Buffer.concat([
  writeGreeting(),
  writeReady([
    ['Socket-Type', 'ROUTER'],
    ['Identity', ''],
  ]),
]);

/** A queue that speaks by hand, so that the test sees its socket. */
async function openSink(): Promise<{ port: number; accepted: Promise<Socket> }> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const accepted = once(server, 'connection').then(([socket]: Socket[]) => {
    if (!socket) throw new Error('no socket');
    onTestFinished(() => {
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.write(HANDSHAKE);
    return socket;
  });
  return { port: (server.address() as { port: number }).port, accepted };
}

async function openSource({ tap }: Rig): Promise<Socket> {
  const socket = connect({ port: tap.port, host: '127.0.0.1' });
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  socket.resume();
  socket.write(HANDSHAKE);
  await once(socket, 'connect');
  return socket;
}

/** Writes the block so many times, as fast as it is taken. */
async function pump(socket: Socket, block: Uint8Array, times: number): Promise<void> {
  for (let i = 0; i < times; i++) if (!socket.write(block)) await once(socket, 'drain');
}

describe('load', () => {
  test('[L6] 100,000 messages of real sockets: none lost, none out of order, the books balance throughout', async () => {
    const count = 100_000;
    const { endpoint, queue, tap, all, when } = await rig({ queue: { receiveHighWaterMark: 0 } });
    const worker = openDealer(endpoint, { routingId: 'w1', sendHighWaterMark: 0 });
    let next = 0;
    const reading = (async () => {
      while (next < count) {
        const [, , , body] = await queue.receive();
        if (body?.toString('latin1') !== String(next)) expect.fail(`${next} expected, ${body} came`);
        if (next++ % 5000 === 0) expectBalanced(tap);
      }
    })();
    for (let i = 0; i < count; i++) await worker.send(['c1', '', String(i)]);
    await reading;
    await when(() => all('message.left').length === count);
    const { toQueue } = tap.accounts();
    expect(toQueue).toMatchObject({ in: toQueue.out, dropped: 0, lost: 0, buffered: 0 });
  }, 30_000);

  test('[L6] drops, delay and a reconnect under load: the books balance at every fact', async () => {
    const { endpoint, queue, link, tap, until, all } = await rig({ delayMs: 4, jitterMs: 3 });
    link.applyFault({ id: 'd', kind: 'drop', selector: { probability: 0.3 }, seed: 5 });
    const taken = (async () => {
      for await (const [id, ...frames] of queue) if (id) await queue.send([id, ...frames]).catch(() => {});
    })();
    for (let round = 1; round <= 3; round++) {
      const worker = openDealer(endpoint, { routingId: 'w1', sendHighWaterMark: 0 });
      for (let i = 0; i < 2000; i++) {
        await worker.send(['c1', '', 'x'.repeat(i % 700)]);
        if (i % 100 === 0) expectBalanced(tap);
      }
      await until('message.left', round * 800);
      worker.close();
      await until('connection.closed', round);
      expectBalanced(tap);
    }
    expect(all('message.dropped').length).toBeGreaterThan(500);
    queue.close();
    await taken;
  }, 30_000);

  test('[L8] a slow link holds 4 MiB at most, its sender waits, and everything arrives', async () => {
    const sink = await openSink();
    const all = await rig({ delayMs: 60, target: () => ({ host: '127.0.0.1', port: sink.port }) });
    const source = await openSource(all);
    const queue = await sink.accepted;
    let arrived = 0;
    queue.on('data', (chunk) => {
      arrived += chunk.length;
    });
    const block = Buffer.concat(Array.from({ length: 16 }, () => writeMessage(['', 'x'.repeat(4000)])));
    const times = 300;
    let most = 0;
    const total = HANDSHAKE.length + block.length * times;
    const watching = all.when(() => {
      most = Math.max(most, all.tap.accounts().toQueue.buffered);
      return arrived === total;
    });
    queue.on('data', () => all.record({ type: 'peer.left', t: 0, peer: 'looks again' }));
    await pump(source, block, times);
    await watching;
    expect(total).toBeGreaterThan(4 * MAX_BUFFERED);
    expect(most).toBeLessThanOrEqual(MAX_BUFFERED);
    expect(most).toBeGreaterThan(MAX_BUFFERED / 2);
  }, 20_000);

  test('[L8] a queue that does not read stops its peer, and goes on where it stopped', async () => {
    const sink = await openSink();
    const all = await rig({ target: () => ({ host: '127.0.0.1', port: sink.port }) });
    const source = await openSource(all);
    const queue = await sink.accepted;
    queue.once('data', () => queue.pause());
    const block = Buffer.concat(Array.from({ length: 64 }, () => writeMessage(['', 'x'.repeat(16_000)])));
    const times = 96;
    const pumping = pump(source, block, times);
    // Until nothing moves any more: the kernel's buffers are full and the tap does not read on.
    let before = -1;
    for (let still = 0; still < 10; ) {
      const now = all.tap.accounts().toQueue.in;
      still = now === before && now > MAX_BUFFERED / 2 ? still + 1 : 0;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const total = HANDSHAKE.length + block.length * times;
    expect(all.tap.accounts().toQueue.in).toBeLessThan(total / 2);
    let arrived = queue.bytesRead;
    queue.on('data', () => {
      arrived = queue.bytesRead;
    });
    queue.resume();
    await pumping;
    while (arrived < total) await once(queue, 'data');
    expect(all.tap.accounts().toQueue).toMatchObject({ in: total, out: total, buffered: 0 });
  }, 20_000);

  test('[L8] one message larger than the bound passes whole', async () => {
    const { endpoint, queue, tap } = await rig({ delayMs: 5 });
    const worker = openDealer(endpoint, { routingId: 'w1' });
    const body = Buffer.alloc(15 << 20, 'large');
    await worker.send(['c1', '', 'small']);
    await worker.send(['c1', '', body, body]);
    await worker.send(['c1', '', 'small again']);
    expect(texts(await queue.receive()).at(-1)).toBe('small');
    const frames = await queue.receive();
    expect(frames.slice(-2).every((frame) => frame.equals(body))).toBe(true);
    expect(texts(await queue.receive()).at(-1)).toBe('small again');
    expectBalanced(tap);
  }, 20_000);
});

describe('the delay line', () => {
  const parcel = (dueAt: number, size = 1): Parcel => ({ what: 'message', dueAt, raw: [], size });

  test('[L1] lets out what is due in order, never early, and close to its time', async () => {
    const late: number[] = [];
    const count = 40;
    const worstTimer = watchTimers();
    await new Promise<void>((resolve) => {
      const line = new DelayLine({
        now: clock,
        mayLeave: () => true,
        deliver: (parcels) => {
          for (const { dueAt } of parcels) late.push(clock() - dueAt);
          if (late.length === count) resolve();
        },
      });
      const start = clock();
      for (let i = 1; i <= count; i++) line.push(parcel(start + i * 3700));
      line.flush();
    });
    late.sort((a, b) => a - b);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    expect(late[count >> 1]).toBeLessThan(millis(2) + worstTimer());
  });

  test('[L1] who may not leave holds up those behind, and nothing is lost by waiting', () => {
    let now = 100;
    let isOpen = false;
    const out: number[] = [];
    const line = new DelayLine({
      now: () => now,
      mayLeave: () => isOpen,
      deliver: (parcels) => out.push(...parcels.map(({ dueAt }) => dueAt)),
    });
    for (const dueAt of [50, 100, 200]) line.push(parcel(dueAt, 10));
    line.flush();
    expect([out, line.size]).toEqual([[], 30]);
    isOpen = true;
    line.flush();
    expect([out, line.size]).toEqual([[50, 100], 10]);
    now = 200;
    expect(line.clear().map(({ dueAt }) => dueAt)).toEqual([200]);
    expect([line.size, line.clear()]).toEqual([0, []]);
  });

  test('[L6] joined views have the same bytes, and neighbours become one', () => {
    const whole = Buffer.from('abcdefgh');
    const pieces = joinViews([whole.subarray(0, 3), whole.subarray(3, 4), whole.subarray(4)]);
    expect(pieces.length).toBe(1);
    expect(pieces[0]?.buffer).toBe(whole.buffer);
    expect(Buffer.concat(pieces).toString()).toBe('abcdefgh');
    const apart = joinViews([whole.subarray(5), whole.subarray(0, 2), Buffer.from('!')]);
    expect(Buffer.concat(apart).toString()).toBe('fghab!');
    const large = Buffer.alloc(100_000, 1);
    expect(joinViews([large, Buffer.from('x')]).length).toBe(2);
    expect(joinViews([])).toEqual([]);
  });
});
