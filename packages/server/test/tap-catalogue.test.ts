// Every fault of a link on real sockets: what the receiver gets, what the trace says, and that the stream stays in sync.

import { connect } from 'node:net';
import { type FaultSpec, millis, writeGreeting, writeMessage, writeReady } from '@crows-nest/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Dealer, type Router } from 'zeromq';
import { askPeers } from '../src/tap/probe.ts';
import { MAX_BUFFERED } from '../src/tap/throttle.ts';
import { clock, openDealer, rig, texts } from './tap-rig.ts';

const fault = (spec: Partial<FaultSpec>): FaultSpec => ({ id: 'f1', kind: 'drop', selector: {}, seed: 1, ...spec });
const toQueue = { direction: 'toQueue' } as const;

/** A worker that has said READY, and a queue that has read it. */
async function opened(options: Parameters<typeof rig>[0] = {}) {
  const all = await rig(options);
  const worker = openDealer(all.endpoint, { routingId: 'w1', sendHighWaterMark: 0 });
  await worker.send('\x01');
  expect(texts(await all.queue.receive())).toEqual(['w1', '\x01']);
  return { ...all, worker };
}

/** What the queue reads until this message, itself included. */
async function readUntil(queue: Router, last: string): Promise<string[][]> {
  const got: string[][] = [];
  do got.push(texts(await queue.receive()).slice(1));
  while (got.at(-1)?.at(-1) !== last);
  return got;
}

describe('what is made of a message', () => {
  test('[L9] duplicate: each copy is a message of its own in the trace, and says what it is of', async () => {
    const { worker, queue, link, until, all } = await opened();
    link.applyFault(fault({ kind: 'duplicate', copies: 2, selector: { kind: 'REPLY', nth: 1 } }));
    await worker.send(['c1', '', 'once']);
    await worker.send(['c1', '', 'end']);
    const got = await readUntil(queue, 'end');
    expect(got.map((frames) => frames[2])).toEqual(['once', 'once', 'once', 'end']);
    await until('message.left', 5);
    expect(all('message.duplicated')).toMatchObject([
      { msg: 3, of: 2, fault: 'f1' },
      { msg: 4, of: 2, fault: 'f1' },
    ]);
    expect(all('message.entered').map(({ copyOf }) => copyOf)).toEqual([undefined, undefined, 2, 2, undefined]);
  });

  test('[L9] [L4] corrupt, in every mode and for long: what follows is read as it was sent', async () => {
    const { worker, queue, link, until, all } = await opened({ queue: { receiveHighWaterMark: 0 } });
    const modes = ['payload', 'type', 'envelope', 'structure'] as const;
    for (const [i, mode] of modes.entries()) {
      link.applyFault(fault({ id: `f${i}`, kind: 'corrupt', mode, seed: i, selector: { probability: 0.3 } }));
    }
    const count = 2000;
    const sending = (async () => {
      for (let i = 0; i < count; i++) {
        await worker.send(i % 3 === 0 ? '\x02' : ['c1', '', `${i}:`.padEnd(1 + ((i * 7919) % 3000), 'x')]);
      }
      await until('message.entered', count);
      link.heal();
      await worker.send(['c1', '', 'end']);
    })();
    const got = await readUntil(queue, 'end');
    await sending;
    const damaged = new Set(all('message.corrupted').map(({ msg }) => msg));
    expect(damaged.size).toBeGreaterThan(count / 4);
    expect(new Set(all('message.corrupted').map(({ mode }) => mode))).toEqual(new Set(modes));
    const pieces = all('message.duplicated').length;
    expect(pieces).toBeGreaterThan(0);
    expect(got.length).toBe(count + 1 + pieces);
    // Whoever was not struck came whole.
    const whole = got.filter(([one, two, body = '']) => one === 'c1' && two === '' && /^\d+:x*$/.test(body));
    const unstruck = all('message.entered').filter(
      ({ msg, kind, copyOf }) => kind === 'REPLY' && copyOf === undefined && !damaged.has(msg),
    );
    expect(whole.length).toBeGreaterThanOrEqual(unstruck.length - 1);
  }, 20_000);

  test('[L9] replay: the last of its direction, or that one, sent once more', async () => {
    const { worker, queue, link, until, all } = await opened();
    await worker.send(['c1', '', 'first']);
    await worker.send('\x02');
    await readUntil(queue, '\x02');
    const first = link.recall('toQueue', 2);
    if (!first) return expect.unreachable();
    expect(link.replay(first.direction, first.kept, 'f1')).toBe(true);
    expect(texts(await queue.receive())).toEqual(['w1', 'c1', '', 'first']);
    const last = link.recall(undefined, undefined);
    expect(last).toMatchObject({ direction: 'toQueue', kept: { frames: ['c1', '', 'first'] } });
    await until('message.left', 4);
    expect(all('fault.struck')).toMatchObject([{ fault: 'f1', kind: 'replay', msg: 2 }]);
    expect(all('message.duplicated')).toMatchObject([{ msg: 4, of: 2, fault: 'f1' }]);
    expect(link.recall('fromQueue', undefined)).toBeUndefined();
  });
});

describe('when it leaves', () => {
  test('[L9] reorder: one is overtaken, and all arrive', async () => {
    const { worker, queue, link } = await opened();
    link.applyFault(fault({ kind: 'reorder', extraMs: 60, selector: { kind: 'REPLY', nth: 1 } }));
    for (const body of ['late', 'one', 'two']) await worker.send(['c1', '', body]);
    const got = await readUntil(queue, 'late');
    expect(got.map((frames) => frames[2])).toEqual(['one', 'two', 'late']);
  });

  test('[L9] bandwidth: so many bytes a second', async () => {
    const { worker, queue, link } = await opened();
    link.applyFault(fault({ kind: 'bandwidth', bytesPerSecond: 20_000, selector: toQueue }));
    const startedAt = clock();
    for (let i = 0; i < 5; i++) await worker.send(['', 'x'.repeat(1000)]);
    for (let i = 0; i < 5; i++) await queue.receive();
    expect(clock() - startedAt).toBeGreaterThanOrEqual(millis(250));
  });

  test('[L9] hold: others go past it; one step lets one go, healing all, in order', async () => {
    const { worker, queue, link, until, all } = await opened();
    link.applyFault(fault({ kind: 'hold', selector: { kind: 'REPLY' } }));
    for (const body of ['1', '2', '3']) await worker.send(['c1', '', body]);
    await worker.send('\x02');
    expect(texts(await queue.receive())).toEqual(['w1', '\x02']);
    await until('message.held', 3);
    expect(link.step('f1')).toBe(true);
    expect(texts(await queue.receive()).at(-1)).toBe('1');
    expect(all('message.released')).toMatchObject([{ fault: 'f1', msg: 2 }]);
    link.heal('f1');
    expect(texts(await queue.receive()).at(-1)).toBe('2');
    expect(texts(await queue.receive()).at(-1)).toBe('3');
    expect(link.step('f1')).toBe(false);
  });

  test('[L9] the end of a connection waits for what is held of it', async () => {
    const { worker, queue, link, until, all } = await opened();
    link.applyFault(fault({ kind: 'hold', selector: { kind: 'REPLY' } }));
    await worker.send(['c1', '', 'last words']);
    await until('message.held');
    worker.close();
    await queue.send(['w1', '\x02']);
    await until('message.entered', 3);
    expect(all('connection.closed')).toEqual([]);
    link.heal();
    expect(texts(await queue.receive())).toEqual(['w1', 'c1', '', 'last words']);
    await until('connection.closed');
  });

  test('[L9] one message taken from the line, and the others not', async () => {
    const { worker, queue, link, until, all } = await opened({ delayMs: 150 });
    for (const body of ['1', '2', '3']) await worker.send(['c1', '', body]);
    await until('message.entered', 4);
    expect(link.carries(3)).toBe(true);
    link.drop(3, 'f1');
    expect(link.carries(3)).toBe(false);
    expect((await readUntil(queue, '3')).map((frames) => frames[2])).toEqual(['1', '3']);
    expect(all('message.dropped')).toMatchObject([{ msg: 3, fault: 'f1' }]);
  });
});

describe('partitions', () => {
  test('[L9] [L8] jammed: everything waits, 4 MiB at most, the sender after that; and comes at once when healed', async () => {
    const { worker, queue, link, tap, until } = await opened({ queue: { receiveHighWaterMark: 0 } });
    link.applyFault(fault({ kind: 'partition', mode: 'jammed', selector: toQueue }));
    const count = 1000;
    const sending = (async () => {
      for (let i = 0; i < count; i++) await worker.send(['c1', '', `${i}:`.padEnd(16_000, 'x')]);
    })();
    await queue.send(['w1', '\x02']);
    expect(texts(await worker.receive())).toEqual(['\x02']);
    // Until the tap reads no more.
    for (let before = -1, still = 0; still < 10; ) {
      const now = tap.accounts().toQueue.in;
      still = now === before && now > MAX_BUFFERED / 2 ? still + 1 : 0;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(tap.accounts().toQueue.buffered).toBeLessThanOrEqual(MAX_BUFFERED);
    expect(tap.accounts().toQueue.out).toBeLessThan(1000);
    link.heal();
    await sending;
    for (let i = 0; i < count; i++) expect(texts(await queue.receive())[3]?.startsWith(`${i}:`)).toBe(true);
    await until('message.left', count + 2);
  }, 20_000);

  test('[L9] refused both ways: reset, and refused again and again, told once; healed it comes back by itself', async () => {
    const { worker, queue, link, until, all } = await opened();
    const resets = new Promise<void>((resolve) => {
      let times = 0;
      worker.events.on('disconnect', () => ++times === 3 && resolve());
    });
    link.applyFault(fault({ kind: 'partition', mode: 'refused' }));
    expect(await until('connection.closed')).toMatchObject([{ by: 'tap' }]);
    await resets;
    expect(all('connection.refused')).toMatchObject([{ link: 'peer-1', reason: 'f1' }]);
    link.heal();
    await worker.send('back');
    expect(texts(await queue.receive())).toEqual(['w1', 'back']);
  });

  test('[L9] [G2] a guest that its link refuses has neither opened nor greeted, until it is healed', async () => {
    const { endpoint, link, all, until } = await rig({ guestFor: (_, own) => ({ link: own }) });
    link.applyFault(fault({ kind: 'partition', mode: 'refused' }));
    openDealer(endpoint, { routingId: 'guest', reconnectInterval: 10 });
    await until('connection.refused');
    expect([all('connection.opened'), all('connection.greeted')]).toEqual([[], []]);
    link.heal();
    await until('connection.greeted', 2);
    expect(new Set(all('connection.greeted').map(({ conn }) => conn))).toEqual(new Set([1]));
  });

  test('[L9] refused to the queue: the worker is refused, the queue hears nothing, and of no end', async () => {
    const { worker, queue, link, until, all } = await opened();
    const disconnected = new Promise((resolve) => worker.events.on('disconnect', resolve));
    link.applyFault(fault({ kind: 'partition', mode: 'refused', selector: toQueue }));
    await disconnected;
    await until('connection.refused');
    await queue.send(['w1', '\x02']);
    await until('message.lost');
    expect(all('connection.closed')).toEqual([]);
    link.heal();
    await worker.send('back');
    expect(texts(await queue.receive())).toEqual(['w1', 'back']);
    expect(await until('connection.closed')).toMatchObject([{ conn: 1 }]);
  });

  test('[L9] refused from the queue: the queue has no connection, the worker one to nobody', async () => {
    const { worker, queue, link, until, all } = await opened();
    let disconnects = 0;
    worker.events.on('disconnect', () => disconnects++);
    link.applyFault(fault({ kind: 'partition', mode: 'refused', selector: { direction: 'fromQueue' } }));
    await worker.send('into the void');
    await until('message.lost');
    expect([disconnects, all('connection.closed')]).toEqual([0, []]);
    link.heal();
    await until('connection.closed');
    await worker.send('back');
    expect(texts(await queue.receive())).toEqual(['w1', 'back']);
  });

  test('[L9] hang: reset, and then accepted in silence until it is healed', async () => {
    const { worker, queue, link, until, all } = await opened();
    const connected = new Promise((resolve) => worker.events.on('connect', resolve));
    link.applyFault(fault({ kind: 'hang' }));
    await connected;
    expect(all('connection.opened').length).toBe(1);
    link.heal();
    await worker.send('back');
    expect(texts(await queue.receive())).toEqual(['w1', 'back']);
    expect((await until('connection.opened', 2)).length).toBe(2);
  });

  test.each(['reset', 'close'] as const)('[L9] %s: the connection ends at both ends, and is made anew', async (how) => {
    const { worker, queue, link, until, all } = await opened({ delayMs: 50 });
    await worker.send('on its way');
    await until('message.entered', 2);
    link.breakOff(how, 'f1');
    expect(await until('connection.closed')).toMatchObject([{ by: 'tap' }]);
    expect(all('message.lost')).toMatchObject([{ msg: 2, cause: 'connection' }]);
    expect(all('fault.struck')).toMatchObject([{ fault: 'f1', kind: how }]);
    await worker.send('again');
    expect(texts(await queue.receive())).toEqual(['w1', 'again']);
  });
});

describe('PING', () => {
  test('[L12] asks whether the process is there; the answer is told, goes no further, and can be named by a fault', async () => {
    const { worker, queue, link, tap, until, all } = await opened({ mayAsk: askPeers });
    expect(await until('command.passed', 2)).toMatchObject([
      { direction: 'fromQueue', name: 'PING', conn: 1 },
      { direction: 'toQueue', name: 'PONG', conn: 1 },
    ]);
    const { dropped } = tap.accounts().toQueue;
    expect(dropped).toBeGreaterThan(0);
    await worker.send('after it');
    expect(texts(await queue.receive())).toEqual(['w1', 'after it']);
    link.applyFault(fault({ selector: { kind: 'PONG' } }));
    expect(await until('command.dropped')).toMatchObject([{ direction: 'toQueue', name: 'PONG', fault: 'f1' }]);
    expect(all('connection.closed')).toEqual([]);
  });

  test('[L12] is not sent to a peer of ZMTP 3.0', async () => {
    const { endpoint, tap, queue, until, all } = await rig({ mayAsk: askPeers });
    const peer = connect({ port: tap.port, host: '127.0.0.1', noDelay: true });
    onTestFinished(() => {
      peer.destroy();
    });
    let heard = '';
    peer.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    peer.write(writeGreeting({ minor: 0 }));
    peer.write(writeReady([['Socket-Type', 'DEALER']]));
    peer.write(writeMessage(['\x01']));
    const [id] = await queue.receive();
    // Another one beside it is asked, and again.
    await openDealer(endpoint, { routingId: 'w2' }).send('\x01');
    await until('command.passed', 3);
    await queue.send([id ?? '', 'heard']);
    while (!heard.includes('heard')) await new Promise((resolve) => peer.once('data', resolve));
    expect([heard.includes('PING'), all('command.passed').some(({ conn }) => conn === 1)]).toEqual([false, false]);
  });

  test('[L12] the queue is asked too, by one connection at a time', async () => {
    let asked = 0;
    const { until, all } = await opened({ mayAsk: (end) => end === 'peer' || asked++ === 0 });
    await until('command.passed', 4);
    expect(
      all('command.passed').filter(({ name, direction }) => name === 'PONG' && direction === 'fromQueue').length,
    ).toBe(1);
  });
});

describe('churn', () => {
  const OPERATIONS = process.env.CROWS_LONG ? 10_000 : 2000;

  test(`[L7] ${OPERATIONS} faults applied and healed under load: none slower than 50 ms, none hangs, the books balance`, async () => {
    const { endpoint, queue, link, tap, until, all } = await rig({ queue: { receiveHighWaterMark: 0 }, delayMs: 1 });
    const worker = new Dealer({ linger: 0, routingId: 'w1', sendHighWaterMark: 20_000, reconnectInterval: 5 });
    onTestFinished(() => worker.close());
    worker.connect(endpoint);
    let running = true;
    let received = 0;
    const talking = (async () => {
      for (let i = 0; running; i++) {
        for (let n = 0; n < 20; n++) await worker.send(n % 5 ? ['c1', '', `${i}.${n}`] : '\x02').catch(() => {});
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const listening = (async () => {
      for await (const [id] of queue) {
        received++;
        if (id && received % 10 === 0) await queue.send([id, '\x02']).catch(() => {});
      }
    })().catch(() => {});
    const answered = (async () => {
      for await (const _ of worker);
    })().catch(() => {});

    let seed = 7;
    const below = (bound: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * bound);
    };
    const kinds = [
      'drop',
      'corrupt',
      'duplicate',
      'bandwidth',
      'delay',
      'reorder',
      'hold',
      'partition',
      'hang',
    ] as const;
    const cpuMs: number[] = [];
    let applied = 0;
    const timed = (operation: () => void): void => {
      const before = process.cpuUsage();
      operation();
      const { user, system } = process.cpuUsage(before);
      cpuMs.push((user + system) / 1000);
    };
    for (let i = 0; i < OPERATIONS; i++) {
      const standing = link.link.faults;
      if (standing.length > 3 || (standing.length > 0 && below(2) === 0)) {
        const gone = below(4) === 0 ? undefined : standing[below(standing.length)]?.spec.id;
        timed(() => link.heal(gone));
      } else {
        // Those that end the connection less often, or hardly anything would be under way.
        const kind = kinds[below(below(8) ? 7 : kinds.length)] ?? 'drop';
        const modes =
          kind === 'corrupt'
            ? (['payload', 'structure', 'type'] as const)
            : (['stopped', 'jammed', 'refused'] as const);
        const direction = ([undefined, 'toQueue', 'fromQueue'] as const)[below(3)];
        const selector = { direction, ...(kind !== 'partition' && kind !== 'hang' && { probability: 0.5 }) };
        const spec = fault({ id: `f${++applied}`, kind, selector, seed: i, mode: modes[below(3)] });
        timed(() => link.applyFault({ ...spec, extraMs: below(20), bytesPerSecond: 500_000, copies: 2 }));
      }
      if (below(100) === 0) timed(() => link.breakOff(below(2) ? 'reset' : 'close', `f${++applied}`));
      if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    timed(() => link.heal());
    running = false;
    await talking;
    // It lives: what is said now is heard.
    const seen = received;
    await worker.send('\x02');
    await until('message.left', all('message.left').length + 1);
    while (received === seen) await new Promise((resolve) => setImmediate(resolve));
    cpuMs.sort((a, b) => a - b);
    const at = (share: number): number => cpuMs[Math.min(cpuMs.length - 1, Math.floor(cpuMs.length * share))] ?? 0;
    console.log(
      `${OPERATIONS} operations, ${received} messages read, ${tap.accounts().toQueue.dropped} bytes dropped; ` +
        `CPU ms an operation: p50 ${at(0.5).toFixed(2)}, p99 ${at(0.99).toFixed(2)}, most ${at(1).toFixed(2)}`,
    );
    expect(at(0.99)).toBeLessThanOrEqual(50);
    expect(received).toBeGreaterThan(1000);
    worker.close();
    queue.close();
    await Promise.all([listening, answered]);
  }, 180_000);
});
