// One of ours: a process, mostly with a link of its own, and what can be done to it. Its place on the stage outlives its process; what
// needs one is refused while there is none.

import type { Fact, Impairment, Micros, Role } from '@crows-nest/protocol';
import type { LinkBox } from '../tap/link-box.ts';
import type { Tap } from '../tap/tap.ts';
import { Refusal } from './refusal.ts';
import type { Child, Supervisor } from './supervisor.ts';

export interface ActorOptions {
  readonly supervisor: Supervisor;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  readonly peer: string;
  readonly role: Role;
  /** Neither beats nor listens for beats, at this moment. */
  readonly isSimple: () => boolean;
  /** Of the next process: with or without the identity of the last, and as last paced. */
  readonly argv: (identity: string | undefined, pacedMs: number | undefined) => readonly string[];
  /** The queue has none. */
  readonly link?: LinkBox;
  readonly tap?: Tap;
  /** A restart lasts until this does; no longer than its process's start, when not given. */
  readonly follow?: (child: Child) => Promise<unknown>;
}

export class Actor {
  readonly #o: ActorOptions;
  readonly peer: string;
  readonly role: Role;
  readonly link: LinkBox | undefined;
  /** The latest that it told of. */
  identity: string | undefined;
  #child: Child | undefined;
  #pacedMs: number | undefined;
  #hasLeft = false;
  /** The last restart that was asked for: one after the other, since two at once would leave two processes. */
  #change: Promise<void> = Promise.resolve();

  constructor(options: ActorOptions) {
    this.#o = options;
    const { peer, role, link } = options;
    this.peer = peer;
    this.role = role;
    this.link = link;
  }

  get hasProcess(): boolean {
    return this.#child !== undefined;
  }

  launch(identity?: string): Child {
    const child = this.#o.supervisor.start(this.peer, this.#o.argv(identity, this.#pacedMs));
    this.#child = child;
    void child.exited.then(() => {
      if (this.#child === child) this.#child = undefined;
    });
    return child;
  }

  restart(identity: 'same' | 'new', why: string): Promise<void> {
    return this.#inTurn(() => this.#relaunch(identity, why));
  }

  /** Back, if it is dead. Asked again when its turn comes: an earlier restart may have brought it back already. */
  async revive(): Promise<void> {
    if (!this.#isDown) return;
    await this.#inTurn(async () => {
      if (this.#isDown) await this.#relaunch('new', 'heal all');
    });
  }

  /** Ends its process and leaves the stage for good. */
  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.link?.heal(undefined, 'ended');
    await this.#child?.stop();
    await this.closeTap();
    this.#o.record({ t: this.#o.now(), type: 'peer.left', peer: this.peer });
  }

  async closeTap(): Promise<void> {
    await this.#o.tap?.close();
  }

  kill(): void {
    this.#running.kill();
  }

  /** Orderly, by SIGTERM; its place on the stage stays. */
  stop(): Promise<void> {
    return this.#running.stop();
  }

  /** `before` is called when it can be done, just before it is. */
  async pause(before: () => void): Promise<void> {
    const child = this.#running;
    if (child.paused) throw new Refusal({ reason: 'alreadyPaused', peer: this.peer });
    before();
    await child.pause();
  }

  async resume(before: () => void): Promise<void> {
    const child = this.#running;
    if (!child.paused) throw new Refusal({ reason: 'notPaused', peer: this.peer });
    before();
    await child.resume();
  }

  /** Runs on, if it is paused. */
  wake(): void {
    if (this.#child?.paused) void this.#child.resume();
  }

  overload(ms: number): void {
    const child = this.#running;
    if (child.paused) throw new Refusal({ reason: 'cannotBeBusy', peer: this.peer });
    child.order({ do: 'overload', ms });
  }

  checkImpairable(): void {
    const { peer } = this.#o;
    if (!this.hasProcess) throw new Refusal({ reason: 'notRunning', peer });
    if (this.#o.isSimple()) throw new Refusal({ reason: 'isSimple', peer });
  }

  /** Refuses what has no beats to keep to itself. */
  checkBeats(): void {
    this.checkImpairable();
    if (this.role === 'client') throw new Refusal({ reason: 'noBeats', peer: this.peer });
  }

  /** Of a process that is gone there is nothing to tell. */
  impair(impairment: Impairment): void {
    this.#child?.order({ do: 'impair', impairment });
  }

  checkPaced(): void {
    const { peer, role } = this;
    if (role !== 'client') throw new Refusal({ reason: 'noRate', peer, role });
  }

  pace(everyMs: number): void {
    this.checkPaced();
    this.#pacedMs = everyMs;
    this.#running.order({ do: 'pace', everyMs });
  }

  /** The same, also of one that is dead at the moment: its next process keeps it. */
  keepPace(everyMs: number): void {
    this.#pacedMs = everyMs;
    this.#child?.order({ do: 'pace', everyMs });
  }

  /** Begins a request, if it is a client that waits to be told. */
  ask(): void {
    this.#child?.order({ do: 'ask' });
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#change.then(change);
    // The next one has its turn also after one that came to nothing.
    this.#change = changed.catch(() => {});
    return changed;
  }

  async #relaunch(identity: 'same' | 'new', why: string): Promise<void> {
    // It may have left while it waited, and again while its process ended.
    if (this.#hasLeft) return;
    this.#o.record({ t: this.#o.now(), type: 'process.restarting', peer: this.peer, why });
    await this.#child?.stop();
    if (this.#hasLeft) return;
    const child = this.launch(identity === 'same' ? this.identity : undefined);
    await this.#o.follow?.(child);
  }

  /** Also one that was killed a moment ago, whose exit has not been seen. */
  get #isDown(): boolean {
    return this.#child === undefined || this.#child.ending;
  }

  get #running(): Child {
    if (!this.#child) throw new Refusal({ reason: 'notRunning', peer: this.peer });
    return this.#child;
  }
}
