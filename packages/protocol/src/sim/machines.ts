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

/** Of a peer, which has one socket: when it must be woken, and whether it may be given a message. */
export interface PeerMachine<Settings, State, Input, Effect> extends Machine<Settings, State, Input, Effect> {
  readonly deadline: (state: State) => number | undefined;
  readonly listens: (state: State) => boolean;
}

export interface Machines {
  readonly queue: Machine<queue.Settings, queue.State, queue.Input, queue.Effect> &
    Pick<typeof queue, 'deadline' | 'readsFrontend' | 'turn'>;
  readonly worker: PeerMachine<worker.Settings, worker.State, worker.Input, worker.Effect>;
  readonly client: PeerMachine<client.Settings, client.State, client.Input, client.Effect>;
  readonly simpleQueue: Machine<simpleQueue.Settings, simpleQueue.State, simpleQueue.Input, simpleQueue.Effect> &
    Pick<typeof simpleQueue, 'deadline' | 'readsFrontend' | 'turn'>;
  readonly simpleWorker: PeerMachine<
    simpleWorker.Settings,
    simpleWorker.State,
    simpleWorker.Input,
    simpleWorker.Effect
  >;
}

export const MACHINES: Machines = { queue, worker, client, simpleQueue, simpleWorker };
