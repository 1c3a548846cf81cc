// The one interpreter of the trace: apply() moves a state over one event [T2]. The bridge, the page, seeking and the tests all call it.

import { type EventOf, type EventType, PROCESS_FAULTS, type TraceEvent } from './events.ts';
import type { Direction, Kind } from './frames.ts';
import { emptyState, enteredMessage, type MessageState, type PeerState, type State } from './state.ts';

/** How many forgotten workers are kept: enough to name them, bounded under churn. */
const FORGOTTEN_KEPT = 24;

type Applier<T extends EventType> = (state: State, event: EventOf<T>, peer: PeerState | undefined) => void;

/**
 * Moves `state` over one event, in place: a seek starts from a copy of a keyframe.
 * Never throws on a well-formed event; what fits nothing is counted as unexplained.
 */
export function apply(state: State, event: TraceEvent): void {
  state.seq = event.seq;
  state.t = event.t;
  const id = 'link' in event ? event.link : 'peer' in event ? event.peer : undefined;
  const peer = id === undefined ? undefined : state.peers[id];
  const applier = APPLIERS[event.type] as Applier<EventType>;
  applier(state, event, peer);
}

/** The state after all of these events. */
export function fold(events: Iterable<TraceEvent>, from: State = emptyState()): State {
  for (const event of events) apply(from, event);
  return from;
}

export const copyState = (state: State): State => structuredCopy(state);

/** JSON-able data only, so a plain recursive copy does, and is faster than a round trip through text. */
function structuredCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(structuredCopy) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = structuredCopy(value[key]);
  return copy as T;
}

const without = <T extends { worker: string }>(list: T[], worker: string): T[] =>
  list.filter((entry) => entry.worker !== worker);

/** A message meets its end: it leaves the map of living messages, whatever the end is. */
function end(state: State, msg: number | undefined, into: 'delivered' | 'dropped' | 'lost'): MessageState | undefined {
  const message = msg === undefined ? undefined : state.messages[msg];
  if (!message) {
    state.ledger.unexplained++;
    return undefined;
  }
  delete state.messages[message.msg];
  state.ledger[into]++;
  state.ledger.inFlight--;
  return message;
}

function leaveResidue(peer: PeerState | undefined, kind: Kind, direction: Direction, cause: string, at: number): void {
  if (!peer) return;
  const known = peer.residues.find((r) => r.kind === kind && r.direction === direction && r.cause === cause);
  if (known) {
    known.count++;
    known.lastAt = at;
  } else peer.residues.push({ kind, direction, cause, count: 1, lastAt: at });
}

function hit(state: State, id: string): void {
  const fault = state.faults[id];
  if (fault) fault.hits++;
}

function letGo(message: MessageState | undefined, fault: string): void {
  if (message?.heldBy.includes(fault)) message.heldBy = message.heldBy.filter((id) => id !== fault);
}

/** The queue forgets everything when its process starts anew. */
function clearQueue(state: State): void {
  state.queue.list = [];
  state.queue.atWork = [];
  state.queue.forgotten = [];
}

function forgetConnection(state: State, peer: PeerState | undefined, conn: number): void {
  const identity = state.connections[conn]?.identity;
  delete state.connections[conn];
  // Only `robust` knows who is at work; for the others it is what they were given, until the one who has it is gone.
  if (identity && state.queue.rules !== 'robust') state.queue.atWork = without(state.queue.atWork, identity);
  if (peer?.link.conn === conn) {
    peer.link.conn = null;
    peer.link.closedAt = state.t;
    for (const other of Object.values(state.connections)) if (other.link === peer.peer) peer.link.conn = other.conn;
  }
  for (const message of Object.values(state.messages)) {
    if (message.conn === conn && message.kind === 'REQUEST' && message.direction === 'toQueue') message.ghost = true;
  }
}

const ignore = (): void => {};

const APPLIERS: { [T in EventType]: Applier<T> } = {
  'run.started': (state, event) => {
    state.startedAt = event.startedAt;
    state.source = event.source;
  },

  'peer.joined': (state, event) => {
    state.peers[event.peer] = {
      peer: event.peer,
      role: event.role,
      guest: event.guest,
      name: event.name,
      joinedAt: event.t,
      left: false,
      process: null,
      identity: null,
      pattern: event.pattern ?? null,
      dialect: event.dialect ?? null,
      link: { delayMs: 0, jitterMs: 0, conn: null, closedAt: null, opaque: null, refused: false },
      lastHeardAt: null,
      lastToldAt: null,
      lastPingAt: null,
      lastPongAt: null,
      liveness: null,
      backOff: null,
      work: null,
      served: 0,
      request: null,
      everyMs: event.everyMs ?? null,
      answered: 0,
      retried: 0,
      abandoned: 0,
      lastRoundTripUs: null,
      residues: [],
    };
  },
  'peer.left': (state, event, peer) => {
    if (peer) peer.left = true;
    // Its last messages may still be under way: it is taken off the stage by the page, and here once nothing names it.
    if (!Object.values(state.messages).some((m) => m.link === event.peer)) delete state.peers[event.peer];
  },
  'process.started': (state, event, peer) => {
    if (!peer) return;
    peer.process = { pid: event.pid, status: 'running', since: event.t, code: null, signal: null };
    if (peer.role === 'queue') clearQueue(state);
  },
  'process.exited': (state, event, peer) => {
    if (!peer?.process) return;
    Object.assign(peer.process, { status: 'exited', since: event.t, code: event.code, signal: event.signal });
    Object.assign(peer, { liveness: null, backOff: null, work: null, request: null });
    if (peer.role === 'queue') clearQueue(state);
  },
  'process.paused': (_, event, peer) => setStatus(peer, 'paused', event.t),
  'process.resumed': (_, event, peer) => setStatus(peer, 'running', event.t),
  'process.restarting': ignore,
  'process.overloaded': (_, event, peer) => setStatus(peer, 'overloaded', event.t),
  'process.recovered': (_, event, peer) => setStatus(peer, 'running', event.t),
  'client.paced': (_, event, peer) => {
    if (peer) peer.everyMs = event.everyMs;
  },

  'link.delayed': (_, event, peer) => {
    if (peer) Object.assign(peer.link, { delayMs: event.delayMs, jitterMs: event.jitterMs });
  },
  'connection.opened': (state, event, peer) => {
    state.connections[event.conn] = {
      conn: event.conn,
      link: event.link,
      side: event.side,
      openedAt: event.t,
      identity: null,
      peerVersion: null,
      mechanism: null,
      socketType: null,
    };
    if (!peer) return;
    Object.assign(peer.link, { conn: event.conn, closedAt: null, opaque: null, refused: false });
    Object.assign(peer, { lastPingAt: null, lastPongAt: null });
  },
  'connection.greeted': (state, event, peer) => {
    if (event.by !== 'peer') return;
    const connection = state.connections[event.conn];
    if (connection) {
      connection.identity = event.identity ?? null;
      connection.peerVersion = event.version;
      connection.mechanism = event.mechanism;
      connection.socketType = event.socketType;
    }
    if (peer) peer.identity = event.identity ?? null;
  },
  'connection.opaqued': (_, event, peer) => {
    if (peer) peer.link.opaque = event.reason;
  },
  'connection.refused': (_, __, peer) => {
    if (peer) peer.link.refused = true;
  },
  'connection.closed': (state, event, peer) => forgetConnection(state, peer, event.conn),
  'message.entered': (state, event) => {
    state.ledger.sent++;
    state.ledger.inFlight++;
    if (event.copyOf !== undefined) state.ledger.injected++;
    for (const fault of event.slowedBy ?? []) hit(state, fault);
    state.messages[event.msg] = enteredMessage(event);
  },
  'message.left': (state, event, peer) => {
    const message = state.messages[event.msg];
    // What a guest does with it cannot be known: handed to its connection is its end.
    if (peer?.guest && message?.direction === 'fromQueue') end(state, event.msg, 'delivered');
    else if (message) message.leftAt = event.t;
    else state.ledger.unexplained++;
  },
  'message.dropped': (state, event, peer) => {
    const message = end(state, event.msg, 'dropped');
    if (message) leaveResidue(peer, message.kind, message.direction, 'fault', event.t);
    hit(state, event.fault);
  },
  'message.lost': (state, event, peer) => {
    const message = end(state, event.msg, 'lost');
    if (message) leaveResidue(peer, message.kind, message.direction, event.cause, event.t);
  },
  'message.corrupted': (state, event) => {
    const message = state.messages[event.msg];
    if (message) Object.assign(message, { damage: event.mode, kind: event.kind });
    hit(state, event.fault);
  },
  'message.duplicated': (state, event) => hit(state, event.fault),
  'message.held': (state, event) => {
    state.messages[event.msg]?.heldBy.push(event.fault);
    hit(state, event.fault);
  },
  'message.released': (state, event) => letGo(state.messages[event.msg], event.fault),
  'command.passed': (state, { name, direction, t }, peer) => {
    // A PING goes to whom it asks, a PONG comes from there.
    const asksPeer = (name === 'PING') === (direction === 'fromQueue');
    const asked = asksPeer ? peer : state.peers.queue;
    if (asked) asked[name === 'PING' ? 'lastPingAt' : 'lastPongAt'] = t;
  },
  // A partition takes them with everything: to be counted they must be meant.
  'command.dropped': (state, event) => {
    if (state.faults[event.fault]?.message === event.name) hit(state, event.fault);
  },
  'fault.applied': (state, event) => {
    const {
      fault,
      link,
      kind,
      direction,
      message,
      untilAt,
      seq: _,
      t: appliedAt,
      type: __,
      seed: ___,
      ...params
    } = event;
    // Told again: its end is another one now.
    const known = state.faults[fault];
    state.faults[fault] = {
      fault,
      link,
      level: (PROCESS_FAULTS as readonly string[]).includes(kind) ? 'process' : 'link',
      kind,
      direction: direction ?? null,
      message: message ?? null,
      params,
      appliedAt: known?.appliedAt ?? appliedAt,
      untilAt: untilAt ?? null,
      hits: known?.hits ?? 0,
    };
  },
  'fault.healed': (state, event) => {
    delete state.faults[event.fault];
    for (const message of Object.values(state.messages)) letGo(message, event.fault);
  },
  'fault.struck': ignore,

  'message.read': (state, event, reader) => {
    const message = end(state, event.msg, 'delivered');
    if (!message) return;
    const sender = state.peers[message.link];
    if (message.direction === 'toQueue') {
      if (sender) sender.lastHeardAt = event.t;
    } else if (reader) reader.lastToldAt = event.t;
  },
  'message.invalidated': ignore,
  'message.unrouted': (state, event) => {
    state.ledger.unrouted++;
    const to = event.kind === 'REPLY' ? event.clientPeer : event.workerPeer;
    leaveResidue(to === undefined ? undefined : state.peers[to], event.kind, 'fromQueue', 'router', event.t);
  },

  'queue.started': (state, event) => {
    clearQueue(state);
    const { rules, heartbeatIntervalMs, liveness } = event;
    Object.assign(state.queue, { rules, heartbeatIntervalMs, liveness });
  },
  'worker.listed': ({ queue }, event) => {
    const { worker, expiryAt = null } = event;
    const peer = event.workerPeer ?? null;
    if (queue.rules !== 'simple') queue.list = without(queue.list, worker);
    queue.list.push({ worker, peer, expiryAt });
    // By the queue's own facts it has answered, or never mind: a listed worker is not at work, unless it works on behind its back.
    queue.atWork = without(queue.atWork, worker);
    queue.forgotten = queue.forgotten.filter((f) => f.worker !== worker && (peer === null || f.peer !== peer));
  },
  'worker.refreshed': ({ queue }, event) => {
    const isThis = (w: { worker: string }): boolean => w.worker === event.worker;
    const entry = queue.list.find(isThis);
    const known = entry ?? queue.atWork.find(isThis);
    if (known) known.expiryAt = event.expiryAt;
    if (!entry) return;
    if (event.moved) queue.list = [...without(queue.list, event.worker), entry];
  },
  'worker.expired': ({ queue }, event) => {
    queue.list = without(queue.list, event.worker);
    queue.atWork = without(queue.atWork, event.worker);
    const { worker, t: at, lastHeardAt } = event;
    queue.forgotten = without(queue.forgotten, worker);
    queue.forgotten.push({ worker, peer: event.workerPeer ?? null, at, lastHeardAt });
    if (queue.forgotten.length > FORGOTTEN_KEPT) queue.forgotten.shift();
  },
  'worker.refused': ignore,
  'worker.ignored': ignore,
  'request.dispatched': ({ queue }, event) => {
    const { worker, t: since, attempt } = event;
    const place = queue.list.findIndex((listed) => listed.worker === worker);
    if (place >= 0) queue.list.splice(place, 1);
    queue.atWork = without(queue.atWork, worker);
    queue.atWork.push({
      worker,
      peer: event.workerPeer ?? null,
      journey: event.journey ?? null,
      clientPeer: event.clientPeer ?? null,
      since,
      attempt,
      expiryAt: event.expiryAt ?? null,
    });
  },
  'request.requeued': ({ queue }, event) => {
    queue.atWork = without(queue.atWork, event.worker);
  },
  'request.dropped': ignore,
  'reply.forwarded': (state, event) => {
    state.queue.atWork = without(state.queue.atWork, event.worker);
    const worker = event.workerPeer === undefined ? undefined : state.peers[event.workerPeer];
    if (worker) worker.served++;
  },
  'reply.refused': ignore,

  'worker.opened': (state, event, peer) => {
    if (!peer) return;
    Object.assign(peer, {
      identity: event.identity,
      dialect: event.dialect,
      liveness: peer.pattern === 'simple' ? null : state.queue.liveness,
      backOff: null,
      work: null,
    });
  },
  'liveness.lost': (_, event, peer) => {
    if (peer) peer.liveness = event.left;
  },
  'liveness.restored': (_, event, peer) => {
    if (peer) peer.liveness = event.left;
  },
  'worker.backedOff': (_, event, peer) => {
    if (!peer) return;
    peer.liveness = null;
    peer.backOff = { waitMs: event.waitMs, since: event.t, untilAt: event.untilAt };
  },
  'work.started': (_, event, peer) => {
    if (peer) peer.work = { since: event.t, untilAt: event.untilAt, journey: event.journey ?? null };
  },
  'work.finished': (_, __, peer) => {
    if (peer) peer.work = null;
  },
  'worker.crashed': ignore,

  'client.opened': (_, event, peer) => {
    if (peer) peer.identity = event.identity;
  },
  'request.sent': (_, event, peer) => {
    if (!peer) return;
    const { n, attempt, t: sentAt, timeoutAt } = event;
    peer.request = { n, attempt, sentAt, timeoutAt };
  },
  'request.answered': (_, event, peer) => {
    if (!peer) return;
    peer.request = null;
    peer.answered++;
    peer.lastRoundTripUs = event.roundTripUs;
  },
  'request.retried': (_, __, peer) => {
    if (peer) peer.retried++;
  },
  'request.abandoned': (_, __, peer) => {
    if (!peer) return;
    peer.request = null;
    peer.abandoned++;
  },
};

function setStatus(peer: PeerState | undefined, status: 'running' | 'paused' | 'overloaded', at: number): void {
  if (!peer?.process || peer.process.status === 'exited') return;
  peer.process.status = status;
  peer.process.since = at;
}
