// Pairing, with hand-written facts as the taps, the queue and the actors would tell them.

import { describe, expect, it } from 'vitest';
import { apply, emptyState, type Fact, ledgerBalances, Recorder, type State, type TraceEvent } from '../src/index.ts';

class Run {
  readonly recorder = new Recorder();
  readonly events: TraceEvent[] = [];
  readonly state: State = emptyState();
  #t = 0;
  #msg = 0;

  tell(fact: Fact extends infer F ? (F extends unknown ? Omit<F, 't'> : never) : never): void {
    for (const event of this.recorder.record({ ...fact, t: ++this.#t } as Fact)) {
      this.events.push(event);
      apply(this.state, event);
    }
  }

  join(peer: string, role: 'worker' | 'client', conn: number, identity: string, guest = false): void {
    this.tell({ type: 'peer.joined', peer, role, guest, name: peer });
    this.connect(peer, role, conn, identity);
  }

  connect(peer: string, role: 'worker' | 'client', conn: number, identity: string): void {
    this.tell({ type: 'connection.opened', link: peer, conn, side: role === 'worker' ? 'backend' : 'frontend' });
    this.tell({
      type: 'connection.greeted',
      link: peer,
      conn,
      by: 'peer',
      version: '3.1',
      mechanism: 'NULL',
      socketType: 'DEALER',
      identity,
    });
  }

  enter(
    link: string,
    conn: number,
    direction: 'toQueue' | 'fromQueue',
    kind: 'READY' | 'HEARTBEAT' | 'REQUEST' | 'REPLY',
    frames: string[],
  ): number {
    const msg = ++this.#msg;
    const sizes = frames.map((f) => f.length);
    this.tell({
      type: 'message.entered',
      link,
      conn,
      msg,
      direction,
      kind,
      frames,
      sizes,
      frameCount: frames.length,
      dueAt: 0,
    });
    return msg;
  }

  pass(
    link: string,
    conn: number,
    direction: 'toQueue' | 'fromQueue',
    kind: 'READY' | 'HEARTBEAT' | 'REQUEST' | 'REPLY',
    frames: string[],
  ): number {
    const msg = this.enter(link, conn, direction, kind, frames);
    this.tell({ type: 'message.left', link, msg });
    return msg;
  }

  last<T extends TraceEvent['type']>(type: T): Extract<TraceEvent, { type: T }> {
    const event = this.events.findLast((e) => e.type === type);
    if (!event) throw new Error(`no ${type}`);
    return event as Extract<TraceEvent, { type: T }>;
  }
}

const body = '{"c":"A","n":7}';

/** A request at the door of a queue with one worker. */
function requested(): Run {
  const run = new Run();
  run.join('worker-1', 'worker', 1, 'W');
  run.join('client-1', 'client', 2, 'C');
  run.pass('client-1', 2, 'toQueue', 'REQUEST', ['', body]);
  return run;
}

function dispatched(): Run {
  const run = requested();
  run.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: 'C' });
  run.tell({ type: 'request.dispatched', peer: 'queue', client: 'C', worker: 'W', attempt: 1 });
  return run;
}

describe('the recorder', () => {
  it('[T3] what the queue reads is the oldest unread message of that identity', () => {
    const run = requested();
    const first = run.last('message.entered').msg;
    run.pass('client-1', 2, 'toQueue', 'REQUEST', ['', body]);
    run.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: 'C' });
    expect(run.last('message.read').msg).toBe(first);
  });

  it('[T6] each hop names the one before and carries the journey; a retry of our client is the same journey', () => {
    const run = dispatched();
    const first = run.events.find((e) => e.type === 'message.entered')?.msg;
    run.pass('worker-1', 1, 'fromQueue', 'REQUEST', ['C', '', body]);
    expect(run.last('message.entered')).toMatchObject({ journey: 1, n: 7, cause: first });
    run.tell({ type: 'message.read', peer: 'worker-1' });
    run.pass('worker-1', 1, 'toQueue', 'REPLY', ['C', '', 'done']);
    expect(run.last('message.entered')).toMatchObject({ journey: 1, n: 7 });
    run.tell({ type: 'message.read', peer: 'queue', side: 'backend', identity: 'W' });
    run.tell({ type: 'reply.forwarded', peer: 'queue', client: 'C', worker: 'W' });
    run.pass('client-1', 2, 'fromQueue', 'REPLY', ['', 'done']);
    expect(run.last('message.entered')).toMatchObject({ journey: 1, n: 7 });
    run.connect('client-1', 'client', 3, 'C2');
    run.pass('client-1', 3, 'toQueue', 'REQUEST', ['', body]);
    expect(run.last('message.entered')).toMatchObject({ journey: 1, n: 7 });
    run.pass('client-1', 3, 'toQueue', 'REQUEST', ['', '{"c":"A","n":8}']);
    expect(run.last('message.entered')).toMatchObject({ journey: 2, n: 8 });
  });

  it("[T6] a request that the queue could not tell of before it was killed is known by its body, if it is our own client's", () => {
    const run = requested();
    run.pass('worker-1', 1, 'fromQueue', 'REQUEST', ['C', '', body]);
    expect(run.last('message.entered')).toMatchObject({ link: 'worker-1', journey: 1, n: 7 });
    run.pass('worker-1', 1, 'fromQueue', 'REQUEST', ['C', '', 'of somebody else']);
    expect(run.last('message.entered').journey).toBeUndefined();
  });

  it('[T3] what was overtaken on its link is read after what overtook it', () => {
    const run = new Run();
    run.join('worker-1', 'worker', 1, 'W');
    const late = run.enter('worker-1', 1, 'toQueue', 'READY', ['READY']);
    const beat = run.pass('worker-1', 1, 'toQueue', 'HEARTBEAT', ['HEARTBEAT']);
    run.tell({ type: 'message.left', link: 'worker-1', msg: late });
    const read = () => {
      run.tell({ type: 'message.read', peer: 'queue', side: 'backend', identity: 'W' });
      return run.last('message.read').msg;
    };
    expect([read(), read()]).toEqual([beat, late]);
  });

  it('[T3] an answer that a REQ threw away unread is lost, and the next one is paired with its own', () => {
    const run = requested();
    const first = run.pass('client-1', 2, 'fromQueue', 'REPLY', ['', body]);
    const again = run.pass('client-1', 2, 'fromQueue', 'REPLY', ['', body]);
    run.tell({ type: 'message.read', peer: 'client-1', n: 7 });
    expect(run.last('message.read').msg).toBe(first);
    run.pass('client-1', 2, 'toQueue', 'REQUEST', ['', '{"c":"A","n":8}']);
    const next = run.pass('client-1', 2, 'fromQueue', 'REPLY', ['', '{"c":"A","n":8}']);
    run.tell({ type: 'message.read', peer: 'client-1', n: 8 });
    expect(run.last('message.read').msg).toBe(next);
    expect(run.last('message.lost')).toMatchObject({ msg: again, cause: 'buffer' });
    expect(ledgerBalances(run.state)).toBe(true);
  });

  it('[T6] a copy takes nothing from those that were sent', () => {
    const run = dispatched();
    const sent = run.pass('worker-1', 1, 'fromQueue', 'REQUEST', ['C', '', body]);
    const copy = run.last('message.entered');
    run.tell({ ...copy, msg: sent + 1, copyOf: sent });
    expect(run.last('message.entered')).toMatchObject({ copyOf: sent, journey: 1, n: 7 });
    expect(run.state.ledger).toMatchObject({ injected: 1 });
  });

  it('[T6] a reply that goes out on the next connection of the same socket is still of its request', () => {
    const run = dispatched();
    run.pass('worker-1', 1, 'fromQueue', 'REQUEST', ['C', '', body]);
    run.tell({ type: 'message.read', peer: 'worker-1' });
    run.tell({ type: 'connection.closed', link: 'worker-1', conn: 1, by: 'queue' });
    run.connect('worker-1', 'worker', 4, 'W');
    run.pass('worker-1', 4, 'toQueue', 'REPLY', ['C', '', 'done']);
    expect(run.last('message.entered')).toMatchObject({ kind: 'REPLY', journey: 1, n: 7 });
  });

  it('[T3] what ROUTER reads under a name of its own is of a connection whose identity was taken over', () => {
    const run = new Run();
    run.join('worker-1', 'worker', 1, 'SAME');
    const msg = run.pass('worker-1', 1, 'toQueue', 'HEARTBEAT', ['HEARTBEAT']);
    run.tell({ type: 'connection.closed', link: 'worker-1', conn: 1, by: 'peer' });
    run.connect('worker-1', 'worker', 2, 'SAME');
    run.tell({ type: 'message.read', peer: 'queue', side: 'backend', identity: '\x00\xe4<\x98i' });
    expect(run.last('message.read').msg).toBe(msg);
    expect(run.state.ledger.unexplained).toBe(0);
  });

  it('[T3] a message that was handed to a worker and not read is lost with its connection', () => {
    const run = dispatched();
    const msg = run.pass('worker-1', 1, 'fromQueue', 'REQUEST', ['C', '', body]);
    run.tell({ type: 'connection.closed', link: 'worker-1', conn: 1, by: 'peer' });
    expect(run.last('message.lost')).toMatchObject({ msg, cause: 'connection' });
    expect(ledgerBalances(run.state)).toBe(true);
  });

  it('[T3] what a closed client left at the door can still be read, as a ghost', () => {
    const run = requested();
    run.tell({ type: 'connection.closed', link: 'client-1', conn: 2, by: 'peer' });
    expect(Object.values(run.state.messages)[0]?.ghost).toBe(true);
    run.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: 'C' });
    expect(run.last('message.read').msg).toBe(1);
    expect(run.state.ledger).toMatchObject({ delivered: 1, inFlight: 0, unexplained: 0 });
  });

  it('[T3] what the queue never read is lost with its process', () => {
    const run = requested();
    run.tell({ type: 'process.exited', peer: 'queue', code: null, signal: 'SIGKILL' });
    expect(run.last('message.lost')).toMatchObject({ msg: 1, cause: 'process' });
    expect(ledgerBalances(run.state)).toBe(true);
  });

  it('what a ROUTER is given for a connection that is gone is unrouted, never delivered', () => {
    const run = requested();
    run.tell({ type: 'connection.closed', link: 'worker-1', conn: 1, by: 'peer' });
    run.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: 'C' });
    run.tell({ type: 'request.dispatched', peer: 'queue', client: 'C', worker: 'W', attempt: 1 });
    expect(run.last('message.unrouted')).toMatchObject({
      kind: 'REQUEST',
      identity: 'W',
      workerPeer: 'worker-1',
      journey: 1,
    });
    expect(run.state.ledger.unrouted).toBe(1);
  });

  it('[T6] a request that robust puts back keeps its journey with the next worker', () => {
    const run = dispatched();
    run.join('worker-2', 'worker', 5, 'W2');
    run.tell({ type: 'request.requeued', peer: 'queue', client: 'C', worker: 'W', attempt: 1 });
    run.tell({ type: 'request.dispatched', peer: 'queue', client: 'C', worker: 'W2', attempt: 2 });
    expect(run.last('request.dispatched')).toMatchObject({
      journey: 1,
      workerPeer: 'worker-2',
      clientPeer: 'client-1',
    });
    run.pass('worker-2', 5, 'fromQueue', 'REQUEST', ['C', '', body]);
    expect(run.last('message.entered')).toMatchObject({ journey: 1, n: 7 });
  });

  it('[T3] for a guest, leaving the link is the end: what it does with it cannot be known', () => {
    const run = requested();
    run.join('guest-1', 'worker', 9, 'G', true);
    run.pass('guest-1', 9, 'fromQueue', 'HEARTBEAT', ['HEARTBEAT']);
    expect(run.state.ledger).toMatchObject({ delivered: 1 });
    run.tell({ type: 'connection.closed', link: 'guest-1', conn: 9, by: 'peer' });
    expect(run.events.filter((e) => e.type === 'message.lost')).toEqual([]);
    expect(ledgerBalances(run.state)).toBe(true);
  });

  it('[T1] a late fact is recorded as of now, and numbers have no gaps', () => {
    const recorder = new Recorder();
    const at = (t: number) => recorder.record({ t, type: 'work.finished', peer: 'worker-1' });
    const events = [...at(10), ...at(4), ...at(11)];
    expect(events.map(({ seq, t }) => [seq, t])).toEqual([
      [0, 10],
      [1, 10],
      [2, 11],
    ]);
  });

  it('[T4] an end that fits no message is counted, and the ledger no longer balances', () => {
    const run = requested();
    run.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: 'C' });
    expect(ledgerBalances(run.state)).toBe(true);
    run.tell({ type: 'message.read', peer: 'queue', side: 'frontend', identity: 'C' });
    expect(run.state.ledger.unexplained).toBe(1);
    expect(ledgerBalances(run.state)).toBe(false);
  });
});
