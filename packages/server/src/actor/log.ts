// Log lines in the guide's own English. Only what a person wants to read is a line; the trace has everything.

import type { ActorFact } from './line.ts';

/** An identity or body as printable text: what came from a wire never reaches a terminal raw [S9]. */
export function printable(bytes: string): string {
  const shown = bytes
    .slice(0, 64)
    .replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return bytes.length > 64 ? `${shown}… (${bytes.length} bytes)` : shown;
}

/** The line for a fact, or undefined for the many that are not worth one. `name` is the identity of a worker or client. */
export function logLine(name: string, fact: ActorFact): string | undefined {
  switch (fact.type) {
    case 'worker.opened':
      return `I: (${printable(fact.identity)}) worker ready`;
    case 'worker.backedOff':
      return `W: (${name}) heartbeat failure, can't reach queue\nW: (${name}) reconnecting in ${Math.round(fact.waitMs)} msec...`;
    case 'worker.crashed':
      return `I: (${name}) simulating a crash`;
    case 'process.overloaded':
      return `I: (${name}) simulating CPU overload`;
    case 'queue.started':
      if (fact.rules === 'simple') return 'I: queue ready, rules simple';
      return `I: queue ready, rules ${fact.rules}, heartbeat ${fact.heartbeatIntervalMs} msec, liveness ${fact.liveness}`;
    case 'worker.listed':
      return fact.by === 'REPLY' ? undefined : `I: (${printable(fact.worker)}) worker ready`;
    case 'worker.expired':
      return `W: (${printable(fact.worker)}) worker expired`;
    case 'worker.refused':
      return `E: worker ${printable(fact.worker)} refused: ${fact.reason}`;
    case 'worker.ignored':
      return `E: worker ${printable(fact.worker)} not ready`;
    case 'message.invalidated':
      return `E: invalid message${fact.identity === undefined ? '' : ` from ${printable(fact.identity)}`}: ${fact.reason}`;
    case 'request.requeued':
      return `W: request of ${printable(fact.client)} put back, worker ${printable(fact.worker)} is lost`;
    case 'request.dropped':
      return `E: request of ${printable(fact.client)} dropped after ${fact.tries} tries`;
    case 'client.opened':
      return 'I: connecting to server...';
    case 'request.answered':
      return `I: server replied OK (${fact.n})`;
    case 'request.retried':
      return 'W: no response from server, retrying...';
    case 'request.abandoned':
      return 'E: server seems to be offline, abandoning';
    case 'reply.refused':
      return `E: malformed reply from server: ${fact.reason}`;
    default:
      return undefined;
  }
}
