// What one can let the picture run to: the next fact of a sort, in the log already or still to come.
// What was searched is not searched again, so that waiting for something rare costs next to nothing.

import type { EventType, Micros, TraceEvent } from '@crows-nest/protocol';
import { readWorker } from '../stage/truth.ts';
import type { Log } from './log.ts';

export type Until =
  | { readonly what: 'loss' | 'expiry' | 'fault' | 'disagreement' }
  | { readonly what: 'peer'; readonly peer: string };

const FAULTS = [
  ...(['fault.applied', 'fault.struck', 'process.paused', 'process.overloaded'] as const),
  ...(['process.exited', 'worker.crashed'] as const),
] as const;

/** Of what kinds it can be; undefined: of any. */
const TYPES: Record<Until['what'], readonly EventType[] | undefined> = {
  loss: ['message.dropped', 'message.lost', 'message.unrouted'],
  expiry: ['worker.expired'],
  fault: FAULTS,
  disagreement: [
    ...(['process.paused', 'process.overloaded', 'process.exited', 'worker.backedOff'] as const),
    ...(['connection.closed', 'worker.listed'] as const),
  ],
  peer: undefined,
};

/** Whether a fact tells of this peer: it said it, it happened on its link, or it was said of it. */
export function tellsOf(event: TraceEvent, peer: string): boolean {
  return (
    ('peer' in event && event.peer === peer) ||
    ('link' in event && event.link === peer) ||
    ('workerPeer' in event && event.workerPeer === peer) ||
    ('clientPeer' in event && event.clientPeer === peer)
  );
}

const subjectOf = (event: TraceEvent): string | undefined =>
  'workerPeer' in event && event.workerPeer !== undefined
    ? event.workerPeer
    : 'link' in event
      ? event.link
      : 'peer' in event
        ? event.peer
        : undefined;

/** The queue believes in a worker that cannot serve it, as the stage draws it. */
function parted(log: Log, t: Micros, id: string): boolean {
  const state = log.stateAt(t);
  const peer = state.peers[id];
  return peer?.role === 'worker' && readWorker(state, peer, t).parted?.how === 'believed';
}

function fits(event: TraceEvent, until: Until, log: Log): boolean {
  if (until.what === 'peer') return tellsOf(event, until.peer);
  if (until.what !== 'disagreement') return true;
  const subject = subjectOf(event);
  // One state at a time: the log may move it on in place.
  return subject !== undefined && parted(log, event.t, subject) && !parted(log, event.t - 1, subject);
}

/** Times that are looked at closely in one go: a search through hours is spread over some frames. */
const TIMES_A_LOOK = 40;

export class UntilSearch {
  readonly until: Until;
  #searchedTo: Micros;

  /** Only what is later than `from` is meant. */
  constructor(until: Until, from: Micros) {
    this.until = until;
    this.#searchedTo = from;
  }

  /** The time of the first fact that fits, once it is in the log and found there. */
  next(log: Log): Micros | null {
    const types = TYPES[this.until.what];
    const close = this.until.what === 'disagreement' || this.until.what === 'peer';
    for (let looks = 0; looks < TIMES_A_LOOK; looks++) {
      const t = log.timeAfter(this.#searchedTo, types);
      if (t === null) break;
      if (!close || log.between(t - 1, t, types).some((event) => fits(event, this.until, log))) return t;
      this.#searchedTo = t;
    }
    return null;
  }
}
