// The Simple Pirate queue: every rule of its role as a pure function of what it reads [law 1]. Read it beside queue.ts:
// what is missing here is what heartbeats are for.
//
// Theory of operation. Whatever a worker says puts it at the end of the list; unless it said READY it was a reply, and is
// passed on. A request goes to the head of the list. There is no clock, hence no heartbeat, no expiry and no purge: a worker
// stands in the list until it is used, dead or alive, and the client's retry is what finds that out. Nor does the queue look
// whether somebody is listed already, because a Simple worker speaks only when it was asked. A Paranoid one does not keep to
// that: each of its heartbeats lists it once more.

import type { MachineFact } from './events.ts';
import { type Frame, type Message, readControl, type Side, splitEnvelope, unwrapped } from './frames.ts';
import { change, record as recordFact, type Step } from './step.ts';
import { MAX_WORKERS, type Micros } from './timing.ts';

export interface Settings {
  readonly rules: 'simple';
  /** Of the run: this queue only tells them. */
  readonly heartbeatIntervalMs: number;
  readonly liveness: number;
  /** Places in the list. Default 100 [Q7]. */
  readonly maxWorkers?: number | undefined;
}

export interface State {
  readonly settings: Settings;
  /** Identities, head first; one that spoke unasked stands in it more than once [SP1]. */
  readonly ready: readonly Frame[];
}

export type Input =
  /** [Iw, …] as the backend ROUTER gives it. */
  | { readonly type: 'backend'; readonly frames: Message }
  /** [Ic, …] as the frontend ROUTER gives it; only while `readsFrontend`. */
  | { readonly type: 'frontend'; readonly frames: Message }
  | { readonly type: 'tick' };

type QueueFact = MachineFact<
  | 'queue.started'
  | 'message.read'
  | 'message.invalidated'
  | 'worker.listed'
  | 'worker.refused'
  | 'request.dispatched'
  | 'reply.forwarded'
>;

export type Effect =
  | { readonly type: 'send'; readonly side: Side; readonly frames: Message }
  | { readonly type: 'record'; readonly fact: QueueFact };

/** The order of work in one poll turn: one of each, as zmq_poll returns in the guide. There is nothing to do at a time. */
export const turn = (): readonly { readonly take: Side; readonly most: number }[] => [
  { take: 'backend', most: 1 },
  { take: 'frontend', most: 1 },
];

/** The gate: whether the next frontend message may be read now [SP3]. */
export const readsFrontend = (state: State): boolean => state.ready.length > 0;

/** It waits for messages alone [SP4]. */
export const deadline = (_: State): Micros | undefined => undefined;

export function start(settings: Settings, _: Micros): [State, Effect[]] {
  const { rules, heartbeatIntervalMs, liveness } = settings;
  return [
    { settings, ready: [] },
    [{ type: 'record', fact: { type: 'queue.started', rules, heartbeatIntervalMs, liveness } }],
  ];
}

export function step(state: State, input: Input, now: Micros): [State, Effect[]] {
  const doing: Doing = { state, now, effects: [] };
  if (input.type === 'backend') takeBackend(doing, input.frames);
  else if (input.type === 'frontend') takeFrontend(doing, input.frames);
  return [doing.state, doing.effects];
}

type Doing = Step<State, Effect>;

const record: (doing: Doing, fact: QueueFact) => void = recordFact;

/** READY or a reply: there is nothing else [SP2]. */
function takeBackend(doing: Doing, frames: Message): void {
  const worker = frames[0] ?? '';
  const said = unwrapped(frames.slice(1));
  record(doing, { type: 'message.read', side: 'backend', identity: worker });
  if (said.length === 1 && readControl(said[0] ?? '')?.control === 'READY') return list(doing, worker, 'READY');
  const fault = envelopeFault(said);
  if (fault) {
    const reason = `taken for a reply: ${fault}`;
    record(doing, { type: 'message.invalidated', side: 'backend', identity: worker, reason });
  } else {
    record(doing, { type: 'reply.forwarded', client: said[0] ?? '', worker });
    doing.effects.push({ type: 'send', side: 'frontend', frames: said });
  }
  list(doing, worker, fault ? 'INVALID' : 'REPLY');
}

/** At the end, without a look at who is in it already, and for ever [SP1] [SP4]. */
function list(doing: Doing, worker: Frame, by: 'READY' | 'REPLY' | 'INVALID'): void {
  const { ready, settings } = doing.state;
  const most = settings.maxWorkers ?? MAX_WORKERS;
  if (ready.length >= most) {
    record(doing, { type: 'worker.refused', worker, reason: `${most} places are taken already` });
  } else {
    change(doing, { ready: [...ready, worker] });
    record(doing, { type: 'worker.listed', worker, by });
  }
}

/** To the head of the list, behind the delimiter without which a REQ socket takes nothing [SP3]. */
function takeFrontend(doing: Doing, frames: Message): void {
  const [worker, ...ready] = doing.state.ready;
  if (worker === undefined) throw new Error('the frontend was read while no worker is listed [SP3]');
  const client = frames[0] ?? '';
  record(doing, { type: 'message.read', side: 'frontend', identity: client });
  const fault = envelopeFault(frames);
  if (fault) return record(doing, { type: 'message.invalidated', side: 'frontend', identity: client, reason: fault });
  change(doing, { ready });
  record(doing, { type: 'request.dispatched', client, worker, attempt: 1 });
  doing.effects.push({ type: 'send', side: 'backend', frames: [worker, '', ...frames] });
}

/** What keeps a message from being routed, or undefined [Q9]. */
function envelopeFault(message: Message): string | undefined {
  const envelope = splitEnvelope(message);
  if (!envelope || envelope.stack.length === 0) return 'no envelope';
  return envelope.body.length === 0 ? 'no body' : undefined;
}
