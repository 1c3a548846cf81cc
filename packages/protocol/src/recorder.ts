// Turns facts from many sources into the one trace: numbers them, keeps time from going back [T1], and resolves what no source
// can know alone: which message an actor took, of which request a message is a hop [T6], which peer an identity is.
// The bridge and the simulator use the same recorder. Facts must come in order of time; the bridge waits for stragglers first.

import type { EventOf, Fact, TraceEvent } from './events.ts';
import type { Direction, Side } from './frames.ts';
import { type Connection, Connections, type FactOf, type Hop } from './recorder-connections.ts';
import { Journeys } from './recorder-journeys.ts';

export class Recorder {
  #seq = 0;
  #t = 0;
  readonly #guests = new Set<string>();
  readonly #connections = new Connections();
  readonly #journeys = new Journeys();
  #lastRead: Record<Side, Hop | undefined> = { frontend: undefined, backend: undefined };
  readonly #lastTaken = new Map<string, Hop>();
  /** What the queue gave to which worker, by the worker's identity; and what it took back, by the client's. */
  readonly #given = new Map<string, Hop>();
  readonly #putBack = new Map<string, Hop[]>();

  /** The number that the next fact gets. */
  get nextSeq(): number {
    return this.#seq;
  }

  /** Records one fact. Usually one event comes of it; a connection's end may bring the losses it caused. */
  record(fact: Fact): TraceEvent[] {
    const events: TraceEvent[] = [];
    const emit = (resolved: Fact): void => {
      this.#t = Math.max(this.#t, resolved.t);
      // Rebuilt so that `seq`, `t` and `type` come first in every line of a recording.
      const { t: _, type, ...rest } = resolved;
      events.push({ seq: this.#seq++, t: this.#t, type, ...rest } as TraceEvent);
    };
    this.#resolve(fact, emit);
    return events;
  }

  #resolve(fact: Fact, emit: (fact: Fact) => void): void {
    switch (fact.type) {
      case 'peer.joined':
        if (fact.guest) this.#guests.add(fact.peer);
        return emit(fact);
      case 'peer.left':
        this.#guests.delete(fact.peer);
        this.#journeys.forgive(fact.peer);
        return emit(fact);
      case 'process.exited':
        return this.#exited(fact, emit);
      case 'connection.opened':
        this.#connections.open(fact);
        return emit(fact);
      case 'connection.greeted':
        this.#connections.greet(fact);
        return emit(fact);
      case 'connection.closed':
        return this.#closed(fact, emit);
      case 'worker.opened':
      case 'client.opened':
        this.#reopened(fact.peer, fact.t, emit);
        return emit(fact);
      case 'message.entered':
        return emit(this.#entered(fact));
      case 'message.left':
        emit(fact);
        return this.#left(fact);
      case 'message.dropped':
      case 'message.lost':
        this.#forget(fact.link, fact.msg);
        return emit(fact);
      case 'message.read':
        return emit(this.#read(fact, emit));
      case 'request.dispatched':
        return this.#dispatched(fact, emit);
      case 'request.requeued':
        return emit(this.#requeued(fact));
      case 'request.dropped': {
        const hop = this.#putBack.get(fact.client)?.shift();
        return emit({ ...fact, ...this.#client(fact.client), ...journeyOf(hop) });
      }
      case 'reply.forwarded':
        return this.#forwarded(fact, emit);
      case 'work.started':
        return emit({ ...fact, ...journeyOf(this.#lastTaken.get(fact.peer)) });
      case 'worker.listed':
      case 'worker.refreshed':
      case 'worker.refused':
      case 'worker.ignored':
        return emit({ ...fact, ...this.#worker(fact.worker) });
      case 'worker.expired':
        // A busy worker's request is taken back or dropped next, and must be known then.
        if (!fact.busy) this.#given.delete(fact.worker);
        return emit({ ...fact, ...this.#worker(fact.worker) });
      case 'message.invalidated':
      case 'reply.refused': {
        if (fact.identity === undefined) return emit(fact);
        const backend = fact.type === 'reply.refused' || fact.side === 'backend';
        return emit({ ...fact, ...(backend ? this.#worker(fact.identity) : this.#client(fact.identity)) });
      }
      default:
        return emit(fact);
    }
  }

  // Connections

  #closed(fact: FactOf<'connection.closed'>, emit: (fact: Fact) => void): void {
    const connection = this.#connections.get(fact.conn);
    if (connection) {
      connection.open = false;
      // A peer that closed has thrown away what it had not read. If the queue went, its DEALER or REQ lives on and still
      // reads it, until it opens a new socket. What the queue had not read, it may still read.
      if (fact.by === 'peer') this.#lose(connection, 'fromQueue', 'connection', fact.t, emit);
      for (const hop of connection.expected.splice(0)) {
        emit(this.#unrouted(fact.t, connection.side, connection.identity ?? '', hop));
      }
      this.#connections.sweep(connection);
    }
    emit(fact);
  }

  /** A new socket: what the old one had not read died with it, whether its connection's end is seen yet or not. */
  #reopened(peer: string, t: number, emit: (fact: Fact) => void): void {
    this.#journeys.forgive(peer);
    for (const connection of [...this.#connections.of(peer)]) {
      this.#lose(connection, 'fromQueue', 'connection', t, emit);
      this.#connections.sweep(connection);
    }
  }

  #exited(fact: FactOf<'process.exited'>, emit: (fact: Fact) => void): void {
    if (fact.peer === 'queue') {
      for (const connection of this.#connections.all()) {
        this.#lose(connection, 'toQueue', 'process', fact.t, emit);
        connection.expected.length = 0;
        this.#connections.sweep(connection);
      }
      this.#given.clear();
      this.#putBack.clear();
    } else {
      for (const connection of [...this.#connections.of(fact.peer)]) {
        this.#lose(connection, 'fromQueue', 'process', fact.t, emit);
        this.#connections.sweep(connection);
      }
    }
    emit(fact);
  }

  /** Ends what has left the link and that its receiver will never read. What is still on the link is the tap's to end. */
  #lose(
    connection: Connection,
    direction: Direction,
    cause: EventOf<'message.lost'>['cause'],
    t: number,
    emit: (fact: Fact) => void,
  ): void {
    for (const waiting of connection.waiting.filter((w) => w.left && w.direction === direction)) {
      connection.waiting.splice(connection.waiting.indexOf(waiting), 1);
      emit({ t, type: 'message.lost', link: connection.link, msg: waiting.msg, cause });
    }
  }

  // Messages

  #entered(fact: FactOf<'message.entered'>): Fact {
    const connection = this.#connections.get(fact.conn);
    if (!connection) return fact;
    const hop = this.#journeys.hopOf(fact, connection);
    connection.waiting.push({
      msg: fact.msg,
      direction: fact.direction,
      journey: hop?.journey,
      n: hop?.n,
      left: false,
    });
    if (!hop) return fact;
    return {
      ...fact,
      ...journeyOf(hop),
      ...(hop.n === undefined ? {} : { n: hop.n }),
      ...(hop.msg === undefined ? {} : { cause: hop.msg }),
    };
  }

  #left(fact: FactOf<'message.left'>): void {
    for (const connection of this.#connections.of(fact.link)) {
      const at = connection.waiting.findIndex((w) => w.msg === fact.msg);
      const waiting = connection.waiting[at];
      if (!waiting) continue;
      waiting.left = true;
      // Read in the order in which they left, which a fault may have changed.
      connection.waiting.push(...connection.waiting.splice(at, 1));
      // What a guest does with it cannot be known: leaving the link is its end.
      if (waiting.direction === 'fromQueue' && this.#guests.has(fact.link)) connection.waiting.pop();
      return;
    }
  }

  #forget(link: string, msg: number): void {
    for (const connection of this.#connections.of(link)) {
      const at = connection.waiting.findIndex((w) => w.msg === msg);
      if (at < 0) continue;
      connection.waiting.splice(at, 1);
      this.#connections.sweep(connection);
      return;
    }
  }

  #read(fact: FactOf<'message.read'>, emit: (fact: Fact) => void): Fact {
    const { side } = fact;
    const fromQueue = side === undefined;
    const candidates = fromQueue
      ? this.#connections.of(fact.peer)
      : this.#connections.readBy(side, fact.identity ?? '');
    if (fact.n !== undefined) this.#skip(candidates, fact.n, fact.t, emit);
    for (const connection of candidates) {
      const at = connection.waiting.findIndex((w) => w.left && (w.direction === 'fromQueue') === fromQueue);
      const taken = connection.waiting[at];
      if (!taken) continue;
      connection.waiting.splice(at, 1);
      const client = connection.side === 'frontend' ? (connection.identity ?? '') : '';
      const hop: Hop = { msg: taken.msg, journey: taken.journey, n: taken.n, client };
      if (side) this.#lastRead[side] = hop;
      else this.#lastTaken.set(fact.peer, hop);
      this.#connections.sweep(connection);
      return { ...fact, msg: taken.msg, ...journeyOf(hop) };
    }
    if (side) this.#lastRead[side] = undefined;
    return fact;
  }

  /** A REQ throws away, when it asks anew, the replies that it has not read: what stands before the answer to `n` is gone. */
  #skip(candidates: readonly Connection[], n: number, t: number, emit: (fact: Fact) => void): void {
    const isUnread = (w: Connection['waiting'][number]): boolean => w.left && w.direction === 'fromQueue';
    const found = candidates.findIndex((c) => c.waiting.some((w) => isUnread(w) && w.n === n));
    for (const { link, waiting } of candidates.slice(0, found + 1)) {
      for (const unread of waiting.filter(isUnread)) {
        if (unread.n === n) return;
        waiting.splice(waiting.indexOf(unread), 1);
        emit({ t, type: 'message.lost', link, msg: unread.msg, cause: 'buffer' });
      }
    }
  }

  // The queue's decisions

  #dispatched(fact: FactOf<'request.dispatched'>, emit: (fact: Fact) => void): void {
    const hop = fact.attempt > 1 ? this.#putBack.get(fact.client)?.shift() : this.#lastRead.frontend;
    const given: Hop = { msg: hop?.msg, journey: hop?.journey, n: hop?.n, client: fact.client };
    this.#given.set(fact.worker, given);
    emit({
      ...fact,
      ...(hop?.msg === undefined ? {} : { msg: hop.msg }),
      ...this.#worker(fact.worker),
      ...this.#client(fact.client),
      ...journeyOf(hop),
    });
    this.#expect('backend', fact.worker, given, fact.t, emit);
  }

  #requeued(fact: FactOf<'request.requeued'>): Fact {
    const hop = this.#given.get(fact.worker);
    this.#given.delete(fact.worker);
    const back = this.#putBack.get(fact.client) ?? [];
    if (hop) back.push(hop);
    this.#putBack.set(fact.client, back);
    return { ...fact, ...this.#worker(fact.worker), ...this.#client(fact.client), ...journeyOf(hop) };
  }

  #forwarded(fact: FactOf<'reply.forwarded'>, emit: (fact: Fact) => void): void {
    const hop = this.#lastRead.backend;
    this.#given.delete(fact.worker);
    emit({
      ...fact,
      ...(hop?.msg === undefined ? {} : { msg: hop.msg }),
      ...this.#worker(fact.worker),
      ...this.#client(fact.client),
      ...journeyOf(hop),
    });
    const next: Hop = { msg: hop?.msg, journey: hop?.journey, n: hop?.n, client: fact.client };
    this.#expect('frontend', fact.client, next, fact.t, emit);
  }

  /** The queue sent it: it will enter the link of that identity next, or there is none and ROUTER dropped it without a word. */
  #expect(side: Side, identity: string, hop: Hop, t: number, emit: (fact: Fact) => void): void {
    const connection = this.#connections.openFor(side, identity);
    if (connection) connection.expected.push(hop);
    else emit(this.#unrouted(t, side, identity, hop));
  }

  #unrouted(t: number, side: Side, identity: string, hop: Hop): Fact {
    const kind = side === 'backend' ? 'REQUEST' : 'REPLY';
    const who = side === 'backend' ? this.#worker(identity) : this.#waiting(identity, hop);
    return { t, type: 'message.unrouted', peer: 'queue', kind, identity, ...who, ...journeyOf(hop) };
  }

  /** For whom a reply is; whoever had its address damaged is known by the request. */
  #waiting(identity: string, { journey }: Hop): { clientPeer?: string } {
    const known = this.#client(identity);
    if (known.clientPeer !== undefined || journey === undefined) return known;
    const client = this.#journeys.clientOf(journey);
    return client === undefined ? {} : { clientPeer: client };
  }

  // Names

  #worker(identity: string): { workerPeer?: string } {
    const peer = this.#connections.peerOf('backend', identity);
    return peer === undefined ? {} : { workerPeer: peer };
  }

  #client(identity: string): { clientPeer?: string } {
    const peer = this.#connections.peerOf('frontend', identity);
    return peer === undefined ? {} : { clientPeer: peer };
  }
}

const journeyOf = (hop: Hop | undefined): { journey?: number } =>
  hop?.journey === undefined ? {} : { journey: hop.journey };
