// The beats of a worker that were due and not heard, and what became of each: sent and lost on the way, or never sent, and why.

import type { Micros } from './timing.ts';
import type { Absence, MissedBeat } from './why-cause.ts';
import { damaging, muffled } from './why-faults.ts';
import { absenceOf, cite, type Entered, readFact } from './why-messages.ts';
import { cutOff, hindering, hinderingFirst, type Spell, spellsOf } from './why-spells.ts';
import type { Inquiry } from './why-trace.ts';

/** A loop wakes this late at worst without anybody calling it late; and never more than this share of an interval. */
const LATE: Micros = 60_000;
export const lateUs = (intervalUs: Micros): Micros => Math.min(LATE, intervalUs / 8);

/** More beats than this are counted from the latest. */
const MOST_BEATS = 24;

export interface BeatsAsked {
  readonly peer: string;
  /** The identity under which it must be heard. */
  readonly identity: string;
  /** What was heard last; undefined: the trace does not know, and `heardAt` must do. */
  readonly heard: Entered | undefined;
  readonly heardAt: Micros;
  readonly intervalUs: Micros;
}

/** All that a worker should have said since it was heard last. */
export function missedBeats(ask: Inquiry, asked: BeatsAsked): MissedBeat[] {
  const { peer, heard, heardAt, intervalUs } = asked;
  const from = heard?.t ?? heardAt;
  const spells = [...spellsOf(ask, peer, from, asked.identity), ...muffled(ask, peer, from, intervalUs)];
  const late = lateUs(intervalUs);
  const missed: MissedBeat[] = [];
  const before = paceBefore(ask, asked, from);
  let dueAt = before + intervalUs;
  const skipTo = (until: Micros): void => {
    for (; dueAt < until; dueAt += intervalUs) {
      // Before it was heard last nothing was missed: another message did for it.
      if (dueAt > from) missed.push({ dueAt, absence: unsent(ask, asked, spells, dueAt, until) });
    }
  };
  for (const sent of saidSince(ask, asked, from)) {
    if (isBeat(sent)) {
      skipTo(sent.t - late);
      dueAt = Math.min(dueAt, sent.t);
    }
    missed.push({ dueAt: isBeat(sent) ? dueAt : sent.t, absence: absenceOf(ask, sent) ?? uncounted(ask, sent) });
    if (isBeat(sent)) dueAt = sent.t + intervalUs;
  }
  skipTo(ask.t - late);
  // Nothing was due yet by the pace it keeps, and still it was too long: say what keeps it, or that it beats too rarely.
  if (missed.length === 0) missed.push({ dueAt, absence: idle(ask, asked, spells, from, before) });
  return missed.slice(-MOST_BEATS);
}

const isBeat = ({ kind }: Entered): boolean => kind === 'HEARTBEAT' || kind === 'READY';

/** Messages entered on the link after it, under the same name. */
function saidSince(ask: Inquiry, { peer, identity, heard }: BeatsAsked, from: Micros): Entered[] {
  const names = namesOf(ask, peer, from);
  return ask
    .facts(from, ['message.entered'])
    .filter(
      (fact) =>
        fact.link === peer &&
        fact.direction === 'toQueue' &&
        (heard ? fact.msg > heard.msg : true) &&
        (names.get(fact.conn) ?? identity) === identity,
    );
}

/** The identities of the link's connections since then. */
function namesOf(ask: Inquiry, peer: string, from: Micros): Map<number, string> {
  const names = new Map<number, string>();
  for (const { conn, link, identity } of Object.values(ask.trace.stateAt(from).connections)) {
    if (link === peer && identity !== null) names.set(conn, identity);
  }
  for (const { conn, link, by, identity } of ask.facts(from, ['connection.greeted'])) {
    if (link === peer && by === 'peer' && identity !== undefined) names.set(conn, identity);
  }
  return names;
}

/** When it beat last, at or before that time: its next beat is due an interval later. */
function paceBefore(ask: Inquiry, { peer, intervalUs }: BeatsAsked, from: Micros): Micros {
  const said = ask
    .facts(from - 12 * intervalUs, ['message.entered'])
    .findLast((fact) => fact.link === peer && fact.direction === 'toQueue' && isBeat(fact) && fact.t <= from);
  return said?.t ?? from;
}

/** It owes nobody a beat, whatever its queue expects. */
const isSimple = ({ before }: Inquiry, peer: string): boolean => before.peers[peer]?.pattern === 'simple';

function unsent(ask: Inquiry, { peer }: BeatsAsked, spells: readonly Spell[], dueAt: Micros, until: Micros): Absence {
  const spell = cutOff(ask, peer, hinderingFirst(spells, dueAt, until));
  cite(ask, spell);
  if (spell) return { how: 'unsent', by: peer, hindrance: spell.what, sinceAt: spell.fromAt };
  return isSimple(ask, peer) ? { how: 'simple', of: 'worker' } : { how: 'unknown' };
}

function idle(
  ask: Inquiry,
  { peer, heard }: BeatsAsked,
  spells: readonly Spell[],
  from: Micros,
  lastAt: Micros,
): Absence {
  const spell = cutOff(ask, peer, hindering(spells, from, ask.t));
  cite(ask, spell);
  if (spell) return { how: 'unsent', by: peer, hindrance: spell.what, sinceAt: spell.fromAt };
  if (isSimple(ask, peer)) return { how: 'simple', of: 'worker' };
  return heard ? { how: 'notDue', lastAt } : { how: 'unknown' };
}

/** Read, and not taken for a sign of life. */
function uncounted(ask: Inquiry, entered: Entered): Absence {
  const read = readFact(ask, entered.msg);
  if (!read) return { how: 'unknown' };
  const damaged = damaging(ask, entered);
  ask.cite(read, 'end');
  const said = ask.at(
    read.t,
    ['message.invalidated', 'reply.refused', 'worker.ignored'],
    (fact) => fact.seq > read.seq && fact.peer === read.peer,
  );
  ask.cite(said, 'end');
  const why =
    said?.type === 'reply.refused' ? 'refused' : said?.type === 'worker.ignored' ? 'ignored' : ('invalid' as const);
  return { how: 'uncounted', readAt: read.t, why, damaged };
}
