// A trace as text that a newcomer can read: one line a fact that matters, times in milliseconds, peers by name.

import type { EventOf, EventType, TraceEvent } from '../events.ts';
import type { Micros } from '../timing.ts';

type Line<T extends EventType> = (event: EventOf<T>) => string | undefined;

const inMs = (us: Micros): string => (us / 1000).toFixed(1);
const inSeconds = (us: Micros): string => (us / 1_000_000).toFixed(2);
/** The other peer of a fact: by name if it is known, else by identity, escaped. */
const name = (peer: string | undefined, identity: string): string => peer ?? JSON.stringify(identity);
const requestOf = ({ journey }: { journey?: number | undefined }): string =>
  journey === undefined ? 'a request' : `request ${journey}`;
const left = (count: number): string => `${count} ${count === 1 ? 'poll' : 'polls'} left`;

const READS: Record<EventOf<'worker.listed'>['by'], string> = {
  READY: 'it is READY',
  HEARTBEAT: 'of its heartbeat',
  REPLY: 'it replied',
  INVALID: 'it said something',
};

const ONCE: Record<EventOf<'fault.struck'>['kind'], string> = {
  drop: 'has a message taken from its link',
  replay: 'has an earlier message sent again',
  reset: 'has its connection reset',
  close: 'has its connection closed for it',
};

const CUT: Record<string, string> = { stopped: 'is cut off', jammed: 'has a jammed link', refused: 'is refused' };

/** What a lasting fault is, and whom it strikes. */
function applied(event: EventOf<'fault.applied'>): string | undefined {
  const { kind, direction, message, nth, every, mode = 'stopped', profile, times } = event;
  const what =
    nth !== undefined ? `the ${ordinal(nth)} ${message ?? 'message'}` : message ? `every ${message}` : 'everything';
  const which = every === undefined ? what : `each ${ordinal(every)} ${message ?? 'message'}`;
  const way =
    direction === 'toQueue'
      ? ' on its way to the queue'
      : direction === 'fromQueue'
        ? ' on its way from the queue'
        : '';
  switch (kind) {
    case 'pause':
      return undefined;
    case 'mute':
      return 'keeps its heartbeats to itself';
    case 'slow':
      return `takes ${times} times as long`;
    case 'delay':
      return `has a slower link${way}`;
    case 'bandwidth':
      return `has a narrow link${way}`;
    case 'profile':
      return `has a link like ${profile}`;
    case 'partition':
      return `${CUT[mode]}${way}`;
    case 'hang':
      return 'is accepted and left in silence';
    default:
      return `has a link that ${kind}s ${which}${way}`;
  }
}

/** What the spoken-of peer does, in the present tense. No entry: it does not matter here. */
const LINES: { readonly [T in EventType]?: Line<T> } = {
  'process.started': () => 'starts',
  'process.exited': ({ code, signal }) => (signal ? 'is killed' : `exits with ${code}`),
  'process.paused': () => 'is frozen',
  'process.resumed': () => 'runs again',
  'process.overloaded': ({ t, untilAt }) => `is overloaded for ${inSeconds(untilAt - t)} s`,
  'process.recovered': () => 'recovers',
  'queue.started': ({ rules, heartbeatIntervalMs, liveness }) =>
    `keeps the rules of ${rules}: interval ${heartbeatIntervalMs} ms, liveness ${liveness}`,
  'connection.closed': ({ by }) =>
    by === 'peer' ? 'has its connection closed' : `loses its connection: the ${by} is gone`,
  'fault.applied': applied,
  'fault.healed': ({ kind, why }) => {
    const how = { asked: '', all: '', expired: ': its time is over', ended: undefined }[why];
    if (how === undefined || kind === 'pause') return undefined;
    return `${kind === 'mute' || kind === 'slow' ? 'is itself again' : 'has its link healed'}${how}`;
  },
  'fault.struck': ({ kind }) => ONCE[kind],
  'connection.refused': () => 'is refused',
  'message.corrupted': ({ kind, mode, fault }) => `has a message damaged by ${fault} (${mode}): it leaves as ${kind}`,
  'message.duplicated': ({ fault }) => `has a message more than was sent, by ${fault}`,
  'message.held': ({ fault }) => `has a message held by ${fault}`,
  'message.released': ({ fault }) => `has one message let go by ${fault}`,
  'message.unrouted': ({ kind, identity, clientPeer, workerPeer }) =>
    `drops a ${kind} for ${name(clientPeer ?? workerPeer, identity)}: nobody is connected by that identity`,
  'message.invalidated': ({ identity, workerPeer, clientPeer, reason }) =>
    `finds a message${identity === undefined ? '' : ` of ${name(workerPeer ?? clientPeer, identity)}`} invalid: ${reason}`,
  'worker.listed': ({ workerPeer, worker, by }) => `lists ${name(workerPeer, worker)}, because ${READS[by]}`,
  'worker.refreshed': ({ workerPeer, worker, moved }) =>
    moved ? `moves ${name(workerPeer, worker)} to the end of its list` : undefined,
  'worker.expired': ({ t, workerPeer, worker, lastHeardAt, busy }) =>
    `expires ${busy ? 'busy ' : ''}${name(workerPeer, worker)}, last heard ${inSeconds(t - lastHeardAt)} s ago`,
  'worker.refused': ({ workerPeer, worker, reason }) => `refuses ${name(workerPeer, worker)}: ${reason}`,
  'worker.ignored': ({ workerPeer, worker, reason }) =>
    `ignores the heartbeat of ${name(workerPeer, worker)}: ${reason}`,
  'request.dispatched': (event) =>
    `gives ${requestOf(event)} of ${name(event.clientPeer, event.client)} to ${name(event.workerPeer, event.worker)}` +
    (event.attempt > 1 ? `, try ${event.attempt}` : ''),
  'request.requeued': (event) => `takes ${requestOf(event)} back from ${name(event.workerPeer, event.worker)}`,
  'request.dropped': (event) => `drops ${requestOf(event)} after ${event.tries} tries`,
  'reply.forwarded': (event) =>
    `forwards the reply of ${name(event.workerPeer, event.worker)} to ${name(event.clientPeer, event.client)}`,
  'reply.refused': ({ workerPeer, identity, reason }) =>
    `refuses a reply${identity === undefined ? '' : ` of ${name(workerPeer, identity)}`}: ${reason}`,
  'worker.opened': ({ dialect }) => `connects, speaking ${dialect}, and says READY`,
  'liveness.lost': ({ left: count }) =>
    count > 0 ? `hears nothing: ${left(count)}` : "has a heartbeat failure, can't reach queue",
  'liveness.restored': ({ left: count }) => `hears the queue again: ${left(count)}`,
  'worker.backedOff': ({ waitMs }) => `reconnects in ${waitMs} ms`,
  'work.started': ({ t, untilAt }) => `works for ${inSeconds(untilAt - t)} s`,
  'work.finished': () => 'has done its work',
  'worker.crashed': () => 'crashes',
  'request.sent': ({ n, attempt }) =>
    attempt === 1 ? `asks for the ${ordinal(n)} time` : `asks again, try ${attempt}`,
  'request.answered': ({ n, roundTripUs }) => `has its ${ordinal(n)} answer, after ${inSeconds(roundTripUs)} s`,
  'request.retried': ({ attempt }) => `hears no reply to try ${attempt - 1}`,
  'request.abandoned': ({ n, tries }) => `abandons its ${ordinal(n)} request after ${tries} tries`,
};

function ordinal(n: number): string {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`;
}

/** The line of one event, or undefined if it does not matter to a reader. */
export function lineOf(event: TraceEvent): string | undefined {
  const line = LINES[event.type] as Line<EventType> | undefined;
  const text = line?.(event);
  if (text === undefined) return undefined;
  const who = 'peer' in event ? event.peer : 'link' in event ? event.link : '';
  return `${inMs(event.t).padStart(9)}  ${who.padEnd(10)} ${text}`;
}

export function transcript(events: Iterable<TraceEvent>): string {
  let text = '';
  for (const event of events) {
    const line = lineOf(event);
    if (line !== undefined) text += `${line}\n`;
  }
  return text;
}
