// Defects planted around the machines: what a wrong queue, worker or client would do. The invariants must see each of them.

import type { client, queue, Rules, worker } from '../../src/index.ts';
import type { Machines } from '../../src/sim/index.ts';

export interface Plant {
  readonly name: string;
  readonly rules: Rules;
  /** It shows only where Simple workers come among Paranoid ones. */
  readonly strangers?: true;
  readonly plant: (machines: Machines) => Machines;
}

type Step<S, I, E> = { before: S; input: I; after: S; effects: E[]; now: number };
type QueueStep = Step<queue.State, queue.Input, queue.Effect>;
type WorkerStep = Step<worker.State, worker.Input, worker.Effect>;
type ClientStep = Step<client.State, client.Input, client.Effect>;

/** Changes what a step of the queue came to. */
const afterQueue =
  (change: (step: QueueStep) => Partial<Pick<QueueStep, 'after' | 'effects'>>) =>
  (machines: Machines): Machines => ({
    ...machines,
    queue: {
      ...machines.queue,
      step: (before, input, now) => {
        const [after, effects] = machines.queue.step(before, input, now);
        const changed = change({ before, input, after, effects, now });
        return [changed.after ?? after, changed.effects ?? effects];
      },
    },
  });

/** Shows the queue another state than it has. */
const beforeQueue =
  (change: (state: queue.State, input: queue.Input) => queue.State) =>
  (machines: Machines): Machines => ({
    ...machines,
    queue: { ...machines.queue, step: (state, input, now) => machines.queue.step(change(state, input), input, now) },
  });

const afterWorker =
  (change: (step: WorkerStep) => Partial<Pick<WorkerStep, 'after' | 'effects'>>) =>
  (machines: Machines): Machines => ({
    ...machines,
    worker: {
      ...machines.worker,
      step: (before, input, now) => {
        const [after, effects] = machines.worker.step(before, input, now);
        const changed = change({ before, input, after, effects, now });
        return [changed.after ?? after, changed.effects ?? effects];
      },
    },
  });

const afterClient =
  (change: (step: ClientStep, step2: Machines['client']['step']) => [client.State, client.Effect[]] | undefined) =>
  (machines: Machines): Machines => ({
    ...machines,
    client: {
      ...machines.client,
      step: (before, input, now) => {
        const [after, effects] = machines.client.step(before, input, now);
        return change({ before, input, after, effects, now }, machines.client.step) ?? [after, effects];
      },
    },
  });

const sends = (effects: readonly queue.Effect[]): Extract<queue.Effect, { type: 'send' }>[] =>
  effects.filter((e) => e.type === 'send');
const says = (effects: readonly { type: string }[], type: string): boolean =>
  effects.some((e) => e.type === 'record' && (e as { fact?: { type: string } }).fact?.type === type);
const isBeat = (effect: queue.Effect): boolean =>
  effect.type === 'send' && effect.side === 'backend' && effect.frames.length === 2;

/** Changes the frames of what the queue sends to one side; heartbeats excepted. */
const rewrite = (side: 'frontend' | 'backend', change: (frames: readonly string[]) => readonly string[]) =>
  afterQueue(({ effects }) => ({
    effects: effects.map((e) =>
      e.type === 'send' && e.side === side && !isBeat(e) ? { ...e, frames: change(e.frames) } : e,
    ),
  }));

const onWaits = (waitMs: (state: worker.State) => number) =>
  afterWorker(({ after, effects }) => {
    if (!says(effects, 'worker.backedOff')) return {};
    return { after: { ...after, reconnectMs: waitMs(after) } };
  });

const EARLY_BEAT: worker.Effect = { type: 'send', frames: ['HEARTBEAT'] };

export const PLANTS: readonly Plant[] = [
  {
    name: 'the queue keeps a worker in the list that was given a request',
    rules: 'listing',
    plant: afterQueue(({ before, input, after, effects }) =>
      input.type === 'frontend' && sends(effects).length > 0 ? { after: { ...after, ready: before.ready } } : {},
    ),
  },
  {
    name: 'the queue lists a worker twice',
    rules: 'listing',
    plant: afterQueue(({ before, after, effects }) =>
      says(effects, 'worker.refreshed') ? { after: { ...after, ready: [...before.ready, ...after.ready] } } : {},
    ),
  },
  {
    name: 'the queue never purges',
    rules: 'guide',
    plant: afterQueue(({ before, input, after }) =>
      input.type === 'tick' ? { after: { ...after, ready: before.ready } } : {},
    ),
  },
  {
    name: 'the queue purges an interval too early',
    rules: 'listing',
    plant: beforeQueue((state, input) => (input.type === 'tick' ? { ...state, ready: expireEarly(state) } : state)),
  },
  {
    name: 'the queue skips the last worker when it beats',
    rules: 'guide',
    plant: afterQueue(({ effects }) => {
      const last = effects.findLast(isBeat);
      return { effects: effects.filter((e) => e !== last) };
    }),
  },
  {
    name: 'the queue beats half as often',
    rules: 'listing',
    plant: afterQueue(({ before, after }) =>
      after.heartbeatAt === before.heartbeatAt
        ? {}
        : { after: { ...after, heartbeatAt: after.heartbeatAt + after.settings.heartbeatIntervalMs * 1000 } },
    ),
  },
  {
    name: 'the frontend is read whoever is listed',
    rules: 'listing',
    plant: (machines) => ({ ...machines, queue: { ...machines.queue, readsFrontend: () => true } }),
  },
  {
    name: 'the queue gives a request to the tail of the list',
    rules: 'listing',
    plant: beforeQueue((state, input) =>
      input.type === 'frontend' ? { ...state, ready: [...state.ready].reverse() } : state,
    ),
  },
  { name: 'the delimiter is lost from a reply', rules: 'guide', plant: rewrite('frontend', (f) => f.filter((x) => x)) },
  {
    name: 'a body is corrupted on its way to a worker',
    rules: 'robust',
    plant: rewrite('backend', (f) => [...f.slice(0, -1), `${f.at(-1)}@`]),
  },
  {
    name: 'a reply is sent to the wrong client',
    rules: 'listing',
    plant: rewrite('frontend', (f) => ['0000-0000', ...f.slice(1)]),
  },
  {
    name: 'a heartbeat is forwarded to a client',
    rules: 'listing',
    plant: afterQueue(({ input, effects }) =>
      input.type === 'backend' && input.frames.length === 2
        ? { effects: [...effects, { type: 'send', side: 'frontend', frames: ['0000-0000', input.frames[1] ?? ''] }] }
        : {},
    ),
  },
  {
    name: 'a reply is sent twice',
    rules: 'guide',
    plant: afterQueue(({ input, effects }) =>
      input.type === 'backend' ? { effects: [...effects, ...sends(effects)] } : {},
    ),
  },
  {
    name: 'a reply is swallowed now and then',
    rules: 'listing',
    plant: afterQueue(({ input, effects, now }) =>
      input.type === 'backend' && now % 7 === 0 ? { effects: effects.filter((e) => e.type !== 'send') } : {},
    ),
  },
  {
    name: 'a heartbeat refreshes nobody',
    rules: 'listing',
    plant: afterQueue(({ before, input, after, effects }) =>
      input.type === 'backend' && says(effects, 'worker.refreshed') ? { after: { ...after, ready: before.ready } } : {},
    ),
  },
  {
    name: 'a back-off does not double',
    rules: 'listing',
    plant: onWaits((state) => state.settings.reconnectInitialMs),
  },
  { name: 'a back-off is not clamped', rules: 'listing', plant: onWaits((state) => nextPower(state)) },
  {
    name: 'a back-off starts anew with each connection, without a message',
    rules: 'guide',
    plant: afterWorker(({ after, effects }) =>
      effects.some((e) => e.type === 'open')
        ? { after: { ...after, reconnectMs: after.settings.reconnectInitialMs } }
        : {},
    ),
  },
  {
    name: 'a worker says something else before READY',
    rules: 'listing',
    plant: afterWorker(({ effects }) =>
      effects.some((e) => e.type === 'open')
        ? { effects: effects.flatMap((e): worker.Effect[] => (e.type === 'open' ? [e, EARLY_BEAT] : [e])) }
        : {},
    ),
  },
  {
    name: 'a worker comes back without READY',
    rules: 'robust',
    plant: afterWorker(({ effects }) =>
      effects.some((e) => e.type === 'open') ? { effects: effects.filter((e) => e.type !== 'send') } : {},
    ),
  },
  {
    name: 'a worker never gets its liveness back',
    rules: 'listing',
    plant: afterWorker(({ before, input, after }) =>
      input.type === 'message' ? { after: { ...after, liveness: before.liveness } } : {},
    ),
  },
  {
    name: 'a worker never loses liveness',
    rules: 'listing',
    plant: afterWorker(({ after }) => ({ after: { ...after, liveness: after.settings.liveness } })),
  },
  {
    name: 'a worker beats every second interval',
    rules: 'robust',
    plant: afterWorker(({ before, after }) =>
      after.heartbeatAt > before.heartbeatAt && after.phase === before.phase
        ? { after: { ...after, heartbeatAt: after.heartbeatAt + after.settings.heartbeatIntervalMs * 1000 } }
        : {},
    ),
  },
  {
    name: 'a worker forgets to answer now and then',
    rules: 'listing',
    plant: afterWorker(({ input, effects }) =>
      input.type === 'message' && input.frames.length > 1 && effects.length % 2 === 1
        ? { effects: effects.filter((e) => e.type !== 'send') }
        : {},
    ),
  },
  {
    name: 'a client accepts a foreign reply',
    rules: 'robust',
    plant: afterClient(({ before, effects, now }, step) =>
      says(effects, 'reply.refused')
        ? step(before, { type: 'message', frames: ['', JSON.stringify({ c: before.settings.id, n: before.n })] }, now)
        : undefined,
    ),
  },
  {
    name: 'a client gives up a try early',
    rules: 'listing',
    plant: (machines) => ({
      ...machines,
      client: {
        ...machines.client,
        step: (state, input, now) =>
          machines.client.step({ ...state, settings: { ...state.settings, tries: 2 } }, input, now),
      },
    }),
  },
  {
    name: 'a client never gives up waiting',
    rules: 'listing',
    plant: (machines) => ({
      ...machines,
      client: {
        ...machines.client,
        deadline: (state) => (state.phase.name === 'waiting' ? undefined : machines.client.deadline(state)),
      },
    }),
  },
  {
    name: 'robust lists a busy worker that beats',
    rules: 'robust',
    plant: beforeQueue((state, input) => {
      if (input.type !== 'backend' || input.frames.length !== 2) return state;
      const busy = state.busy.find((w) => w.identity === input.frames[0]);
      return busy ? { ...state, busy: state.busy.filter((w) => w !== busy), ready: [...state.ready, busy] } : state;
    }),
  },
  {
    name: 'robust purges before it drains',
    rules: 'robust',
    plant: (machines) => ({
      ...machines,
      queue: {
        ...machines.queue,
        turn: () => ['tick', { take: 'backend', most: 10_000 }, { take: 'frontend', most: 10_000 }],
      },
    }),
  },
  {
    name: 'robust dispatches before it purges, as the guide does',
    rules: 'robust',
    plant: (machines) => ({ ...machines, queue: { ...machines.queue, turn: () => machines.queue.turn('guide') } }),
  },
  {
    name: 'robust loses what it takes back',
    rules: 'robust',
    plant: afterQueue(({ after, effects }) =>
      says(effects, 'request.requeued') ? { after: { ...after, putBack: [] } } : {},
    ),
  },
  {
    name: 'robust does not beat for busy workers',
    rules: 'robust',
    plant: afterQueue(({ before, effects }) => ({
      effects: effects.filter(
        (e) => !(isBeat(e) && before.busy.some((w) => e.type === 'send' && w.identity === e.frames[0])),
      ),
    })),
  },
  {
    name: 'robust waits for ever for a worker that beats and never answers',
    rules: 'robust',
    plant: beforeQueue((state) => ({
      ...state,
      settings: { ...state.settings, answerWithinMs: Number.MAX_SAFE_INTEGER / 1000 },
    })),
  },
];

/** An interval is taken from everybody's time; once is enough, or the next tick would take another. */
function expireEarly({ ready, settings }: queue.State): readonly queue.Ready[] {
  const lifetime = settings.heartbeatIntervalMs * (settings.liveness - 1) * 1000;
  return ready.map((w) => ({ ...w, expiryAt: w.heardAt + lifetime }));
}

/** Twice what was waited, whatever the cap. */
function nextPower({ phase, reconnectMs, settings }: worker.State): number {
  return phase.name === 'backingOff' && reconnectMs >= settings.reconnectMaxMs ? reconnectMs * 2 : reconnectMs;
}
