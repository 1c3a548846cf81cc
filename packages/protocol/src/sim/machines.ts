// The machines as the world runs them. Replaceable, so that a defect can be planted around one of them.

import * as client from '../client.ts';
import * as queue from '../queue.ts';
import * as simpleQueue from '../simple-queue.ts';
import * as simpleWorker from '../simple-worker.ts';
import * as worker from '../worker.ts';

interface Machine<Settings, State, Input, Effect> {
  readonly start: (settings: Settings, now: number) => [State, Effect[]];
  readonly step: (state: State, input: Input, now: number) => [State, Effect[]];
}

export interface Machines {
  readonly queue: Machine<queue.Settings, queue.State, queue.Input, queue.Effect> &
    Pick<typeof queue, 'deadline' | 'readsFrontend' | 'turn'>;
  readonly worker: Machine<worker.Settings, worker.State, worker.Input, worker.Effect> &
    Pick<typeof worker, 'deadline' | 'listens'>;
  readonly client: Machine<client.Settings, client.State, client.Input, client.Effect> &
    Pick<typeof client, 'deadline' | 'listens'>;
  readonly simpleQueue: Machine<simpleQueue.Settings, simpleQueue.State, simpleQueue.Input, simpleQueue.Effect> &
    Pick<typeof simpleQueue, 'deadline' | 'readsFrontend' | 'turn'>;
  readonly simpleWorker: Machine<simpleWorker.Settings, simpleWorker.State, simpleWorker.Input, simpleWorker.Effect> &
    Pick<typeof simpleWorker, 'deadline' | 'listens'>;
}

export const MACHINES: Machines = { queue, worker, client, simpleQueue, simpleWorker };
