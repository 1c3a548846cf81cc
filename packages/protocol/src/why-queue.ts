// Causes of what the queue did with a request or a reply.

import type { EventOf } from './events.ts';
import type { Micros } from './timing.ts';
import type { CauseOf } from './why-cause.ts';
import { damagingEarlier } from './why-faults.ts';
import { heardBefore, listing } from './why-listing.ts';
import { cite, readBefore } from './why-messages.ts';
import { hindering, spellsOf } from './why-spells.ts';
import { type Inquiry, QUEUE } from './why-trace.ts';

export function dispatched(ask: Inquiry, fact: EventOf<'request.dispatched'>): CauseOf<'request.dispatched'> {
  const { worker, msg } = fact;
  const entered = msg === undefined ? undefined : ask.trace.entered(msg);
  ask.cite(entered, 'request');
  const arrivedAt = msg === undefined ? undefined : ask.trace.fate(msg)?.leftAt;
  const { workerPeer } = fact;
  const spell =
    workerPeer === undefined ? undefined : hindering(spellsOf(ask, workerPeer, ask.t, worker), ask.t, ask.t);
  cite(ask, spell);
  return {
    kind: 'request.dispatched',
    worker: workerPeer ?? null,
    client: fact.clientPeer ?? null,
    attempt: fact.attempt,
    others: Math.max(0, ask.before.queue.list.length - 1),
    headSinceAt: headSince(ask, worker),
    waitedUs: arrivedAt === undefined ? null : ask.t - arrivedAt,
    hindrance: spell?.what ?? null,
    hinderedSinceAt: spell?.fromAt ?? null,
  };
}

/** Since when this worker is the head of the list: since those that stood before it had left. */
function headSince(ask: Inquiry, worker: string): Micros | null {
  const entry = ask.cite(listing(ask, worker), 'list');
  if (!entry) return null;
  const atEntry = ask.trace.stateAt(entry.t - 1).queue.list.map((listed) => listed.worker);
  const ahead = new Set(atEntry.filter((other) => other !== worker));
  let since = entry.t;
  const types = ['worker.listed', 'worker.refreshed', 'worker.expired', 'request.dispatched', 'queue.started'] as const;
  for (const fact of ask.facts(entry.t, types)) {
    if (fact.type === 'queue.started') {
      ahead.clear();
      continue;
    }
    if (fact.type === 'worker.listed' && fact.seq < entry.seq) ahead.add(fact.worker);
    const leaves = fact.type === 'worker.refreshed' ? fact.moved : fact.type !== 'worker.listed';
    if (!leaves || !ahead.delete(fact.worker) || ahead.size > 0) continue;
    since = Math.max(since, fact.t);
    ask.cite(fact, 'list');
  }
  return since;
}

export function takenBack(
  ask: Inquiry,
  fact: EventOf<'request.requeued'> | EventOf<'request.dropped'>,
): CauseOf<'request.requeued' | 'request.dropped'> {
  // The queue says what it heard or missed in the same step, just before.
  const types = ['worker.expired', 'message.read'] as const;
  const named = fact.type === 'request.requeued' ? fact.worker : undefined;
  const identityOf = (event: EventOf<(typeof types)[number]>): string | undefined =>
    event.type === 'worker.expired' ? event.worker : event.identity;
  const before = ask.last(
    types,
    (event) =>
      event.peer === QUEUE &&
      (event.type === 'worker.expired' ? event.busy : event.side === 'backend') &&
      (named === undefined || identityOf(event) === named),
  );
  const identity = named ?? (before && identityOf(before));
  ask.cite(before, before?.type === 'worker.expired' ? 'list' : 'lastHeard');
  const said = before?.type === 'message.read' && before.msg !== undefined ? ask.trace.entered(before.msg) : undefined;
  ask.cite(said, 'sign');
  const given = ask.last(['request.dispatched'], (event) => event.worker === identity);
  ask.cite(given, 'request');
  const because = before?.type === 'worker.expired' ? 'expired' : said?.kind === 'READY' ? 'ready' : 'heldTooLong';
  return {
    kind: fact.type,
    worker: (fact.type === 'request.requeued' ? fact.workerPeer : undefined) ?? given?.workerPeer ?? null,
    attempt: fact.type === 'request.requeued' ? fact.attempt : fact.tries,
    because,
    heldUs: given ? ask.t - given.t : null,
  };
}

export function replyRefused(ask: Inquiry, fact: EventOf<'reply.refused'>): CauseOf<'reply.refused'> {
  const { peer: by, identity } = fact;
  const found =
    by === QUEUE ? heardBefore(ask, identity) : readBefore(ask, (read) => read.peer === by && read.side === undefined);
  ask.cite(found?.entered, 'sign');
  const worker = fact.workerPeer ?? (by === QUEUE ? found?.entered?.link : undefined) ?? null;
  const damaged = found?.entered ? damagingEarlier(ask, found.entered) : null;
  const done = { kind: 'reply.refused', by, damaged } as const;
  if (by !== QUEUE) return { ...done, worker: null, because: 'another', at: null };
  const [because, at] = lastWord(ask, identity ?? '');
  if (because === 'stranger' && found?.entered?.copyOf !== undefined) {
    return { ...done, worker, because: 'copy', at: found.entered.t };
  }
  return { ...done, worker, because, at };
}

/** What the queue last did about the request of this worker. */
function lastWord(ask: Inquiry, identity: string): [CauseOf<'reply.refused'>['because'], Micros | null] {
  const types = [
    'request.dispatched',
    'request.requeued',
    'reply.forwarded',
    'worker.expired',
    'worker.listed',
    'queue.started',
  ] as const;
  const about = ask.last(types, (fact) => fact.type === 'queue.started' || fact.worker === identity);
  if (!about) return ['stranger', null];
  if (about.type === 'worker.listed' && about.by !== 'REPLY') {
    // It was listed, so whatever it had been given was taken from it; if it ever had something.
    const given = ask.last(
      ['request.dispatched', 'queue.started'],
      (f) => f.type !== 'request.dispatched' || f.worker === identity,
    );
    ask.cite(about, 'list');
    if (given?.type !== 'request.dispatched') return afterRestart(ask, identity, given?.t ?? null);
    ask.cite(given, 'request');
    const expired = ask.facts(given.t, ['worker.expired']).find((fact) => fact.worker === identity);
    ask.cite(expired, 'list');
    return expired ? ['expired', expired.t] : ['takenBack', about.t];
  }
  ask.cite(about, 'list');
  switch (about.type) {
    case 'request.dispatched':
      return ['another', about.t];
    case 'request.requeued': {
      const expired = ask.at(about.t, ['worker.expired'], (fact) => fact.worker === identity);
      ask.cite(expired, 'list');
      return expired ? ['expired', expired.t] : ['takenBack', about.t];
    }
    case 'worker.expired':
      return ['expired', about.t];
    case 'queue.started':
      return afterRestart(ask, identity, about.t);
    default:
      return ['answered', about.t];
  }
}

/** A queue that was started anew knows nothing of what its former life gave out. */
function afterRestart(
  ask: Inquiry,
  identity: string,
  at: Micros | null,
): [CauseOf<'reply.refused'>['because'], Micros | null] {
  const given = ask.last(['request.dispatched'], (fact) => fact.worker === identity && fact.t <= (at ?? ask.t));
  if (!given) return ['stranger', null];
  ask.cite(given, 'request');
  ask.cite(
    ask.last(['queue.started'], () => true),
    'process',
  );
  return ['queueRestarted', at];
}

export function workStarted(ask: Inquiry, fact: EventOf<'work.started'>): CauseOf<'work.started'> {
  const found = readBefore(ask, (read) => read.peer === fact.peer && read.side === undefined);
  ask.cite(found?.read, 'lastHeard');
  const request = found?.entered;
  ask.cite(request, 'request');
  const given =
    request && ask.last(['request.dispatched'], (event) => event.msg !== undefined && event.msg === request.cause);
  ask.cite(given, 'request');
  const { peer: worker, untilAt, t } = fact;
  return {
    kind: 'work.started',
    worker,
    client: given?.clientPeer ?? null,
    givenAt: given?.t ?? null,
    forUs: untilAt - t,
  };
}
