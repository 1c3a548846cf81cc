// "Why?": the cause of a state change, from the trace alone, with the facts that show it. A pure function of (trace, fact).

import type { TraceEvent } from './events.ts';
import type { Cause, Why } from './why-cause.ts';
import * as link from './why-link.ts';
import * as queue from './why-queue.ts';
import { gaveUpWaiting } from './why-request.ts';
import { Inquiry, type WhyTrace } from './why-trace.ts';
import * as worker from './why-worker.ts';

/** undefined: a fact that is its own reason, or none that is held. */
export function why(trace: WhyTrace, seq: number): Why | undefined {
  const fact = trace.event(seq);
  if (!fact) return undefined;
  const ask = new Inquiry(trace, fact.t, fact.seq);
  const cause = causeOf(ask, fact);
  return cause && { cause, evidence: ask.evidence };
}

function causeOf(ask: Inquiry, fact: TraceEvent): Cause | undefined {
  switch (fact.type) {
    case 'worker.expired':
      return worker.expired(ask, fact);
    case 'worker.listed':
      return worker.listed(ask, fact);
    case 'worker.refused':
      return worker.refused(ask, fact);
    case 'worker.ignored':
      return worker.ignored(ask, fact);
    case 'worker.backedOff':
      return worker.backedOff(ask, fact);
    case 'liveness.lost':
      return worker.livenessLost(ask, fact);
    case 'liveness.restored':
      return worker.livenessRestored(ask, fact);
    case 'message.lost':
      return link.lost(ask, fact);
    case 'message.dropped':
      return link.dropped(ask, fact);
    case 'message.held':
    case 'message.corrupted':
    case 'message.duplicated':
      return link.disturbed(ask, fact);
    case 'process.paused':
      return link.paused(ask, fact);
    case 'message.unrouted':
      return link.unrouted(ask, fact);
    case 'message.invalidated':
      return link.invalidated(ask, fact);
    case 'connection.closed':
      return link.closed(ask, fact);
    case 'connection.refused':
      return link.connectionRefused(ask, fact);
    case 'connection.opaqued':
      return link.opaqued(ask, fact);
    case 'process.exited':
      return link.exited(ask, fact);
    case 'request.retried':
    case 'request.abandoned':
      return gaveUpWaiting(ask, fact);
    case 'request.dispatched':
      return queue.dispatched(ask, fact);
    case 'request.requeued':
    case 'request.dropped':
      return queue.takenBack(ask, fact);
    case 'reply.refused':
      return queue.replyRefused(ask, fact);
    case 'work.started':
      return queue.workStarted(ask, fact);
    default:
      return undefined;
  }
}

/** Whether a fact has a cause to be asked for. */
export const EXPLAINED: ReadonlySet<TraceEvent['type']> = new Set<Cause['kind']>([
  'worker.expired',
  'worker.listed',
  'worker.refused',
  'worker.ignored',
  'worker.backedOff',
  'liveness.lost',
  'liveness.restored',
  'message.lost',
  'message.dropped',
  'message.held',
  'message.corrupted',
  'message.duplicated',
  'process.paused',
  'message.unrouted',
  'message.invalidated',
  'connection.closed',
  'connection.refused',
  'connection.opaqued',
  'process.exited',
  'request.retried',
  'request.abandoned',
  'request.dispatched',
  'request.requeued',
  'request.dropped',
  'reply.refused',
  'work.started',
]);
