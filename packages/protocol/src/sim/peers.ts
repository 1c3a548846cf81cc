// The three kinds of peers: which machine each runs on what kind of socket, and how it takes what ails its process.

import type * as client from '../client.ts';
import type * as simpleWorker from '../simple-worker.ts';
import type { Impairment } from '../step.ts';
import type * as worker from '../worker.ts';
import { PeerProcess } from './peer-process.ts';

export type PeerOfWorld = WorkerProcess | SimpleWorkerProcess | ClientProcess;

export class WorkerProcess extends PeerProcess<worker.Settings, worker.State, worker.Input, worker.Effect> {
  protected readonly machine = this.world.machines.worker;
  protected readonly socketType = 'DEALER';

  protected started(state: worker.State, effects: readonly worker.Effect[]): void {
    this.world.watcher?.workerStarted?.(this.peer, state, effects);
  }

  protected stepped(
    before: worker.State,
    input: worker.Input,
    after: worker.State,
    effects: readonly worker.Effect[],
  ): void {
    this.world.watcher?.workerStepped?.(this.peer, before, input, after, effects);
  }

  protected feel(impairment: Impairment): void {
    this.give({ type: 'impair', impairment });
  }

  /** By the machine, which must know that it is deaf. */
  override overload(ms: number): void {
    this.command({ type: 'overload', ms });
  }
}

export class SimpleWorkerProcess extends PeerProcess<
  simpleWorker.Settings,
  simpleWorker.State,
  simpleWorker.Input,
  simpleWorker.Effect
> {
  protected readonly machine = this.world.machines.simpleWorker;
  protected readonly socketType = 'REQ';

  protected started(state: simpleWorker.State, effects: readonly simpleWorker.Effect[]): void {
    this.world.watcher?.simpleWorkerStarted?.(this.peer, state, effects);
  }

  protected stepped(
    before: simpleWorker.State,
    input: simpleWorker.Input,
    after: simpleWorker.State,
    effects: readonly simpleWorker.Effect[],
  ): void {
    this.world.watcher?.simpleWorkerStepped?.(this.peer, before, input, after, effects);
  }

  /** It has no beats to keep to itself. */
  protected feel(): void {}
}

export class ClientProcess extends PeerProcess<client.Settings, client.State, client.Input, client.Effect> {
  protected readonly machine = this.world.machines.client;
  protected readonly socketType = 'REQ';

  protected started(state: client.State, effects: readonly client.Effect[]): void {
    this.world.watcher?.clientStarted?.(this.peer, state, effects);
  }

  protected stepped(
    before: client.State,
    input: client.Input,
    after: client.State,
    effects: readonly client.Effect[],
  ): void {
    this.world.watcher?.clientStepped?.(this.peer, before, input, after, effects);
  }

  protected feel(impairment: Impairment): void {
    this.give({ type: 'impair', impairment });
  }
}
