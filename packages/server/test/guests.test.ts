import { ledgerBalances } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Dealer, Request } from 'zeromq';
import { type Live, openLive } from './live.ts';

let live: Live;
const sockets: (Dealer | Request)[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await live?.close();
});

const at = (side: 'frontend' | 'backend'): string => `tcp://127.0.0.1:${live.bridge.guests.ports[side]}`;

/** A worker of somebody else's: echoes what it gets, in either dialect. */
function guestWorker(ready: string, routingId?: string): Dealer {
  const socket = new Dealer({ linger: 0, ...(routingId === undefined ? {} : { routingId }) });
  socket.connect(at('backend'));
  sockets.push(socket);
  void socket.send(ready);
  void (async () => {
    try {
      for await (const frames of socket) if (frames.length > 1) await socket.send(frames);
    } catch {
      // Closed with the test.
    }
  })();
  return socket;
}

function guestClient(routingId?: string): Request {
  const socket = new Request({ linger: 0, ...(routingId === undefined ? {} : { routingId }) });
  socket.connect(at('frontend'));
  sockets.push(socket);
  return socket;
}

describe('guests through the public taps', () => {
  it.each([
    ['rfc', '\x01', '\x02'],
    ['text', 'READY', 'HEARTBEAT'],
  ])(
    '[F5] a worker of the %s dialect is answered in kind, and appears with what can be known of it',
    async (_, ready, beat) => {
      live = await openLive({ queue: { heartbeatIntervalMs: 200 } });
      guestWorker(ready);
      const joined = await live.until({ type: 'peer.joined', guest: true });
      expect([joined.peer, joined.role]).toEqual(['guest-1', 'worker']);
      const beaten = await live.until({ type: 'message.entered', link: 'guest-1', direction: 'fromQueue' });
      expect(beaten.kind).toBe('HEARTBEAT');
      expect(beaten.frames).toEqual([beat]);
      const peer = live.state.peers['guest-1'];
      expect(peer?.process).toBeNull();
      expect(peer?.liveness).toBeNull();
      // Anonymous on the wire, so the tap gave it the name that the queue and the trace then share.
      expect(peer?.identity).toBe('guest-1');
      expect(live.state.queue.list[0]).toMatchObject({ worker: 'guest-1', peer: 'guest-1' });
    },
  );

  it('[T6] a guest client and a guest worker: one journey, and the ledger adds up', async () => {
    live = await openLive({ linkDelayMs: 10 });
    guestWorker('\x01');
    const client = guestClient();
    await client.send(['two', 'frames']);
    expect((await client.receive()).map(String)).toEqual(['two', 'frames']);
    await live.untilState((l) => l.all({ type: 'message.left' }).length >= 5, 'the reply has left');
    const hops = live.events.filter((e) => e.type === 'message.entered' && e.journey === 1);
    expect(hops).toHaveLength(4);
    await live.untilState((l) => l.state.ledger.inFlight === 0, 'nothing in flight');
    expect(ledgerBalances(live.state)).toBe(true);
    expect(live.state.ledger.unexplained).toBe(0);
  });

  it('a guest with an identity of its own is known again; it leaves the stage when it does not come back', async () => {
    live = await openLive({});
    const first = guestClient('PAULA');
    await live.until({ type: 'connection.greeted', link: 'guest-1', by: 'peer' });
    first.close();
    const closed = await live.until({ type: 'connection.closed', link: 'guest-1' });
    const second = guestClient('PAULA');
    await live.until({ type: 'connection.greeted', link: 'guest-1', by: 'peer' }, closed.seq);
    expect(Object.keys(live.state.peers)).toEqual(['queue', 'guest-1']);
    second.close();
    await live.until({ type: 'peer.left', peer: 'guest-1' });
  });

  it('what is no Paranoid Pirate message is a fact, and its sender is not listed', async () => {
    live = await openLive({});
    guestWorker('HELLO');
    const invalid = await live.until({ type: 'message.invalidated' });
    expect(invalid.workerPeer).toBe('guest-1');
    expect(live.state.queue.list).toEqual([]);
    expect(live.all({ type: 'message.entered' })[0]?.kind).toBe('INVALID');
  });

  it("[P3] a guest's process is not ours to end, but its link can be broken and healed", async () => {
    live = await openLive({ queue: { heartbeatIntervalMs: 200, liveness: 2 } });
    const worker = guestWorker('READY', 'OWN');
    const beat = setInterval(() => void worker.send('HEARTBEAT').catch(() => {}), 100);
    try {
      await live.until({ type: 'worker.listed', worker: 'OWN' });
      await expect(live.do({ type: 'process.kill', peer: 'guest-1' })).rejects.toThrow('is a guest');
      await live.do({ type: 'fault.apply', link: 'guest-1', kind: 'drop', message: 'HEARTBEAT', direction: 'toQueue' });
      await live.until({ type: 'worker.expired', worker: 'OWN' });
      await live.do({ type: 'fault.heal', fault: 'f1' });
      await live.until({ type: 'worker.ignored', worker: 'OWN' });
    } finally {
      clearInterval(beat);
    }
  });
});
