// The queue's process: two ROUTERs and the poll loop, whose order of work is the machine's own (`queue.turn`).

import type { Message, Side } from '../frames.ts';
import type * as queue from '../queue.ts';
import { HANDLING_US, Process } from './process.ts';
import { Router } from './router.ts';
import type { World } from './world.ts';

export class QueueProcess extends Process {
  readonly routers: Record<Side, Router> = { frontend: new Router(), backend: new Router() };
  state: queue.State | undefined;
  settings: queue.Settings;

  constructor(world: World, settings: queue.Settings) {
    super(world, 'queue');
    this.settings = settings;
  }

  protected begin(): void {
    const { machines, now } = this.world;
    const [state, effects] = machines.queue.start(this.settings, now);
    this.state = state;
    this.world.watcher?.queueStarted?.(state);
    this.#perform(effects);
    this.world.queueStarted();
    this.sleep(machines.queue.deadline(state));
  }

  override resume(): void {
    super.resume();
    this.world.queueResumed();
  }

  protected turn(): void {
    const { machines, now } = this.world;
    const { backend, frontend } = this.routers;
    let handled = 0;
    for (const part of machines.queue.turn(this.settings.rules)) {
      if (part === 'tick') this.#step({ type: 'tick' });
      else handled += part.take === 'backend' ? this.#takeBackend(part.most) : this.#takeFrontend(part.most);
    }
    const state = this.state as queue.State;
    const readable = !backend.isEmpty || (!frontend.isEmpty && machines.queue.readsFrontend(state));
    if (readable) this.wake(now + HANDLING_US * Math.max(handled, 1));
    else this.sleep(machines.queue.deadline(state));
  }

  protected end(): void {
    this.state = undefined;
    const { frontend, backend } = this.routers;
    this.world.ledger.lost += frontend.clear() + backend.clear();
    for (const connection of [...this.world.connections]) connection.close('toQueue');
  }

  #takeBackend(most: number): number {
    let taken = 0;
    for (let frames: Message | undefined; taken < most; taken++) {
      frames = this.routers.backend.receive();
      if (!frames) break;
      this.world.ledger.delivered++;
      this.#step({ type: 'backend', frames });
    }
    return taken;
  }

  /** The gate is asked before each read [Q4]. */
  #takeFrontend(most: number): number {
    let taken = 0;
    for (; taken < most && this.world.machines.queue.readsFrontend(this.state as queue.State); taken++) {
      const frames = this.routers.frontend.receive();
      if (!frames) break;
      this.world.ledger.delivered++;
      this.#step({ type: 'frontend', frames });
    }
    return taken;
  }

  #step(input: queue.Input): void {
    const { machines, now, watcher } = this.world;
    const before = this.state as queue.State;
    const [after, effects] = machines.queue.step(before, input, now);
    this.state = after;
    watcher?.queueStepped?.(before, input, after, effects);
    this.#perform(effects);
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
