// A process of the world: it runs, is frozen, or is gone, and when it runs it wakes a little late, as real ones do.

import type { Impairment } from '../step.ts';
import { type Micros, millis } from '../timing.ts';
import { ailmentsOf, cure } from './faults.ts';
import type { World } from './world.ts';

export type Status = 'running' | 'paused' | 'exited';

/** A loop wakes up to this late. */
export const LOOP_JITTER_US = 2000;
/** One message costs its receiver this much. */
export const HANDLING_US = 40;

export abstract class Process {
  readonly peer: string;
  status: Status = 'exited';
  protected readonly world: World;
  #wakeAt = Number.POSITIVE_INFINITY;
  #wakes = 0;
  /** Until then a busy loop keeps it from everything. */
  #spinsUntil: Micros | undefined;
  /** What it was told while it was frozen, and hears when it goes on. */
  #unheard: Impairment | undefined;

  constructor(world: World, peer: string) {
    this.world = world;
    this.peer = peer;
  }

  /** One turn of its loop. It must end in `sleep` or in an exit. */
  protected abstract turn(): void;
  protected abstract begin(): void;
  /** Tells the machine; it runs. */
  protected abstract feel(impairment: Impairment): void;
  /** Its sockets close. */
  protected abstract end(): void;

  start(): void {
    const { world, peer } = this;
    this.status = 'running';
    world.emit({ t: world.now, type: 'process.started', peer, pid: world.nextPid++ });
    this.begin();
  }

  pause(): void {
    if (this.status !== 'running') return;
    this.status = 'paused';
    this.#forget();
    this.world.emit({ t: this.world.now, type: 'process.paused', peer: this.peer });
    this.world.watcher?.paused?.(this.peer);
  }

  resume(): void {
    if (this.status !== 'paused') return;
    this.status = 'running';
    this.world.emit({ t: this.world.now, type: 'process.resumed', peer: this.peer });
    this.world.watcher?.resumed?.(this.peer);
    if (this.#unheard) this.impair(this.#unheard);
    this.stir();
  }

  /** A busy loop: like a freeze, except that the sockets' own threads go on. */
  overload(ms: number): void {
    if (this.status !== 'running') return;
    const { world, peer } = this;
    this.#forget();
    this.#spinsUntil = Math.max(world.now + millis(ms), this.#spinsUntil ?? 0);
    world.emit({ t: world.now, type: 'process.overloaded', peer, untilAt: this.#spinsUntil });
    world.watcher?.paused?.(peer);
    this.wake(this.#spinsUntil);
  }

  impair(impairment: Impairment): void {
    this.#unheard = this.status === 'paused' ? impairment : undefined;
    if (this.status !== 'running') return;
    this.world.watcher?.impaired?.(this.peer, impairment);
    this.feel(impairment);
    this.stir();
  }

  /** `code` null: killed by a signal. */
  exit(code: number | null): void {
    if (this.status === 'exited') return;
    this.status = 'exited';
    this.#forget();
    this.#spinsUntil = undefined;
    this.#unheard = undefined;
    const signal = code === null ? 'SIGKILL' : null;
    this.world.emit({ t: this.world.now, type: 'process.exited', peer: this.peer, code, signal });
    for (const fault of ailmentsOf(this.world, this.peer)) cure(this.world, fault, 'ended');
    this.end();
    this.world.watcher?.exited?.(this.peer);
  }

  /** Something arrived: the loop turns soon. */
  stir(): void {
    this.wake(this.world.now + this.world.dice.between(1, LOOP_JITTER_US));
  }

  /** Nothing is to be done before that time, unless something arrives. */
  protected sleep(deadline: Micros | undefined): void {
    if (deadline !== undefined)
      this.wake(Math.max(deadline, this.world.now) + this.world.dice.between(1, LOOP_JITTER_US));
  }

  protected wake(wanted: Micros): void {
    const at = Math.max(wanted, this.#spinsUntil ?? 0);
    if (this.status !== 'running' || at >= this.#wakeAt) return;
    this.#wakeAt = at;
    const wake = ++this.#wakes;
    this.world.agenda.add(at, () => {
      if (wake !== this.#wakes) return;
      this.#wakeAt = Number.POSITIVE_INFINITY;
      if (this.#spinsUntil !== undefined) this.#recover();
      this.turn();
    });
  }

  #recover(): void {
    this.#spinsUntil = undefined;
    this.world.emit({ t: this.world.now, type: 'process.recovered', peer: this.peer });
    this.world.watcher?.resumed?.(this.peer);
  }

  #forget(): void {
    this.#wakes++;
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }
}
