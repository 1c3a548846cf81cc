// One worker read three ways: what the queue believes of it, what it believes of the queue, and what it really is.

import type { ListedWorker, Micros, PeerState, State, WorkerAtWork } from '@crows-nest/protocol';

export type Truth = 'running' | 'busy' | 'frozen' | 'overloaded' | 'dead' | 'reconnecting' | 'unknown';
export type LampState = 'yes' | 'half' | 'no' | 'unknown';

export interface WorkerReading {
  truth: Truth;
  /** When the truth became so, as far as it is known. */
  since: Micros;
  /** Its entry in the ready list and the place there, counted from 1. */
  entry: ListedWorker | null;
  place: number;
  atWork: WorkerAtWork | null;
  /** How long the queue goes on believing in it, listed or, by robust rules, at work. */
  believedUntil: Micros | null;
  /** What is left of the queue's belief, in beats. */
  beats: number;
  /** Notches that have run out, which is not the same as beats just due. */
  missed: number;
  /**
   * `believed`: the queue believes in what cannot serve. `unlisted`: it serves and is not listed.
   * `idle`: the queue waits for the answer to a request that it does not have.
   */
  parted: { how: 'believed' | 'unlisted' | 'idle'; since: Micros } | null;
  lamps: { tcp: LampState; zmtp: LampState; app: LampState };
}

/** A beat counts as missed when it is this share of an interval overdue: real timers are never exact. */
const GRACE = 0.15;
/** Working silently is by design; for longer than this many intervals the queue is misled by it. */
const SILENT_INTERVALS = 1.2;

export const intervalUs = (state: State): Micros => Math.max(1, state.queue.heartbeatIntervalMs * 1000);

export function queuePeer({ peers }: State): PeerState | undefined {
  for (const id in peers) if (peers[id]?.role === 'queue') return peers[id];
  return undefined;
}

/** The queue reads its frontend only while somebody is listed [Q4], and only while it runs. */
export function doorIsOpen(state: State): boolean {
  const status = queuePeer(state)?.process?.status ?? 'running';
  return state.queue.list.length > 0 && status === 'running';
}

/** Whether a name in the list is one that this peer still answers to. */
export const isCurrent = (entry: { worker: string }, peer: PeerState | undefined): boolean =>
  peer === undefined || peer.identity === null || entry.worker === peer.identity;

/** Where to find a worker in the queue's lists, made once a moment; the listed and those under way to be listed. */
export interface WorkerIndex {
  list: Entries;
  atWork: Entries;
  listing: Pick<ReadonlySet<string>, 'has'>;
}

interface Entries {
  byWorker: Pick<ReadonlyMap<string, number>, 'get'>;
  byPeer: Pick<ReadonlyMap<string, number>, 'get'>;
}

function entriesOf(list: readonly { worker: string; peer: string | null }[]): Entries {
  const byWorker = new Map<string, number>();
  const byPeer = new Map<string, number>();
  list.forEach(({ worker, peer }, i) => {
    if (!byWorker.has(worker)) byWorker.set(worker, i);
    if (peer !== null) byPeer.set(peer, i);
  });
  return { byWorker, byPeer };
}

export const indexOf = (state: State, listing: ReadonlySet<string> = listingOf(state)): WorkerIndex => ({
  list: entriesOf(state.queue.list),
  atWork: entriesOf(state.queue.atWork),
  listing,
});

/** Links on which something is under way that will have its worker listed. */
function listingOf({ messages }: State): Set<string> {
  const links = new Set<string>();
  for (const id in messages) {
    const message = messages[id];
    if (message?.direction === 'toQueue' && message.kind !== 'HEARTBEAT') links.add(message.link);
  }
  return links;
}

/** By the name it answers to now, else by whose entry it is. */
const findOwn = ({ byWorker, byPeer }: Entries, { identity, peer }: PeerState): number =>
  (identity === null ? undefined : byWorker.get(identity)) ?? byPeer.get(peer) ?? -1;

/** Both ways of the link, with a little for the ends. */
const travelUs = ({ link }: PeerState): Micros => 2000 * (link.delayMs + link.jitterMs) + 50_000;

function truthOf(
  peer: PeerState,
  atWork: WorkerAtWork | null,
  interval: Micros,
  t: Micros,
): { truth: Truth; since: Micros } {
  const { process } = peer;
  if (peer.left) return { truth: 'dead', since: process?.since ?? peer.joinedAt };
  if (process === null) {
    if (atWork && peer.link.conn !== null) return { truth: 'busy', since: atWork.since };
    return { truth: 'unknown', since: peer.link.closedAt ?? peer.joinedAt };
  }
  if (process.status === 'exited') return { truth: 'dead', since: process.since };
  if (process.status === 'paused') return { truth: 'frozen', since: process.since };
  if (process.status === 'overloaded') return { truth: 'overloaded', since: process.since };
  if (peer.backOff) return { truth: 'reconnecting', since: peer.backOff.since };
  if (peer.work) return { truth: 'busy', since: peer.work.since };
  // It is on its way there, or answered and on its way back; for longer than that the queue is mistaken.
  if (atWork && peer.link.conn !== null && t - atWork.since <= travelUs(peer) + interval) {
    return { truth: 'busy', since: atWork.since };
  }
  return { truth: 'running', since: process.since };
}

function lampsOf(state: State, peer: PeerState, truth: Truth, t: Micros): WorkerReading['lamps'] {
  if (peer.link.conn === null) return { tcp: 'no', zmtp: 'no', app: truth === 'reconnecting' ? 'half' : 'no' };
  const greeted = (state.connections[peer.link.conn]?.peerVersion ?? null) !== null;
  // A guest's process is out of sight, and nobody pings its connection: only what it says is known.
  if (peer.process === null) {
    const heard = peer.lastHeardAt !== null && t - peer.lastHeardAt < 1.5 * intervalUs(state);
    return { tcp: 'yes', zmtp: 'unknown', app: heard ? 'yes' : 'unknown' };
  }
  if (truth === 'dead') return { tcp: 'no', zmtp: 'no', app: 'no' };
  // A stopped process leaves its TCP to the kernel; a spinning one leaves ZMTP to the I/O thread.
  const zmtp: LampState = truth === 'frozen' ? 'no' : greeted && peer.link.opaque === null ? 'yes' : 'unknown';
  const app: LampState = truth === 'frozen' || truth === 'overloaded' ? 'no' : truth === 'running' ? 'yes' : 'half';
  return { tcp: 'yes', zmtp, app };
}

function partedOf(
  state: State,
  peer: PeerState,
  reading: Pick<WorkerReading, 'truth' | 'since' | 'entry' | 'atWork' | 'believedUntil'>,
  t: Micros,
  listing: WorkerIndex['listing'],
): WorkerReading['parted'] {
  const { truth, since, entry, atWork, believedUntil } = reading;
  const interval = intervalUs(state);
  const disconnected = peer.link.conn === null && peer.link.closedAt !== null;
  if (believedUntil !== null) {
    if (entry && truth === 'busy' && peer.work && t - peer.work.since > SILENT_INTERVALS * interval) {
      return { how: 'believed', since: peer.work.since + SILENT_INTERVALS * interval };
    }
    if (truth === 'frozen' || truth === 'overloaded' || truth === 'dead' || truth === 'reconnecting') {
      return { how: 'believed', since };
    }
    if (disconnected) return { how: 'believed', since: Math.max(peer.link.closedAt ?? since, since) };
    if (entry) return null;
  }
  if (truth !== 'running' || peer.link.conn === null) return null;
  if (atWork) return { how: 'idle', since: atWork.since + travelUs(peer) + interval };
  if (queuePeer(state)?.process?.status !== 'running') return null;
  const from = unlistedSince(state, peer, since);
  if (t - from <= interval) return null;
  // On its way to being listed: what would list it is still under way.
  if (listing.has(peer.peer)) return null;
  return { how: 'unlisted', since: from };
}

/** From when on a worker that runs and is not listed could have been. */
function unlistedSince(state: State, peer: PeerState, since: Micros): Micros {
  const forgotten = state.queue.forgotten.findLast((f) => f.peer === peer.peer || f.worker === peer.identity);
  const opened = state.connections[peer.link.conn ?? -1]?.openedAt ?? peer.joinedAt;
  return Math.max(since, opened, forgotten?.at ?? 0, queuePeer(state)?.process?.since ?? 0);
}

/** The first time after t at which this reading may change without a fact; infinite: never. */
export function turnsAt(
  state: State,
  peer: PeerState,
  { truth, since, entry, atWork }: WorkerReading,
  t: Micros,
): Micros {
  const interval = intervalUs(state);
  const last = [
    peer.work ? peer.work.since + SILENT_INTERVALS * interval : null,
    atWork ? atWork.since + travelUs(peer) + interval : null,
    truth === 'running' && !entry && !atWork ? unlistedSince(state, peer, since) + interval : null,
  ];
  let first = Number.POSITIVE_INFINITY;
  for (const at of last) if (at !== null && at >= t) first = Math.min(first, Math.floor(at) + 1);
  return first;
}

export function readWorker(state: State, peer: PeerState, t: Micros, index = indexOf(state)): WorkerReading {
  const place = findOwn(index.list, peer);
  const entry = state.queue.list[place] ?? null;
  const work = findOwn(index.atWork, peer);
  const atWork = state.queue.atWork[work] ?? null;
  const { liveness } = state.queue;
  const believedUntil = entry?.expiryAt ?? atWork?.expiryAt ?? null;
  const believed = believedUntil !== null;
  const beats = believed ? Math.min(liveness, Math.max(0, (believedUntil - t) / intervalUs(state))) : 0;
  const missed = believed ? Math.max(0, Math.min(liveness, Math.floor(liveness - beats - GRACE))) : 0;
  const { truth, since } = truthOf(peer, atWork, intervalUs(state), t);
  const parted = partedOf(state, peer, { truth, since, entry, atWork, believedUntil }, t, index.listing);
  return {
    truth,
    since,
    entry,
    place: place + 1,
    atWork,
    believedUntil,
    beats,
    missed,
    parted,
    lamps: lampsOf(state, peer, truth, t),
  };
}
