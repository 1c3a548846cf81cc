// The trace: every fact that can happen, as schemas with the types inferred beneath. Facts, never view hints.
// `t` and all fields ending in `At` are microseconds of the run's monotonic clock. Identities and frames are latin-1 text.

import * as v from 'valibot';
import { DAMAGES } from './link-corrupt.ts';
import { COMMAND_NAMES, CUTS, LINK_FAULTS } from './link-fault.ts';
import { PROFILE_NAMES } from './link-profiles.ts';
import { DISTRIBUTIONS } from './link-time.ts';

/** The version of these schemas; a recording carries it. A test pins it to the schemas' shape. */
export const TRACE_VERSION = 2;

/** What may last on a process; what may last on a link is LINK_FAULTS. */
export const PROCESS_FAULTS = ['pause', 'slow', 'mute'] as const;

const int = v.pipe(v.number(), v.safeInteger());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = int;
const ms = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.string();

/** A peer's stable name in the trace: `queue`, `worker-1`, `client-1`, `guest-1`. Its link has the same id. */
const peer = text;
const identity = text;
const side = v.picklist(['frontend', 'backend']);
const direction = v.picklist(['toQueue', 'fromQueue']);
const kind = v.picklist(['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', 'INVALID']);
const command = v.picklist(COMMAND_NAMES);
const faultKind = v.picklist([...LINK_FAULTS, ...PROCESS_FAULTS]);
const dialect = v.picklist(['rfc', 'text']);
const rules = v.picklist(['listing', 'guide', 'robust', 'simple']);
const pattern = v.picklist(['paranoid', 'simple']);

/** Added by the recorder to a fact that names an identity or stands for a message. Absent: not known. */
const resolved = {
  workerPeer: v.optional(peer),
  clientPeer: v.optional(peer),
  journey: v.optional(count),
};

const fact = <T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.strictObject({ seq: count, t: time, type: v.literal(type), ...entries });

const timing = { rules, heartbeatIntervalMs: ms, liveness: count };

export const TraceEvent = v.variant('type', [
  // The run
  fact('run.started', {
    version: v.literal(TRACE_VERSION),
    startedAt: text,
    source: v.picklist(['live', 'simulated']),
  }),

  // Peers and their processes: said by the supervisor, about what it did and saw
  fact('peer.joined', {
    peer,
    role: v.picklist(['queue', 'worker', 'client']),
    guest: v.boolean(),
    name: text,
    /** The knobs an actor of ours was started with; nothing is known of a guest's. */
    pattern: v.optional(pattern),
    dialect: v.optional(dialect),
    workMs: v.optional(ms),
    everyMs: v.optional(ms),
    crashChance: v.optional(v.number()),
    overloadChance: v.optional(v.number()),
  }),
  fact('peer.left', { peer }),
  fact('process.started', { peer, pid: count }),
  fact('process.exited', { peer, code: v.nullable(int), signal: v.nullable(text) }),
  fact('process.paused', { peer }),
  fact('process.resumed', { peer }),
  fact('process.restarting', { peer, why: text }),
  fact('process.overloaded', { peer, untilAt: time }),
  fact('process.recovered', { peer }),
  fact('client.paced', { peer, everyMs: ms }),

  // Links: said by the taps
  fact('link.delayed', { link: peer, delayMs: ms, jitterMs: ms }),
  fact('connection.opened', { link: peer, conn: count, side }),
  fact('connection.greeted', {
    link: peer,
    conn: count,
    /** Whose handshake this is: the peer's or the queue's. */
    by: v.picklist(['peer', 'queue']),
    version: text,
    mechanism: text,
    socketType: text,
    /** The routing identity that the queue will know this connection by, when the peer set one or the tap filled it in. */
    identity: v.optional(identity),
    filled: v.optional(v.boolean()),
  }),
  fact('connection.opaqued', { link: peer, conn: count, reason: text }),
  fact('connection.refused', { link: peer, reason: text }),
  fact('connection.closed', { link: peer, conn: count, by: v.picklist(['peer', 'queue', 'tap']) }),
  fact('message.entered', {
    link: peer,
    conn: count,
    msg: count,
    direction,
    kind,
    /** The first bytes of the first frames; `sizes` has the true sizes, `frameCount` the true count. */
    frames: v.array(text),
    sizes: v.array(count),
    frameCount: count,
    /** When the link's delay lets it out, as planned on entry. */
    dueAt: time,
    /** The message of which this one is the next hop. */
    cause: v.optional(count),
    /** The request's number, from our clients' bodies, else counted per link. */
    n: v.optional(count),
    journey: v.optional(count),
    /** It was never sent: a fault made it of this message. */
    copyOf: v.optional(count),
    /** The faults that made it late. */
    slowedBy: v.optional(v.array(text)),
  }),
  fact('message.left', { link: peer, msg: count }),
  fact('message.dropped', { link: peer, msg: count, fault: text }),
  fact('message.lost', { link: peer, msg: count, cause: v.picklist(['connection', 'process', 'buffer']) }),
  /** What will leave is not what entered, but this. */
  fact('message.corrupted', {
    link: peer,
    msg: count,
    fault: text,
    mode: v.picklist(DAMAGES),
    kind,
    frames: v.array(text),
    sizes: v.array(count),
    frameCount: count,
  }),
  /** The message that just entered was made by a fault, of another one. */
  fact('message.duplicated', { link: peer, msg: count, of: count, fault: text }),
  fact('message.held', { link: peer, msg: count, fault: text }),
  /** One alone, by a step. When a fault is healed, all that it held goes on. */
  fact('message.released', { link: peer, msg: count, fault: text }),
  /** ZMTP's own heartbeats, read by the tap from who said them: a stopped process says none, a busy one does. */
  fact('command.passed', { link: peer, conn: count, direction, name: command }),
  fact('command.dropped', { link: peer, conn: count, direction, name: command, fault: text }),

  // Faults: a lasting one is applied and healed, one that strikes once is told when it did
  fact('fault.applied', {
    fault: text,
    /** The peer whose link or process it is. */
    link: peer,
    kind: faultKind,
    direction: v.optional(direction),
    message: v.optional(v.picklist([...kind.options, ...command.options])),
    nth: v.optional(count),
    every: v.optional(count),
    count: v.optional(count),
    probability: v.optional(v.number()),
    mode: v.optional(v.picklist([...DAMAGES, ...CUTS])),
    /** Of duplicate: how many more there are of a message. Of slow: how many times as long everything takes. */
    times: v.optional(v.number()),
    extraMs: v.optional(ms),
    jitterMs: v.optional(ms),
    distribution: v.optional(v.picklist(DISTRIBUTIONS)),
    bytesPerSecond: v.optional(count),
    profile: v.optional(v.picklist(PROFILE_NAMES)),
    seed: int,
    /** When it heals by itself; absent: it stays until it is healed. */
    untilAt: v.optional(time),
  }),
  fact('fault.healed', {
    fault: text,
    link: peer,
    kind: faultKind,
    /** `ended`: with the process or the link that it was on. */
    why: v.picklist(['asked', 'expired', 'all', 'ended']),
  }),
  fact('fault.struck', {
    fault: text,
    link: peer,
    kind: v.picklist(['drop', 'replay', 'reset', 'close']),
    /** Of drop and replay: which message. */
    msg: v.optional(count),
  }),

  // What an actor took from its socket. `identity` is the other end's, at the queue; the recorder adds `msg`.
  fact('message.read', {
    peer,
    side: v.optional(side),
    identity: v.optional(identity),
    /** Of our clients: the number in its body. REQ throws away unread what it was sent twice, and this tells which. */
    n: v.optional(count),
    msg: v.optional(count),
    journey: v.optional(count),
  }),
  fact('message.invalidated', {
    peer,
    side: v.optional(side),
    identity: v.optional(identity),
    reason: text,
    ...resolved,
  }),
  /** A ROUTER was given a message for an identity that it has no connection for: it is gone without a word. Its `clientPeer` is whose
   *  the request was, also when the identity is nobody's. */
  fact('message.unrouted', { peer, kind, identity, ...resolved }),

  // The queue. A Simple one beats for nobody: its interval and liveness are those of the run, which its workers may keep.
  fact('queue.started', { peer, ...timing }),
  fact('worker.listed', {
    peer,
    worker: identity,
    /** Absent: `simple` rules know none. */
    expiryAt: v.optional(time),
    by: v.picklist(['READY', 'HEARTBEAT', 'REPLY', 'INVALID']),
    ...resolved,
  }),
  fact('worker.refreshed', { peer, worker: identity, expiryAt: time, moved: v.boolean(), ...resolved }),
  fact('worker.expired', { peer, worker: identity, lastHeardAt: time, expiryAt: time, busy: v.boolean(), ...resolved }),
  fact('worker.refused', { peer, worker: identity, reason: text, ...resolved }),
  fact('worker.ignored', { peer, worker: identity, reason: text, ...resolved }),
  fact('request.dispatched', {
    peer,
    client: identity,
    worker: identity,
    attempt: count,
    /** `robust`: how long the queue goes on believing in a worker that is at work [QR2]. */
    expiryAt: v.optional(time),
    msg: v.optional(count),
    ...resolved,
  }),
  fact('request.requeued', { peer, client: identity, worker: identity, attempt: count, ...resolved }),
  fact('request.dropped', { peer, client: identity, tries: count, ...resolved }),
  fact('reply.forwarded', { peer, client: identity, worker: identity, msg: v.optional(count), ...resolved }),
  fact('reply.refused', { peer, identity: v.optional(identity), reason: text, ...resolved }),

  // A worker
  fact('worker.opened', { peer, identity, dialect }),
  fact('liveness.lost', { peer, left: count }),
  fact('liveness.restored', { peer, left: count }),
  fact('worker.backedOff', { peer, waitMs: ms, untilAt: time }),
  fact('work.started', { peer, untilAt: time, journey: v.optional(count) }),
  fact('work.finished', { peer }),
  fact('worker.crashed', { peer }),

  // A client
  fact('client.opened', { peer, identity }),
  fact('request.sent', { peer, n: count, attempt: count, timeoutAt: time }),
  fact('request.answered', { peer, n: count, attempt: count, roundTripUs: count }),
  fact('request.retried', { peer, n: count, attempt: count }),
  fact('request.abandoned', { peer, n: count, tries: count }),
]);

export type TraceEvent = v.InferOutput<typeof TraceEvent>;
export type EventType = TraceEvent['type'];
export type EventOf<T extends EventType> = Extract<TraceEvent, { type: T }>;

type Unnumbered<E> = E extends unknown ? Omit<E, 'seq'> : never;
/** A fact on its way to the recorder, which numbers it and adds what it can resolve. */
export type Fact = Unnumbered<TraceEvent>;

type Unstamped<E> = E extends unknown ? Omit<E, 'seq' | 't' | 'peer'> : never;
/** What a machine says of itself: the driver stamps it with the time of the step and the name of its peer. */
export type MachineFact<T extends EventType> = Unstamped<EventOf<T>>;

/** Everything that may last on a link or a process. */
export type FaultKind = v.InferOutput<typeof faultKind>;
export type Rules = v.InferOutput<typeof rules>;
/** The rule sets with heartbeats. */
export type ParanoidRules = Exclude<Rules, 'simple'>;
export type Pattern = v.InferOutput<typeof pattern>;
export type Role = EventOf<'peer.joined'>['role'];
