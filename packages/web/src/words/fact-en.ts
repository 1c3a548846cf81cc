// Any fact of the trace in plain words, as said of the peer that it happened to; of a message its kind is said before.

import type { EventOf, EventType, FaultKind } from '@crows-nest/protocol';

export type FactWords = { readonly [T in EventType]: (fact: EventOf<T>, name: (peer: string) => string) => string };

const request = (n: number): string => `request #${n}`;
const numbered = ({ kind, n }: { kind: string; n?: number | undefined }): string =>
  n === undefined ? kind : `${kind} #${n}`;
/** What happens to a message or a process under a fault of this kind. */
export const FAULTS_EN: Readonly<Record<FaultKind, string>> = {
  drop: 'drop',
  corrupt: 'damage',
  duplicate: 'double',
  bandwidth: 'narrow the link for',
  delay: 'delay',
  reorder: 'mix up',
  profile: 'a network’s profile on',
  hold: 'hold',
  partition: 'cut off',
  hang: 'accept, and answer nothing to',
  pause: 'stop the process (SIGSTOP)',
  slow: 'slow down its work',
  mute: 'send no heartbeats',
};
const CUTS = { stopped: 'cut off', jammed: 'jam', refused: 'refuse' } as const;
const DAMAGES = {
  payload: 'a bit of its body',
  type: 'what it says',
  envelope: 'a bit of its address',
  structure: 'its frames',
} as const;
const AIMED_AT_PROCESS: ReadonlySet<FaultKind> = new Set(['pause', 'slow', 'mute']);

function faultText({ kind, mode, message }: EventOf<'fault.applied'>): string {
  const does = mode !== undefined && mode in CUTS ? CUTS[mode as keyof typeof CUTS] : FAULTS_EN[kind];
  return AIMED_AT_PROCESS.has(kind) ? does : `${does} ${message ?? 'everything'}`;
}

const s = (us: number): string => `${(us / 1e6).toFixed(1)} s`;
const seconds = (ms: number): string => s(ms * 1000);

const HEALED = {
  asked: 'healed',
  expired: 'healed by itself',
  all: 'healed with all',
  ended: 'ended with what it was on',
};
const STRUCK = {
  drop: 'a message was dropped',
  replay: 'an earlier message came once more',
  reset: 'the connection was reset',
  close: 'the connection was closed',
};

export const factEn: FactWords = {
  'run.started': () => 'the run began',
  'peer.joined': ({ peer }, name) => `${name(peer)} came onto the stage`,
  'peer.left': ({ peer }, name) => `${name(peer)} left the stage`,
  'process.started': ({ pid }) => `process started, pid ${pid}`,
  'process.exited': ({ signal, code }) =>
    signal === null ? `process exited with code ${code ?? '?'}` : `process killed (${signal})`,
  'process.paused': () => 'process stopped (SIGSTOP)',
  'process.resumed': () => 'process runs again (SIGCONT)',
  'process.restarting': ({ why }) => `process is being restarted: ${why}`,
  'process.overloaded': ({ t, untilAt }) => `overloaded for ${s(untilAt - t)}`,
  'process.recovered': () => 'overload is over',
  'client.paced': ({ everyMs }) => `asks every ${seconds(everyMs)} now`,
  'link.delayed': ({ delayMs }) => `link delay set to ${Math.round(delayMs)} ms`,
  'connection.opened': () => 'connection opened',
  'connection.greeted': ({ by }) =>
    by === 'peer' ? 'connection greeted by the peer' : 'connection greeted by the queue',
  'connection.opaqued': () => 'connection became unreadable',
  'connection.refused': () => 'connection refused',
  'connection.closed': ({ by }) => (by === 'tap' ? 'connection cut' : `connection closed by the ${by}`),
  'message.entered': (fact, name) =>
    `${numbered(fact)} sent ${fact.direction === 'toQueue' ? `by ${name(fact.link)}` : `to ${name(fact.link)}`}`,
  'message.left': () => 'left its link',
  'message.dropped': ({ fault }) => `dropped by ${fault}`,
  'message.lost': () => 'lost',
  'message.corrupted': ({ fault, mode }) => `damaged by ${fault}: ${DAMAGES[mode]}`,
  'message.duplicated': ({ fault }) => `is a copy, made by ${fault}`,
  'message.held': ({ fault }) => `held on its link by ${fault}`,
  'message.released': ({ fault }) => `let go by ${fault}`,
  'command.passed': ({ link, direction, name: said }, name) =>
    `ZMTP ${said} ${direction === 'toQueue' ? `of ${name(link)}` : `to ${name(link)}`}`,
  'command.dropped': ({ link, direction, name: said, fault }, name) =>
    `ZMTP ${said} ${direction === 'toQueue' ? `of ${name(link)}` : `to ${name(link)}`} dropped by ${fault}`,
  'fault.applied': (fact) => `fault ${fact.fault} applied: ${faultText(fact)}`,
  'fault.healed': ({ fault, why }) => `fault ${fault} ${HEALED[why]}`,
  'fault.struck': ({ fault, kind }) => `fault ${fault} struck once: ${STRUCK[kind]}`,
  'message.read': ({ peer }, name) => `read by ${peer === 'queue' ? 'the queue' : name(peer)}`,
  'message.invalidated': () => 'a message was not understood',
  'message.unrouted': ({ kind }) => `${kind} dropped by ROUTER`,
  'queue.started': ({ rules }) => `queue began with an empty list, rules ${rules}`,
  'worker.listed': ({ worker: _, workerPeer, by }, name) =>
    `${workerPeer === undefined ? 'worker' : name(workerPeer)} listed (${by})`,
  'worker.refreshed': ({ moved }) => (moved ? 'moved to the end of the list' : 'heard in time'),
  'worker.expired': ({ workerPeer }, name) => `${workerPeer === undefined ? 'worker' : name(workerPeer)} expired`,
  'worker.refused': () => 'not listed: the list is full',
  'worker.ignored': () => 'heartbeat ignored: not listed',
  'request.dispatched': ({ workerPeer, clientPeer }, name) =>
    `request${clientPeer === undefined ? '' : ` of ${name(clientPeer)}`} given to ${workerPeer === undefined ? 'a worker' : name(workerPeer)}`,
  'request.requeued': ({ workerPeer }, name) =>
    `request taken back${workerPeer === undefined ? '' : ` from ${name(workerPeer)}`}`,
  'request.dropped': ({ tries }) => `request dropped after try ${tries}`,
  'reply.forwarded': ({ clientPeer }, name) =>
    `reply forwarded${clientPeer === undefined ? '' : ` to ${name(clientPeer)}`}`,
  'reply.refused': () => 'reply refused',
  'worker.opened': () => 'new socket, new connection, READY',
  'liveness.lost': ({ left }) => `a silent poll, ${left} left`,
  'liveness.restored': () => 'heard the queue again',
  'worker.backedOff': ({ waitMs }) => `heartbeat failure, can’t reach queue: back-off ${seconds(waitMs)}`,
  'work.started': ({ t, untilAt }) => `work began, for ${s(untilAt - t)}`,
  'work.finished': () => 'work done',
  'worker.crashed': () => 'crashed',
  'client.opened': () => 'new socket under a new identity',
  'request.sent': ({ n, attempt }) => `${request(n)} sent, try ${attempt}`,
  'request.answered': ({ n, roundTripUs }) => `${request(n)} answered after ${s(roundTripUs)}`,
  'request.retried': ({ n, attempt }) => `no reply, ${request(n)} again: try ${attempt}`,
  'request.abandoned': ({ n, tries }) => `gave up on ${request(n)} after ${tries} ${tries === 1 ? 'try' : 'tries'}`,
};
