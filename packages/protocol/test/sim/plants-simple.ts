// Defects planted around the Simple queue and the Simple worker: what a wrong one of them would do.

import type { simpleQueue, simpleWorker } from '../../src/index.ts';
import type { Machines } from '../../src/sim/index.ts';
import type { Plant } from './plants.ts';

type QueueStep = {
  readonly before: simpleQueue.State;
  readonly input: simpleQueue.Input;
  readonly after: simpleQueue.State;
  readonly effects: simpleQueue.Effect[];
};
type WorkerStep = { readonly after: simpleWorker.State; readonly effects: simpleWorker.Effect[] };

const afterQueue =
  (change: (step: QueueStep) => Partial<Pick<QueueStep, 'after' | 'effects'>>) =>
  (machines: Machines): Machines => ({
    ...machines,
    simpleQueue: {
      ...machines.simpleQueue,
      step: (before, input, now) => {
        const [after, effects] = machines.simpleQueue.step(before, input, now);
        const changed = change({ before, input, after, effects });
        return [changed.after ?? after, changed.effects ?? effects];
      },
    },
  });

const afterWorker =
  (change: (step: WorkerStep) => Partial<WorkerStep>) =>
  (machines: Machines): Machines => ({
    ...machines,
    simpleWorker: {
      ...machines.simpleWorker,
      step: (before, input, now) => {
        const [after, effects] = machines.simpleWorker.step(before, input, now);
        const changed = change({ after, effects });
        return [changed.after ?? after, changed.effects ?? effects];
      },
    },
  });

const says = (effects: readonly { type: string }[], type: string): boolean =>
  effects.some((e) => e.type === 'record' && (e as { fact?: { type: string } }).fact?.type === type);

/** The Simple queue with another list after its steps. */
const onList = (change: (step: QueueStep) => readonly string[]) =>
  afterQueue((step) => ({ after: { ...step.after, ready: change(step) } }));

export const SIMPLE_PLANTS: readonly Plant[] = [
  {
    name: 'the Simple queue looks whether somebody is listed already',
    rules: 'simple',
    plant: onList(({ before, input, after }) =>
      input.type === 'backend' && before.ready.includes(input.frames[0] ?? '') ? before.ready : after.ready,
    ),
  },
  {
    name: 'the Simple queue lists at the head',
    rules: 'simple',
    plant: onList(({ before, after }) =>
      after.ready.length > before.ready.length ? [after.ready.at(-1) ?? '', ...before.ready] : after.ready,
    ),
  },
  {
    name: 'the Simple queue forgets whoever answers',
    rules: 'simple',
    plant: onList(({ before, after, effects }) => (says(effects, 'reply.forwarded') ? before.ready : after.ready)),
  },
  {
    name: 'the Simple queue purges the head when it dispatches',
    rules: 'simple',
    plant: onList(({ input, after }) => (input.type === 'frontend' ? after.ready.slice(1) : after.ready)),
  },
  {
    name: 'the Simple queue has more places than it may have',
    rules: 'simple',
    plant: (machines) => ({
      ...machines,
      simpleQueue: {
        ...machines.simpleQueue,
        step: ({ settings, ...state }, input, now) => {
          const roomy = { ...settings, maxWorkers: 1000 };
          const [after, effects] = machines.simpleQueue.step({ ...state, settings: roomy }, input, now);
          return [{ ...after, settings }, effects];
        },
      },
    }),
  },
  {
    name: 'the Simple queue reads its frontend whoever is listed',
    rules: 'simple',
    plant: (machines) => ({ ...machines, simpleQueue: { ...machines.simpleQueue, readsFrontend: () => true } }),
  },
  {
    name: 'the Simple queue waits for a second worker before it reads its frontend',
    rules: 'simple',
    plant: (machines) => ({
      ...machines,
      simpleQueue: { ...machines.simpleQueue, readsFrontend: ({ ready }) => ready.length > 1 },
    }),
  },
  {
    name: 'the Simple queue lists without a word',
    rules: 'simple',
    plant: afterQueue(({ effects }) => ({
      effects: effects.filter((e) => !(e.type === 'record' && e.fact.type === 'worker.listed')),
    })),
  },
  {
    name: 'the Simple queue sends a request without the delimiter that REQ wants',
    rules: 'simple',
    plant: afterQueue(({ effects }) => ({
      effects: effects.map((e) =>
        e.type === 'send' && e.side === 'backend' ? { ...e, frames: e.frames.filter((frame) => frame !== '') } : e,
      ),
    })),
  },
  {
    name: 'the Simple queue keeps a heartbeat to itself',
    rules: 'simple',
    plant: afterQueue(({ effects }) => ({
      effects: effects.filter((e) => !(e.type === 'record' && e.fact.type === 'message.invalidated')),
    })),
  },
  {
    name: 'a Simple worker says READY again after each answer',
    rules: 'simple',
    plant: afterWorker(({ effects }) =>
      says(effects, 'work.finished') ? { effects: [...effects, { type: 'send', frames: ['', 'READY'] }] } : {},
    ),
  },
  {
    name: 'a Simple worker takes a request and forgets it',
    rules: 'simple',
    plant: afterWorker(({ after, effects }) =>
      says(effects, 'work.started') ? { after: { ...after, phase: { name: 'waiting' } } } : {},
    ),
  },
  {
    name: 'a Simple worker never finishes',
    rules: 'simple',
    plant: (machines) => ({
      ...machines,
      simpleWorker: { ...machines.simpleWorker, deadline: () => undefined },
    }),
  },
  {
    name: 'a Simple worker opens a new socket for each answer',
    rules: 'simple',
    plant: afterWorker(({ after, effects }) =>
      says(effects, 'work.finished')
        ? { effects: [{ type: 'close' }, { type: 'open', identity: after.identity }, ...effects] }
        : {},
    ),
  },
  {
    name: 'a Simple worker hears nothing after its third answer',
    rules: 'simple',
    plant: (machines) => {
      const answers = new Map<string, number>();
      const { listens, step } = machines.simpleWorker;
      return {
        ...machines,
        simpleWorker: {
          ...machines.simpleWorker,
          listens: (state) => listens(state) && (answers.get(state.identity) ?? 0) < 3,
          step: (before, input, now) => {
            const [after, effects] = step(before, input, now);
            if (says(effects, 'work.finished')) answers.set(after.identity, (answers.get(after.identity) ?? 0) + 1);
            return [after, effects];
          },
        },
      };
    },
  },
  {
    name: 'a Simple worker among Paranoid ones comes without READY',
    rules: 'robust',
    strangers: true,
    plant: (machines) => ({
      ...machines,
      simpleWorker: {
        ...machines.simpleWorker,
        start: (settings, now) => {
          const [state, effects] = machines.simpleWorker.start(settings, now);
          return [state, effects.filter((e) => e.type !== 'send')];
        },
      },
    }),
  },
  {
    name: 'a client is deaf from its fourth request on',
    rules: 'simple',
    plant: (machines) => ({
      ...machines,
      client: { ...machines.client, listens: (state) => machines.client.listens(state) && state.n < 4 },
    }),
  },
];
