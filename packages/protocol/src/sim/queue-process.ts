// The queue's process: two ROUTERs and the poll loop, whose order of work is the machine's own (`queue.turn`).

import type { Message, Side } from '../frames.ts';
import type * as queue from '../queue.ts';
import type * as simpleQueue from '../simple-queue.ts';
import type { Impairment } from '../step.ts';
import type { Micros } from '../timing.ts';
import { HANDLING_US, Process } from './process.ts';
import { Router } from './router.ts';
import type { World } from './world.ts';

export type QueueSettings = queue.Settings | simpleQueue.Settings;

/** A machine that was started, its state inside: the loop need not know which of the two queues it runs. */
interface Running {
  readonly turn: readonly queue.TurnPart[];
  step(input: queue.Input): readonly queue.Effect[];
  readsFrontend(): boolean;
  deadline(): Micros | undefined;
}

export class QueueProcess extends Process {
  readonly routers: Record<Side, Router> = { frontend: new Router(), backend: new Router() };
  /** Of the queue that runs, for those who watch it. */
  state: queue.State | undefined;
  simpleState: simpleQueue.State | undefined;
  settings: QueueSettings;
  #running: Running | undefined;

  constructor(world: World, settings: QueueSettings) {
    super(world, 'queue');
    this.settings = settings;
  }

  protected begin(): void {
    const { settings } = this;
    const [running, effects] =
      settings.rules === 'simple' ? this.#startSimple(settings) : this.#startParanoid(settings);
    this.#running = running;
    this.#perform(effects);
    this.world.queueStarted();
    this.sleep(running.deadline());
  }

  override resume(): void {
    super.resume();
    this.world.queueResumed();
  }

  protected turn(): void {
    const { now } = this.world;
    const { backend, frontend } = this.routers;
    const running = this.#running as Running;
    let handled = 0;
    for (const part of running.turn) {
      if (part === 'tick') this.#perform(running.step({ type: 'tick' }));
      else handled += part.take === 'backend' ? this.#takeBackend(part.most) : this.#takeFrontend(part.most);
    }
    const readable = !backend.isEmpty || (!frontend.isEmpty && running.readsFrontend());
    if (readable) this.wake(now + HANDLING_US * Math.max(handled, 1));
    else this.sleep(running.deadline());
  }

  /** A Simple queue has no beats to keep to itself. */
  protected feel(impairment: Impairment): void {
    if (this.state) this.#perform(this.#running?.step({ type: 'impair', impairment }) ?? []);
  }

  protected end(): void {
    this.state = undefined;
    this.simpleState = undefined;
    this.#running = undefined;
    const { frontend, backend } = this.routers;
    this.world.ledger.lost += frontend.clear() + backend.clear();
    for (const connection of [...this.world.connections]) connection.close('toQueue');
  }

  #startParanoid(settings: queue.Settings): [Running, readonly queue.Effect[]] {
    const { world } = this;
    const machine = world.machines.queue;
    const [state, effects] = machine.start(settings, world.now);
    this.state = state;
    world.watcher?.queueStarted?.(state);
    const step = (input: queue.Input): readonly queue.Effect[] => {
      const before = this.state as queue.State;
      const [after, done] = machine.step(before, input, world.now);
      this.state = after;
      world.watcher?.queueStepped?.(before, input, after, done);
      return done;
    };
    const readsFrontend = (): boolean => machine.readsFrontend(this.state as queue.State);
    const deadline = (): Micros => machine.deadline(this.state as queue.State);
    return [{ turn: machine.turn(settings.rules), step, readsFrontend, deadline }, effects];
  }

  #startSimple(settings: simpleQueue.Settings): [Running, readonly queue.Effect[]] {
    const { world } = this;
    const machine = world.machines.simpleQueue;
    const [state, effects] = machine.start(settings, world.now);
    this.simpleState = state;
    const step = (input: simpleQueue.Input): readonly queue.Effect[] => {
      const before = this.simpleState as simpleQueue.State;
      const [after, done] = machine.step(before, input, world.now);
      this.simpleState = after;
      world.watcher?.simpleQueueStepped?.(before, input, after, done);
      return done;
    };
    const readsFrontend = (): boolean => machine.readsFrontend(this.simpleState as simpleQueue.State);
    const deadline = (): Micros | undefined => machine.deadline(this.simpleState as simpleQueue.State);
    return [{ turn: machine.turn(), step, readsFrontend, deadline }, effects];
  }

  #takeBackend(most: number): number {
    let taken = 0;
    for (let frames: Message | undefined; taken < most; taken++) {
      frames = this.routers.backend.receive();
      if (!frames) break;
      this.#take({ type: 'backend', frames });
    }
    return taken;
  }

  /** The gate is asked before each read [Q4]. */
  #takeFrontend(most: number): number {
    let taken = 0;
    for (; taken < most && this.#running?.readsFrontend(); taken++) {
      const frames = this.routers.frontend.receive();
      if (!frames) break;
      this.#take({ type: 'frontend', frames });
    }
    return taken;
  }

  #take(input: queue.Input): void {
    this.world.ledger.delivered++;
    this.#perform((this.#running as Running).step(input));
  }

  #perform(effects: readonly queue.Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'send') this.#route(effect.side, effect.frames);
      else this.world.say(this.peer, effect.fact);
    }
  }

  #route(side: Side, frames: Message): void {
    const connection = this.routers[side].find(frames[0] ?? '');
    if (connection) connection.send('fromQueue', frames.slice(1));
    else this.world.ledger.unrouted++;
  }
}
