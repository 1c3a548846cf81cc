// What is known at one moment of the trace: plain JSON-able data, computed by fold.ts and by nothing else.

import type { EventOf, FaultKind, Pattern, Role, Rules } from './events.ts';
import type { Dialect, Direction, Kind, Side } from './frames.ts';
import type { Damage } from './link-corrupt.ts';
import type { PassingKind } from './link-fault.ts';
import { HEARTBEAT_INTERVAL_MS, HEARTBEAT_LIVENESS, type Micros } from './timing.ts';

export interface ListedWorker {
  worker: string;
  peer: string | null;
  /** null: `simple` rules know none. */
  expiryAt: Micros | null;
}

/** A worker that was given a request and has not answered, as far as the queue's own facts tell. */
export interface WorkerAtWork {
  worker: string;
  peer: string | null;
  journey: number | null;
  clientPeer: string | null;
  since: Micros;
  attempt: number;
  /** How long the queue believes in it; null: these rules forget a worker that is at work. */
  expiryAt: Micros | null;
}

export interface ForgottenWorker {
  worker: string;
  peer: string | null;
  at: Micros;
  lastHeardAt: Micros;
}

/** What the queue believes. */
export interface QueueState {
  rules: Rules;
  heartbeatIntervalMs: number;
  liveness: number;
  /** In order: the head is given the next request. The frontend is read while this is not empty [Q4].
   *  By `simple` rules a worker may stand in it more than once [SP1]. */
  list: ListedWorker[];
  atWork: WorkerAtWork[];
  /** Newest last, one entry a peer, gone when the worker is listed again. */
  forgotten: ForgottenWorker[];
}

export type ProcessStatus = 'starting' | 'running' | 'paused' | 'overloaded' | 'exited';

/** The truth about a process of ours, as the supervisor saw it. */
export interface ProcessState {
  pid: number;
  status: ProcessStatus;
  since: Micros;
  code: number | null;
  signal: string | null;
}

export interface LinkState {
  delayMs: number;
  jitterMs: number;
  /** The open connection, the newest if there are several. */
  conn: number | null;
  /** The end of the last connection, when there is none now. */
  closedAt: Micros | null;
  /** Why this connection's bytes cannot be read, when they cannot [Z4]. */
  opaque: string | null;
  refused: boolean;
}

/** Messages that met the same end on one link: what the residue beside the link shows. */
export interface Residue {
  kind: Kind;
  direction: Direction;
  /** `fault`, `connection`, `process`, `buffer` or `router`. */
  cause: string;
  count: number;
  lastAt: Micros;
}

export interface OpenRequest {
  n: number;
  attempt: number;
  sentAt: Micros;
  timeoutAt: Micros;
}

export interface PeerState {
  peer: string;
  role: Role;
  guest: boolean;
  name: string;
  joinedAt: Micros;
  left: boolean;
  /** null: a guest, of whose process nothing can be known. */
  process: ProcessState | null;
  /** The routing identity of its newest connection. */
  identity: string | null;
  /** Of a worker of ours; null: a guest's cannot be known, and other roles have none. */
  pattern: Pattern | null;
  dialect: Dialect | null;
  link: LinkState;
  /** When the queue last read something of it, and when it last read something of the queue. */
  lastHeardAt: Micros | null;
  lastToldAt: Micros | null;
  /** When its ZMTP was last asked whether it is there, and when it last answered: a busy process does, a stopped one does not. */
  lastPingAt: Micros | null;
  lastPongAt: Micros | null;
  /** A worker's belief in the queue: what is left of its liveness. null: not known (a guest), not connected, or a Simple worker's. */
  liveness: number | null;
  backOff: { waitMs: number; since: Micros; untilAt: Micros } | null;
  work: { since: Micros; untilAt: Micros; journey: number | null } | null;
  /** Requests a worker has answered. */
  served: number;
  request: OpenRequest | null;
  everyMs: number | null;
  answered: number;
  retried: number;
  abandoned: number;
  lastRoundTripUs: Micros | null;
  residues: Residue[];
}

export interface ConnectionState {
  conn: number;
  link: string;
  side: Side;
  openedAt: Micros;
  identity: string | null;
  peerVersion: string | null;
  mechanism: string | null;
  socketType: string | null;
}

/** A message that has not met its end: on its link, or waiting unread at its receiver's door. */
export interface MessageState {
  msg: number;
  link: string;
  conn: number;
  direction: Direction;
  /** What its receiver will take it for: damage can make it another. */
  kind: Kind;
  journey: number | null;
  n: number | null;
  enteredAt: Micros;
  dueAt: Micros;
  /** When it left the link; null while it is on it. */
  leftAt: Micros | null;
  /** Its client no longer waits: the connection it came by is closed. */
  ghost: boolean;
  /** Of which message a fault made it; null: it was sent. */
  copyOf: number | null;
  /** How it was damaged on its way. */
  damage: Damage | null;
  /** The faults that keep it where it is. */
  heldBy: string[];
}

/** sent = delivered + dropped + lost + in flight, at every moment [T4]. */
export interface Ledger {
  /** By the peers, and by faults: see `injected`. */
  sent: number;
  /** Of those sent, the copies and pieces that faults made. */
  injected: number;
  delivered: number;
  dropped: number;
  lost: number;
  inFlight: number;
  /** Given to a ROUTER for an identity without a connection: they never were on a link. */
  unrouted: number;
  /** Ends that fit no message: always 0, or the recorder has a defect. */
  unexplained: number;
}

/** A lasting fault: what it was applied with, and what it has done. */
export interface AppliedFault {
  fault: string;
  /** The peer whose link or process it is on. */
  link: string;
  level: 'link' | 'process';
  kind: FaultKind;
  direction: Direction | null;
  message: PassingKind | null;
  params: FaultParams;
  appliedAt: Micros;
  /** When it heals by itself; null: it stays until it is healed. */
  untilAt: Micros | null;
  hits: number;
}

/** What a fault was applied with beside that, as in its fact; what is not there was not given. */
export type FaultParams = Pick<
  EventOf<'fault.applied'>,
  | 'nth'
  | 'every'
  | 'count'
  | 'probability'
  | 'mode'
  | 'times'
  | 'extraMs'
  | 'jitterMs'
  | 'distribution'
  | 'bytesPerSecond'
  | 'profile'
>;

export interface State {
  seq: number;
  t: Micros;
  startedAt: string | null;
  source: 'live' | 'simulated';
  queue: QueueState;
  /** By id, in order of first appearance. */
  peers: Record<string, PeerState>;
  connections: Record<string, ConnectionState>;
  messages: Record<string, MessageState>;
  faults: Record<string, AppliedFault>;
  ledger: Ledger;
}

/** A message as it is when it enters its link. */
export const enteredMessage = (event: EventOf<'message.entered'>): MessageState => ({
  msg: event.msg,
  link: event.link,
  conn: event.conn,
  direction: event.direction,
  kind: event.kind,
  journey: event.journey ?? null,
  n: event.n ?? null,
  enteredAt: event.t,
  dueAt: event.dueAt,
  leftAt: null,
  ghost: false,
  copyOf: event.copyOf ?? null,
  damage: null,
  heldBy: [],
});

export const emptyState = (): State => ({
  seq: -1,
  t: 0,
  startedAt: null,
  source: 'live',
  queue: {
    rules: 'listing',
    heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
    liveness: HEARTBEAT_LIVENESS,
    list: [],
    atWork: [],
    forgotten: [],
  },
  peers: {},
  connections: {},
  messages: {},
  faults: {},
  ledger: { sent: 0, injected: 0, delivered: 0, dropped: 0, lost: 0, inFlight: 0, unrouted: 0, unexplained: 0 },
});

/** Whether the ledger adds up, counted against the messages that are really there. */
export const ledgerBalances = ({ ledger, messages }: State): boolean =>
  ledger.sent === ledger.delivered + ledger.dropped + ledger.lost + ledger.inFlight &&
  ledger.inFlight === Object.keys(messages).length &&
  ledger.unexplained === 0;

/** Requests that have left their link and that the queue has not read, oldest first. */
export function atTheDoor(state: State): MessageState[] {
  const waiting: MessageState[] = [];
  for (const message of Object.values(state.messages)) {
    if (message.leftAt !== null && message.direction === 'toQueue' && state.peers[message.link]?.role === 'client') {
      waiting.push(message);
    }
  }
  return waiting.sort((a, b) => (a.leftAt ?? 0) - (b.leftAt ?? 0) || a.msg - b.msg);
}
