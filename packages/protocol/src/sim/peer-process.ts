// Processes of workers and clients: one machine, one socket, one loop. Waiting messages are read before the clock is looked at.

import type * as client from '../client.ts';
import type * as simpleWorker from '../simple-worker.ts';
import type { Impairment } from '../step.ts';
import type * as worker from '../worker.ts';
import type { Wire } from './connection.ts';
import { PeerSocket } from './peer-socket.ts';
import { HANDLING_US, Process } from './process.ts';
import type { World } from './world.ts';

export abstract class PeerProcess extends Process {
  readonly wire: Wire;
  socket: PeerSocket | undefined;

  constructor(world: World, peer: string, wire: Wire) {
    super(world, peer);
    this.wire = wire;
  }

  protected abstract get deadline(): number | undefined;
  protected abstract get listens(): boolean;
  protected abstract give(input: { type: 'message'; frames: readonly string[] } | { type: 'tick' }): void;

  protected turn(): void {
    const { now, ledger } = this.world;
    const frames = this.listens ? this.socket?.receive() : undefined;
    if (frames) {
      ledger.delivered++;
      this.give({ type: 'message', frames });
    } else if (now >= (this.deadline ?? Number.POSITIVE_INFINITY)) {
      this.give({ type: 'tick' });
    }
    if (this.status !== 'running') return;
    if (this.listens && (this.socket?.inbox.length ?? 0) > 0) this.wake(now + HANDLING_US);
    else this.sleep(this.deadline);
  }

  abstract command(input: { type: 'stop' }): void;

  protected end(): void {
    this.socket?.close();
    this.socket = undefined;
  }

  protected perform(effects: readonly (worker.Effect | client.Effect)[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'record':
          this.world.say(this.peer, effect.fact);
          break;
        case 'open':
          this.world.named(effect.identity, this.peer);
          this.socket = new PeerSocket(this.world, this.wire, this.socketType, effect.identity, this);
          break;
        case 'send':
          this.socket?.send(effect.frames);
          break;
        case 'close':
          this.socket?.close();
          this.socket = undefined;
          break;
        case 'exit':
          this.exit(effect.code);
          break;
        case 'spin':
        // The machine is deaf until its deadline, which is all that a busy loop does here.
      }
    }
  }

  protected abstract readonly socketType: 'DEALER' | 'REQ';
}

export class WorkerProcess extends PeerProcess {
  protected readonly socketType = 'DEALER';
  settings: worker.Settings;
  state: worker.State | undefined;

  constructor(world: World, peer: string, wire: Wire, settings: worker.Settings) {
    super(world, peer, wire);
    this.settings = settings;
  }

  protected begin(): void {
    const [state, effects] = this.world.machines.worker.start(this.settings, this.world.now);
    this.state = state;
    this.world.watcher?.workerStarted?.(this.peer, state, effects);
    this.perform(effects);
    this.sleep(this.deadline);
  }

  give(input: worker.Input): void {
    const before = this.state as worker.State;
    const [after, effects] = this.world.machines.worker.step(before, input, this.world.now);
    this.state = after;
    this.world.watcher?.workerStepped?.(this.peer, before, input, after, effects);
    this.perform(effects);
  }

  /** From outside: the loop must look at its deadline again. */
  command(input: worker.Input): void {
    if (this.status !== 'running') return;
    this.give(input);
    this.stir();
  }

  protected feel(impairment: Impairment): void {
    this.give({ type: 'impair', impairment });
  }

  /** By the machine, which must know that it is deaf. */
  override overload(ms: number): void {
    this.command({ type: 'overload', ms });
  }

  protected get deadline(): number | undefined {
    return this.state && this.world.machines.worker.deadline(this.state);
  }

  protected get listens(): boolean {
    return this.state !== undefined && this.world.machines.worker.listens(this.state);
  }
}

export class SimpleWorkerProcess extends PeerProcess {
  protected readonly socketType = 'REQ';
  settings: simpleWorker.Settings;
  state: simpleWorker.State | undefined;

  constructor(world: World, peer: string, wire: Wire, settings: simpleWorker.Settings) {
    super(world, peer, wire);
    this.settings = settings;
  }

  protected begin(): void {
    const [state, effects] = this.world.machines.simpleWorker.start(this.settings, this.world.now);
    this.state = state;
    this.world.watcher?.simpleWorkerStarted?.(this.peer, state, effects);
    this.perform(effects);
    this.sleep(this.deadline);
  }

  give(input: simpleWorker.Input): void {
    const before = this.state as simpleWorker.State;
    const [after, effects] = this.world.machines.simpleWorker.step(before, input, this.world.now);
    this.state = after;
    this.world.watcher?.simpleWorkerStepped?.(this.peer, before, input, after, effects);
    this.perform(effects);
  }

  /** It has no beats to keep to itself. */
  protected feel(): void {}

  command(input: simpleWorker.Input): void {
    if (this.status !== 'running') return;
    this.give(input);
    this.stir();
  }

  protected get deadline(): number | undefined {
    return this.state && this.world.machines.simpleWorker.deadline(this.state);
  }

  protected get listens(): boolean {
    return this.state !== undefined && this.world.machines.simpleWorker.listens(this.state);
  }
}

export class ClientProcess extends PeerProcess {
  protected readonly socketType = 'REQ';
  settings: client.Settings;
  state: client.State | undefined;

  constructor(world: World, peer: string, wire: Wire, settings: client.Settings) {
    super(world, peer, wire);
    this.settings = settings;
  }

  protected begin(): void {
    const [state, effects] = this.world.machines.client.start(this.settings, this.world.now);
    this.state = state;
    this.world.watcher?.clientStarted?.(this.peer, state, effects);
    this.perform(effects);
    this.sleep(this.deadline);
  }

  give(input: client.Input): void {
    const before = this.state as client.State;
    const [after, effects] = this.world.machines.client.step(before, input, this.world.now);
    this.state = after;
    this.world.watcher?.clientStepped?.(this.peer, before, input, after, effects);
    this.perform(effects);
  }

  protected feel(impairment: Impairment): void {
    this.give({ type: 'impair', impairment });
  }

  command(input: client.Input): void {
    if (this.status !== 'running') return;
    this.give(input);
    this.stir();
  }

  protected get deadline(): number | undefined {
    return this.state && this.world.machines.client.deadline(this.state);
  }

  protected get listens(): boolean {
    return this.state !== undefined && this.world.machines.client.listens(this.state);
  }
}
