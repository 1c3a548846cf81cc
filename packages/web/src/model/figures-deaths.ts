// Silences: how long a worker was silent until the queue gave up on it, and what was really the matter.
// A death is a process that ends, stops or hangs while the queue believes in it; the queue notices by silence alone.

import type { AppliedFault, EventOf, Micros, PeerState, State } from '@crows-nest/protocol';

/** What can befall a process; its worker cannot serve from then on. */
export type Demise = 'exited' | 'paused' | 'overloaded';

/**
 * Why the queue heard nothing. `fault`: one on its link acts on its beats; `busy`: it works and is silent meanwhile;
 * `late`: nothing is known to have hindered it; `gone`: it is not behind that identity any more; `unknown`: a guest.
 */
export type SilenceCause = Demise | 'fault' | 'busy' | 'late' | 'gone' | 'unknown';

const FALSE_CAUSES: ReadonlySet<SilenceCause> = new Set(['overloaded', 'fault', 'busy', 'late']);

/** Its process ran and its connection was up: the queue gave up on somebody who is still there. */
export const isFalseSuspicion = ({ cause }: Expiry): boolean => FALSE_CAUSES.has(cause);

export interface Expiry {
  readonly peer: string | null;
  readonly worker: string;
  readonly cause: SilenceCause;
  readonly at: Micros;
  readonly lastHeardAt: Micros;
  /** When its process ended, stopped or hung, if that is why. */
  readonly diedAt: Micros | null;
  /** The bound: between L beats and one more. */
  readonly liveness: number;
  readonly intervalUs: Micros;
}

export interface Death {
  readonly peer: string;
  readonly worker: string;
  readonly cause: Demise;
  /** When its process ended, stopped or hung; or when the queue began to believe in it, if that was later. */
  readonly diedAt: Micros;
  /** When it was noticed, or when the queue stopped to believe in it without noticing. null: not in what is known yet. */
  endedAt: Micros | null;
  /** Given a request, heard again, or forgotten with everything else: the queue never learnt of it. */
  missed: boolean;
}

const DEMISE: Readonly<Record<string, Demise>> = {
  'process.exited': 'exited',
  'process.paused': 'paused',
  'process.overloaded': 'overloaded',
};

/** By which names the queue believes in this peer now. Who is at work is believed in by robust rules alone. */
function believedNames({ queue }: State, peer: PeerState): string[] {
  const isIts = (entry: { worker: string; peer: string | null }): boolean =>
    entry.peer === peer.peer || entry.worker === peer.identity;
  return [...queue.list.filter(isIts), ...queue.atWork.filter((w) => w.expiryAt !== null && isIts(w))].map(
    ({ worker }) => worker,
  );
}

const believes = ({ queue }: State, worker: string): boolean =>
  queue.list.some((w) => w.worker === worker) || queue.atWork.some((w) => w.expiryAt !== null && w.worker === worker);

/** It acts on what a worker says of being there, and not by saying it twice. */
function hidesBeats({ kind, direction, message, params: { mode } }: AppliedFault): boolean {
  if (direction === 'fromQueue' || (message !== null && message !== 'HEARTBEAT')) return false;
  if (kind === 'corrupt') return mode === 'type' || mode === 'structure';
  return kind !== 'duplicate';
}

function causeOf(before: State, { worker, workerPeer }: EventOf<'worker.expired'>): SilenceCause {
  const peer = workerPeer === undefined ? undefined : before.peers[workerPeer];
  if (!peer?.process) return 'unknown';
  const { status } = peer.process;
  if (status === 'exited' || status === 'paused') return status;
  const faults = Object.values(before.faults).filter(({ link }) => link === peer.peer);
  // Cut off it has nothing to come back by.
  if (peer.link.conn === null && faults.some(({ kind }) => kind === 'partition' || kind === 'hang')) return 'fault';
  if (peer.link.conn === null || (peer.identity !== null && peer.identity !== worker)) return 'gone';
  if (status === 'overloaded') return status;
  if (faults.some(hidesBeats)) return 'fault';
  return peer.work ? 'busy' : 'late';
}

export class Deaths {
  #expiries: Expiry[] = [];
  #deaths: Death[] = [];
  /** By identity: at most one unfinished death each. */
  readonly #open = new Map<string, Death>();

  /** After a gap, how those deaths ended that were open is not known. */
  begin(state: State, gap: boolean): void {
    for (const death of this.#open.values()) death.endedAt = state.t;
    this.#open.clear();
    if (!gap) {
      this.#expiries = [];
      this.#deaths = [];
    }
    for (const peer of Object.values(state.peers)) {
      const { process } = peer;
      const cause = DEMISE[`process.${process?.status}`];
      if (peer.role === 'worker' && process && cause) this.#die(state, peer, cause, process.since);
    }
  }

  /** A process of a worker ended, stopped or hung. */
  died(event: EventOf<'process.exited' | 'process.paused' | 'process.overloaded'>, before: State): void {
    const peer = before.peers[event.peer];
    const cause = DEMISE[event.type];
    if (peer?.role === 'worker' && cause) this.#die(before, peer, cause, event.t);
  }

  expired(event: EventOf<'worker.expired'>, before: State): void {
    const { t: at, worker, lastHeardAt, workerPeer: peer = null } = event;
    const death = this.#open.get(worker);
    const { liveness, heartbeatIntervalMs } = before.queue;
    const bound = { liveness, intervalUs: heartbeatIntervalMs * 1000 };
    const cause = death?.cause ?? causeOf(before, event);
    this.#expiries.push({ peer, worker, cause, at, lastHeardAt, diedAt: death?.diedAt ?? null, ...bound });
    if (death) this.#end(death, at, false);
  }

  /** Heard of: what it sent before it died does not count, but when it runs again it is not dead. */
  heard({ t, worker, workerPeer }: EventOf<'worker.listed' | 'worker.refreshed'>, before: State): void {
    const death = this.#open.get(worker);
    const running = before.peers[workerPeer ?? death?.peer ?? '']?.process?.status === 'running';
    if (death && running) this.#end(death, t, true);
  }

  /** Its last words may list it when it is dead already: the queue begins to believe in what cannot serve. */
  listed(event: EventOf<'worker.listed'>, before: State): void {
    this.heard(event, before);
    const peer = event.workerPeer === undefined ? undefined : before.peers[event.workerPeer];
    const cause = DEMISE[`process.${peer?.process?.status}`];
    if (peer?.process && cause && !this.#open.has(event.worker)) {
      this.#add(peer.peer, event.worker, cause, event.t);
    }
  }

  /** After a fact by which the queue may have stopped to believe in somebody, without noticing a death. */
  settle(t: Micros, after: State): void {
    for (const death of this.#open.values()) if (!believes(after, death.worker)) this.#end(death, t, true);
  }

  get anyOpen(): boolean {
    return this.#open.size > 0;
  }

  /** from < at <= to. */
  expiries(from: Micros, to: Micros): Expiry[] {
    return this.#expiries.filter(({ at }) => at > from && at <= to);
  }

  /** Deaths that the queue, at t, has not noticed and may still. */
  unnoticed(t: Micros): Death[] {
    return this.#deaths.filter(({ diedAt, endedAt }) => diedAt <= t && (endedAt === null || endedAt > t));
  }

  /** Deaths that ended unnoticed, from < end <= to. */
  missed(from: Micros, to: Micros): Death[] {
    return this.#deaths.filter(({ missed, endedAt }) => missed && endedAt !== null && endedAt > from && endedAt <= to);
  }

  forget(t: Micros): void {
    this.#expiries = this.#expiries.filter(({ at }) => at > t);
    this.#deaths = this.#deaths.filter(({ endedAt }) => endedAt === null || endedAt > t);
  }

  #die(state: State, peer: PeerState, cause: Demise, diedAt: Micros): void {
    for (const worker of believedNames(state, peer)) {
      if (!this.#open.has(worker)) this.#add(peer.peer, worker, cause, diedAt);
    }
  }

  #add(peer: string, worker: string, cause: Demise, diedAt: Micros): void {
    const death: Death = { peer, worker, cause, diedAt, endedAt: null, missed: false };
    this.#open.set(worker, death);
    this.#deaths.push(death);
  }

  #end(death: Death, at: Micros, missed: boolean): void {
    Object.assign(death, { endedAt: at, missed });
    this.#open.delete(death.worker);
  }
}
