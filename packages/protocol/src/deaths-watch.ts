// Watches for deaths as deaths.ts defines them: learns facts in order, each with the state before it, and tells what comes of them.

import { type Death, type DeathEnd, type Expiry, isDeath } from './deaths.ts';
import { believedNames, type Demise, demiseOf, goesBy, isBehind, isThere, silenceOf } from './deaths-silence.ts';
import type { EventOf, TraceEvent } from './events.ts';
import type { PeerState, State } from './state.ts';
import type { Micros } from './timing.ts';

export interface DeathListener {
  /** The watch writes its end into it later. */
  began?(death: Death): void;
  ended?(death: Death): void;
  expired?(expiry: Expiry): void;
}

/** What says most: a stopped process that spun is stopped, a killed one that was stopped is dead. */
const WEIGHT: Readonly<Record<Demise, number>> = { overloaded: 1, paused: 2, exited: 3 };

export class DeathWatch {
  readonly #listener: DeathListener;
  /** By the name that the queue believes in: at most one each. */
  readonly #open = new Map<string, Death>();
  /** By peer: what kept it from serving last, and until when. Its silence may outlast that. */
  readonly #hindered = new Map<string, { readonly cause: Demise; readonly untilAt: Micros }>();

  constructor(listener: DeathListener) {
    this.#listener = listener;
  }

  /** The facts to come follow this state, and not what was learnt: how the open deaths ended is not known. */
  begin(state: State): void {
    for (const death of [...this.#open.values()]) this.#end(death, state.t, 'untold');
    this.#hindered.clear();
    for (const peer of Object.values(state.peers)) {
      const cause = demiseOf(peer);
      if (cause) this.#die(state, peer, cause, peer.process?.since ?? state.t, state.t);
    }
  }

  learn(event: TraceEvent, before: State): void {
    switch (event.type) {
      case 'process.exited':
        return this.#stop(event, before, 'exited');
      case 'process.paused':
        return this.#stop(event, before, 'paused');
      case 'process.overloaded':
        return this.#stop(event, before, 'overloaded');
      case 'process.resumed':
        return this.#runsOn(event, 'paused');
      case 'process.recovered':
        return this.#runsOn(event, 'overloaded');
      case 'worker.refreshed':
        return this.#heard(event, before);
      case 'worker.listed':
        this.#heard(event, before);
        return this.#listed(event, before);
      case 'request.dispatched':
        return this.#given(event, before);
      case 'worker.expired':
        return this.#expired(event, before);
      case 'queue.started':
        return this.#forgetAll(event.t);
      case 'peer.left':
        this.#hindered.delete(event.peer);
        return;
    }
  }

  #stop(
    { peer: id, t }: EventOf<'process.exited' | 'process.paused' | 'process.overloaded'>,
    before: State,
    cause: Demise,
  ): void {
    const peer = before.peers[id];
    if (peer?.role === 'queue' && cause === 'exited') this.#forgetAll(t);
    if (peer?.role === 'worker') this.#die(before, peer, cause, t, t);
  }

  #die(state: State, peer: PeerState, cause: Demise, diedAt: Micros, fromAt: Micros): void {
    if (peer.role !== 'worker') return;
    for (const worker of believedNames(state, peer)) {
      const open = this.#open.get(worker);
      if (open && WEIGHT[open.cause] >= WEIGHT[cause]) continue;
      if (open) this.#end(open, fromAt, 'untold');
      this.#add({ peer: peer.peer, worker, cause, diedAt: open && isDeath(open) ? open.diedAt : diedAt, fromAt });
    }
  }

  /** The very process that the queue believes in goes on. */
  #runsOn({ peer, t }: EventOf<'process.resumed' | 'process.recovered'>, cause: Demise): void {
    this.#hindered.set(peer, { cause, untilAt: t });
    if (this.#open.size === 0) return;
    for (const death of [...this.#open.values()]) {
      if (death.peer === peer && death.cause === cause) this.#end(death, t, 'lived');
    }
  }

  /** What a process sent before it died does not count; that another one runs by its name does. */
  #heard({ t, worker, workerPeer }: EventOf<'worker.listed' | 'worker.refreshed'>, before: State): void {
    const death = this.#open.size === 0 ? undefined : this.#open.get(worker);
    if (!death) return;
    const peer = before.peers[workerPeer ?? death.peer];
    if (peer?.process?.status === 'running' && isBehind(peer, worker)) this.#end(death, t, 'lived');
  }

  /** Its last words may list it when it is dead already: the queue begins to believe in what cannot serve. */
  #listed({ t, worker, workerPeer }: EventOf<'worker.listed'>, before: State): void {
    const peer = workerPeer === undefined ? undefined : before.peers[workerPeer];
    const cause = peer && demiseOf(peer);
    if (peer && cause && goesBy(peer, worker) && !this.#open.has(worker)) {
      this.#add({ peer: peer.peer, worker, cause, diedAt: t, fromAt: t });
    }
  }

  /** By all rules but robust who is given a request is forgotten, unless it stands in the list once more [SP1]. */
  #given({ t, worker }: EventOf<'request.dispatched'>, { queue }: State): void {
    const death = this.#open.size === 0 || queue.rules === 'robust' ? undefined : this.#open.get(worker);
    if (!death) return;
    const places = queue.list.filter((entry) => entry.worker === worker).length;
    if (places < 2) this.#end(death, t, 'missed');
  }

  #expired(event: EventOf<'worker.expired'>, before: State): void {
    const { t: at, worker, lastHeardAt, workerPeer } = event;
    const death = this.#open.get(worker);
    const peer = before.peers[workerPeer ?? death?.peer ?? ''];
    const noticed = death ? isDeath(death) : false;
    const isFalse = !noticed && peer !== undefined && isThere(before, peer, worker);
    const { liveness, heartbeatIntervalMs } = before.queue;
    const last = peer && this.#hindered.get(peer.peer);
    const lately = last && last.untilAt > lastHeardAt ? last.cause : undefined;
    this.#listener.expired?.({
      peer: workerPeer ?? death?.peer ?? null,
      worker,
      cause: death?.cause ?? silenceOf(before, peer, worker, lately),
      verdict: noticed ? 'noticed' : isFalse ? 'false' : 'neither',
      at,
      lastHeardAt,
      diedAt: death?.diedAt ?? null,
      liveness,
      intervalUs: heartbeatIntervalMs * 1000,
    });
    if (death) this.#end(death, at, 'noticed');
  }

  /** The queue begins anew, and believes in nobody. */
  #forgetAll(t: Micros): void {
    for (const death of [...this.#open.values()]) this.#end(death, t, 'missed');
  }

  #add(died: Omit<Death, 'endedAt' | 'end'>): void {
    const death: Death = { ...died, endedAt: null, end: null };
    this.#open.set(death.worker, death);
    this.#listener.began?.(death);
  }

  #end(death: Death, at: Micros, end: DeathEnd): void {
    Object.assign(death, { endedAt: at, end });
    this.#open.delete(death.worker);
    this.#listener.ended?.(death);
  }
}
