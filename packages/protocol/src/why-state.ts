// How a worker or a client stands at a time, and why: the same questions as of a fact, asked of a moment between facts.

import type { PeerState, State } from './state.ts';
import type { Micros } from './timing.ts';
import type { Belief, Hindrance, Standing, Truth, WhyState } from './why-cause.ts';
import { notListed } from './why-listing.ts';
import { cite } from './why-messages.ts';
import { whereIs } from './why-request.ts';
import { hindering, type Spell, spellsOf } from './why-spells.ts';
import { Inquiry, QUEUE, type WhyTrace } from './why-trace.ts';
import { intervalUs, owedBeats } from './why-worker.ts';

/** undefined: the queue, or a peer that is not on the stage then. */
export function whyState(trace: WhyTrace, t: Micros, peer: string): WhyState | undefined {
  const ask = new Inquiry(trace, t);
  const known = ask.before.peers[peer];
  if (!known || known.role === 'queue') return undefined;
  const standing = known.role === 'worker' ? worker(ask, known) : client(ask, known);
  return { standing, evidence: ask.evidence };
}

function worker(ask: Inquiry, known: PeerState): Standing {
  const { peer } = known;
  const truth = truthOf(ask, known);
  const identity = believedName(ask.before, known);
  const listed = identity !== null && beliefIn(ask.before, identity);
  const belief = queueDown(ask) ?? (listed || unbelieved(ask, known));
  const counts = listed && 'expiryAt' in listed && listed.expiryAt !== null;
  const missed = counts ? owedBeats(ask, { peer, identity }) : [];
  return {
    kind: 'worker',
    worker: peer,
    belief,
    lastHeardAt: known.lastHeardAt,
    // What is not due yet, or never, is not missed.
    missed: missed.filter(
      ({ dueAt, absence }) => absence.how !== 'notDue' && absence.how !== 'simple' && dueAt <= ask.t,
    ),
    intervalUs: intervalUs(ask),
    truth,
  };
}

/** The name under which the queue knows it: its own, or one that it had before. */
function believedName({ queue }: State, { peer, identity }: PeerState): string | null {
  const known = [...queue.list, ...queue.atWork];
  if (identity !== null && known.some((w) => w.worker === identity)) return identity;
  return known.findLast((w) => w.peer === peer)?.worker ?? null;
}

function beliefIn({ queue }: State, identity: string): Extract<Belief, { as: 'listed' | 'atWork' }> | false {
  const place = queue.list.findIndex((w) => w.worker === identity);
  const entry = queue.list[place];
  if (entry) return { as: 'listed', place: place + 1, expiryAt: entry.expiryAt };
  const atWork = queue.atWork.find((w) => w.worker === identity);
  return atWork ? { as: 'atWork', sinceAt: atWork.since, expiryAt: atWork.expiryAt } : false;
}

function queueDown(ask: Inquiry): Belief | undefined {
  const status = ask.before.peers[QUEUE]?.process?.status;
  if (status !== 'exited' && status !== 'paused') return undefined;
  const spell = processSpell(ask, QUEUE, status === 'exited' ? 'dead' : 'frozen');
  // A frozen queue still has its list; only one that is gone believes nothing.
  return spell?.what === 'dead' ? { as: 'noQueue', hindrance: 'dead', sinceAt: spell.fromAt } : undefined;
}

function processSpell(ask: Inquiry, peer: string, what: Hindrance): Spell | undefined {
  const spell = hindering(
    spellsOf(ask, peer, ask.t).filter((s) => s.what === what),
    ask.t,
    ask.t,
  );
  cite(ask, spell);
  return spell;
}

function unbelieved(ask: Inquiry, { peer, identity }: PeerState): Belief {
  const why = notListed(ask, peer, identity);
  if (why.why === 'expired' && why.at !== null) return { as: 'forgotten', at: why.at };
  const forgotten = ask.before.queue.forgotten.findLast((f) => f.peer === peer);
  if (forgotten && why.why === 'notHeard' && why.ready?.how === 'unsent') {
    const fact = ask.at(forgotten.at, ['worker.expired'], (expired) => expired.workerPeer === peer);
    ask.cite(fact, 'list');
    return { as: 'forgotten', at: forgotten.at };
  }
  return { as: 'unlisted', ...why };
}

function client(ask: Inquiry, known: PeerState): Standing {
  const { peer, request } = known;
  const truth = truthOf(ask, known);
  if (!request) return { kind: 'client', client: peer, request: null, truth };
  const { n, attempt, sentAt, timeoutAt } = request;
  ask.cite(
    ask.at(sentAt, ['request.sent'], (fact) => fact.peer === peer),
    'request',
  );
  const where = whereIs(ask, peer, sentAt);
  return { kind: 'client', client: peer, request: { n, attempt, sentAt, timeoutAt, where }, truth };
}

const WHAT: Partial<Record<Hindrance, Truth['what']>> = {
  dead: 'dead',
  frozen: 'frozen',
  overloaded: 'overloaded',
  backingOff: 'backingOff',
  working: 'working',
};

function truthOf(ask: Inquiry, { peer, process, link, work, backOff, guest }: PeerState): Truth {
  const connected = link.conn !== null;
  const signal = process?.status === 'exited' ? process.signal : null;
  if (guest) return { what: 'unknown', sinceAt: null, untilAt: null, signal, connected };
  const spell = hindering(
    spellsOf(ask, peer, ask.t).filter(({ what }) => what in WHAT),
    ask.t,
    ask.t,
  );
  cite(ask, spell);
  const what = (spell && WHAT[spell.what]) ?? 'running';
  const overload = spell?.fact?.type === 'process.overloaded' ? spell.fact.untilAt : null;
  const untilAt =
    what === 'working' ? (work?.untilAt ?? null) : what === 'backingOff' ? (backOff?.untilAt ?? null) : overload;
  return { what, sinceAt: spell?.fromAt ?? process?.since ?? null, untilAt, signal, connected };
}
