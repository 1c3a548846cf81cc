// Peers that the tap cannot read still get through: their bytes flow, delayed by the link, and the trace says why it shows no messages.

import { once } from 'node:events';
import { connect } from 'node:net';
import { millis } from '@crows-nest/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { curveKeyPair, Dealer } from 'zeromq';
import { openDealer, rig, texts } from './tap-rig.ts';

const curve = () => {
  const server = curveKeyPair();
  const client = curveKeyPair();
  return {
    queue: { curveServer: true, curveSecretKey: server.secretKey },
    worker: { curveServerKey: server.publicKey, curvePublicKey: client.publicKey, curveSecretKey: client.secretKey },
  };
};

describe('opaque', () => {
  test('[Z4] CURVE: works, is delayed, and the reason is told', async () => {
    const keys = curve();
    const { endpoint, queue, until, all } = await rig({ queue: keys.queue, delayMs: 20 });
    const worker = openDealer(endpoint, { routingId: 'w1', ...keys.worker });
    await worker.send('\x01');
    expect(texts(await queue.receive())).toEqual(['w1', '\x01']);
    const before = performance.now();
    await queue.send(['w1', 'c1', '', 'question']);
    expect(texts(await worker.receive())).toEqual(['c1', '', 'question']);
    expect(performance.now() - before).toBeGreaterThanOrEqual(20);
    expect(await until('connection.opaqued')).toMatchObject([{ link: 'peer-1', conn: 1, reason: 'mechanism CURVE' }]);
    expect(all('message.entered')).toEqual([]);
  });

  test('[Z4] CURVE: a partition holds its bytes up, and healing lets them go on', async () => {
    const keys = curve();
    const { endpoint, queue, link, tap } = await rig({ queue: keys.queue });
    const worker = openDealer(endpoint, { routingId: 'w1', ...keys.worker });
    await worker.send('\x01');
    await queue.receive();
    const { out } = tap.accounts().toQueue;
    link.applyFault({ id: 'p', kind: 'partition', selector: { direction: 'toQueue' }, seed: 1 });
    await worker.send('\x02');
    // The other way is open, so an answer shows that time has passed here too.
    await queue.send(['w1', 'still there']);
    expect(texts(await worker.receive())).toEqual(['still there']);
    expect(tap.accounts().toQueue.out).toBe(out);
    link.heal();
    expect(texts(await queue.receive())).toEqual(['w1', '\x02']);
  });

  test('[Z4] ZMTP 2.0 by hand, as JeroMQ 0.3 speaks it: both ways stay intact', async () => {
    const { tap, queue, until, all } = await rig({
      guestFor: (greeting, link) => {
        expect(greeting).toEqual({ identity: undefined, socketType: undefined });
        return { link, fillIdentity: 'never used' };
      },
    });
    const peer = connect({ port: tap.port, host: '127.0.0.1', noDelay: true });
    onTestFinished(() => {
      peer.destroy();
    });
    let heard = Buffer.alloc(0);
    peer.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
    });
    const DEALER = 5;
    peer.write(Buffer.from('ff00000000000000017f', 'hex'));
    peer.write(Uint8Array.of(1, DEALER)); // revision 1 is ZMTP 2.0
    peer.write(Buffer.from('\x00\x02z2', 'latin1'));
    peer.write(Buffer.from('\x00\x05READY', 'latin1'));
    expect(texts(await queue.receive())).toEqual(['z2', 'READY']);
    await queue.send(['z2', 'c1', '', 'question']);
    while (!heard.includes('question')) await once(peer, 'data');
    expect(heard.toString('latin1')).toContain('\x01\x02c1\x01\x00\x00\x08question');
    expect(await until('connection.opaqued')).toMatchObject([{ reason: 'ZMTP 2.0' }]);
    expect(all('connection.opened').length).toBe(1);
    peer.end();
    await until('connection.closed');
  });

  test('[Z4] noise turns opaque and its bytes still arrive in turn', async () => {
    const { tap, until } = await rig({ delayMs: 5 });
    const peer = connect({ port: tap.port, host: '127.0.0.1' });
    peer.on('error', () => {});
    peer.resume();
    peer.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await until('connection.opaqued')).toMatchObject([{ reason: 'ZMTP 1.0' }]);
    await until('connection.closed');
    expect(tap.accounts().toQueue.in).toBeGreaterThan(0);
  });

  test('[L1] opaque bytes are never early', async () => {
    const keys = curve();
    const { endpoint, queue } = await rig({ queue: keys.queue, delayMs: 15 });
    const worker = new Dealer({ linger: 0, routingId: 'w1', ...keys.worker });
    onTestFinished(() => worker.close());
    worker.connect(endpoint);
    await worker.send('\x01');
    await queue.receive();
    for (let i = 0; i < 10; i++) {
      const sentAt = performance.now();
      await worker.send(String(i));
      await queue.receive();
      expect(millis(performance.now() - sentAt)).toBeGreaterThanOrEqual(millis(15));
    }
  });
});
