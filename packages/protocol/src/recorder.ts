// Turns facts from many sources into the one trace: numbers them, keeps time from going back [T1], and resolves what no source
// can know alone: which message an actor took, of which request a message is a hop [T6], which peer an identity is.
// The bridge and the simulator use the same recorder. Facts must come in order of time; the bridge waits for stragglers first.

import type { EventOf, EventType, Fact, TraceEvent } from './events.ts';
import { type Direction, readRequestBody, type Side } from './frames.ts';

/** A request under way: what its next hop inherits. */
interface Hop {
  readonly msg: number | undefined;
  readonly journey: number | undefined;
  readonly n: number | undefined;
  /** The client's identity, the first frame on a worker's link. */
  readonly client: string;
}

interface Waiting {
  readonly msg: number;
  readonly direction: Direction;
  journey: number | undefined;
  n: number | undefined;
  left: boolean;
}

interface Connection {
  readonly conn: number;
  readonly link: string;
  readonly side: Side;
  identity: string | undefined;
  open: boolean;
  /** Another connection greeted under its identity while it stood: what it delivered before is read under an unknown name. */
  takenOver: boolean;
  /** Entered and not ended, in order of entry, both directions. */
  readonly waiting: Waiting[];
  /** What the queue said that it sent here and that has not entered the link yet. */
  readonly expected: Hop[];
}

type FactOf<T extends EventType> = Extract<Fact, { type: T }>;

/** Names and numbers remembered after their connection is gone: bounded, the oldest go first. */
const REMEMBERED = 10_000;
/** Requests remembered of a worker that never answers. */
const UNANSWERED = 1000;

export class Recorder {
  #seq = 0;
  #t = 0;
  #journeys = 0;
  readonly #guests = new Set<string>();
  /** Open connections, and closed ones that the queue may still read from. */
  readonly #connections = new Map<number, Connection>();
  /** By side and identity, oldest first: a taken-over identity may have messages of its old connection left. */
  readonly #byIdentity = new Map<string, Connection[]>();
  /** Whose an identity was, after its connections are forgotten: the queue may speak of it for a while (an expiry). */
  readonly #formerly = new Map<string, string>();
  /** By link: requests that its worker got and has not answered. It may answer on the next connection of the same socket. */
  readonly #outstanding = new Map<string, Hop[]>();
  /** By link, oldest first. */
  readonly #byLink = new Map<string, Connection[]>();
  /** `client#number` of our own clients' requests, so that a retry is the same journey. */
  readonly #ownRequests = new Map<string, number>();
  readonly #requestsOfLink = new Map<string, number>();
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
        this.#outstanding.delete(fact.peer);
        return emit(fact);
      case 'process.exited':
        return this.#exited(fact, emit);
      case 'connection.opened':
        this.#opened(fact);
        return emit(fact);
      case 'connection.greeted':
        this.#greeted(fact);
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
        return emit(this.#read(fact));
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

  #opened(fact: FactOf<'connection.opened'>): void {
    const connection: Connection = {
      conn: fact.conn,
      link: fact.link,
      side: fact.side,
      identity: undefined,
      open: true,
      takenOver: false,
      waiting: [],
      expected: [],
    };
    this.#connections.set(fact.conn, connection);
    push(this.#byLink, fact.link, connection);
  }

  #greeted(fact: FactOf<'connection.greeted'>): void {
    const connection = this.#connections.get(fact.conn);
    if (!connection || fact.by !== 'peer' || fact.identity === undefined) return;
    connection.identity = fact.identity;
    for (const older of this.#byIdentity.get(key(connection.side, fact.identity)) ?? []) older.takenOver ||= older.open;
    push(this.#byIdentity, key(connection.side, fact.identity), connection);
    remember(this.#formerly, key(connection.side, fact.identity), fact.link);
  }

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
      this.#sweep(connection);
    }
    emit(fact);
  }

  /** A new socket: what the old one had not read died with it, whether its connection's end is seen yet or not. */
  #reopened(peer: string, t: number, emit: (fact: Fact) => void): void {
    this.#outstanding.delete(peer);
    for (const connection of [...(this.#byLink.get(peer) ?? [])]) {
      this.#lose(connection, 'fromQueue', 'connection', t, emit);
      this.#sweep(connection);
    }
  }

  #exited(fact: FactOf<'process.exited'>, emit: (fact: Fact) => void): void {
    if (fact.peer === 'queue') {
      for (const connection of [...this.#connections.values()]) {
        this.#lose(connection, 'toQueue', 'process', fact.t, emit);
        connection.expected.length = 0;
        this.#sweep(connection);
      }
      this.#given.clear();
      this.#putBack.clear();
    } else {
      for (const connection of [...(this.#byLink.get(fact.peer) ?? [])]) {
        this.#lose(connection, 'fromQueue', 'process', fact.t, emit);
        this.#sweep(connection);
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

  /** Forgets a closed connection once nothing of it can still be read. */
  #sweep(connection: Connection): void {
    if (connection.open || connection.waiting.length > 0) return;
    this.#connections.delete(connection.conn);
    pull(this.#byLink, connection.link, connection);
    if (connection.identity !== undefined)
      pull(this.#byIdentity, key(connection.side, connection.identity), connection);
  }

  // Messages

  #entered(fact: FactOf<'message.entered'>): Fact {
    const connection = this.#connections.get(fact.conn);
    if (!connection) return fact;
    const hop = this.#hopOf(fact, connection);
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

  /** Of which request this message is a hop. Heartbeats, READY and what nobody can match are of none. */
  #hopOf(fact: FactOf<'message.entered'>, connection: Connection): Hop | undefined {
    if (fact.kind === 'REQUEST' && fact.direction === 'toQueue') return this.#newRequest(fact, connection);
    const client = fact.frames[0] ?? '';
    if (fact.kind === 'REQUEST') {
      const hop = takeFor(connection.expected, client) ?? this.#byBody(fact, client);
      if (hop) this.#give(fact.link, { ...hop, msg: fact.msg });
      return hop;
    }
    if (fact.kind === 'REPLY' && fact.direction === 'toQueue') {
      return takeFor(this.#outstanding.get(fact.link) ?? [], client) ?? this.#byBody(fact, client);
    }
    if (fact.kind === 'REPLY') return connection.expected.shift() ?? this.#byBody(fact, client);
    return undefined;
  }

  /** What the queue did last before it was killed or frozen it could not tell. Our own clients' requests are known by their bodies. */
  #byBody(fact: FactOf<'message.entered'>, client: string): Hop | undefined {
    const body = fact.frames.length === fact.frameCount ? readRequestBody(fact.frames.at(-1) ?? '') : undefined;
    const journey = body && this.#ownRequests.get(`${body.c}#${body.n}`);
    return journey === undefined ? undefined : { msg: undefined, journey, n: body?.n, client };
  }

  #give(link: string, hop: Hop): void {
    push(this.#outstanding, link, hop);
    const hops = this.#outstanding.get(link);
    if (hops && hops.length > UNANSWERED) hops.shift();
  }

  #newRequest(fact: FactOf<'message.entered'>, connection: Connection): Hop {
    const client = connection.identity ?? '';
    const body = fact.frames.length === fact.frameCount ? readRequestBody(fact.frames.at(-1) ?? '') : undefined;
    if (!body) {
      const n = (this.#requestsOfLink.get(fact.link) ?? 0) + 1;
      this.#requestsOfLink.set(fact.link, n);
      return { msg: undefined, journey: ++this.#journeys, n, client };
    }
    const own = `${body.c}#${body.n}`;
    let journey = this.#ownRequests.get(own);
    if (journey === undefined) {
      journey = ++this.#journeys;
      remember(this.#ownRequests, own, journey);
    }
    return { msg: undefined, journey, n: body.n, client };
  }

  #left(fact: FactOf<'message.left'>): void {
    for (const connection of this.#byLink.get(fact.link) ?? []) {
      const at = connection.waiting.findIndex((w) => w.msg === fact.msg);
      const waiting = connection.waiting[at];
      if (!waiting) continue;
      waiting.left = true;
      // What a guest does with it cannot be known: leaving the link is its end.
      if (waiting.direction === 'fromQueue' && this.#guests.has(fact.link)) connection.waiting.splice(at, 1);
      return;
    }
  }

  #forget(link: string, msg: number): void {
    for (const connection of this.#byLink.get(link) ?? []) {
      const at = connection.waiting.findIndex((w) => w.msg === msg);
      if (at < 0) continue;
      connection.waiting.splice(at, 1);
      this.#sweep(connection);
      return;
    }
  }

  #read(fact: FactOf<'message.read'>): Fact {
    const { side } = fact;
    const fromQueue = side === undefined;
    const candidates =
      side === undefined
        ? (this.#byLink.get(fact.peer) ?? [])
        : (this.#byIdentity.get(key(side, fact.identity ?? ''))?.filter((c) => !c.takenOver) ?? this.#orphans(side));
    for (const connection of candidates) {
      const at = connection.waiting.findIndex((w) => w.left && (w.direction === 'fromQueue') === fromQueue);
      const taken = connection.waiting[at];
      if (!taken) continue;
      connection.waiting.splice(at, 1);
      const client = connection.side === 'frontend' ? (connection.identity ?? '') : '';
      const hop: Hop = { msg: taken.msg, journey: taken.journey, n: taken.n, client };
      if (side) this.#lastRead[side] = hop;
      else this.#lastTaken.set(fact.peer, hop);
      this.#sweep(connection);
      return { ...fact, msg: taken.msg, ...journeyOf(hop) };
    }
    if (side) this.#lastRead[side] = undefined;
    return fact;
  }

  /**
   * ROUTER renames a connection whose identity was taken over, and what it still reads from it comes under an unknown name. It may
   * have done so to one that the tap saw closed first.
   */
  #orphans(side: Side): Connection[] {
    const older = [...this.#connections.values()].filter((c) => c.side === side && (c.takenOver || !c.open));
    return older.sort((a, b) => Number(b.takenOver) - Number(a.takenOver));
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
    const connection = this.#openFor(side, identity);
    if (connection) connection.expected.push(hop);
    else emit(this.#unrouted(t, side, identity, hop));
  }

  #unrouted(t: number, side: Side, identity: string, hop: Hop): Fact {
    const kind = side === 'backend' ? 'REQUEST' : 'REPLY';
    const who = side === 'backend' ? this.#worker(identity) : this.#client(identity);
    return { t, type: 'message.unrouted', peer: 'queue', kind, identity, ...who, ...journeyOf(hop) };
  }

  // Names

  #openFor(side: Side, identity: string): Connection | undefined {
    return this.#byIdentity.get(key(side, identity))?.findLast((c) => c.open);
  }

  #peerOf(side: Side, identity: string): string | undefined {
    return this.#byIdentity.get(key(side, identity))?.at(-1)?.link ?? this.#formerly.get(key(side, identity));
  }

  #worker(identity: string): { workerPeer?: string } {
    const peer = this.#peerOf('backend', identity);
    return peer === undefined ? {} : { workerPeer: peer };
  }

  #client(identity: string): { clientPeer?: string } {
    const peer = this.#peerOf('frontend', identity);
    return peer === undefined ? {} : { clientPeer: peer };
  }
}

const key = (side: Side, identity: string): string => `${side}:${identity}`;

const journeyOf = (hop: Hop | undefined): { journey?: number } =>
  hop?.journey === undefined ? {} : { journey: hop.journey };

/** Takes the first hop for this client; the ones before it never came, and stay for the connection's end to explain. */
function takeFor(hops: Hop[], client: string): Hop | undefined {
  const at = hops.findIndex((hop) => hop.client === client);
  return at < 0 ? undefined : hops.splice(at, 1)[0];
}

function remember<T>(map: Map<string, T>, at: string, value: T): void {
  map.set(at, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}

function push<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (list) list.push(value);
  else map.set(at, [value]);
}

function pull<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (!list) return;
  list.splice(list.indexOf(value), 1);
  if (list.length === 0) map.delete(at);
}
