// The Simple Pirate worker: every rule of its role as a pure function of what it reads and when [law 1].
//
// Theory of operation. It says READY once and then answers, one request at a time: a REQ socket, used the wrong way round
// (READY is its first request, each job is the reply to it, each answer its next request) [SP5]. It neither beats nor
// counts silence. If the queue forgets it, it waits for ever, and nobody will know [SP6].

import type { MachineFact } from './events.ts';
import { controlFrame, type Dialect, type Frame, type Message } from './frames.ts';
import { type Stream, stream } from './random.ts';
import { change, nextIdentity, record as recordFact, type Step } from './step.ts';
import { type Micros, millis } from './timing.ts';

export interface Settings {
  /** How it spells READY. */
  readonly dialect: Dialect;
  readonly workMs: number;
  /** Of the stream for its identity; a real worker draws it from the system's entropy. */
  readonly identitySeed: number;
  /** A restart as the same worker. */
  readonly fixedIdentity?: Frame | undefined;
}

export type Phase =
  | { readonly name: 'waiting' }
  | { readonly name: 'working'; readonly untilAt: Micros; readonly reply: Message }
  | { readonly name: 'gone' };

export interface State {
  readonly settings: Settings;
  readonly identity: Frame;
  readonly phase: Phase;
}

export type Input =
  /** As it stands on the wire: ['', Ic, …]; only while `listens`. */
  { readonly type: 'message'; readonly frames: Message } | { readonly type: 'tick' } | { readonly type: 'stop' };

type WorkerFact = MachineFact<'worker.opened' | 'message.read' | 'work.started' | 'work.finished'>;

export type Effect =
  | { readonly type: 'open'; readonly identity: Frame }
  | { readonly type: 'close' }
  /** As it stands on the wire: the delimiter first. */
  | { readonly type: 'send'; readonly frames: Message }
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'record'; readonly fact: WorkerFact };

/** While it works, what comes waits in its socket. */
export const listens = (state: State): boolean => state.phase.name === 'waiting';

/** When the driver must come back with a tick: at the end of its work, and never while it waits. */
export const deadline = ({ phase }: State): Micros | undefined =>
  phase.name === 'working' ? phase.untilAt : undefined;

export function start(settings: Settings, now: Micros): [State, Effect[]] {
  const identities: Stream = stream(settings.identitySeed, 'identity');
  const identity = settings.fixedIdentity ?? nextIdentity(identities)[0];
  const doing: Doing = { state: { settings, identity, phase: { name: 'waiting' } }, now, effects: [] };
  record(doing, { type: 'worker.opened', identity, dialect: settings.dialect });
  doing.effects.push({ type: 'open', identity });
  send(doing, ['', controlFrame('READY', settings.dialect)]);
  return [doing.state, doing.effects];
}

export function step(state: State, input: Input, now: Micros): [State, Effect[]] {
  const doing: Doing = { state, now, effects: [] };
  if (state.phase.name === 'gone') return [state, []];
  if (input.type === 'message') take(doing, input.frames);
  else if (input.type === 'tick') tick(doing);
  else stop(doing);
  return [doing.state, doing.effects];
}

type Doing = Step<State, Effect>;

const record: (doing: Doing, fact: WorkerFact) => void = recordFact;

const send = (doing: Doing, frames: Message): void => {
  doing.effects.push({ type: 'send', frames });
};

/** Whatever comes is a request: there is nothing else in this pattern. The reply is the request as it came [F3]. */
function take(doing: Doing, request: Message): void {
  if (!listens(doing.state)) throw new Error('a worker that does not listen was given a message');
  record(doing, { type: 'message.read' });
  const untilAt = doing.now + millis(doing.state.settings.workMs);
  change(doing, { phase: { name: 'working', untilAt, reply: request } });
  record(doing, { type: 'work.started', untilAt });
}

function tick(doing: Doing): void {
  const { phase } = doing.state;
  if (phase.name !== 'working' || doing.now < phase.untilAt) return;
  send(doing, phase.reply);
  record(doing, { type: 'work.finished' });
  change(doing, { phase: { name: 'waiting' } });
}

function stop(doing: Doing): void {
  change(doing, { phase: { name: 'gone' } });
  doing.effects.push({ type: 'close' }, { type: 'exit', code: 0 });
}
