// The facts of one peer that are worth a line: what changed for it, without what happens at every beat and request.

import type { EventType, Micros, TraceEvent } from '@crows-nest/protocol';
import type { Log } from './log.ts';

/** What changes for a peer but seldom. */
const CHANGES: readonly EventType[] = [
  'peer.joined',
  'process.started',
  'process.exited',
  'process.paused',
  'process.resumed',
  'process.overloaded',
  'process.recovered',
  'worker.crashed',
  'worker.opened',
  'worker.listed',
  'worker.expired',
  'worker.refused',
  'worker.backedOff',
  'liveness.lost',
  'connection.refused',
  'connection.opaqued',
  'connection.closed',
  'fault.applied',
  'fault.healed',
  'message.lost',
  'message.unrouted',
  'message.invalidated',
  'request.requeued',
  'request.dropped',
  'request.retried',
  'request.abandoned',
  'reply.refused',
  'queue.started',
];
/** And what its work is made of. */
const WORK: readonly EventType[] = [
  'request.dispatched',
  'work.started',
  'work.finished',
  'reply.forwarded',
  'request.sent',
  'request.answered',
  'message.dropped',
  'worker.ignored',
  'liveness.restored',
];

const WINDOWS: readonly Micros[] = [5_000_000, 60_000_000, 600_000_000];

/** Whether a fact is about this peer: said by it, on its link, or about it by the queue. */
export function isAbout(fact: TraceEvent, peer: string): boolean {
  if ('workerPeer' in fact && fact.workerPeer === peer) return true;
  if ('clientPeer' in fact && fact.clientPeer === peer) return true;
  return 'link' in fact ? fact.link === peer : 'peer' in fact && fact.peer === peer;
}

/** Who a fact is about, rather than who said it. */
export function subjectOf(fact: TraceEvent): string | null {
  if ('workerPeer' in fact && fact.workerPeer !== undefined) return fact.workerPeer;
  if ('clientPeer' in fact && fact.clientPeer !== undefined) return fact.clientPeer;
  return 'link' in fact ? fact.link : 'peer' in fact ? fact.peer : null;
}

/** Once in a poll is chance; and a worker listed by its reply is work as usual. */
function isChange(fact: TraceEvent, liveness: number): boolean {
  if (fact.type === 'liveness.lost') return fact.left < liveness - 1;
  return fact.type !== 'worker.listed' || fact.by !== 'REPLY';
}

/** The latest changes of a peer up to t, newest first. */
export function changesOf(log: Log, peer: string, t: Micros, most: number): readonly TraceEvent[] {
  const { liveness } = log.stateAt(t).queue;
  for (const back of WINDOWS) {
    const found = log.between(t - back, t, CHANGES).filter((fact) => isAbout(fact, peer) && isChange(fact, liveness));
    if (found.length >= most || t - back <= log.startAt) return found.slice(-most).reverse();
  }
  return [];
}

/** The nearest facts of the same peer on both sides of one, in order. */
export function around(log: Log, fact: TraceEvent, peer: string, most: number): readonly TraceEvent[] {
  const types = [...CHANGES, ...WORK];
  const reach = WINDOWS[0] as Micros;
  const near = log
    .between(fact.t - reach, fact.t + reach, types)
    .filter((other) => other.seq !== fact.seq && isAbout(other, peer));
  const before = near.filter((other) => other.seq < fact.seq).slice(-most);
  return [...before, ...near.filter((other) => other.seq > fact.seq).slice(0, most)];
}
