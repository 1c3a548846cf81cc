// The queue: every rule of its role, for the three rule sets, as a pure function of what it reads and when [law 1].
//
// Theory of operation. The queue keeps a list of ready workers. A worker enters it at the end, by READY or by a reply
// (and, depending on the rule set, by HEARTBEAT), with an expiry of L intervals; the head is given the next request and
// leaves it. Clients are read only while somebody is listed, so their requests wait at the door and not in here. Each
// interval a beat goes out, and whoever stayed silent past its expiry is purged. That is all the seed does: a worker at
// work is forgotten until it speaks, and what it had been given is lost if it dies.
// `robust` keeps such a worker known as busy, with its request, and puts that request back when the worker is lost.
// The order of work in a poll turn is part of the rules, so it is here too, as data: see `turn`.

import type { MachineFact, ParanoidRules } from './events.ts';
import {
  controlFrame,
  type Dialect,
  type Frame,
  type Message,
  readControl,
  type Side,
  splitEnvelope,
  unwrapped,
} from './frames.ts';
import { change, type Impairment, record as recordFact, type Step, UNIMPAIRED } from './step.ts';
import { ANSWER_WITHIN_MS, DISPATCH_TRIES, MAX_WORKERS, type Micros, millis } from './timing.ts';

export interface Settings {
  readonly rules: ParanoidRules;
  readonly heartbeatIntervalMs: number;
  /** How many intervals of silence a worker survives. */
  readonly liveness: number;
  /** Default 100 [Q7]. */
  readonly maxWorkers?: number | undefined;
  /** `robust`: how often a request is given to a worker before it is dropped. Default 3 [QR5]. */
  readonly dispatchTries?: number | undefined;
  /** `robust`: how long a worker that lives may hold a request. Default 30 s [QR7]. */
  readonly answerWithinMs?: number | undefined;
}

/** A worker in the list. Identities are latin-1 text, so `===` compares bytes [Q8]. */
export interface Ready {
  readonly identity: Frame;
  /** null until a control frame taught it [F5]. */
  readonly dialect: Dialect | null;
  readonly heardAt: Micros;
  readonly expiryAt: Micros;
}

/** A client's message as the frontend gave it, [Ic, …stack, '', …body], and how often it has been dispatched with this try. */
export interface Request {
  readonly frames: Message;
  readonly attempt: number;
}

/** `robust`: a worker that holds a request. */
export interface Busy extends Ready {
  readonly request: Request;
  readonly since: Micros;
}

export interface State {
  readonly settings: Settings;
  /** The ready list, head first. */
  readonly ready: readonly Ready[];
  /** `robust`, by age; empty in the other rule sets, which forget a worker when they give it a request [QL3]. */
  readonly busy: readonly Busy[];
  /** `robust`: requests taken back from lost workers, dispatched before any other [QR5]. */
  readonly putBack: readonly Request[];
  readonly heartbeatAt: Micros;
  readonly impairment: Impairment;
  /** Dialects of workers that left the list, latest last: a reply may list them again, and is no control frame [F5]. */
  readonly dialects: readonly { readonly identity: Frame; readonly dialect: Dialect }[];
}

export type Input =
  /** [Iw, …] as the backend ROUTER gives it. */
  | { readonly type: 'backend'; readonly frames: Message }
  /** [Ic, …] as the frontend ROUTER gives it; only while `readsFrontend`. */
  | { readonly type: 'frontend'; readonly frames: Message }
  | { readonly type: 'tick' }
  | { readonly type: 'impair'; readonly impairment: Impairment };

type QueueFact = MachineFact<
  | 'queue.started'
  | 'message.read'
  | 'message.invalidated'
  | 'worker.listed'
  | 'worker.refreshed'
  | 'worker.expired'
  | 'worker.refused'
  | 'worker.ignored'
  | 'request.dispatched'
  | 'request.requeued'
  | 'request.dropped'
  | 'reply.forwarded'
  | 'reply.refused'
>;

export type Effect =
  | { readonly type: 'send'; readonly side: Side; readonly frames: Message }
  | { readonly type: 'record'; readonly fact: QueueFact };

/** A part of a poll turn: take up to so many waiting messages of one side (the frontend while the gate is open), or tick. */
export type TurnPart = { readonly take: Side; readonly most: number } | 'tick';

// One of each and then the tick, as zmq_poll returns in the seed and the guide [QL4].
const ONE_OF_EACH: readonly TurnPart[] = [{ take: 'backend', most: 1 }, { take: 'frontend', most: 1 }, 'tick'];
// After a freeze all beats that came meanwhile are read before anybody is purged [QR1]. Bounded, or a flood would stop the clock.
const DRAIN_FIRST: readonly TurnPart[] = [
  { take: 'backend', most: 10_000 },
  'tick',
  { take: 'frontend', most: 10_000 },
];

/** The order of work in one poll turn. Whoever drives the queue, with real sockets or simulated, follows this. */
export const turn = (rules: ParanoidRules): readonly TurnPart[] => (rules === 'robust' ? DRAIN_FIRST : ONE_OF_EACH);

/** The gate: whether the next frontend message may be read now [Q4]. To be asked before each one. */
export const readsFrontend = (state: State): boolean => state.ready.length > 0;

/** When the driver must come back with a tick, whatever arrives meanwhile. */
export function deadline(state: State): Micros {
  if (state.settings.rules !== 'robust') return state.heartbeatAt;
  let at = state.heartbeatAt;
  for (const worker of state.ready) if (worker.expiryAt < at) at = worker.expiryAt;
  for (const worker of state.busy) if (worker.expiryAt < at) at = worker.expiryAt;
  return at;
}

export function start(settings: Settings, now: Micros): [State, Effect[]] {
  const { rules, heartbeatIntervalMs, liveness } = settings;
  const heartbeatAt = now + millis(heartbeatIntervalMs);
  return [
    { settings, ready: [], busy: [], putBack: [], heartbeatAt, impairment: UNIMPAIRED, dialects: [] },
    [{ type: 'record', fact: { type: 'queue.started', rules, heartbeatIntervalMs, liveness } }],
  ];
}

export function step(state: State, input: Input, now: Micros): [State, Effect[]] {
  const doing: Doing = { state, now, effects: [] };
  if (input.type === 'backend') takeBackend(doing, input.frames);
  else if (input.type === 'frontend') takeFrontend(doing, input.frames);
  else if (input.type === 'impair') impair(doing, input.impairment);
  else tick(doing);
  return [doing.state, doing.effects];
}

type Doing = Step<State, Effect>;

const record: (doing: Doing, fact: QueueFact) => void = recordFact;

const find = <W extends Ready>(workers: readonly W[], identity: Frame): W | undefined => {
  for (const worker of workers) if (worker.identity === identity) return worker;
  return undefined;
};

const without = <W extends Ready>(workers: readonly W[], gone: W): readonly W[] => workers.filter((w) => w !== gone);

function invalidate(doing: Doing, side: Side, identity: Frame | undefined, reason: string): void {
  record(doing, { type: 'message.invalidated', side, ...(identity !== undefined && { identity }), reason });
}

// The backend: control messages and replies

function takeBackend(doing: Doing, frames: Message): void {
  const worker = frames[0];
  const said = unwrapped(frames.slice(1)); // [Q11]
  record(doing, { type: 'message.read', side: 'backend', ...(worker !== undefined && { identity: worker }) });
  if (worker === undefined || said.length === 0) invalidate(doing, 'backend', worker, 'no frames');
  else if (said.length === 1) takeControl(doing, worker, said[0] ?? '');
  else takeReply(doing, worker, said);
}

function takeControl(doing: Doing, worker: Frame, frame: Frame): void {
  const { rules } = doing.state.settings;
  const said = readControl(frame);
  if (!said) {
    invalidate(doing, 'backend', worker, 'one frame, neither READY nor HEARTBEAT');
    // Not a sign of life [F7], except to the guide's queues, which list the sender before they look [QG3].
    if (rules === 'guide') list(doing, worker, 'INVALID', null);
  } else if (said.control === 'READY') {
    // A busy worker that says READY has lost what it was given [QR5].
    const busy = release(doing, worker);
    if (busy) takeBack(doing, busy);
    list(doing, worker, 'READY', busy?.dialect ?? said.dialect);
  } else if (rules === 'guide') {
    // Listed or not, idle or at work: this is how a busy worker comes to a second request [QG1] [QG2].
    list(doing, worker, 'HEARTBEAT', said.dialect);
  } else {
    takeHeartbeat(doing, worker, said.dialect);
  }
}

/** A beat in `listing` and `robust`: a known worker lives on where it stands [QL1] [QR2]. */
function takeHeartbeat(doing: Doing, worker: Frame, dialect: Dialect): void {
  const { ready, busy, settings } = doing.state;
  const listed = find(ready, worker);
  const atWork = listed ? undefined : find(busy, worker);
  if (listed) change(doing, { ready: refresh(doing, ready, listed, dialect) });
  else if (atWork && holdsTooLong(doing, atWork)) relist(doing, atWork);
  else if (atWork) change(doing, { busy: refresh(doing, busy, atWork, dialect) });
  else if (settings.rules === 'robust')
    list(doing, worker, 'HEARTBEAT', dialect); // [QR3]
  else ignore(doing, worker, dialect);
}

/** [QL2], but it has told how it speaks: a reply may list it before it says READY again [F5]. */
function ignore(doing: Doing, worker: Frame, dialect: Dialect): void {
  record(doing, { type: 'worker.ignored', worker, reason: 'not ready' });
  if (recall(doing.state, worker) === undefined) remember(doing, { identity: worker, dialect });
}

function refresh<W extends Ready>(doing: Doing, workers: readonly W[], known: W, heard: Dialect): readonly W[] {
  const expiryAt = doing.now + silenceAllowed(doing.state);
  record(doing, { type: 'worker.refreshed', worker: known.identity, expiryAt, moved: false });
  const after = { ...known, heardAt: doing.now, expiryAt, dialect: known.dialect ?? heard };
  return workers.map((w) => (w === known ? after : w));
}

/** Its request, or its reply, was lost on the way, and it will never answer: without this it would stay busy for ever [QR7]. */
const holdsTooLong = ({ state, now }: Doing, { since }: Busy): boolean =>
  now - since >= millis(state.settings.answerWithinMs ?? ANSWER_WITHIN_MS);

function relist(doing: Doing, { identity }: Busy): void {
  const busy = release(doing, identity);
  if (busy) takeBack(doing, busy);
  list(doing, identity, 'HEARTBEAT', busy?.dialect ?? null);
}

/** `message` is [Ic, …stack, '', …body]: just what the frontend ROUTER needs to find the client [Q2] [F3]. */
function takeReply(doing: Doing, worker: Frame, message: Message): void {
  const fault = envelopeFault(message);
  const robust = doing.state.settings.rules === 'robust';
  const refusal = robust ? replyRefusal(find(doing.state.busy, worker), message) : undefined;
  if (fault) {
    invalidate(doing, 'backend', worker, fault);
  } else if (refusal) {
    record(doing, { type: 'reply.refused', identity: worker, reason: refusal });
  } else {
    const busy = release(doing, worker);
    record(doing, { type: 'reply.forwarded', client: message[0] ?? '', worker });
    doing.effects.push({ type: 'send', side: 'frontend', frames: message });
    list(doing, worker, 'REPLY', busy?.dialect ?? null);
  }
}

/** `robust`: one reply for one dispatched request, and from the worker that holds it [QR6]. */
function replyRefusal(busy: Busy | undefined, message: Message): string | undefined {
  if (!busy) return 'it was given no request';
  return sameEnvelope(busy.request.frames, message) ? undefined : 'it answers another request than it was given';
}

/** A busy worker is busy no more; its request is the caller's to see to. */
function release(doing: Doing, worker: Frame): Busy | undefined {
  const busy = find(doing.state.busy, worker);
  if (busy) change(doing, { busy: without(doing.state.busy, busy) });
  return busy;
}

/** What keeps a message from being routed, or undefined [Q9]. */
function envelopeFault(message: Message): string | undefined {
  const envelope = splitEnvelope(message);
  if (!envelope || envelope.stack.length === 0) return 'no envelope';
  return envelope.body.length === 0 ? 'no body' : undefined;
}

function sameEnvelope(one: Message, other: Message): boolean {
  const end = one.indexOf('');
  if (other.indexOf('') !== end) return false;
  for (let i = 0; i < end; i++) if (one[i] !== other[i]) return false;
  return true;
}

// The list

const silenceAllowed = ({ settings }: State): Micros => millis(settings.heartbeatIntervalMs * settings.liveness);

/** Puts a worker at the end, where it then stands once [Q1]. */
function list(
  doing: Doing,
  worker: Frame,
  by: 'READY' | 'HEARTBEAT' | 'REPLY' | 'INVALID',
  heard: Dialect | null,
): void {
  const { state, now } = doing;
  const before = find(state.ready, worker);
  const most = state.settings.maxWorkers ?? MAX_WORKERS;
  const expiryAt = now + silenceAllowed(state);
  const dialect = before?.dialect ?? recall(state, worker) ?? heard;
  const entry = { identity: worker, dialect, heardAt: now, expiryAt };
  if (before) {
    change(doing, { ready: [...without(state.ready, before), entry] });
    record(doing, { type: 'worker.refreshed', worker, expiryAt, moved: true });
  } else if (state.ready.length + state.busy.length < most) {
    change(doing, { ready: [...state.ready, entry] });
    record(doing, { type: 'worker.listed', worker, expiryAt, by });
  } else {
    record(doing, { type: 'worker.refused', worker, reason: `${most} workers are known already` }); // [Q7]
  }
}

/** Removes whoever was silent for too long [Q6]. Between L and L + 1 intervals where only ticks come here [QL4]. */
function purge(doing: Doing): void {
  const { now, state } = doing;
  const gone = (worker: Ready): boolean => worker.expiryAt <= now;
  const ready = state.ready.filter(gone);
  const busy = state.busy.filter(gone);
  if (ready.length === 0 && busy.length === 0) return;
  change(doing, { ready: state.ready.filter((w) => !gone(w)), busy: state.busy.filter((w) => !gone(w)) });
  for (const worker of ready) expire(doing, worker, false);
  for (const worker of busy) {
    expire(doing, worker, true);
    takeBack(doing, worker);
  }
}

function expire(doing: Doing, worker: Ready, busy: boolean): void {
  const { identity, heardAt, expiryAt } = worker;
  record(doing, { type: 'worker.expired', worker: identity, lastHeardAt: heardAt, expiryAt, busy });
  remember(doing, worker);
}

// Dialects [F5]

const recall = (state: State, worker: Frame): Dialect | undefined =>
  state.dialects.find((d) => d.identity === worker)?.dialect;

/** Kept for more workers than can be listed, and not for ever: each reconnect brings a new identity. */
function remember(doing: Doing, { identity, dialect }: Pick<Ready, 'identity' | 'dialect'>): void {
  if (dialect === null) return;
  const most = 4 * (doing.state.settings.maxWorkers ?? MAX_WORKERS);
  const others = doing.state.dialects.filter((d) => d.identity !== identity);
  change(doing, { dialects: [...others, { identity, dialect }].slice(-most) });
}

// The frontend: requests

function takeFrontend(doing: Doing, frames: Message): void {
  if (!readsFrontend(doing.state)) throw new Error('the frontend was read while no worker is listed [Q4]');
  const client = frames[0];
  record(doing, { type: 'message.read', side: 'frontend', ...(client !== undefined && { identity: client }) });
  const fault = envelopeFault(frames);
  if (fault)
    invalidate(doing, 'frontend', client, fault); // [Q9]
  else dispatch(doing, { frames, attempt: 1 });
}

/** Gives a request to the head of the list, which leaves it [Q3]. */
function dispatch(doing: Doing, request: Request): void {
  const [head, ...ready] = doing.state.ready;
  if (!head) throw new Error('nobody is listed [Q4]');
  if (doing.state.settings.rules === 'robust') {
    change(doing, { ready, busy: [...doing.state.busy, { ...head, request, since: doing.now }] }); // [QR2]
  } else {
    change(doing, { ready });
    remember(doing, head);
  }
  const { frames, attempt } = request;
  const known = doing.state.settings.rules === 'robust' && { expiryAt: head.expiryAt };
  record(doing, { type: 'request.dispatched', client: frames[0] ?? '', worker: head.identity, attempt, ...known });
  doing.effects.push({ type: 'send', side: 'backend', frames: [head.identity, ...frames] });
}

/** `robust`: the request of a lost worker waits for the next one, unless it has been tried often enough [QR5]. */
function takeBack(doing: Doing, { identity, request }: Busy): void {
  const { frames, attempt } = request;
  const client = frames[0] ?? '';
  if (attempt >= (doing.state.settings.dispatchTries ?? DISPATCH_TRIES)) {
    record(doing, { type: 'request.dropped', client, tries: attempt });
  } else {
    record(doing, { type: 'request.requeued', client, worker: identity, attempt });
    change(doing, { putBack: [...doing.state.putBack, { frames, attempt: attempt + 1 }] });
  }
}

// The clock

function tick(doing: Doing): void {
  if (doing.state.settings.rules === 'robust') {
    // The backend has been drained: purge, and only then use the list [QR1].
    purge(doing);
    beat(doing);
    dispatchPutBack(doing);
  } else {
    beat(doing);
    purge(doing);
  }
}

function dispatchPutBack(doing: Doing): void {
  while (doing.state.ready.length > 0) {
    const [request, ...putBack] = doing.state.putBack;
    if (!request) return;
    change(doing, { putBack });
    dispatch(doing, request);
  }
}

/** Whoever is well again beats no later than if it had been well all the time. */
function impair(doing: Doing, impairment: Impairment): void {
  const { heartbeatAt, settings } = doing.state;
  const nextAt = doing.now + millis(settings.heartbeatIntervalMs * impairment.slow);
  change(doing, { impairment, heartbeatAt: Math.min(heartbeatAt, nextAt) });
}

/** A beat to each worker, in its own dialect, when it is time [Q5]. `busy` is empty outside `robust` [QL3] [QR4]. */
function beat(doing: Doing): void {
  const { state, now } = doing;
  if (now < state.heartbeatAt) return;
  const { mute, slow } = state.impairment;
  for (const { identity, dialect } of mute ? [] : [...state.ready, ...state.busy]) {
    const frames = [identity, controlFrame('HEARTBEAT', dialect ?? 'rfc')];
    doing.effects.push({ type: 'send', side: 'backend', frames });
  }
  change(doing, { heartbeatAt: now + millis(state.settings.heartbeatIntervalMs * slow) });
}
