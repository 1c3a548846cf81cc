// The worker: every rule of its role as a pure function of what it reads and when [law 1].
//
// Theory of operation. A worker says READY and then listens, in polls of one interval. Each message that tells of the
// queue restores its liveness, each silent poll costs one; with none left the worker believes the queue lost, waits,
// and comes back on a new socket under a new identity, waiting twice as long each time until it hears something again.
// It has one thread: while it works, is overloaded or backs off it neither hears nor speaks, and its polls stand still.
// By default it answers first and works afterwards, as the seed does, so the queue believes it idle while it is not.

import type { MachineFact } from './events.ts';
import { controlFrame, type Dialect, type Frame, type Message, readControl } from './frames.ts';
import { nextUnit, type Stream, stream } from './random.ts';
import { change, type Impairment, nextIdentity, record as recordFact, type Step, UNIMPAIRED } from './step.ts';
import { type Micros, millis } from './timing.ts';

export interface Settings {
  readonly heartbeatIntervalMs: number;
  /** Silent polls it survives. */
  readonly liveness: number;
  readonly dialect: Dialect;
  readonly workMs: number;
  /** Default true: reply, then work [W8]. */
  readonly replyFirst?: boolean | undefined;
  /** Default true: no beats while it works [W9]. */
  readonly quietWhileBusy?: boolean | undefined;
  /** Chances from 0 to 1, for each request after the calm ones [W10]. */
  readonly crashChance: number;
  readonly overloadChance: number;
  readonly overloadMs: number;
  readonly calmRequests: number;
  readonly reconnectInitialMs: number;
  readonly reconnectMaxMs: number;
  /** Full jitter: a back-off is drawn from zero to the reconnect interval [W13]. */
  readonly jitter: boolean;
  /** Of the streams for trouble and jitter. */
  readonly seed: number;
  /** Of the stream for identities; a real worker draws it from the system's entropy [W1]. */
  readonly identitySeed: number;
  /** Keeps this identity on every connection: a restart as the same worker. */
  readonly fixedIdentity?: Frame | undefined;
}

export type Phase =
  | { readonly name: 'idle' }
  /** `reply` goes out at the end when the work comes first [W8]. */
  | { readonly name: 'working'; readonly untilAt: Micros; readonly reply: Message | null }
  | { readonly name: 'backingOff'; readonly untilAt: Micros }
  | { readonly name: 'gone' };

export interface State {
  readonly settings: Settings;
  readonly identity: Frame;
  readonly phase: Phase;
  /** A busy loop runs until then, on top of the phase. */
  readonly spinUntilAt: Micros | null;
  /** The request that the busy loop delays [W10]. */
  readonly held: Message | null;
  readonly liveness: number;
  /** When the running poll ends in silence [W4]. */
  readonly pollEndsAt: Micros;
  readonly heartbeatAt: Micros;
  /** What the next back-off waits at most [W6]. */
  readonly reconnectMs: number;
  readonly impairment: Impairment;
  /** Requests served so far. */
  readonly requests: number;
  readonly trouble: Stream;
  readonly jitter: Stream;
  readonly identities: Stream;
}

export type Input =
  /** As the DEALER gives it; only while `listens`. */
  | { readonly type: 'message'; readonly frames: Message }
  | { readonly type: 'tick' }
  | { readonly type: 'stop' }
  | { readonly type: 'overload'; readonly ms: number }
  | { readonly type: 'impair'; readonly impairment: Impairment };

type WorkerFact = MachineFact<
  | 'worker.opened'
  | 'message.read'
  | 'message.invalidated'
  | 'liveness.lost'
  | 'liveness.restored'
  | 'worker.backedOff'
  | 'work.started'
  | 'work.finished'
  | 'worker.crashed'
  | 'process.overloaded'
  | 'process.recovered'
>;

export type Effect =
  | { readonly type: 'open'; readonly identity: Frame }
  | { readonly type: 'close' }
  | { readonly type: 'send'; readonly frames: Message }
  /** Burn the processor until then. */
  | { readonly type: 'spin'; readonly untilAt: Micros }
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'record'; readonly fact: WorkerFact };

/** Whether it takes messages now; what comes otherwise waits in its socket [W9]. */
export const listens = (state: State): boolean => state.phase.name === 'idle' && state.spinUntilAt === null;

/** When the driver must come back with a tick; undefined once the worker is gone. Waiting messages are read first. */
export function deadline(state: State): Micros | undefined {
  const { phase, spinUntilAt, heartbeatAt, pollEndsAt } = state;
  if (phase.name === 'gone') return undefined;
  if (spinUntilAt !== null) return spinUntilAt;
  if (phase.name === 'idle') return Math.min(heartbeatAt, pollEndsAt);
  if (phase.name === 'working' && beatsAtWork(state)) return Math.min(heartbeatAt, phase.untilAt);
  return phase.untilAt;
}

export function start(settings: Settings, now: Micros): [State, Effect[]] {
  const state: State = {
    settings,
    identity: '',
    phase: { name: 'idle' },
    spinUntilAt: null,
    held: null,
    liveness: settings.liveness,
    pollEndsAt: now,
    heartbeatAt: now,
    reconnectMs: settings.reconnectInitialMs,
    impairment: UNIMPAIRED,
    requests: 0,
    trouble: stream(settings.seed, 'trouble'),
    jitter: stream(settings.seed, 'jitter'),
    identities: stream(settings.identitySeed, 'identity'),
  };
  const doing: Doing = { state, now, effects: [] };
  open(doing);
  return [doing.state, doing.effects];
}

export function step(state: State, input: Input, now: Micros): [State, Effect[]] {
  const doing: Doing = { state, now, effects: [] };
  if (state.phase.name === 'gone') return [state, []];
  if (input.type === 'message') take(doing, input.frames);
  else if (input.type === 'tick') tick(doing);
  else if (input.type === 'overload') spin(doing, input.ms);
  else if (input.type === 'impair') impair(doing, input.impairment);
  else stop(doing);
  return [doing.state, doing.effects];
}

type Doing = Step<State, Effect>;

const record: (doing: Doing, fact: WorkerFact) => void = recordFact;

const send = (doing: Doing, frames: Message): void => {
  doing.effects.push({ type: 'send', frames });
};

const interval = ({ settings }: State): Micros => millis(settings.heartbeatIntervalMs);

/** From one beat to the next: a slow worker is late with them. */
const beatInterval = ({ settings, impairment }: State): Micros =>
  millis(settings.heartbeatIntervalMs * impairment.slow);

const beatsAtWork = ({ settings }: State): boolean => settings.quietWhileBusy === false;

// Connections

/** A new socket with a new identity, and READY before anything else [W1]. */
function open(doing: Doing): void {
  const { settings } = doing.state;
  const [fresh, identities] = nextIdentity(doing.state.identities);
  const identity = settings.fixedIdentity ?? fresh;
  const pollEndsAt = doing.now + interval(doing.state);
  const heartbeatAt = doing.now + beatInterval(doing.state);
  change(doing, { identity, identities, pollEndsAt, heartbeatAt, liveness: settings.liveness });
  change(doing, { phase: { name: 'idle' } });
  record(doing, { type: 'worker.opened', identity, dialect: settings.dialect });
  doing.effects.push({ type: 'open', identity });
  send(doing, [controlFrame('READY', settings.dialect)]);
}

/** "heartbeat failure, can't reach queue" [W5]. The old socket stays open, unread, until the wait is over, as in the seed. */
function backOff(doing: Doing): void {
  const { settings, reconnectMs, jitter } = doing.state;
  const [unit, rest] = settings.jitter ? nextUnit(jitter) : [1, jitter]; // [W13]
  const waitMs = Math.round(unit * reconnectMs);
  const untilAt = doing.now + millis(waitMs);
  record(doing, { type: 'worker.backedOff', waitMs, untilAt });
  change(doing, {
    phase: { name: 'backingOff', untilAt },
    reconnectMs: Math.min(2 * reconnectMs, settings.reconnectMaxMs), // [W6]
    jitter: rest,
  });
}

/** In any phase, a back-off included [W12]. */
function stop(doing: Doing): void {
  change(doing, { phase: { name: 'gone' }, spinUntilAt: null, held: null });
  doing.effects.push({ type: 'close' }, { type: 'exit', code: 0 });
}

// Messages

function take(doing: Doing, frames: Message): void {
  if (!listens(doing.state)) throw new Error('a worker that does not listen was given a message [W9]');
  record(doing, { type: 'message.read' });
  // Any message ends the poll and brings the wait for the next outage back to its start [W3].
  change(doing, {
    pollEndsAt: doing.now + interval(doing.state),
    reconnectMs: doing.state.settings.reconnectInitialMs,
  });
  if (frames.length >= 2) {
    restore(doing);
    takeRequest(doing, frames);
  } else if (readControl(frames[0] ?? '')?.control === 'HEARTBEAT') {
    restore(doing);
  } else {
    record(doing, { type: 'message.invalidated', reason: 'one frame, not HEARTBEAT' });
  }
}

/** [W2] */
function restore(doing: Doing): void {
  const { liveness } = doing.state.settings;
  if (doing.state.liveness === liveness) return;
  change(doing, { liveness });
  record(doing, { type: 'liveness.restored', left: liveness });
}

/** Two frames or more, of whatever shape [W11]. After the calm ones, trouble is drawn for it [W10]. */
function takeRequest(doing: Doing, request: Message): void {
  const { settings, requests } = doing.state;
  change(doing, { requests: requests + 1 });
  if (requests < settings.calmRequests) {
    serve(doing, request);
  } else if (strikes(doing, settings.crashChance)) {
    record(doing, { type: 'worker.crashed' });
    change(doing, { phase: { name: 'gone' } });
    doing.effects.push({ type: 'exit', code: 1 });
  } else if (strikes(doing, settings.overloadChance)) {
    change(doing, { held: request });
    spin(doing, settings.overloadMs);
  } else {
    serve(doing, request);
  }
}

function strikes(doing: Doing, chance: number): boolean {
  const [unit, trouble] = nextUnit(doing.state.trouble);
  change(doing, { trouble });
  return unit < chance;
}

/** The reply is the request as it came: the envelope must be echoed verbatim, and the body is the answer [F3] [W11]. */
function serve(doing: Doing, request: Message): void {
  const replyFirst = doing.state.settings.replyFirst !== false;
  if (replyFirst) send(doing, request); // [W8]
  const untilAt = doing.now + millis(doing.state.settings.workMs * doing.state.impairment.slow);
  change(doing, { phase: { name: 'working', untilAt, reply: replyFirst ? null : request } });
  record(doing, { type: 'work.started', untilAt });
}

// Overload

/** Deaf and silent until then, whatever else it was doing; a second one lengthens the first. */
function spin(doing: Doing, ms: number): void {
  const untilAt = Math.max(doing.now + millis(ms), doing.state.spinUntilAt ?? 0);
  change(doing, { spinUntilAt: untilAt });
  record(doing, { type: 'process.overloaded', untilAt });
  doing.effects.push({ type: 'spin', untilAt });
}

function recover(doing: Doing): void {
  const { held } = doing.state;
  // A new poll begins: what was not heard while deaf costs no liveness [W9].
  change(doing, { spinUntilAt: null, held: null, pollEndsAt: doing.now + interval(doing.state) });
  record(doing, { type: 'process.recovered' });
  if (held) serve(doing, held);
}

// The clock

function tick(doing: Doing): void {
  const { now } = doing;
  if (doing.state.spinUntilAt !== null) {
    if (now < doing.state.spinUntilAt) return;
    recover(doing);
  }
  const { phase } = doing.state;
  if (phase.name === 'backingOff' && now >= phase.untilAt) {
    doing.effects.push({ type: 'close' });
    open(doing);
  } else if (phase.name === 'working' && now >= phase.untilAt) {
    finish(doing, phase.reply);
  } else if (phase.name === 'idle' && now >= doing.state.pollEndsAt) {
    missPoll(doing);
  }
  beat(doing);
}

function finish(doing: Doing, reply: Message | null): void {
  if (reply) send(doing, reply);
  record(doing, { type: 'work.finished' });
  change(doing, { phase: { name: 'idle' }, pollEndsAt: doing.now + interval(doing.state) });
}

/** A poll went by in silence [W4]. However late the tick, it costs one: the next poll begins now. */
function missPoll(doing: Doing): void {
  const left = doing.state.liveness - 1;
  change(doing, { liveness: left, pollEndsAt: doing.now + interval(doing.state) });
  record(doing, { type: 'liveness.lost', left });
  if (left <= 0) backOff(doing);
}

/** Whoever is well again beats no later than if it had been well all the time. */
function impair(doing: Doing, impairment: Impairment): void {
  change(doing, { impairment });
  change(doing, { heartbeatAt: Math.min(doing.state.heartbeatAt, doing.now + beatInterval(doing.state)) });
}

/** Each interval while idle, and at work only when told to [W7] [W9]. */
function beat(doing: Doing): void {
  const { phase, settings, heartbeatAt, impairment } = doing.state;
  const speaks = phase.name === 'idle' || (phase.name === 'working' && beatsAtWork(doing.state));
  if (!speaks || doing.now < heartbeatAt) return;
  change(doing, { heartbeatAt: doing.now + beatInterval(doing.state) });
  if (!impairment.mute) send(doing, [controlFrame('HEARTBEAT', settings.dialect)]);
}
