// The troupe: our own queue, workers and clients, each a process behind a link of its own, and what can be done to them.

import {
  type ClientKnobs,
  DEMO_LINK_DELAY_MS,
  type Fact,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  type Impairment,
  type Micros,
  type Pattern,
  type Role,
  type Rules,
  type Side,
} from '@crows-nest/protocol';
import type { Endpoint } from '../tap/connection.ts';
import { LinkBox } from '../tap/link-box.ts';
import { askInTurn } from '../tap/probe.ts';
import { openTap, type Tap } from '../tap/tap.ts';
import { type Berth, clientArgs, clientTraits, type WorkerKnobs, workerArgs, workerTraits } from './actor-args.ts';
import { isOver, Refusal } from './refusal.ts';
import type { Child, Supervisor } from './supervisor.ts';

export interface QueueKnobs {
  rules: Rules;
  heartbeatIntervalMs: number;
  liveness: number;
}

/** One of ours: its place on the stage outlives its process. */
interface Actor {
  readonly peer: string;
  readonly role: Role;
  readonly pattern: Pattern;
  /** Of the next process, with or without the identity of the last. */
  argv(identity: string | undefined): string[];
  child: Child | undefined;
  readonly link: LinkBox | undefined;
  readonly tap: Tap | undefined;
  /** The latest identity it told of. */
  identity: string | undefined;
  everyMs: number | undefined;
  /** The last restart that was asked for: one after the other, since two at once would leave two processes. */
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
  /** Of the chances on this link. */
  readonly seedFor: (name: string) => number;
}

export type Cast = 'worker' | 'client';

const MAX_ACTORS: Record<Cast, number> = { worker: 100, client: 20 };

export class Troupe {
  readonly #o: TroupeOptions;
  readonly #actors = new Map<string, Actor>();
  readonly #mayAsk: ReturnType<typeof askInTurn>;
  readonly #counts = { worker: 0, client: 0 };
  /** On their way to the stage. */
  readonly #joining = { worker: 0, client: 0 };
  readonly queueKnobs: QueueKnobs;
  #bound: Record<Side, Endpoint> | undefined;
  #delayMs: number;
  #jitterMs = 0;

  constructor(options: TroupeOptions) {
    this.#o = options;
    this.#mayAsk = askInTurn(options.now);
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
      pattern: 'paranoid',
      argv,
      child: undefined,
      link: undefined,
      tap: undefined,
      identity: undefined,
      everyMs: undefined,
      change: Promise.resolve(),
    };
    this.#actors.set(peer, actor);
    if (!(await this.#launchQueue(actor))) throw new Refusal({ reason: 'queueEnded' });
  }

  addWorker(knobs: WorkerKnobs = {}): Promise<string> {
    return this.#join('worker', 'backend', workerTraits(knobs), (berth) => workerArgs(knobs, berth));
  }

  addClient(knobs: ClientKnobs = {}): Promise<string> {
    return this.#join('client', 'frontend', clientTraits(knobs), (berth, pacedMs) =>
      // As last paced, also by the process before.
      clientArgs({ ...knobs, everyMs: pacedMs ?? knobs.everyMs }, berth),
    );
  }

  /** On the stage, or about to be. */
  present(role: Cast): number {
    return this.#joining[role] + [...this.#actors.values()].filter((actor) => actor.role === role).length;
  }

  /** Ends its process and takes it off the stage. */
  async remove(peer: string): Promise<void> {
    const actor = this.#own(peer);
    if (actor.role === 'queue') throw new Refusal({ reason: 'queueStays' });
    actor.link?.heal(undefined, 'ended');
    this.#actors.delete(peer);
    await actor.child?.stop();
    await actor.tap?.close();
    this.#o.record({ t: this.#o.now(), type: 'peer.left', peer });
  }

  kill(peer: string): void {
    this.#running(peer).kill();
  }

  /** Orderly, by SIGTERM; its place on the stage stays. */
  stop(peer: string): Promise<void> {
    return this.#running(peer).stop();
  }

  /** `before` is called when it can be done, just before it is. */
  async pause(peer: string, before: () => void): Promise<void> {
    const child = this.#running(peer);
    if (child.paused) throw new Refusal({ reason: 'alreadyPaused', peer });
    before();
    await child.pause();
  }

  async resume(peer: string, before: () => void): Promise<void> {
    const child = this.#running(peer);
    if (!child.paused) throw new Refusal({ reason: 'notPaused', peer });
    before();
    await child.resume();
  }

  /** Runs on, if it is paused. */
  wake(peer: string): void {
    const child = this.#actors.get(peer)?.child;
    if (child?.paused) void child.resume();
  }

  /** Refuses what has no beats to keep to itself. */
  checkBeats(peer: string): void {
    this.checkImpairable(peer);
    if (this.#own(peer).role === 'client') throw new Refusal({ reason: 'noBeats', peer });
  }

  checkImpairable(peer: string): void {
    this.#running(peer);
    const { pattern, role } = this.#own(peer);
    const simple = role === 'queue' ? this.queueKnobs.rules === 'simple' : pattern === 'simple';
    if (simple) throw new Refusal({ reason: 'isSimple', peer });
  }

  /** Of a process that is gone there is nothing to tell. */
  impair(peer: string, impairment: Impairment): void {
    this.#actors.get(peer)?.child?.order({ do: 'impair', impairment });
  }

  overload(peer: string, ms: number): void {
    const child = this.#running(peer);
    if (child.paused) throw new Refusal({ reason: 'cannotBeBusy', peer });
    child.order({ do: 'overload', ms });
  }

  pace(peer: string, everyMs: number): void {
    this.checkPaced(peer);
    this.#own(peer).everyMs = everyMs;
    this.#running(peer).order({ do: 'pace', everyMs });
  }

  checkPaced(peer: string): void {
    const { role } = this.#own(peer);
    if (role !== 'client') throw new Refusal({ reason: 'noRate', peer, role });
  }

  /** Every client, also those that are dead at the moment. */
  paceAll(everyMs: number): void {
    for (const actor of this.#actors.values()) {
      if (actor.role !== 'client') continue;
      actor.everyMs = everyMs;
      actor.child?.order({ do: 'pace', everyMs });
    }
  }

  /** To every client: begin a request, if it is one that waits to be told. */
  ask(): void {
    for (const { role, child } of this.#actors.values()) if (role === 'client') child?.order({ do: 'ask' });
  }

  async restart(peer: string, identity: 'same' | 'new', why: string): Promise<void> {
    const actor = this.#own(peer);
    return this.#change(actor, () => this.#relaunch(actor, identity, why));
  }

  /** The rule set, interval or liveness: the queue begins anew with them, and so do our workers when their beats change. */
  async configureQueue(knobs: Partial<QueueKnobs>): Promise<void> {
    const before = { ...this.queueKnobs };
    Object.assign(this.queueKnobs, knobs);
    const { rules, heartbeatIntervalMs, liveness } = this.queueKnobs;
    await this.restart('queue', 'new', `rules ${rules}, interval ${heartbeatIntervalMs} ms, liveness ${liveness}`);
    if (before.heartbeatIntervalMs === heartbeatIntervalMs && before.liveness === liveness) return;
    const workers = [...this.#actors.values()].filter((actor) => actor.role === 'worker' && actor.child);
    await Promise.all(
      workers.map((worker) =>
        this.restart(worker.peer, 'new', `interval ${heartbeatIntervalMs} ms, liveness ${liveness}`),
      ),
    );
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
    for (const actor of this.#actors.values()) if (isDown(actor)) this.#revive(actor).catch(ignoreRefusal);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#actors.values()].map((actor) => actor.tap?.close()));
  }

  #change(actor: Actor, change: () => Promise<void>): Promise<void> {
    const changed = actor.change.then(change);
    // The next one has its turn also after one that came to nothing.
    actor.change = changed.catch(() => {});
    return changed;
  }

  async #relaunch(actor: Actor, identity: 'same' | 'new', why: string): Promise<void> {
    const { peer, role } = actor;
    // Removed while it waited.
    if (this.#actors.get(peer) !== actor) return;
    this.#o.record({ t: this.#o.now(), type: 'process.restarting', peer, why });
    await actor.child?.stop();
    if (this.#actors.get(peer) !== actor) return;
    if (role === 'queue') await this.#launchQueue(actor);
    else this.#launch(actor, identity === 'same' ? actor.identity : undefined);
  }

  /** Asked again when its turn comes: an earlier change may have brought it back already. */
  #revive(actor: Actor): Promise<void> {
    return this.#change(actor, async () => {
      if (isDown(actor)) await this.#relaunch(actor, 'new', 'heal all');
    });
  }

  #heartbeatArgs(): string[] {
    const { heartbeatIntervalMs, liveness } = this.queueKnobs;
    return ['--heartbeat-interval', String(heartbeatIntervalMs), '--liveness', String(liveness)];
  }

  async #join(
    role: Cast,
    side: Side,
    knobs: Partial<Extract<Fact, { type: 'peer.joined' }>>,
    argv: (berth: Berth, pacedMs: number | undefined) => string[],
  ): Promise<string> {
    const present = this.present(role);
    if (present >= MAX_ACTORS[role]) throw new Refusal({ reason: 'stageFull', role, count: present });
    this.#joining[role]++;
    try {
      return await this.#enter(role, side, knobs, argv);
    } finally {
      this.#joining[role]--;
    }
  }

  async #enter(
    role: Cast,
    side: Side,
    knobs: Partial<Extract<Fact, { type: 'peer.joined' }>>,
    argv: (berth: Berth, pacedMs: number | undefined) => string[],
  ): Promise<string> {
    const number = ++this.#counts[role];
    const peer = `${role}-${number}`;
    const { now, record, nextMsg, nextConn } = this.#o;
    record({ t: now(), type: 'peer.joined', peer, role, guest: false, name: `${role} ${number}`, ...knobs });
    const link = new LinkBox({
      id: peer,
      delayMs: this.#delayMs,
      jitterMs: this.#jitterMs,
      seed: this.#o.seedFor(peer),
      now,
      record,
    });
    const tap = await openTap({
      side,
      port: 0,
      target: () => this.target(side),
      link,
      now,
      nextMsg,
      nextConn,
      record,
      mayAsk: this.#mayAsk,
    });
    if (this.#o.supervisor.isOver) {
      await tap.close();
      throw isOver();
    }
    const connect = `tcp://127.0.0.1:${tap.port}`;
    const actor: Actor = {
      peer,
      role,
      pattern: knobs.pattern ?? 'paranoid',
      argv: (identity) => argv({ connect, identity, beats: this.#heartbeatArgs() }, actor.everyMs),
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
    if (!actor) throw new Refusal({ reason: peer.startsWith('guest-') ? 'isGuest' : 'gone', peer });
    return actor;
  }

  #running(peer: string): Child {
    const { child } = this.#own(peer);
    if (!child) throw new Refusal({ reason: 'notRunning', peer });
    return child;
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

/** Also one that was killed a moment ago, whose exit has not been seen. */
const isDown = ({ child }: Actor): boolean => child === undefined || child.ending;

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
