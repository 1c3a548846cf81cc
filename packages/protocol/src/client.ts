// The Lazy Pirate client: every rule of its role as a pure function of what it reads and when [law 1].
//
// Theory of operation. One request is out at a time, on a REQ socket. Without a reply in time the socket is of no more
// use (REQ waits for ever), so it is closed and the same request goes out again on a new one, under a new identity; the
// old reply, should it still come, then reaches nobody. After the last try the request is abandoned and the next begins.
// Requests start on a schedule, not a pause after the answer: a slow answer does not slow the client more than it must.

import type { MachineFact } from './events.ts';
import { type Frame, type Message, readRequestBody, splitEnvelope, writeRequestBody } from './frames.ts';
import { type Stream, stream } from './random.ts';
import { change, type Impairment, nextIdentity, record as recordFact, type Step, UNIMPAIRED } from './step.ts';
import { type Micros, millis } from './timing.ts';

export interface Settings {
  /** The client's own id, in each body [C1]. */
  readonly id: string;
  /** From the start of one request to the start of the next; 0: the next at once. */
  readonly everyMs: number;
  /** It begins a request when it is told to, and not on a schedule of its own: so two clients ask at the same moments [C5]. */
  readonly led?: boolean | undefined;
  readonly timeoutMs: number;
  readonly tries: number;
  /** Stop after so many; for ever when not given. */
  readonly requests?: number | undefined;
  /** Of the stream for identities; a real client draws it from the system's entropy. */
  readonly identitySeed: number;
  /** Of its first connection, the later ones are new: a restart as the same client. */
  readonly firstIdentity?: Frame | undefined;
}

export type Phase =
  | { readonly name: 'waiting'; readonly attempt: number; readonly sentAt: Micros; readonly timeoutAt: Micros }
  /** null: until it is told. */
  | { readonly name: 'resting'; readonly nextAt: Micros | null }
  | { readonly name: 'gone' };

export interface State {
  readonly settings: Settings;
  readonly identity: Frame;
  readonly phase: Phase;
  /** The number of the latest request, from 1. */
  readonly n: number;
  /** Requests it was told to begin while another one was out: at most MOST_OWED. */
  readonly owed: number;
  /** When its first try began: the schedule counts from there. */
  readonly startedAt: Micros;
  /** REQ gives one message for each it takes; after that it is deaf until it is opened anew or sends. */
  readonly answered: boolean;
  readonly impairment: Impairment;
  readonly identities: Stream;
}

export type Input =
  /** As it stands on the wire: ['', …body]; only while `listens`. */
  | { readonly type: 'message'; readonly frames: Message }
  | { readonly type: 'tick' }
  | { readonly type: 'ask' }
  | { readonly type: 'stop' }
  | { readonly type: 'pace'; readonly everyMs: number }
  | { readonly type: 'impair'; readonly impairment: Impairment };

type ClientFact = MachineFact<
  | 'client.opened'
  | 'client.paced'
  | 'message.read'
  | 'message.invalidated'
  | 'request.sent'
  | 'request.answered'
  | 'request.retried'
  | 'request.abandoned'
  | 'reply.refused'
>;

export type Effect =
  | { readonly type: 'open'; readonly identity: Frame }
  | { readonly type: 'close' }
  /** As it stands on the wire: ['', body]. */
  | { readonly type: 'send'; readonly frames: Message }
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'record'; readonly fact: ClientFact };

/** Whether a message can come: one for each request sent. */
export const listens = (state: State): boolean => state.phase.name === 'waiting' && !state.answered;

/** When the driver must come back with a tick; undefined once the client is gone. Waiting messages are read first. */
export function deadline({ phase }: State): Micros | undefined {
  if (phase.name === 'waiting') return phase.timeoutAt;
  return phase.name === 'resting' ? (phase.nextAt ?? undefined) : undefined;
}

export function start(settings: Settings, now: Micros): [State, Effect[]] {
  const state: State = {
    settings,
    identity: '',
    phase: { name: 'resting', nextAt: now },
    n: 0,
    owed: 0,
    startedAt: now,
    answered: false,
    impairment: UNIMPAIRED,
    identities: stream(settings.identitySeed, 'identity'),
  };
  const doing: Doing = { state, now, effects: [] };
  open(doing);
  next(doing);
  return [doing.state, doing.effects];
}

export function step(state: State, input: Input, now: Micros): [State, Effect[]] {
  const doing: Doing = { state, now, effects: [] };
  if (state.phase.name === 'gone') return [state, []];
  if (input.type === 'message') take(doing, input.frames);
  else if (input.type === 'tick') tick(doing);
  else if (input.type === 'ask') lead(doing);
  else if (input.type === 'pace') pace(doing, input.everyMs);
  else if (input.type === 'impair') change(doing, { impairment: input.impairment });
  else leave(doing);
  return [doing.state, doing.effects];
}

type Doing = Step<State, Effect>;

const record: (doing: Doing, fact: ClientFact) => void = recordFact;

/** A new socket each time under a new identity, so that no reply to an earlier try can find it. */
function open(doing: Doing): void {
  const [fresh, identities] = nextIdentity(doing.state.identities);
  const { settings, identity: before } = doing.state;
  const isFirst = before === '';
  const identity = (isFirst ? settings.firstIdentity : undefined) ?? fresh;
  change(doing, { identity, identities });
  record(doing, { type: 'client.opened', identity });
  doing.effects.push({ type: 'open', identity });
}

function leave(doing: Doing): void {
  change(doing, { phase: { name: 'gone' } });
  doing.effects.push({ type: 'close' }, { type: 'exit', code: 0 });
}

/** Sends try number `attempt` of the current request: the same bytes every time [C1]. */
function ask(doing: Doing, attempt: number): void {
  const { settings, n } = doing.state;
  const timeoutAt = doing.now + millis(settings.timeoutMs);
  change(doing, { phase: { name: 'waiting', attempt, sentAt: doing.now, timeoutAt }, answered: false });
  record(doing, { type: 'request.sent', n, attempt, timeoutAt });
  doing.effects.push({ type: 'send', frames: ['', writeRequestBody({ c: settings.id, n })] });
}

/** Begins the next request when the schedule says so, or when it was told to; or rests until then. */
function next(doing: Doing): void {
  const { settings, n, owed, startedAt, impairment } = doing.state;
  const scheduledAt = n === 0 ? doing.now : startedAt + millis(settings.everyMs * impairment.slow);
  const nextAt = !settings.led ? scheduledAt : owed > 0 ? doing.now : null;
  if (settings.requests !== undefined && n >= settings.requests) {
    leave(doing);
  } else if (nextAt === null || nextAt > doing.now) {
    change(doing, { phase: { name: 'resting', nextAt } });
  } else {
    change(doing, { n: n + 1, owed: Math.max(0, owed - 1), startedAt: doing.now });
    ask(doing, 1);
  }
}

/** Who is led faster than it is served would else be served for ever after. */
const MOST_OWED = 10;

function lead(doing: Doing): void {
  change(doing, { owed: Math.min(MOST_OWED, doing.state.owed + 1) });
  if (doing.state.phase.name === 'resting') next(doing);
}

function pace(doing: Doing, everyMs: number): void {
  change(doing, { settings: { ...doing.state.settings, everyMs } });
  record(doing, { type: 'client.paced', everyMs });
  if (doing.state.phase.name === 'resting') next(doing);
}

function take(doing: Doing, frames: Message): void {
  const { phase, settings, n } = doing.state;
  if (phase.name !== 'waiting' || !listens(doing.state)) throw new Error('a client that does not wait got a message');
  const body = splitEnvelope(frames)?.body[0];
  const said = body === undefined ? undefined : readRequestBody(body);
  record(doing, { type: 'message.read', ...(said?.c === settings.id && said.n >= 0 && { n: said.n }) });
  change(doing, { answered: true });
  if (body === undefined) {
    record(doing, { type: 'message.invalidated', reason: 'no envelope' });
  } else if (said?.c === settings.id && said.n === n) {
    const roundTripUs = doing.now - phase.sentAt;
    record(doing, { type: 'request.answered', n, attempt: phase.attempt, roundTripUs });
    next(doing);
  } else {
    // Not ours: the try is spoilt, and its timeout brings a new socket [C4] [C2].
    record(doing, { type: 'reply.refused', reason: 'it answers another request' });
  }
}

function tick(doing: Doing): void {
  const { phase } = doing.state;
  if (phase.name === 'resting' && phase.nextAt !== null && doing.now >= phase.nextAt) next(doing);
  else if (phase.name === 'waiting' && doing.now >= phase.timeoutAt) giveUpWaiting(doing, phase.attempt);
}

/** No reply in time: a new socket, and the request again [C2], or the next request after the last try [C3]. */
function giveUpWaiting(doing: Doing, attempt: number): void {
  const { settings, n } = doing.state;
  const again = attempt < settings.tries;
  if (again) record(doing, { type: 'request.retried', n, attempt: attempt + 1 });
  else record(doing, { type: 'request.abandoned', n, tries: attempt });
  doing.effects.push({ type: 'close' });
  open(doing);
  if (again) ask(doing, attempt + 1);
  else next(doing);
}
