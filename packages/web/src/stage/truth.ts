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

export const queuePeer = (state: State): PeerState | undefined =>
  Object.values(state.peers).find((peer) => peer.role === 'queue');

/** The queue reads its frontend only while somebody is listed [Q4], and only while it runs. */
export function doorIsOpen(state: State): boolean {
  const status = queuePeer(state)?.process?.status ?? 'running';
  return state.queue.list.length > 0 && status === 'running';
}

/** Whether a name in the list is one that this peer still answers to. */
export const isCurrent = (entry: { worker: string }, peer: PeerState | undefined): boolean =>
  peer === undefined || peer.identity === null || entry.worker === peer.identity;

function findOwn<T extends { worker: string; peer: string | null }>(list: readonly T[], peer: PeerState): number {
  let found = -1;
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    if (!entry) continue;
    if (peer.identity !== null && entry.worker === peer.identity) return i;
    if (entry.peer === peer.peer) found = i;
  }
  return found;
}

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
  const forgotten = state.queue.forgotten.findLast((f) => f.peer === peer.peer || f.worker === peer.identity);
  const opened = state.connections[peer.link.conn]?.openedAt ?? peer.joinedAt;
  const from = Math.max(since, opened, forgotten?.at ?? 0, queuePeer(state)?.process?.since ?? 0);
  if (t - from <= interval) return null;
  // On its way to being listed: what would list it is still under way.
  for (const id in state.messages) {
    const message = state.messages[id];
    if (message?.link === peer.peer && message.direction === 'toQueue' && message.kind !== 'HEARTBEAT') return null;
  }
  return { how: 'unlisted', since: from };
}

export function readWorker(state: State, peer: PeerState, t: Micros): WorkerReading {
  const place = findOwn(state.queue.list, peer);
  const entry = state.queue.list[place] ?? null;
  const work = findOwn(state.queue.atWork, peer);
  const atWork = state.queue.atWork[work] ?? null;
  const { liveness } = state.queue;
  const believedUntil = entry?.expiryAt ?? atWork?.expiryAt ?? null;
  const believed = believedUntil !== null;
  const beats = believed ? Math.min(liveness, Math.max(0, (believedUntil - t) / intervalUs(state))) : 0;
  const missed = believed ? Math.max(0, Math.min(liveness, Math.floor(liveness - beats - GRACE))) : 0;
  const { truth, since } = truthOf(peer, atWork, intervalUs(state), t);
  const parted = partedOf(state, peer, { truth, since, entry, atWork, believedUntil }, t);
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
