// How connections over a link open, greet and end, with real peers that die and queues that are not there.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { millis, writeGreeting, writeMessage, writeReady } from '@crows-nest/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Dealer, Request } from 'zeromq';
import type { LinkBox } from '../src/tap/link-box.ts';
import { openTap } from '../src/tap/tap.ts';
import { bindRouter, clock, openDealer, rig, texts } from './tap-rig.ts';

const READY_DEALER = writeReady([
  ['Socket-Type', 'DEALER'],
  ['Identity', 'w1'],
]);

/** A peer that speaks by hand. */
async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

describe('opening', () => {
  test('[Z3] a greeting in stages of single bytes passes, and so does the queue’s', async () => {
    const { tap, queue, all } = await rig();
    const peer = await openSocket(tap.port);
    const answered = once(peer, 'data');
    for (const byte of [...writeGreeting(), ...READY_DEALER, ...writeMessage(['\x01'])])
      peer.write(Uint8Array.of(byte));
    expect(texts(await queue.receive())).toEqual(['w1', '\x01']);
    const [answer] = (await answered) as [Buffer];
    expect(answer[0]).toBe(0xff);
    expect(all('connection.greeted').length).toBe(2);
  });

  test('[Z3] a greeting, READY and message in one write reach the queue nonetheless', async () => {
    const { tap, queue } = await rig();
    const peer = await openSocket(tap.port);
    peer.resume();
    peer.write(Buffer.concat([writeGreeting(), READY_DEALER, writeMessage(['\x01']), writeMessage(['c', '', 'x'])]));
    expect(texts(await queue.receive())).toEqual(['w1', '\x01']);
    expect(texts(await queue.receive())).toEqual(['w1', 'c', '', 'x']);
  });

  test('[L5] no queue: refused, said once in a row; when it comes the peer gets through by itself', async () => {
    let port: number | undefined;
    const { endpoint, until, all } = await rig({ target: () => (port ? { host: '127.0.0.1', port } : undefined) });
    const worker = openDealer(endpoint, { routingId: 'w1', reconnectInterval: 10 });
    await worker.send('\x01');
    expect(await until('connection.refused')).toMatchObject([{ link: 'peer-1', reason: 'there is no queue' }]);

    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    port = (closed.address() as { port: number }).port;
    await new Promise((resolve) => closed.close(resolve));
    await new Promise<void>((resolve) => {
      let tries = 0;
      worker.events.on('disconnect', () => ++tries === 3 && resolve());
    });
    expect(all('connection.refused').length).toBe(1);

    const first = await bindRouter();
    port = first.port;
    expect(texts(await first.router.receive())).toEqual(['w1', '\x01']);
    await until('connection.opened');

    first.router.close();
    await until('connection.closed');
    expect((await until('connection.refused', 2)).map(({ reason }) => reason)).toEqual([
      'there is no queue',
      'ECONNREFUSED',
    ]);
    const second = await bindRouter();
    port = second.port;
    await worker.send('again');
    expect(texts(await second.router.receive())).toEqual(['w1', 'again']);
    expect(all('connection.closed')).toMatchObject([{ conn: 1, by: 'queue' }]);
    expect(all('connection.opened').map(({ conn }) => conn)).toEqual([1, 2]);
  });

  test('[P5] a port that is taken rejects with the system’s error', async () => {
    const { tap, link } = await rig();
    const shared = { now: clock, nextMsg: () => 1, nextConn: () => 1, record: () => {}, target: () => undefined };
    await expect(openTap({ side: 'backend', port: tap.port, link, ...shared })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('a guest', () => {
  test('[L6] without an identity is known to the ROUTER by the one filled in, and told so', async () => {
    for (const Kind of [Dealer, Request]) {
      const { endpoint, queue, until, tap } = await rig({
        side: 'frontend',
        guestFor: (_, link) => ({ link, fillIdentity: 'guest-1' }),
      });
      const client = new Kind({ linger: 0 });
      onTestFinished(() => client.close());
      client.connect(endpoint);
      await client.send(client instanceof Dealer ? ['', 'question'] : 'question');
      expect(texts(await queue.receive())).toEqual(['guest-1', '', 'question']);
      await queue.send(['guest-1', '', 'answer']);
      expect(texts(await client.receive()).at(-1)).toBe('answer');
      const greeted = await until('connection.greeted', 2);
      expect(greeted.find(({ by }) => by === 'peer')).toMatchObject({ identity: 'guest-1', filled: true });
      const { added, in: came, out } = tap.accounts().toQueue;
      expect({ added, out }).toEqual({ added: 'guest-1'.length, out: came + 'guest-1'.length });
    }
  });

  test('[L6] with an identity keeps it, and brings it to whoever names its link', async () => {
    const seen: unknown[] = [];
    const { endpoint, queue, until, tap, facts } = await rig({
      guestFor: (greeting, link) => {
        seen.push(greeting);
        return { link, fillIdentity: 'guest-1' };
      },
    });
    const worker = openDealer(endpoint, { routingId: 'mine' });
    await worker.send('\x01');
    expect(texts(await queue.receive())).toEqual(['mine', '\x01']);
    expect(seen).toEqual([{ identity: 'mine', socketType: 'DEALER' }]);
    const greeted = await until('connection.greeted', 2);
    expect(greeted.find(({ by }) => by === 'peer')).not.toHaveProperty('filled');
    expect(tap.accounts().toQueue.added).toBe(0);
    const types = facts.map((fact) => fact.type).filter((type) => type.startsWith('connection'));
    expect(types).toEqual(['connection.opened', 'connection.greeted', 'connection.greeted']);
  });

  test('[L5] behind a partition of its link connects but is not let in until it is healed', async () => {
    const guestFor = (_: unknown, own: LinkBox) => ({ link: own, fillIdentity: 'g' });
    const { endpoint, queue, link, tap, until } = await rig({ guestFor });
    link.applyFault({ id: 'p', kind: 'partition', selector: {}, seed: 1 });
    const worker = openDealer(endpoint);
    await until('connection.greeted', 2);
    const { out, buffered } = tap.accounts().toQueue;
    expect([out, buffered > 0]).toEqual([writeGreeting().length, true]);
    link.heal();
    await worker.send('\x01');
    expect(texts(await queue.receive())).toEqual(['g', '\x01']);
  });

  test('[L6] that says nothing and goes leaves no facts', async () => {
    const { tap, facts } = await rig({ guestFor: () => expect.unreachable() });
    const peer = await openSocket(tap.port);
    peer.on('data', () => peer.destroy());
    await once(peer, 'close');
    await tap.close();
    expect(facts.map((fact) => fact.type)).toEqual(['link.delayed']);
  });

  test('[L6] that the queue gives up on before it has said who it is leaves no facts', async () => {
    const queue = createServer((socket) => socket.end(Buffer.concat([writeGreeting(), writeReady([])])));
    queue.listen(0, '127.0.0.1');
    onTestFinished(() => {
      queue.close();
    });
    await once(queue, 'listening');
    const { port } = queue.address() as { port: number };
    const target = () => ({ host: '127.0.0.1', port });
    const { tap, facts } = await rig({ target, guestFor: () => expect.unreachable() });
    const peer = await openSocket(tap.port);
    peer.resume();
    peer.write(writeGreeting());
    await once(peer, 'end');
    peer.destroy();
    await tap.close();
    expect(facts.map((fact) => fact.type)).toEqual(['link.delayed']);
  });
});

describe('ending', () => {
  test('[L1] what a worker sent before kill -9 still arrives, and then the end', async () => {
    const { endpoint, queue, until, all } = await rig({ delayMs: 100 });
    const script = `const { Dealer } = require('zeromq');
      const worker = new Dealer({ routingId: 'w1' });
      worker.connect(process.argv[1]);
      (async () => { for (const frame of ['READY', 'one', 'two']) await worker.send(frame); await worker.receive(); })();`;
    const child = spawn(process.execPath, ['-e', script, endpoint], { stdio: 'inherit' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await until('message.entered', 3);
    expect(all('message.left')).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const frame of ['READY', 'one', 'two']) expect(texts(await queue.receive())).toEqual(['w1', frame]);
    const [closed] = await until('connection.closed');
    expect(closed).toMatchObject({ conn: 1, by: 'peer' });
    expect(closed?.t).toBeGreaterThanOrEqual(all('message.left').at(-1)?.t ?? 0);
    expect(all('message.lost')).toEqual([]);
  });

  test('[L6] what was under way to a peer that is gone is lost with the connection', async () => {
    const { endpoint, queue, until, all } = await rig({ delayMs: 80 });
    const worker = openDealer(endpoint, { routingId: 'w1' });
    await worker.send('\x01');
    await queue.receive();
    for (let i = 0; i < 5; i++) await queue.send(['w1', '\x02']);
    await until('message.entered', 6);
    worker.close();
    const lost = await until('message.lost', 5);
    expect(lost.map(({ msg, cause }) => [msg, cause])).toEqual([2, 3, 4, 5, 6].map((msg) => [msg, 'connection']));
    await until('connection.closed');
    expect(all('message.left').length).toBe(1);
  });

  test('[L1] the end of a connection travels behind its messages, with the link’s delay', async () => {
    const { endpoint, queue, until } = await rig({ delayMs: 60 });
    const worker = openDealer(endpoint, { routingId: 'w1', linger: 1000 });
    await worker.send('\x01');
    const [entered] = await until('message.entered');
    worker.close();
    const [closed] = await until('connection.closed');
    expect(closed?.t).toBeGreaterThanOrEqual((entered?.t ?? 0) + millis(60));
    expect(texts(await queue.receive())).toEqual(['w1', '\x01']);
  });

  test('[L6] a message cut short by its sender’s end goes nowhere and is accounted for', async () => {
    const { tap, queue, until, all } = await rig();
    const peer = await openSocket(tap.port);
    peer.resume();
    peer.write(Buffer.concat([writeGreeting(), READY_DEALER, writeMessage(['whole'])]));
    expect(texts(await queue.receive())).toEqual(['w1', 'whole']);
    peer.end(writeMessage(['cut', 'short']).subarray(0, 8));
    await until('connection.closed');
    expect(all('message.entered').length).toBe(1);
    expect(tap.accounts().toQueue).toMatchObject({ lost: 8, buffered: 0 });
  });

  test('[L7] dropped connections come back by themselves, and closing the tap leaves nothing open', async () => {
    const { endpoint, queue, tap, until } = await rig({ delayMs: 30 });
    const worker = openDealer(endpoint, { routingId: 'w1', reconnectInterval: 10 });
    await worker.send('\x01');
    await queue.receive();
    await queue.send(['w1', '\x02']);
    await until('message.entered', 2);
    tap.dropConnections('somebody else');
    tap.dropConnections('peer-1');
    expect(await until('connection.closed')).toMatchObject([{ by: 'tap' }]);
    expect(await until('message.lost')).toMatchObject([{ msg: 2 }]);
    await worker.send('back');
    expect(texts(await queue.receive())).toEqual(['w1', 'back']);
    await tap.close();
    expect((await until('connection.closed', 2)).map(({ by }) => by)).toEqual(['tap', 'tap']);
    await expect(openSocket(tap.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('[L6] connections that come and go by the hundred leave none behind', async () => {
    const { tap, until, all } = await rig();
    const peers = await Promise.all(Array.from({ length: 200 }, () => openSocket(tap.port)));
    for (const [i, peer] of peers.entries()) {
      peer.resume();
      peer.write(Buffer.concat([writeGreeting(), READY_DEALER, writeMessage(['\x01'])]));
      if (i % 3 === 0) peer.resetAndDestroy();
      else if (i % 3 === 1) peer.end();
      else peer.destroySoon();
    }
    await until('connection.opened');
    await Promise.all(peers.map((peer) => peer.closed || once(peer, 'close')));
    await until('connection.closed', all('connection.opened').length);
  });
});
