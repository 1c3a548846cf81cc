// Where one try of a request was at the moment of the question: hop by hop, until the first one that did not come.

import type { EventOf } from './events.ts';
import type { Micros } from './timing.ts';
import type { Absence, CauseOf, DoorCause, Hindrance, Whereabouts } from './why-cause.ts';
import { damaging, damagingEarlier, misaddressing } from './why-faults.ts';
import { absenceOf, cite, type Entered, readFact } from './why-messages.ts';
import { cutOff, hindering, type Spell, spellsOf } from './why-spells.ts';
import { type Inquiry, QUEUE } from './why-trace.ts';

export function gaveUpWaiting(
  ask: Inquiry,
  fact: EventOf<'request.retried'> | EventOf<'request.abandoned'>,
): CauseOf<'request.retried' | 'request.abandoned'> {
  const { peer: client, n } = fact;
  const attempt = fact.type === 'request.retried' ? fact.attempt - 1 : fact.tries;
  const sent = ask.last(['request.sent'], (event) => event.peer === client);
  ask.cite(sent, 'request');
  const where = sent ? whereIs(ask, client, sent.t) : ({ at: 'unknown' } as const);
  return { kind: fact.type, client, n, attempt, waitedUs: sent ? ask.t - sent.t : 0, where };
}

/** The request that this client sent at that time. */
export function whereIs(ask: Inquiry, client: string, sentAt: Micros): Whereabouts {
  const entered = ask
    .facts(sentAt, ['message.entered'])
    .find((fact) => fact.link === client && fact.direction === 'toQueue' && fact.kind === 'REQUEST');
  if (!entered) return neverEntered(ask, client, sentAt);
  const read = readFact(ask, entered.msg);
  if (!read) return beforeTheQueue(ask, entered);
  ask.cite(entered, 'request');
  const given = lastGiven(ask, entered, read);
  if (given) return withWorker(ask, entered, given);
  return inTheQueue(ask, read);
}

function neverEntered(ask: Inquiry, client: string, sentAt: Micros): Whereabouts {
  // From just before: its new socket was opened in the same step.
  const spell = cutOff(ask, client, hindering(spellsOf(ask, client, sentAt - 1), sentAt, ask.t));
  const queue = hindering(
    spellsOf(ask, QUEUE, sentAt).filter(({ what }) => what === 'dead' || what === 'frozen'),
    sentAt,
    ask.t,
  );
  cite(ask, spell);
  if (queue && (!spell || spell.what === 'disconnected')) {
    // It has no connection because there is nobody to connect to.
    cite(ask, queue);
    return door(sentAt, queue);
  }
  return spell ? { at: 'client', hindrance: spell.what, sinceAt: spell.fromAt } : { at: 'unknown' };
}

const DOOR: Partial<Record<Hindrance, DoorCause>> = {
  dead: 'queueDead',
  frozen: 'queueFrozen',
  overloaded: 'queueOverloaded',
};

const door = (sinceAt: Micros, spell: Spell): Whereabouts => ({
  at: 'door',
  sinceAt,
  because: DOOR[spell.what] ?? 'behind',
  becauseSinceAt: spell.fromAt,
});

function beforeTheQueue(ask: Inquiry, entered: Entered): Whereabouts {
  const absence = absenceOf(ask, entered) ?? { how: 'unknown' };
  if (absence.how !== 'unread') return { at: 'toQueue', absence };
  const { arrivedAt, hindrance, sinceAt } = absence;
  const because = hindrance === null ? undefined : DOOR[hindrance];
  if (because) return { at: 'door', sinceAt: arrivedAt, because, becauseSinceAt: sinceAt };
  return shutDoor(ask, arrivedAt);
}

/** The frontend is read only while somebody is listed [Q4]. */
function shutDoor(ask: Inquiry, sinceAt: Micros): Whereabouts {
  if (ask.before.queue.list.length > 0) return { at: 'door', sinceAt, because: 'behind', becauseSinceAt: null };
  const types = ['request.dispatched', 'worker.expired', 'queue.started'] as const;
  const emptied = ask.last(types, () => true);
  ask.cite(emptied, 'list');
  return { at: 'door', sinceAt, because: 'nobodyListed', becauseSinceAt: emptied?.t ?? null };
}

type Dispatched = EventOf<'request.dispatched'>;

/** By `robust` rules a request may be given out several times. */
function lastGiven(ask: Inquiry, { msg, journey }: Entered, read: EventOf<'message.read'>): Dispatched | undefined {
  const isIt = (fact: Dispatched): boolean =>
    fact.msg === undefined ? fact.journey !== undefined && fact.journey === journey : fact.msg === msg;
  return ask.facts(read.t, ['request.dispatched']).findLast((fact) => fact.seq > read.seq && isIt(fact));
}

function inTheQueue(ask: Inquiry, read: EventOf<'message.read'>): Whereabouts {
  const invalid = ask.at(read.t, ['message.invalidated'], (fact) => fact.peer === QUEUE && fact.seq > read.seq);
  ask.cite(invalid ?? read, 'end');
  if (invalid) return { at: 'queue', how: 'invalid', sinceAt: invalid.t };
  // It was killed or frozen between reading it and saying what it did with it.
  const spells = spellsOf(ask, QUEUE, read.t).filter(({ what }) => what in DOOR);
  const spell = hindering(spells, read.t, ask.t);
  cite(ask, spell);
  return spell ? door(read.t, spell) : { at: 'unknown' };
}

function withWorker(ask: Inquiry, request: Entered, given: Dispatched): Whereabouts {
  ask.cite(given, 'request');
  const worker = given.workerPeer ?? null;
  const back = ask.facts(given.t, ['request.requeued', 'request.dropped']).find((fact) => isSame(fact, given));
  if (back) {
    ask.cite(back, 'end');
    return { at: 'queue', how: back.type === 'request.requeued' ? 'putBack' : 'dropped', sinceAt: back.t };
  }
  const hop = nextHop(ask, request, 'REQUEST', 'fromQueue', given);
  if (!hop) return notSentOn(ask, given, 'REQUEST', worker, given.t);
  const absence = absenceOf(ask, hop);
  if (absence) return { at: 'toWorker', worker: hop.link, givenAt: given.t, absence };
  ask.cite(hop, 'request');
  const reply = nextHop(ask, hop, 'REPLY', 'toQueue', given);
  return reply ? answered(ask, reply) : unanswered(ask, hop);
}

const isSame = (fact: { client: string; seq: number; journey?: number | undefined }, given: Dispatched): boolean =>
  fact.seq > given.seq &&
  fact.client === given.client &&
  (fact.journey === undefined || given.journey === undefined || fact.journey === given.journey);

/** The message that this one caused; a queue that was killed could not tell, then the next of its kind on the journey is it. */
function nextHop(
  ask: Inquiry,
  { msg, journey, link }: Entered,
  kind: 'REQUEST' | 'REPLY',
  direction: Entered['direction'],
  after: Dispatched,
): Entered | undefined {
  if (journey === undefined) return undefined;
  const hops = ask.trace
    .journey(journey)
    .filter((hop) => hop.kind === kind && hop.direction === direction && hop.seq < ask.seq && hop.t <= ask.t);
  const fits = (hop: Entered): boolean => (direction === 'toQueue' ? hop.link === link : hop.seq > after.seq);
  return (
    hops.findLast((hop) => hop.cause === msg && fits(hop)) ??
    hops.find((hop) => hop.cause === undefined && hop.msg > msg && fits(hop))
  );
}

/** The queue gave it to a socket, and it is on no link: ROUTER knew nobody by that name, or the queue itself went down. */
function notSentOn(
  ask: Inquiry,
  { journey, seq }: Pick<Dispatched, 'journey' | 'seq'>,
  kind: 'REQUEST' | 'REPLY',
  worker: string | null,
  from: Micros,
): Whereabouts {
  const unrouted = ask
    .facts(from, ['message.unrouted'])
    .find((fact) => fact.seq > seq && fact.kind === kind && fact.journey === journey);
  if (unrouted) {
    ask.cite(unrouted, 'end');
    return kind === 'REPLY'
      ? { at: 'unrouted', worker, unroutedAt: unrouted.t, misaddressed: misaddressing(ask, unrouted) }
      : { at: 'queue', how: 'unrouted', sinceAt: unrouted.t };
  }
  const spells = spellsOf(ask, QUEUE, from).filter(({ what }) => what in DOOR);
  const spell = hindering(spells, from, ask.t);
  cite(ask, spell);
  return spell ? door(from, spell) : { at: 'unknown' };
}

function unanswered(ask: Inquiry, hop: Entered): Whereabouts {
  const worker = hop.link;
  const read = readFact(ask, hop.msg);
  const readAt = read?.t ?? ask.trace.fate(hop.msg)?.endAt ?? hop.t;
  const spells = spellsOf(ask, worker, readAt);
  // A process that died in the meantime took the request with it, though it may run again.
  const died = spells.find(({ what, fromAt }) => what === 'dead' && fromAt >= readAt);
  const spell = died ?? hindering(spells, readAt, ask.t);
  cite(ask, spell);
  return { at: 'worker', worker, readAt, hindrance: spell?.what ?? null, sinceAt: spell?.fromAt ?? readAt };
}

function answered(ask: Inquiry, reply: Entered): Whereabouts {
  const worker = reply.link;
  const absence = absenceOf(ask, reply);
  if (absence) return { at: 'fromWorker', worker, absence };
  const read = readFact(ask, reply.msg);
  const from = read?.t ?? reply.t;
  ask.cite(reply, 'request');
  const forwarded = ask
    .facts(from, ['reply.forwarded'])
    .find((fact) => fact.msg === reply.msg && fact.seq > (read?.seq ?? -1));
  if (!forwarded) {
    const refused = ask.at(from, ['reply.refused', 'message.invalidated'], (fact) => fact.seq > (read?.seq ?? -1));
    ask.cite(refused, 'end');
    if (refused) {
      const { t: refusedAt, reason } = refused;
      return { at: 'refused', worker, refusedAt, reason, damaged: damaging(ask, reply) };
    }
    return notSentOn(ask, { journey: reply.journey, seq: read?.seq ?? -1 }, 'REPLY', worker, from);
  }
  const last = lastHop(ask, reply);
  if (!last) return notSentOn(ask, forwarded, 'REPLY', worker, forwarded.t);
  return { at: 'toClient', worker, absence: absenceOf(ask, last) ?? unwanted(ask, last) };
}

function lastHop(ask: Inquiry, reply: Entered): Entered | undefined {
  if (reply.journey === undefined) return undefined;
  return ask.trace
    .journey(reply.journey)
    .findLast(
      (hop) => hop.kind === 'REPLY' && hop.direction === 'fromQueue' && hop.cause === reply.msg && hop.t <= ask.t,
    );
}

/** The client read it, and it was not the answer it waited for. */
function unwanted(ask: Inquiry, entered: Entered): Absence {
  const read = readFact(ask, entered.msg);
  ask.cite(read, 'end');
  return { how: 'uncounted', readAt: read?.t ?? ask.t, why: 'refused', damaged: damagingEarlier(ask, entered) };
}
