// Any fact of the trace in plain words, as said of the peer that it happened to; of a message its kind is said before.

import type { EventOf, EventType } from '@crows-nest/protocol';

export type FactWords = { readonly [T in EventType]: (fact: EventOf<T>, name: (peer: string) => string) => string };

const request = (n: number): string => `request #${n}`;
const numbered = ({ kind, n }: { kind: string; n?: number | undefined }): string =>
  n === undefined ? kind : `${kind} #${n}`;
const s = (us: number): string => `${(us / 1e6).toFixed(1)} s`;
const seconds = (ms: number): string => s(ms * 1000);

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
  'fault.applied': ({ fault, kind, message }) =>
    `fault ${fault} applied: ${kind}${message === undefined ? '' : ` ${message}`}`,
  'fault.healed': ({ fault }) => `fault ${fault} healed`,
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
