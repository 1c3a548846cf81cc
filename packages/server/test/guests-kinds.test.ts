// Every kind of guest: sockets, dialects and versions of ZMTP; what can be known of each, and what is said of the rest.

import { once } from 'node:events';
import { beginJudgement, findingsOf, judge, ledgerBalances, writeGreeting } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Dealer, Request } from 'zeromq';
import { type Live, openLive } from './live.ts';
import { RawGuest } from './raw-guest.ts';

let live: Live;
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await live?.close();
});

const at = (side: 'frontend' | 'backend'): string => `tcp://127.0.0.1:${live.bridge.guests.ports[side]}`;

function rawGuest(side: 'frontend' | 'backend'): RawGuest {
  const guest = new RawGuest(live.bridge.guests.ports[side]);
  closing.push(() => guest.end());
  return guest;
}

function guestClient(routingId?: string): Request {
  const socket = new Request({ linger: 0, ...(routingId === undefined ? {} : { routingId }) });
  closing.push(() => socket.close());
  socket.connect(at('frontend'));
  return socket;
}

function guestDealer(side: 'frontend' | 'backend', options: ConstructorParameters<typeof Dealer>[0] = {}): Dealer {
  const socket = new Dealer({ linger: 0, ...options });
  closing.push(() => socket.close());
  socket.connect(at(side));
  return socket;
}

const broken = (peer: string): string[] => {
  const judgement = beginJudgement();
  for (const event of live.events) judge(judgement, event);
  return findingsOf(judgement, peer).flatMap((f) => (f.standing === 'broken' ? [f.statement] : []));
};

describe('kinds of guests', () => {
  it.each([
    [0, 'READY', 'HEARTBEAT'],
    [0, '\x01', '\x02'],
    [1, 'READY', 'HEARTBEAT'],
    [1, '\x01', '\x02'],
  ])(
    '[Z1] [F5] a worker by hand in ZMTP 3.%i that says %j: listed, beaten for in kind, given work, and answered',
    async (minor, ready, beat) => {
      live = await openLive({ queue: { heartbeatIntervalMs: 200 } });
      const worker = rawGuest('backend');
      await worker.greet(minor, 'DEALER');
      worker.say(ready);
      await live.until({ type: 'worker.listed', workerPeer: 'guest-1' });
      await worker.until(() => worker.heard.some((frames) => frames[0] === beat));
      const client = guestClient();
      await client.send('question');
      await worker.until(() => worker.heard.some((frames) => frames.length > 1));
      worker.say(...(worker.heard.find((frames) => frames.length > 1) ?? []));
      expect(String(await client.receive())).toBe('question');
      const greeted = await live.until({ type: 'connection.greeted', link: 'guest-1', by: 'peer' });
      expect(greeted).toMatchObject({
        version: `3.${minor}`,
        mechanism: 'NULL',
        socketType: 'DEALER',
        identity: 'guest-1',
      });
      // ZMTP 3.0 has no PING, and who speaks it is not asked.
      if (minor === 0) expect(worker.commands).not.toContain('ping');
      await live.untilState((l) => l.state.peers['guest-1']?.served === 1, 'the answer is counted');
      expect(broken('guest-1')).toEqual([]);
    },
  );

  it('[T6] a DEALER client asks several questions at once: each is a journey of its own', async () => {
    live = await openLive({ workers: 2 });
    await live.untilState((l) => l.state.queue.list.length === 2, 'both workers are listed');
    const client = guestDealer('frontend');
    for (const question of ['one', 'two']) await client.send(['', question]);
    const answers = [await client.receive(), await client.receive()].map(([, body]) => String(body));
    expect(answers.sort()).toEqual(['one', 'two']);
    const left = (l: Live) => l.all({ type: 'message.left', link: 'guest-1' }).length;
    await live.untilState((l) => left(l) === 4 && l.state.ledger.inFlight === 0, 'both answers have left');
    const journeys = live
      .all({ type: 'message.entered', link: 'guest-1' })
      .map(({ direction, journey, n }) => [direction, journey, n]);
    expect(journeys.filter(([direction]) => direction === 'toQueue')).toEqual([
      ['toQueue', 1, 1],
      ['toQueue', 2, 2],
    ]);
    expect(new Set(journeys.map(([, journey]) => journey))).toEqual(new Set([1, 2]));
    expect(ledgerBalances(live.state)).toBe(true);
    expect(broken('guest-1')).toEqual([]);
  });

  it('[Z4] ZMTP 2.0 comes through and is served; why it shows no messages is told, and nothing else is claimed', async () => {
    live = await openLive({});
    const worker = rawGuest('backend');
    worker.socket.write(Buffer.from('ff00000000000000017f', 'hex'));
    worker.socket.write(Uint8Array.of(1, 5)); // revision 1 is ZMTP 2.0, 5 is DEALER
    worker.socket.write(Buffer.from('\x00\x02z2', 'latin1'));
    worker.socket.write(Buffer.from('\x00\x05READY', 'latin1'));
    const listed = await live.until({ type: 'worker.listed', worker: 'z2' });
    expect(listed.workerPeer).toBeUndefined();
    expect((await live.until({ type: 'connection.opaqued', link: 'guest-1' })).reason).toBe('ZMTP 2.0');
    const peer = live.state.peers['guest-1'];
    expect(peer).toMatchObject({ process: null, pattern: null, dialect: null, liveness: null, identity: null });
    expect(peer?.link.opaque).toBe('ZMTP 2.0');
    expect(live.all({ type: 'message.entered', link: 'guest-1' })).toEqual([]);
    await expect(live.do({ type: 'fault.apply', link: 'guest-1', kind: 'drop', message: 'HEARTBEAT' })).rejects.toThrow(
      'ZMTP 2.0',
    );
  });

  // By hand: libzmq that finds the queue without CURVE may hang up before it has said that it wants it, and never comes again.
  it('[Z4] [G1] CURVE: the reason is told, and however often it tries it is one guest', async () => {
    live = await openLive({});
    for (let tries = 0, after = -1; tries < 4; tries++) {
      const guest = rawGuest('backend');
      await once(guest.socket, 'connect');
      guest.socket.write(writeGreeting({ mechanism: 'CURVE' }));
      const { reason } = await live.until({ type: 'connection.opaqued', link: 'guest-1' }, after);
      expect(reason).toBe('mechanism CURVE');
      guest.end();
      after = (await live.until({ type: 'connection.closed', link: 'guest-1' }, after)).seq;
    }
    expect(Object.keys(live.state.peers)).toEqual(['queue', 'guest-1']);
    expect(live.state.peers['guest-1']?.identity).toBeNull();
  });
});

describe('nameless guests', () => {
  it('[G1] who comes again within five seconds, and alone, is the same guest under another identity', async () => {
    live = await openLive({ workers: 1 });
    await live.untilState((l) => l.state.queue.list.length === 1, 'the worker is listed');
    for (const [nth, identity] of ['guest-1', 'guest-1.2', 'guest-1.3'].entries()) {
      const after = live.events.at(-1)?.seq;
      const client = guestClient();
      await client.send(`question ${nth}`);
      expect(String(await client.receive())).toBe(`question ${nth}`);
      client.close();
      const greeted = await live.until({ type: 'connection.greeted', link: 'guest-1', by: 'peer' }, after);
      expect([greeted.identity, greeted.filled]).toEqual([identity, true]);
      await live.until({ type: 'connection.closed', link: 'guest-1' }, greeted.seq);
    }
    const names = live.all({ type: 'peer.joined', guest: true }).map(({ peer }) => peer);
    expect(names).toEqual(['guest-1']);
  });

  it('[G1] of two that are away nobody can tell which one came: it is a new guest', async () => {
    live = await openLive({});
    const both = [guestClient(), guestClient()];
    await live.until({ type: 'connection.greeted', link: 'guest-2', by: 'peer' });
    for (const client of both) client.close();
    for (const link of ['guest-1', 'guest-2']) await live.until({ type: 'connection.closed', link });
    guestClient();
    await live.until({ type: 'connection.greeted', link: 'guest-3', by: 'peer' });
  });

  it('[G1] a worker and a client, or two kinds of client, are never taken for each other', async () => {
    live = await openLive({});
    const first = guestClient();
    await live.until({ type: 'connection.greeted', link: 'guest-1', by: 'peer' });
    first.close();
    await live.until({ type: 'connection.closed', link: 'guest-1' });
    guestDealer('frontend');
    const greeted = await live.until({ type: 'connection.greeted', by: 'peer', socketType: 'DEALER' });
    expect(greeted.link).not.toBe('guest-1');
  });
});

describe('guests without a queue, and what is refused', () => {
  it('[G2] a guest is told to be refused while there is no queue, stays on the stage, and is known again', async () => {
    live = await openLive({});
    const worker = guestDealer('backend');
    await worker.send('READY');
    await live.until({ type: 'worker.listed', workerPeer: 'guest-1' });
    await live.do({ type: 'process.kill', peer: 'queue' });
    const refused = await live.until({ type: 'connection.refused', link: 'guest-1' });
    expect(live.state.peers['guest-1']?.link.refused).toBe(true);
    await live.do({ type: 'process.restart', peer: 'queue' });
    await live.until({ type: 'connection.greeted', link: 'guest-1', by: 'peer' }, refused.seq);
    expect(live.all({ type: 'peer.left' })).toEqual([]);
    expect(live.all({ type: 'peer.joined', guest: true })).toHaveLength(1);
  });

  it.each([
    { type: 'process.kill', peer: 'guest-1' },
    { type: 'process.stop', peer: 'guest-1' },
    { type: 'process.pause', peer: 'guest-1' },
    { type: 'process.resume', peer: 'guest-1' },
    { type: 'process.overload', peer: 'guest-1' },
    { type: 'process.slow', peer: 'guest-1' },
    { type: 'process.mute', peer: 'guest-1' },
    { type: 'process.restart', peer: 'guest-1' },
    { type: 'client.pace', peer: 'guest-1', everyMs: 0 },
  ] as const)('[P3] $type of a guest: refused, with the reason', async (command) => {
    live = await openLive({});
    guestClient();
    await live.until({ type: 'peer.joined', peer: 'guest-1' });
    await expect(live.do(command)).rejects.toThrow('guest-1 is a guest: its process is not ours');
  });
});
