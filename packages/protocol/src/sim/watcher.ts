// Whoever watches a world from inside: invariants see each step of each machine, with the states before and after.

import type * as client from '../client.ts';
import type * as queue from '../queue.ts';
import type * as simpleQueue from '../simple-queue.ts';
import type * as simpleWorker from '../simple-worker.ts';
import type { Impairment } from '../step.ts';
import type * as worker from '../worker.ts';

export interface Watcher {
  queueStarted?(state: queue.State): void;
  queueStepped?(before: queue.State, input: queue.Input, after: queue.State, effects: readonly queue.Effect[]): void;
  workerStarted?(peer: string, state: worker.State, effects: readonly worker.Effect[]): void;
  workerStepped?(
    peer: string,
    before: worker.State,
    input: worker.Input,
    after: worker.State,
    effects: readonly worker.Effect[],
  ): void;
  clientStarted?(peer: string, state: client.State, effects: readonly client.Effect[]): void;
  clientStepped?(
    peer: string,
    before: client.State,
    input: client.Input,
    after: client.State,
    effects: readonly client.Effect[],
  ): void;
  simpleQueueStepped?(
    before: simpleQueue.State,
    input: simpleQueue.Input,
    after: simpleQueue.State,
    effects: readonly simpleQueue.Effect[],
  ): void;
  simpleWorkerStarted?(peer: string, state: simpleWorker.State, effects: readonly simpleWorker.Effect[]): void;
  simpleWorkerStepped?(
    peer: string,
    before: simpleWorker.State,
    input: simpleWorker.Input,
    after: simpleWorker.State,
    effects: readonly simpleWorker.Effect[],
  ): void;
  paused?(peer: string): void;
  resumed?(peer: string): void;
  exited?(peer: string): void;
  /** It became mute or slow, or is so no more. */
  impaired?(peer: string, impairment: Impairment): void;
  /** A link's delay or faults changed. */
  disturbed?(link: string): void;
  calmed?(): void;
  ended?(): void;
}
