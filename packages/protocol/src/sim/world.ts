// The simulated world: the machines in processes, sockets and links over one virtual clock, all drawn from one seed.
// It says the same facts as the taps, the supervisor and the actors of a live run; nobody listening costs nothing.

import type { Fact } from '../events.ts';
import type { Frame } from '../frames.ts';
import { makeLink } from '../link.ts';
import { type Micros, millis, ZMTP_PING_MS } from '../timing.ts';
import type { Action, Ground } from './action.ts';
import { Agenda } from './agenda.ts';
import type { Connection } from './connection.ts';
import { Dice } from './dice.ts';
import type { Ailment } from './faults.ts';
import { MACHINES, type Machines } from './machines.ts';
import type { ClientProcess, PeerOfWorld, SimpleWorkerProcess, WorkerProcess } from './peers.ts';
import { perform } from './perform.ts';
import { QueueProcess } from './queue-process.ts';
import type { Watcher } from './watcher.ts';
import { Wire } from './wire.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly ground: Ground;
  readonly machines?: Machines | undefined;
  readonly onFact?: ((fact: Fact) => void) | undefined;
  readonly watcher?: Watcher | undefined;
}

/** Every message meets one end: sent = delivered + dropped + lost + in flight [T4]. */
export interface Tally {
  sent: number;
  injected: number;
  delivered: number;
  dropped: number;
  lost: number;
  unrouted: number;
}

export class World {
  now: Micros = 0;
  nextMsg = 1;
  nextConn = 1;
  nextPid = 1000;
  /** What ails processes, by fault. */
  readonly ailments = new Map<string, Ailment>();
  #faults = 0;
  #askedAt: Micros = 0;
  readonly seed: number;
  readonly ground: Ground;
  readonly agenda = new Agenda();
  readonly dice: Dice;
  readonly machines: Machines;
  /** Whether anybody wants facts; asked before a costly one is made. */
  readonly listening: boolean;
  readonly watcher: Watcher | undefined;
  readonly ledger: Tally = { sent: 0, injected: 0, delivered: 0, dropped: 0, lost: 0, unrouted: 0 };
  readonly queue: QueueProcess;
  /** Those with an open end. */
  readonly connections = new Set<Connection>();
  readonly workers = new Map<string, WorkerProcess>();
  readonly simpleWorkers = new Map<string, SimpleWorkerProcess>();
  readonly clients = new Map<string, ClientProcess>();
  /** After `world.calm` nobody makes trouble, latecomers neither. */
  calm = false;
  /** Set by a watcher that has seen enough: nothing more happens. */
  halted = false;
  readonly #onFact: ((fact: Fact) => void) | undefined;
  readonly #peers = new Map<Frame, string>();
  #onQueueStart: (() => void)[] = [];
  #onQueueResume: (() => void)[] = [];

  constructor(options: WorldOptions) {
    const { seed, ground } = options;
    this.seed = seed;
    this.ground = ground;
    this.dice = new Dice(seed, 'world');
    this.machines = options.machines ?? MACHINES;
    this.listening = options.onFact !== undefined;
    this.#onFact = options.onFact;
    this.watcher = options.watcher;
    const { rules, heartbeatIntervalMs, liveness, maxWorkers, answerWithinMs } = ground;
    const shared = { heartbeatIntervalMs, liveness, maxWorkers };
    this.queue = new QueueProcess(
      this,
      rules === 'simple' ? { rules, ...shared } : { rules, ...shared, answerWithinMs },
    );
    this.emit({ t: 0, type: 'peer.joined', peer: 'queue', role: 'queue', guest: false, name: 'queue' });
    this.queue.start();
  }

  /** Does it now. */
  do(action: Action): void {
    perform(this, action);
  }

  /** Does it at that time of the run. */
  plan(atMs: number, action: Action): void {
    this.agenda.add(millis(atMs), () => perform(this, action));
  }

  /** Lets everything happen up to and including that time. */
  runUntil(until: Micros): void {
    for (let at = this.agenda.nextAt; at !== undefined && at <= until && !this.halted; at = this.agenda.nextAt) {
      this.now = at;
      this.agenda.take()?.run();
    }
    if (!this.halted) this.now = until;
  }

  emit(fact: Fact): void {
    this.#onFact?.(fact);
  }

  /** What a machine says of itself, stamped. */
  say(peer: string, fact: object): void {
    if (this.#onFact) this.#onFact({ t: this.now, peer, ...fact } as Fact);
  }

  /** A name for a fault that was given none. */
  nextFault(): string {
    return `w${++this.#faults}`;
  }

  /** One connection each second. */
  mayAskQueue(): boolean {
    if (this.now - this.#askedAt < millis(ZMTP_PING_MS)) return false;
    this.#askedAt = this.now;
    return true;
  }

  makeWire(peer: string, side: Wire['side']): Wire {
    const { delayMs, jitterMs } = this.ground;
    this.emit({ t: this.now, type: 'link.delayed', link: peer, delayMs, jitterMs });
    return new Wire(peer, side, makeLink(delayMs, jitterMs, this.dice.word()));
  }

  /** Whose an identity is or was. */
  peerOf(identity: Frame): string | undefined {
    return this.#peers.get(identity);
  }

  named(identity: Frame, peer: string): void {
    this.#peers.set(identity, peer);
  }

  peers(): PeerOfWorld[] {
    return [...this.workers.values(), ...this.simpleWorkers.values(), ...this.clients.values()];
  }

  find(peer: string): PeerOfWorld | undefined {
    return this.workers.get(peer) ?? this.simpleWorkers.get(peer) ?? this.clients.get(peer);
  }

  /** Messages that are on a link or unread in a socket, counted where they are. */
  countInFlight(): number {
    let count = this.queue.routers.backend.unread + this.queue.routers.frontend.unread;
    for (const connection of this.connections) count += connection.inFlight;
    for (const peer of this.peers()) count += peer.socket?.inbox.length ?? 0;
    return count;
  }

  whenQueueStarts(then: () => void): void {
    this.#onQueueStart.push(then);
  }

  whenQueueResumes(then: () => void): void {
    this.#onQueueResume.push(then);
  }

  queueStarted(): void {
    for (const then of this.#onQueueStart.splice(0)) then();
    this.queueResumed();
  }

  queueResumed(): void {
    for (const then of this.#onQueueResume.splice(0)) then();
  }
}
