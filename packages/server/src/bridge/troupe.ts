// The troupe: our own queue, workers and clients, and what they have in common: the queue's knobs, the delay of their links, and how
// many there may be.

import {
  type ClientKnobs,
  DEMO_LINK_DELAY_MS,
  type EventOf,
  type Fact,
  type Micros,
  type Side,
} from '@crows-nest/protocol';
import { LinkBox } from '../tap/link-box.ts';
import { askInTurn } from '../tap/probe.ts';
import { openTap } from '../tap/tap.ts';
import { Actor } from './actor.ts';
import {
  type Berth,
  beatArgs,
  clientArgs,
  clientTraits,
  type QueueKnobs,
  queueArgs,
  type WorkerKnobs,
  workerArgs,
  workerTraits,
} from './actor-args.ts';
import { isOver, Refusal } from './refusal.ts';
import type { Supervisor } from './supervisor.ts';
import { Whereabouts } from './whereabouts.ts';

export interface TroupeOptions {
  readonly supervisor: Supervisor;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  readonly nextMsg: () => number;
  readonly nextConn: () => number;
  readonly queue: QueueKnobs;
  readonly linkDelayMs?: number | undefined;
  /** Of the chances on this link. */
  readonly seedFor: (name: string) => number;
}

export type Cast = 'worker' | 'client';

/** Who is to join: on which side, what the stage says of it, and its command line. */
interface Part {
  readonly role: Cast;
  readonly side: Side;
  readonly traits: Partial<EventOf<'peer.joined'>>;
  readonly argv: (berth: Berth, pacedMs: number | undefined) => string[];
}

const MAX_ACTORS: Record<Cast, number> = { worker: 100, client: 20 };

export class Troupe {
  readonly #o: TroupeOptions;
  readonly #actors = new Map<string, Actor>();
  readonly #queueAt = new Whereabouts();
  readonly #mayAsk: ReturnType<typeof askInTurn>;
  readonly #counts = { worker: 0, client: 0 };
  /** On their way to the stage. */
  readonly #joining = { worker: 0, client: 0 };
  readonly queueKnobs: QueueKnobs;
  #delayMs: number;
  #jitterMs = 0;

  constructor(options: TroupeOptions) {
    this.#o = options;
    this.#mayAsk = askInTurn(options.now);
    this.queueKnobs = { ...options.queue };
    this.#delayMs = options.linkDelayMs ?? DEMO_LINK_DELAY_MS;
  }

  /** Where the queue is bound at this moment, if it is. */
  readonly target = this.#queueAt.of;

  get delayMs(): number {
    return this.#delayMs;
  }

  /** To be called with every fact, for what an actor tells of itself that its next process must know. */
  readonly notice = (fact: Fact): void => {
    if (fact.type === 'worker.opened' || fact.type === 'client.opened') {
      const actor = this.#actors.get(fact.peer);
      if (actor) actor.identity = fact.identity;
    }
  };

  async startQueue(): Promise<void> {
    const { supervisor, now, record } = this.#o;
    const peer = 'queue';
    record({ t: now(), type: 'peer.joined', peer, role: 'queue', guest: false, name: 'queue' });
    const queue = new Actor({
      ...{ supervisor, now, record, peer, role: 'queue' },
      isSimple: () => this.queueKnobs.rules === 'simple',
      argv: () => queueArgs(this.queueKnobs),
      follow: (child) => this.#queueAt.follow(child),
    });
    this.#actors.set(peer, queue);
    if (!(await this.#queueAt.follow(queue.launch()))) throw new Refusal({ reason: 'queueEnded' });
  }

  addWorker(knobs: WorkerKnobs = {}): Promise<string> {
    const argv = (berth: Berth): string[] => workerArgs(knobs, berth);
    return this.#join({ role: 'worker', side: 'backend', traits: workerTraits(knobs), argv });
  }

  addClient(knobs: ClientKnobs = {}): Promise<string> {
    // As last paced, also by the process before.
    const argv = (berth: Berth, pacedMs = knobs.everyMs): string[] => clientArgs({ ...knobs, everyMs: pacedMs }, berth);
    return this.#join({ role: 'client', side: 'frontend', traits: clientTraits(knobs), argv });
  }

  /** On the stage, or about to be. */
  present(role: Cast): number {
    return this.#joining[role] + [...this.#actors.values()].filter((actor) => actor.role === role).length;
  }

  /** Ends its process and takes it off the stage. */
  async remove(peer: string): Promise<void> {
    const actor = this.own(peer);
    if (actor.role === 'queue') throw new Refusal({ reason: 'queueStays' });
    this.#actors.delete(peer);
    await actor.leave();
  }

  /** The one of this name; refuses when it is none of ours. */
  own(peer: string): Actor {
    const actor = this.#actors.get(peer);
    if (!actor) throw new Refusal({ reason: peer.startsWith('guest-') ? 'isGuest' : 'gone', peer });
    return actor;
  }

  find(peer: string): Actor | undefined {
    return this.#actors.get(peer);
  }

  /** Every client, also those that are dead at the moment. */
  paceAll(everyMs: number): void {
    for (const actor of this.#actors.values()) if (actor.role === 'client') actor.keepPace(everyMs);
  }

  /** To every client: begin a request, if it is one that waits to be told. */
  ask(): void {
    for (const actor of this.#actors.values()) if (actor.role === 'client') actor.ask();
  }

  /** The rule set, interval or liveness: the queue begins anew with them, and so do our workers when their beats change. */
  async configureQueue(knobs: Partial<QueueKnobs>): Promise<void> {
    const before = { ...this.queueKnobs };
    Object.assign(this.queueKnobs, knobs);
    const { rules, heartbeatIntervalMs, liveness } = this.queueKnobs;
    const beats = `interval ${heartbeatIntervalMs} ms, liveness ${liveness}`;
    await this.own('queue').restart('new', `rules ${rules}, ${beats}`);
    if (before.heartbeatIntervalMs === heartbeatIntervalMs && before.liveness === liveness) return;
    const workers = [...this.#actors.values()].filter((actor) => actor.role === 'worker' && actor.hasProcess);
    await Promise.all(workers.map((worker) => worker.restart('new', beats)));
  }

  /** All links of ours; also of those who join later. */
  setDelay(delayMs: number, jitterMs: number): void {
    this.#delayMs = delayMs;
    this.#jitterMs = jitterMs;
    for (const { link } of this.#actors.values()) link?.setDelay(delayMs, jitterMs);
  }

  link(peer: string): LinkBox | undefined {
    return this.#actors.get(peer)?.link;
  }

  links(): LinkBox[] {
    return [...this.#actors.values()].flatMap(({ link }) => link ?? []);
  }

  /** Brings back who is dead. Asked for at once; it waits for nobody. */
  revive(): void {
    for (const actor of this.#actors.values()) actor.revive().catch(ignoreRefusal);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#actors.values()].map((actor) => actor.closeTap()));
  }

  async #join(part: Part): Promise<string> {
    const { role } = part;
    const present = this.present(role);
    if (present >= MAX_ACTORS[role]) throw new Refusal({ reason: 'stageFull', role, count: present });
    this.#joining[role]++;
    try {
      return await this.#enter(part);
    } finally {
      this.#joining[role]--;
    }
  }

  /** First its link, then its tap, then its process. */
  async #enter({ role, side, traits, argv }: Part): Promise<string> {
    const number = ++this.#counts[role];
    const peer = `${role}-${number}`;
    const { supervisor, now, record, nextMsg, nextConn, seedFor } = this.#o;
    record({ t: now(), type: 'peer.joined', peer, role, guest: false, name: `${role} ${number}`, ...traits });
    const delays = { delayMs: this.#delayMs, jitterMs: this.#jitterMs };
    const link = new LinkBox({ id: peer, ...delays, seed: seedFor(peer), now, record });
    const target = () => this.target(side);
    const tap = await openTap({ side, port: 0, target, link, now, nextMsg, nextConn, record, mayAsk: this.#mayAsk });
    if (supervisor.isOver) {
      await tap.close();
      throw isOver();
    }
    const connect = `tcp://127.0.0.1:${tap.port}`;
    const actor = new Actor({
      ...{ supervisor, now, record, peer, role, link, tap },
      isSimple: () => traits.pattern === 'simple',
      argv: (identity, pacedMs) => argv({ connect, identity, beats: beatArgs(this.queueKnobs) }, pacedMs),
    });
    this.#actors.set(peer, actor);
    actor.launch();
    return peer;
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
