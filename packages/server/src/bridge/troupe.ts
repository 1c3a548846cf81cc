// The troupe: our own queue, workers and clients, each a process behind a link of its own, and what can be done to them.

import { randomInt } from 'node:crypto';
import {
  DEMO_LINK_DELAY_MS,
  type Dialect,
  type Fact,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  type Micros,
  type Role,
  type Rules,
  type Side,
  WORK_MS,
} from '@crows-nest/protocol';
import type { Endpoint } from '../tap/connection.ts';
import { LinkBox } from '../tap/link-box.ts';
import { openTap, type Tap } from '../tap/tap.ts';
import type { Child, Supervisor } from './supervisor.ts';

export interface QueueKnobs {
  rules: Rules;
  heartbeatIntervalMs: number;
  liveness: number;
}

export interface WorkerKnobs {
  readonly dialect?: Dialect | undefined;
  readonly workMs?: number | undefined;
  readonly crashChance?: number | undefined;
  readonly overloadChance?: number | undefined;
  readonly replyFirst?: boolean | undefined;
  readonly quietWhileBusy?: boolean | undefined;
  /** Full jitter of its back-offs. */
  readonly jitter?: boolean | undefined;
  readonly reconnectInitialMs?: number | undefined;
  readonly reconnectMaxMs?: number | undefined;
  /** Of its random trouble; random when not given. */
  readonly seed?: number | undefined;
}

export interface ClientKnobs {
  readonly everyMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly tries?: number | undefined;
  readonly requests?: number | undefined;
}

/** One of ours: its place on the stage outlives its process. */
interface Actor {
  readonly peer: string;
  readonly role: Role;
  /** Of the next process, with or without the identity of the last. */
  argv(identity: string | undefined): string[];
  child: Child | undefined;
  readonly link: LinkBox | undefined;
  readonly tap: Tap | undefined;
  /** The latest identity it told of. */
  identity: string | undefined;
  everyMs: number | undefined;
  /** The last restart that was asked for. */
  change: Promise<void>;
}

export interface TroupeOptions {
  readonly supervisor: Supervisor;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  readonly nextMsg: () => number;
  readonly nextConn: () => number;
  readonly queue: QueueKnobs;
  readonly linkDelayMs?: number | undefined;
}

/** What cannot be done as asked, in one line for the person who asked. */
export class Refusal extends Error {}

const MAX_ACTORS: Record<'worker' | 'client', number> = { worker: 100, client: 20 };
const DEMO_EVERY_MS = 1000;

export class Troupe {
  readonly #o: TroupeOptions;
  readonly #actors = new Map<string, Actor>();
  readonly #counts = { worker: 0, client: 0 };
  readonly queueKnobs: QueueKnobs;
  #bound: Record<Side, Endpoint> | undefined;
  #delayMs: number;
  #jitterMs = 0;
  /** Changes of the queue one after the other: two at once would leave two queues. */
  #queueChange: Promise<void> = Promise.resolve();

  constructor(options: TroupeOptions) {
    this.#o = options;
    this.queueKnobs = { ...options.queue };
    this.#delayMs = options.linkDelayMs ?? DEMO_LINK_DELAY_MS;
  }

  /** Where the queue is bound at this moment, if it is. */
  readonly target = (side: Side): Endpoint | undefined => this.#bound?.[side];

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
    const peer = 'queue';
    this.#o.record({ t: this.#o.now(), type: 'peer.joined', peer, role: 'queue', guest: false, name: 'queue' });
    const argv = (): string[] => [
      'queue',
      // Any free port, read back: only the page's port and the guests' taps are fixed.
      ...['--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*'],
      ...['--rules', this.queueKnobs.rules],
      ...this.#heartbeatArgs(),
    ];
    const actor: Actor = {
      peer,
      role: 'queue',
      argv,
      child: undefined,
      link: undefined,
      tap: undefined,
      identity: undefined,
      everyMs: undefined,
      change: Promise.resolve(),
    };
    this.#actors.set(peer, actor);
    if (!(await this.#launchQueue(actor))) throw new Error('the queue ended before it was bound');
  }

  async addWorker(knobs: WorkerKnobs = {}): Promise<string> {
    const { dialect = 'text', workMs = WORK_MS, crashChance = 0, overloadChance = 0 } = knobs;
    return this.#join('worker', 'backend', { dialect, workMs, crashChance, overloadChance }, (connect, identity) => [
      'worker',
      ...['--connect', connect, '--dialect', dialect, '--work-ms', String(workMs)],
      ...['--crash-chance', String(crashChance), '--overload-chance', String(overloadChance)],
      ...['--seed', String(knobs.seed ?? randomInt(2 ** 32))],
      ...(knobs.replyFirst === false ? ['--no-reply-first'] : []),
      ...(knobs.quietWhileBusy === false ? ['--no-quiet-while-busy'] : []),
      ...(knobs.jitter ? ['--jitter'] : []),
      ...(knobs.reconnectInitialMs === undefined ? [] : ['--reconnect-initial', String(knobs.reconnectInitialMs)]),
      ...(knobs.reconnectMaxMs === undefined ? [] : ['--reconnect-max', String(knobs.reconnectMaxMs)]),
      ...this.#heartbeatArgs(),
      ...(identity === undefined ? [] : ['--identity', identity]),
    ]);
  }

  async addClient(knobs: ClientKnobs = {}): Promise<string> {
    const { everyMs = DEMO_EVERY_MS, timeoutMs, tries, requests } = knobs;
    return this.#join('client', 'frontend', { everyMs }, (connect, identity, pacedMs) => [
      'client',
      ...['--connect', connect],
      // As last paced, also by the process before.
      ...['--every-ms', String(pacedMs ?? everyMs)],
      ...(timeoutMs === undefined ? [] : ['--timeout', String(timeoutMs)]),
      ...(tries === undefined ? [] : ['--retries', String(tries)]),
      ...(requests === undefined ? [] : ['--requests', String(requests)]),
      ...(identity === undefined ? [] : ['--identity', identity]),
    ]);
  }

  /** Ends its process and takes it off the stage. */
  async remove(peer: string): Promise<void> {
    const actor = this.#own(peer);
    if (actor.role === 'queue') throw new Refusal('the queue stays: it can be killed, paused or restarted');
    this.#actors.delete(peer);
    await actor.child?.stop();
    await actor.tap?.close();
    this.#o.record({ t: this.#o.now(), type: 'peer.left', peer });
  }

  kill(peer: string): void {
    this.#running(peer).kill();
  }

  async pause(peer: string): Promise<void> {
    const child = this.#running(peer);
    if (child.paused) throw new Refusal(`${peer} is paused already`);
    await child.pause();
  }

  async resume(peer: string): Promise<void> {
    const child = this.#running(peer);
    if (!child.paused) throw new Refusal(`${peer} is not paused`);
    await child.resume();
  }

  overload(peer: string, ms: number): void {
    const child = this.#running(peer);
    if (child.paused) throw new Refusal(`${peer} is paused: a stopped process cannot be busy`);
    child.order({ do: 'overload', ms });
  }

  pace(peer: string, everyMs: number): void {
    const actor = this.#own(peer);
    if (actor.role !== 'client') throw new Refusal(`only a client has a request rate, and ${peer} is a ${actor.role}`);
    actor.everyMs = everyMs;
    this.#running(peer).order({ do: 'pace', everyMs });
  }

  async restart(peer: string, identity: 'same' | 'new', why: string): Promise<void> {
    const actor = this.#own(peer);
    if (actor.role === 'queue') return this.restartQueue(why);
    // One change after the other: two at once would leave two processes.
    actor.change = actor.change.then(async () => {
      // Removed while it waited.
      if (this.#actors.get(peer) !== actor) return;
      this.#o.record({ t: this.#o.now(), type: 'process.restarting', peer, why });
      await actor.child?.stop();
      if (this.#actors.get(peer) === actor) this.#launch(actor, identity === 'same' ? actor.identity : undefined);
    });
    return actor.change;
  }

  /** The rule set, interval or liveness: the queue begins anew with them, and so do our workers when their beats change. */
  async configureQueue(knobs: Partial<QueueKnobs>): Promise<void> {
    const before = { ...this.queueKnobs };
    Object.assign(this.queueKnobs, knobs);
    const { rules, heartbeatIntervalMs, liveness } = this.queueKnobs;
    await this.restartQueue(`rules ${rules}, interval ${heartbeatIntervalMs} ms, liveness ${liveness}`);
    if (before.heartbeatIntervalMs === heartbeatIntervalMs && before.liveness === liveness) return;
    const workers = [...this.#actors.values()].filter((actor) => actor.role === 'worker' && actor.child);
    await Promise.all(
      workers.map((worker) =>
        this.restart(worker.peer, 'new', `interval ${heartbeatIntervalMs} ms, liveness ${liveness}`),
      ),
    );
  }

  restartQueue(why: string): Promise<void> {
    this.#queueChange = this.#queueChange.then(async () => {
      const actor = this.#own('queue');
      this.#o.record({ t: this.#o.now(), type: 'process.restarting', peer: 'queue', why });
      await actor.child?.stop();
      await this.#launchQueue(actor);
    });
    return this.#queueChange;
  }

  /** All links of ours, or one; also of those who join later. */
  setDelay(peer: string | undefined, delayMs: number, jitterMs: number): void {
    if (peer !== undefined) return this.#linked(peer).setDelay(delayMs, jitterMs);
    this.#delayMs = delayMs;
    this.#jitterMs = jitterMs;
    for (const { link } of this.#actors.values()) link?.setDelay(delayMs, jitterMs);
  }

  link(peer: string): LinkBox | undefined {
    return this.#actors.get(peer)?.link;
  }

  /** Heals every link, wakes who is paused, brings back who is dead. Asked for at once; it waits for nobody. */
  heal(): void {
    for (const actor of this.#actors.values()) {
      actor.link?.heal();
      if (actor.child?.paused) void actor.child.resume();
      // Also one that was killed a moment ago, whose exit has not been seen.
      if (!actor.child || actor.child.ending) void this.restart(actor.peer, 'new', 'heal all');
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#actors.values()].map((actor) => actor.tap?.close()));
  }

  #heartbeatArgs(): string[] {
    const { heartbeatIntervalMs, liveness } = this.queueKnobs;
    return ['--heartbeat-interval', String(heartbeatIntervalMs), '--liveness', String(liveness)];
  }

  async #join(
    role: 'worker' | 'client',
    side: Side,
    knobs: Partial<Extract<Fact, { type: 'peer.joined' }>>,
    argv: (connect: string, identity: string | undefined, pacedMs: number | undefined) => string[],
  ): Promise<string> {
    const present = [...this.#actors.values()].filter((actor) => actor.role === role).length;
    if (present >= MAX_ACTORS[role]) throw new Refusal(`there are ${present} ${role}s, and no more fit on the stage`);
    const number = ++this.#counts[role];
    const peer = `${role}-${number}`;
    const { now, record, nextMsg, nextConn } = this.#o;
    record({ t: now(), type: 'peer.joined', peer, role, guest: false, name: `${role} ${number}`, ...knobs });
    const link = new LinkBox({
      id: peer,
      delayMs: this.#delayMs,
      jitterMs: this.#jitterMs,
      seed: randomInt(2 ** 32),
      now,
      record,
    });
    const tap = await openTap({ side, port: 0, target: () => this.target(side), link, now, nextMsg, nextConn, record });
    const connect = `tcp://127.0.0.1:${tap.port}`;
    const actor: Actor = {
      peer,
      role,
      argv: (identity) => argv(connect, identity, actor.everyMs),
      child: undefined,
      link,
      tap,
      identity: undefined,
      everyMs: undefined,
      change: Promise.resolve(),
    };
    this.#actors.set(peer, actor);
    this.#launch(actor, undefined);
    return peer;
  }

  #launch(actor: Actor, identity: string | undefined): Child {
    const child = this.#o.supervisor.start(actor.peer, actor.argv(identity));
    actor.child = child;
    void child.exited.then(() => {
      if (actor.child === child) actor.child = undefined;
    });
    return child;
  }

  async #launchQueue(actor: Actor): Promise<boolean> {
    const child = this.#launch(actor, undefined);
    void child.exited.then(() => {
      this.#bound = undefined;
    });
    // One that is killed before it has bound has told so by its exit.
    const bound = await child.bound.catch(() => undefined);
    if (bound) this.#bound = { frontend: endpointOf(bound.frontend), backend: endpointOf(bound.backend) };
    return bound !== undefined;
  }

  #own(peer: string): Actor {
    const actor = this.#actors.get(peer);
    if (!actor)
      throw new Refusal(
        peer.startsWith('guest-') ? `${peer} is a guest: its process is not ours` : `there is no ${peer}`,
      );
    return actor;
  }

  #running(peer: string): Child {
    const { child } = this.#own(peer);
    if (!child) throw new Refusal(`${peer} is not running`);
    return child;
  }

  #linked(peer: string): LinkBox {
    const { link } = this.#own(peer);
    if (!link) throw new Refusal(`${peer} has no link of its own: each link belongs to a worker or client`);
    return link;
  }
}

/** `tcp://127.0.0.1:PORT`, as a socket reports it. */
function endpointOf(bound: string): Endpoint {
  const url = new URL(bound);
  return { host: url.hostname, port: Number(url.port) };
}

export const DEMO_QUEUE: QueueKnobs = {
  rules: 'listing',
  heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
  liveness: HEARTBEAT_LIVENESS,
};
