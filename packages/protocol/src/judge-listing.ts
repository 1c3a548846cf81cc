// What the queue tells of its list. It is taken at its word where that excuses it: whom it does not list it owes no beats [J2].

import type { Judgement, LinkBooks, Readers } from './judge-books.ts';
import { millis } from './timing.ts';

interface AboutWorker {
  readonly workerPeer?: string | undefined;
}

export const LISTING_READERS = {
  'queue.started': (j, event) => {
    j.intervalUs = millis(event.heartbeatIntervalMs);
    j.liveness = event.liveness;
    for (const books of j.links.values()) Object.assign(books, { owedSince: null, dispatched: [] });
  },
  'worker.listed': (j, event) => {
    const books = booksOf(j, event);
    if (!books) return;
    // A READY that it read only now, after a freeze: it was said before the request, and not in answer to it.
    if (event.by === 'READY') books.dispatched = [];
    // Listed at last, by a later word: from now on it is owed.
    if (books.isUnlisted && event.by !== 'INVALID') books.owedSince = event.t;
    books.isUnlisted = false;
  },
  'worker.expired': (j, event) => {
    const books = booksOf(j, event);
    if (books) Object.assign(books, { owedSince: null, dispatched: [] });
  },
  'request.requeued': (j, event) => {
    const books = booksOf(j, event);
    if (books) books.dispatched = [];
  },
  // What it said did not list it.
  'worker.refused': forgiveBeats,
  'reply.refused': forgiveBeats,
  'message.invalidated': forgiveBeats,
} satisfies Readers;

const booksOf = (j: Judgement, { workerPeer }: AboutWorker): LinkBooks | undefined =>
  workerPeer === undefined ? undefined : j.links.get(workerPeer);

function forgiveBeats(j: Judgement, event: AboutWorker): void {
  const books = booksOf(j, event);
  if (books) books.isUnlisted = true;
}
