// The judge of conformance: what RFC 6 and the seed's dialect ask of each peer, own or guest, held against what its link carried.
//
// It goes by the facts of the taps. A message is held against its sender when it entered the link, before any fault could touch
// it, and counts as heard by its receiver when it left: so nobody is blamed for what a fault did. What our own actors and the
// supervisor tell only ever excuses: who is frozen, at work or backing off need not beat. A guest can excuse itself by the wire alone.

import { type EventOf, type EventType, PROCESS_FAULTS, type TraceEvent } from './events.ts';
import { type Dialect, readControl, unwrapped } from './frames.ts';
import {
  breached,
  type Judgement,
  kept,
  type LinkBooks,
  newLink,
  newPeer,
  type PeerBooks,
  stackOf,
} from './judge-books.ts';
import { clientAsks, clientIsTold } from './judge-client.ts';
import { checkQueue, noteArrival, queueHears, queueSays } from './judge-queue.ts';
import { type Finding, type StatementId, statementsOf } from './judge-statements.ts';
import { checkWorker, workerIsTold, workerSays } from './judge-worker.ts';
import type { State } from './state.ts';
import { HEARTBEAT_INTERVAL_MS, HEARTBEAT_LIVENESS, type Micros, millis } from './timing.ts';

export type { Judgement } from './judge-books.ts';

/** Of what went before a judgement that begins in the middle, only who is there is taken over, and nothing is held against them. */
export function beginJudgement(state?: State): Judgement {
  const j: Judgement = {
    seq: state?.seq ?? -1,
    t: state?.t ?? 0,
    intervalUs: millis(state?.queue.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS),
    liveness: state?.queue.liveness ?? HEARTBEAT_LIVENESS,
    checkAt: 0,
    peers: {},
    links: {},
    passing: {},
    arrived: {},
    arrivals: [],
  };
  for (const { peer, role } of Object.values(state?.peers ?? {})) {
    j.peers[peer] = newPeer(peer, role, j.t);
    if (role !== 'queue') j.links[peer] = newLink(peer, j.t, false);
  }
  for (const { conn, link, identity, socketType } of Object.values(state?.connections ?? {})) {
    const books = j.links[link];
    if (!books) continue;
    books.open.push(conn);
    Object.assign(books, { identity, socketType, spoken: true });
  }
  return j;
}

/** Moves a judgement over one fact, in place, like `apply` a state. Never throws on a well-formed fact. */
export function judge(j: Judgement, event: TraceEvent): void {
  lookAround(j, event.t);
  j.seq = event.seq;
  j.t = event.t;
  const reader = READERS[event.type] as ((j: Judgement, event: TraceEvent) => void) | undefined;
  reader?.(j, event);
}

/** Time passed and nothing was said: silences are breaches too. */
export function judgeUntil(j: Judgement, t: Micros): void {
  lookAround(j, t, true);
  j.t = Math.max(j.t, t);
}

/** What is to be said of a peer now. Empty for one that is not known. */
export function findingsOf(j: Judgement, peer: string): Finding[] {
  const books = j.peers[peer];
  if (!books) return [];
  return statementsOf(books.role).map((statement) => finding(books, statement));
}

function finding({ tallies, unjudged }: PeerBooks, statement: StatementId): Finding {
  const { met = 0, broken = 0, breach = [], proof = [] } = tallies[statement] ?? {};
  const why = met + broken === 0 ? (unjudged[statement] ?? null) : null;
  const standing = broken > 0 ? 'broken' : met > 0 ? 'met' : why ? 'unjudged' : 'unseen';
  return { statement, standing, met, broken, evidence: broken > 0 ? breach : proof, why };
}

/** Looked at a few times an interval: often enough that no silence ends unseen. */
function lookAround(j: Judgement, t: Micros, now = false): void {
  if (t < j.checkAt && !now) return;
  j.checkAt = t + j.intervalUs / 4;
  for (const books of Object.values(j.links)) {
    const peer = j.peers[books.link];
    if (peer?.role !== 'worker' || books.open.length === 0 || books.isCut) continue;
    checkWorker(j, books, peer, t);
    checkQueue(j, books, t);
  }
}

const isOnProcess = (kind: string): boolean => (PROCESS_FAULTS as readonly string[]).includes(kind);

type Reader<T extends EventType> = (j: Judgement, event: EventOf<T>) => void;

const READERS: { [T in EventType]?: Reader<T> } = {
  'peer.joined': (j, { peer, role, t }) => {
    j.peers[peer] = newPeer(peer, role, t);
    if (role !== 'queue') j.links[peer] = newLink(peer, t, true);
  },
  'queue.started': (j, event) => {
    j.intervalUs = millis(event.heartbeatIntervalMs);
    j.liveness = event.liveness;
    for (const books of Object.values(j.links)) Object.assign(books, { owedSince: null, dispatched: [] });
  },

  'process.started': (j, { peer, t }) => {
    const books = j.peers[peer];
    if (books) Object.assign(books, { excuses: [], ableSince: t });
  },
  'process.exited': (j, { peer }) => excuse(j, peer, 'exited'),
  'process.paused': (j, { peer }) => excuse(j, peer, 'paused'),
  'process.resumed': (j, { peer }) => blame(j, peer, 'paused'),
  'process.overloaded': (j, { peer }) => excuse(j, peer, 'overloaded'),
  'process.recovered': (j, { peer }) => blame(j, peer, 'overloaded'),
  'work.started': (j, { peer }) => excuse(j, peer, 'working'),
  'work.finished': (j, { peer }) => blame(j, peer, 'working'),
  'worker.backedOff': (j, { peer }) => excuse(j, peer, 'backingOff'),
  'worker.opened': (j, { peer }) => {
    blame(j, peer, 'backingOff');
    blame(j, peer, 'working');
  },
  'worker.listed': (j, { workerPeer, by, t }) => {
    const books = workerPeer === undefined ? undefined : j.links[workerPeer];
    if (!books) return;
    // A READY that it read only now, after a freeze: it was said before the request, and not in answer to it.
    if (by === 'READY') books.dispatched = [];
    // Listed at last, by a later word: from now on it is owed.
    if (books.isUnlisted && by !== 'INVALID') books.owedSince = t;
    books.isUnlisted = false;
  },
  'worker.refused': forgiveBeats,
  'worker.expired': (j, { workerPeer }) => {
    const books = workerPeer === undefined ? undefined : j.links[workerPeer];
    if (books) Object.assign(books, { owedSince: null, dispatched: [] });
  },
  // What it said did not list it.
  'reply.refused': forgiveBeats,
  'message.invalidated': forgiveBeats,
  'request.requeued': (j, { workerPeer }) => {
    const books = workerPeer === undefined ? undefined : j.links[workerPeer];
    if (books) books.dispatched = [];
  },

  'fault.applied': (j, { link, fault, kind, mode }) => {
    if (isOnProcess(kind)) return excuse(j, link, fault);
    const books = j.links[link];
    if (!books) return;
    books.isDisturbed = true;
    const cuts = kind === 'partition' || kind === 'hang';
    if (cuts) books.isCut = true;
    books.faults.push({ fault, cuts, severs: mode === 'refused' });
  },
  'fault.healed': (j, { link, fault, t }) => {
    blame(j, link, fault);
    const books = j.links[link];
    const healed = books?.faults.find((other) => other.fault === fault);
    if (!books || !healed) return;
    books.faults = books.faults.filter((other) => other !== healed);
    if (!healed.cuts) return;
    // What a partition severed stays so until there is a new connection.
    books.isCut = healed.severs || books.faults.some(({ cuts }) => cuts);
    books.idleSince = t;
    if (books.owedSince !== null) books.owedSince = t;
  },

  'fault.struck': (j, { link }) => {
    const books = j.links[link];
    if (books) books.isDisturbed = true;
  },

  'connection.opened': (j, { link, conn, t }) => {
    const books = j.links[link];
    if (!books) return;
    // Two at once: the older one's end is not seen yet, so this is another socket.
    if (books.open.length > 0) startAnew(books);
    books.open.push(conn);
    const isCut = books.faults.some(({ cuts }) => cuts);
    Object.assign(books, { opaque: false, spoken: false, isDisturbed: books.faults.length > 0, isCut });
    Object.assign(books, { openedAt: t, idleSince: t, said: null, told: null, lastTold: books.told ?? books.lastTold });
    Object.assign(books, { queueSaid: null, queueHeard: null, heardDialect: null, owedSince: null, isUnlisted: false });
  },
  'connection.greeted': (j, event) => {
    const books = j.links[event.link];
    if (!books || event.by !== 'peer') return;
    const { identity = null, socketType, filled } = event;
    if (books.identity !== null && identity !== books.identity && !filled) startAnew(books);
    Object.assign(books, { identity, socketType, idleSince: event.t });
    judgeGreeting(j, event);
  },
  'connection.opaqued': (j, { link, seq }) => {
    const books = j.links[link];
    const peer = j.peers[link];
    if (!books || !peer) return;
    books.opaque = true;
    // Bytes that a fault damaged cannot be read either: then nobody is to blame.
    const statement = peer.role === 'worker' ? 'worker.zmtp' : 'client.zmtp';
    if (!books.isDisturbed) breached(peer, statement, seq);
    for (const other of statementsOf(peer.role)) if (other !== statement) peer.unjudged[other] = 'opaque';
  },
  'connection.closed': (j, { link, conn, by }) => {
    const books = j.links[link];
    if (!books) return;
    const isNewest = books.open.at(-1) === conn;
    books.open = books.open.filter((open) => open !== conn);
    // Whoever hangs up and comes again has a new socket; when the queue or the tap ended it, the same socket comes back.
    if (by === 'peer' && isNewest && books.spoken) startAnew(books);
    if (isNewest) Object.assign(books, { owedSince: null, dispatched: [] });
  },

  'message.entered': (j, event) => {
    const { link, conn, direction, kind, seq, msg } = event;
    const books = j.links[link];
    const peer = j.peers[link];
    if (!books || !peer) return;
    const stack = peer.role === 'worker' ? stackOf(event.frames, event.frameCount) : null;
    const dialect = dialectOf(event);
    j.passing[msg] = { link, conn, direction, kind, seq, stack, dialect };
    if (direction === 'toQueue' && (kind === 'REQUEST' || kind === 'REPLY')) noteArrival(j, books, event);
    // A copy that a fault made was not said by anybody.
    if (books.opaque || books.open.at(-1) !== conn || event.copyOf !== undefined) return;
    if (peer.role === 'worker') {
      if (direction === 'toQueue') workerSays(j, books, peer, event);
      else queueSays(j, books, event);
    } else if (direction === 'toQueue') clientAsks(books, peer, event);
    else queueSays(j, books, event);
    if (direction === 'toQueue') books.spoken = true;
  },
  'message.left': (j, { msg, t, seq }) => {
    const message = j.passing[msg];
    const books = message && j.links[message.link];
    delete j.passing[msg];
    if (!books || !message || books.open.at(-1) !== message.conn) return;
    const heard = { ...message, t, leftSeq: seq };
    if (message.direction === 'toQueue') queueHears(j, books, heard);
    else if (j.peers[message.link]?.role === 'worker') workerIsTold(books, heard);
    else clientIsTold(books, heard);
  },
  'message.corrupted': (j, { msg, kind, frames, frameCount }) => {
    const message = j.passing[msg];
    if (!message) return;
    Object.assign(message, { kind, stack: stackOf(frames, frameCount), dialect: dialectOf({ kind, frames }) });
    // Its answer will not bear the envelope that the queue knows, or it may come to nothing.
    const books = j.links[message.link];
    if (books) books.dispatched = [];
    const arrived = j.arrived[msg];
    if (arrived) Object.assign(arrived, { frames: [...frames], frameCount });
  },
  'message.dropped': (j, { msg }) => {
    const message = j.passing[msg];
    const books = message && j.links[message.link];
    // The queue did say it, and nobody could answer; or it was answered, and the queue could not hear.
    if (books && message.kind !== 'HEARTBEAT') books.dispatched = [];
    delete j.passing[msg];
  },
  'message.lost': (j, { msg }) => {
    delete j.passing[msg];
  },
  'peer.left': (j, { peer }) => {
    delete j.links[peer];
    delete j.peers[peer];
  },
};

const dialectOf = ({ kind, frames }: Pick<EventOf<'message.entered'>, 'kind' | 'frames'>): Dialect | null =>
  kind === 'READY' || kind === 'HEARTBEAT' ? (readControl(unwrapped(frames)[0] ?? '')?.dialect ?? null) : null;

/** The queue does not list this worker, by its own word, and so owes it no heartbeats. */
function forgiveBeats(j: Judgement, { workerPeer }: { readonly workerPeer?: string | undefined }): void {
  const books = workerPeer === undefined ? undefined : j.links[workerPeer];
  if (books) books.isUnlisted = true;
}

/** Another socket: what the last one owed is owed no more, and it begins with READY. */
function startAnew(books: LinkBooks): void {
  Object.assign(books, { expectsReady: books.isDisturbed ? 'maybe' : 'yes', dialect: null, given: [], answered: [] });
}

function excuse(j: Judgement, peer: string, by: string): void {
  const books = j.peers[peer];
  if (books && !books.excuses.includes(by)) books.excuses.push(by);
}

function blame(j: Judgement, peer: string, by: string): void {
  const books = j.peers[peer];
  if (!books?.excuses.includes(by)) return;
  books.excuses = books.excuses.filter((other) => other !== by);
  books.ableSince = j.t;
}

function judgeGreeting(
  j: Judgement,
  { link, seq, version, mechanism, socketType }: EventOf<'connection.greeted'>,
): void {
  const peer = j.peers[link];
  if (!peer) return;
  const sockets = peer.role === 'worker' ? ['DEALER'] : ['REQ', 'DEALER'];
  const statement = peer.role === 'worker' ? 'worker.zmtp' : 'client.zmtp';
  const fits = version.startsWith('3.') && mechanism === 'NULL' && sockets.includes(socketType);
  if (fits) kept(peer, statement, seq);
  else breached(peer, statement, seq);
  if (peer.role === 'client' && socketType === 'DEALER') {
    peer.unjudged['client.alternates'] = 'dealer';
    peer.unjudged['client.retriesAnew'] = 'dealer';
  }
}

export {
  type Finding,
  type Judged,
  STATEMENTS,
  type StatementId,
  statementsOf,
  type WhyUnjudged,
} from './judge-statements.ts';
