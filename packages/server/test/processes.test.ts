import { readFileSync } from 'node:fs';
import { ledgerBalances, millis } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type Live, openLive } from './live.ts';

let live: Live;
afterEach(() => live?.close());

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the troupe with real processes', () => {
  it('[P1] each actor is its own process, and a request goes through all of them and back', async () => {
    live = await openLive({ workers: 2, clients: 1 });
    await live.until({ type: 'request.answered', peer: 'client-1', n: 1 });
    const pids = Object.values(live.state.peers).map((peer) => peer.process?.pid);
    expect(new Set(pids).size).toBe(4);
    expect(pids).not.toContain(process.pid);
    for (const pid of pids) expect(isAlive(pid ?? 0)).toBe(true);
    // Nothing of ours on the wire: only what the pattern knows.
    const kinds = new Set(live.all({ type: 'message.entered' }).map((e) => e.kind));
    expect(kinds).not.toContain('INVALID');
  });

  it('[T6] a request is one journey over all its hops', async () => {
    live = await openLive({ workers: 1, clients: 1 });
    const answered = await live.until({ type: 'request.answered', peer: 'client-1', n: 2 });
    const hops = live.all({ type: 'message.entered', journey: 2 }).filter((e) => e.t <= answered.t);
    expect(hops.map((hop) => [hop.link, hop.kind, hop.direction])).toEqual([
      ['client-1', 'REQUEST', 'toQueue'],
      ['worker-1', 'REQUEST', 'fromQueue'],
      ['worker-1', 'REPLY', 'toQueue'],
      ['client-1', 'REPLY', 'fromQueue'],
    ]);
    expect(hops.slice(1).map((hop) => hop.cause)).toEqual(hops.slice(0, 3).map((hop) => hop.msg));
  });

  it('[T3] [T4] each message has one end, and the ledger adds up under kills, pauses and restarts', async () => {
    live = await openLive({ workers: 3, clients: 2, linkDelayMs: 20, queue: { heartbeatIntervalMs: 200 } });
    await live.until({ type: 'request.answered', peer: 'client-2' });
    await live.do({ type: 'process.kill', peer: 'worker-1' });
    await live.do({ type: 'process.pause', peer: 'worker-2' });
    await live.until({ type: 'process.paused', peer: 'worker-2' });
    await live.do({ type: 'process.resume', peer: 'worker-2' });
    await live.do({ type: 'process.restart', peer: 'queue' });
    const restarting = await live.until({ type: 'process.restarting', peer: 'queue' });
    const restarted = await live.until({ type: 'queue.started' }, restarting.seq);
    await live.until({ type: 'request.answered' }, restarted.seq);
    expect(live.state.ledger.unexplained).toBe(0);
    expect(ledgerBalances(live.state)).toBe(true);
    const ends = new Map<number, number>();
    for (const event of live.events) {
      const ended = event.type === 'message.dropped' || event.type === 'message.lost' || event.type === 'message.read';
      if (ended && event.msg !== undefined) ends.set(event.msg, (ends.get(event.msg) ?? 0) + 1);
    }
    expect([...ends.values()].every((count) => count === 1)).toBe(true);
  });

  it('[T1] facts are numbered without gaps and time never goes back', async () => {
    live = await openLive({ workers: 2, clients: 1 });
    await live.until({ type: 'request.answered', n: 2 });
    live.events.forEach((event, i) => {
      expect(event.seq).toBe(i);
    });
    for (let i = 1; i < live.events.length; i++)
      expect(live.events[i]?.t).toBeGreaterThanOrEqual(live.events[i - 1]?.t ?? 0);
  });

  it('[P4] a kill is reported when the exit was seen, and the process is then gone', async () => {
    live = await openLive({ workers: 1 });
    await live.until({ type: 'worker.listed', workerPeer: 'worker-1' });
    const pid = live.state.peers['worker-1']?.process?.pid ?? 0;
    await live.do({ type: 'process.kill', peer: 'worker-1' });
    const exited = await live.until({ type: 'process.exited', peer: 'worker-1' });
    expect(exited.signal).toBe('SIGKILL');
    expect(isAlive(pid)).toBe(false);
  });

  it('a pause is a stopped process, told when the kernel says so; it ends with resume', async () => {
    live = await openLive({ workers: 1 });
    await live.until({ type: 'worker.listed' });
    const pid = live.state.peers['worker-1']?.process?.pid ?? 0;
    const status = (): string => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.charAt(0) ?? '';
    await live.do({ type: 'process.pause', peer: 'worker-1' });
    await live.until({ type: 'process.paused', peer: 'worker-1' });
    expect(status()).toBe('T');
    await live.do({ type: 'process.resume', peer: 'worker-1' });
    await live.until({ type: 'process.resumed', peer: 'worker-1' });
    expect(status()).not.toBe('T');
  });

  it('[P3] what is not ours is not signalled, and says so', async () => {
    live = await openLive({ workers: 1 });
    await expect(live.do({ type: 'process.kill', peer: 'guest-1' })).rejects.toThrow('guest');
    expect(await live.bridge.carryOut({ type: 'process.kill', peer: 'worker-9' })).toEqual({
      ...{ ok: false, code: 'refused', message: 'there is no worker-9' },
      refusal: { reason: 'gone', peer: 'worker-9' },
    });
    await live.do({ type: 'process.kill', peer: 'worker-1' });
    await live.until({ type: 'process.exited', peer: 'worker-1' });
    await expect(live.do({ type: 'process.kill', peer: 'worker-1' })).rejects.toThrow('not running');
    await expect(live.do({ type: 'process.overload', peer: 'worker-1' })).rejects.toThrow('not running');
  });

  it('[P3] of two that have died at once, whoever hears of the one may still signal the other', async () => {
    live = await openLive();
    const start = (peer: string) => live.bridge.supervisor.start(peer, ['worker', '--connect', 'tcp://127.0.0.1:9']);
    const [one, other] = [start('worker-8'), start('worker-9')];
    const isZombie = ({ pid }: { pid: number }): boolean =>
      readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
    for (const { pid } of [one, other]) process.kill(pid, 'SIGKILL');
    // Without a turn of the event loop between, so that both exits are seen in the next.
    while (!isZombie(one) || !isZombie(other));
    const stopped = [one.exited.then(() => other.stop()), other.exited.then(() => one.pause())];
    await expect(Promise.all(stopped)).resolves.toBeDefined();
  });

  it('heal all also brings back what was killed in the same breath, once; and a queue killed before it was bound', async () => {
    live = await openLive({ workers: 1 });
    await live.until({ type: 'worker.listed' });
    await live.do({ type: 'process.kill', peer: 'queue' });
    await live.do({ type: 'process.kill', peer: 'worker-1' });
    await Promise.all([live.do({ type: 'heal.all' }), live.do({ type: 'heal.all' })]);
    const restarting = await live.until({ type: 'process.restarting', peer: 'queue' });
    const started = await live.until({ type: 'process.started', peer: 'queue' }, restarting.seq);
    await live.do({ type: 'process.kill', peer: 'queue' });
    await live.until({ type: 'process.exited', peer: 'queue' }, started.seq);
    await live.do({ type: 'heal.all' });
    const healed = live.events.at(-1)?.seq ?? 0;
    await live.until({ type: 'queue.started' }, started.seq);
    await live.until({ type: 'worker.listed' }, healed);
    const running = live.all({ type: 'process.started', peer: 'worker-1' }).filter(({ pid }) => isAlive(pid));
    expect(running).toHaveLength(1);
    // Twice asked, once needed: a healthy process is not restarted again.
    expect(live.all({ type: 'process.restarting', peer: 'worker-1' })).toHaveLength(1);
    expect(live.all({ type: 'process.restarting', peer: 'queue' })).toHaveLength(2);
  });

  it('a worker restarts under the same identity or a new one, as asked', async () => {
    live = await openLive({ workers: 1 });
    const first = await live.until({ type: 'worker.opened' });
    await live.until({ type: 'worker.listed' });
    await live.do({ type: 'process.restart', peer: 'worker-1', identity: 'same' });
    const second = await live.until({ type: 'worker.opened' }, first.seq);
    expect(second.identity).toBe(first.identity);
    await live.do({ type: 'process.restart', peer: 'worker-1', identity: 'new' });
    const third = await live.until({ type: 'worker.opened' }, second.seq);
    expect(third.identity).not.toBe(first.identity);
    await live.until({ type: 'worker.listed', worker: third.identity });
  });

  it('overload is a busy process: its beats stop, its connection stays', async () => {
    live = await openLive({ workers: 1, queue: { heartbeatIntervalMs: 200 } });
    await live.until({ type: 'worker.listed' });
    await live.do({ type: 'process.overload', peer: 'worker-1', ms: 1500 });
    const begun = await live.until({ type: 'process.overloaded', peer: 'worker-1' });
    await live.until({ type: 'worker.expired', workerPeer: 'worker-1' }, begun.seq);
    const over = await live.until({ type: 'process.recovered', peer: 'worker-1' });
    expect(over.t - begun.t).toBeGreaterThanOrEqual(millis(1500));
    const beats = live
      .all({ type: 'message.entered', link: 'worker-1', direction: 'toQueue' })
      .filter((e) => e.t > begun.t && e.t < over.t);
    // One that was on its way into the socket at that moment may still come.
    expect(beats.length).toBeLessThanOrEqual(1);
    expect(live.all({ type: 'connection.closed', link: 'worker-1' }).filter((e) => e.t < over.t)).toEqual([]);
  });

  it('the queue and a client can be overloaded too: while the queue spins nobody is served, and then they are', async () => {
    live = await openLive({ workers: 1, clients: 1, queue: { heartbeatIntervalMs: 200 } });
    await live.until({ type: 'request.answered' });
    await live.do({ type: 'process.overload', peer: 'queue', ms: 700 });
    const begun = await live.until({ type: 'process.overloaded', peer: 'queue' });
    const over = await live.until({ type: 'process.recovered', peer: 'queue' });
    expect(over.t - begun.t).toBeGreaterThanOrEqual(millis(700));
    expect(
      live.events.filter((e) => e.type === 'message.read' && e.peer === 'queue' && e.t > begun.t && e.t < over.t),
    ).toEqual([]);
    await live.do({ type: 'process.overload', peer: 'client-1', ms: 300 });
    const recovered = await live.until({ type: 'process.recovered', peer: 'client-1' });
    await live.until({ type: 'request.answered' }, recovered.seq);
  });

  it('a client restarts under its identity or a new one, as asked', async () => {
    live = await openLive({ workers: 1, clients: 1 });
    const first = await live.until({ type: 'client.opened' });
    await live.until({ type: 'request.answered' });
    await live.do({ type: 'process.restart', peer: 'client-1', identity: 'same' });
    const second = await live.until({ type: 'client.opened' }, first.seq);
    expect(second.identity).toBe(first.identity);
    await live.until({ type: 'request.answered' }, second.seq);
    await live.do({ type: 'process.restart', peer: 'client-1', identity: 'new' });
    const third = await live.until({ type: 'client.opened' }, second.seq);
    expect(third.identity).not.toBe(first.identity);
  });

  it('the rule set, interval and liveness restart the queue, and it says so', async () => {
    live = await openLive({ workers: 1, clients: 1 });
    await live.until({ type: 'request.answered' });
    await live.do({ type: 'queue.configure', rules: 'robust', heartbeatIntervalMs: 300, liveness: 2 });
    const why = await live.until({ type: 'process.restarting', peer: 'queue' });
    expect(why.why).toContain('robust');
    const started = await live.until({ type: 'queue.started' }, why.seq);
    expect([started.rules, started.heartbeatIntervalMs, started.liveness]).toEqual(['robust', 300, 2]);
    await live.until({ type: 'request.answered' }, started.seq);
  });

  it('heal all wakes the paused, brings back the dead and heals the links, and may be asked for twice', async () => {
    live = await openLive({ workers: 2, clients: 1, linkDelayMs: 10 });
    await live.until({ type: 'request.answered' });
    await live.do({ type: 'fault.apply', link: 'worker-1', kind: 'drop', message: 'HEARTBEAT' });
    await live.do({ type: 'process.pause', peer: 'worker-1' });
    await live.do({ type: 'process.kill', peer: 'worker-2' });
    const dead = await live.until({ type: 'process.exited', peer: 'worker-2' });
    await live.do({ type: 'heal.all' });
    await live.do({ type: 'heal.all' });
    await live.until({ type: 'process.resumed', peer: 'worker-1' });
    await live.until({ type: 'fault.healed', link: 'worker-1' });
    await live.until({ type: 'worker.listed', workerPeer: 'worker-2' }, dead.seq);
    expect(live.state.faults).toEqual({});
  });
});
