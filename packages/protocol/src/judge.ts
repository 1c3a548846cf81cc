// The judge of conformance: what RFC 6 and the seed's dialect ask of each peer, own or guest, held against what its link carried.
//
// It goes by the facts of the taps. A message is held against its sender when it entered the link, before any fault could touch
// it, and counts as heard by its receiver when it left: so nobody is blamed for what a fault did. What our own actors and the
// supervisor tell only ever excuses: who is frozen, at work or backing off need not beat. A guest can excuse itself by the wire alone.

import type { TraceEvent } from './events.ts';
import { type Judgement, newLink, newPeer, type PeerBooks, type Readers } from './judge-books.ts';
import { CONNECTION_READERS } from './judge-connections.ts';
import { EXCUSE_READERS } from './judge-excuses.ts';
import { LISTING_READERS } from './judge-listing.ts';
import { MESSAGE_READERS } from './judge-messages.ts';
import { checkQueue } from './judge-queue.ts';
import { type Finding, type StatementId, statementsOf } from './judge-statements.ts';
import { checkWorker } from './judge-worker.ts';
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
    links: new Map(),
    passing: new Map(),
    arrived: new Map(),
    arrivedBefore: new Map(),
  };
  for (const { peer, role } of Object.values(state?.peers ?? {})) {
    j.peers[peer] = newPeer(peer, role, j.t);
    if (role !== 'queue') j.links.set(peer, newLink(peer, j.t, false));
  }
  for (const { conn, link, identity, socketType } of Object.values(state?.connections ?? {})) {
    const books = j.links.get(link);
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
  READERS.get(event.type)?.(j, event);
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
  for (const books of j.links.values()) {
    const peer = j.peers[books.link];
    if (peer?.role !== 'worker' || books.open.length === 0 || books.isCut) continue;
    checkWorker(j, books, peer, t);
    checkQueue(j, books, t);
  }
}

const PEER_READERS = {
  'peer.joined': (j, { peer, role, t }) => {
    j.peers[peer] = newPeer(peer, role, t);
    if (role !== 'queue') j.links.set(peer, newLink(peer, t, true));
  },
  'peer.left': (j, { peer }) => {
    j.links.delete(peer);
    delete j.peers[peer];
  },
} satisfies Readers;

/** Of all other facts there is nothing to be judged. */
const READERS = new Map(
  Object.entries({ ...PEER_READERS, ...EXCUSE_READERS, ...LISTING_READERS, ...CONNECTION_READERS, ...MESSAGE_READERS }),
) as ReadonlyMap<string, (j: Judgement, event: TraceEvent) => void>;

export {
  type Finding,
  type Judged,
  STATEMENTS,
  type StatementId,
  statementsOf,
  type WhyUnjudged,
} from './judge-statements.ts';
