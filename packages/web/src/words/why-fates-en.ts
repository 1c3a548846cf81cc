// What became of messages and of those who should have sent or read them, in English clauses.

import type { Absence, Hindrance, Micros, MissedBeat, NotListed } from '@crows-nest/protocol';
import { before, gather, type Telling } from './why-sentence.ts';
import { ago, byFault, list, number, of, since } from './why-terms-en.ts';

/** What holds a peer back, as something that happened to it. */
export function held(who: string, hindrance: Hindrance, at: Micros, telling: Telling): string {
  const when = ago(at, telling);
  const whose = who === 'it' ? 'its' : `${who}’s`;
  switch (hindrance) {
    case 'dead':
      return `${whose} process ended ${when}`;
    case 'frozen':
      return `${whose} process was stopped (SIGSTOP) ${when}`;
    case 'overloaded':
      return `${who} was overloaded ${when}: a busy loop left it no time`;
    case 'backingOff':
      return `${who} gave up on the queue ${when} and backed off`;
    case 'working':
      return `${who} went to work ${when}, deaf and silent by design`;
    case 'mute':
      return `a fault has kept ${who} from beating since ${when}`;
    case 'slow':
      return `a fault has slowed ${who} down since ${when}, and late is silent`;
    case 'renamed':
      return `${who} came back ${when} under a new identity`;
    case 'cutOff':
      return `a fault has kept ${who} from connecting since ${when}`;
    case 'disconnected':
      return `${who} has been without a connection since ${when}`;
  }
}

/** What became of one message or several, as a clause. */
export function fateOf(absence: Absence, many: boolean, telling: Telling, it = many ? 'they' : 'it'): string {
  const [was, lies, has] = many ? ['were', 'lie', 'have'] : ['was', 'lies', 'has'];
  switch (absence.how) {
    case 'dropped':
      return `the link has dropped ${absence.only ?? 'everything'} ${since(absence.sinceAt, telling)} (${absence.fault})`;
    case 'lost':
      return `${it} ${was} lost ${LOST[absence.cause]}`;
    case 'held':
      return `${it} ${many ? 'stand' : 'stands'} still on the link since ${ago(absence.heldAt, telling)}, kept by ${byFault(absence.by, telling)}`;
    case 'underWay':
      if (absence.slowed) {
        const sent = many ? 'the first of them was' : `${it} was`;
        return `${sent} sent ${ago(absence.sentAt, telling)}, and ${many ? 'all are' : 'is'} made late by ${byFault(absence.slowed, telling)}`;
      }
      return many
        ? `the first of them was sent ${ago(absence.sentAt, telling)}, and all are still on the way`
        : `${it} was sent ${ago(absence.sentAt, telling)} and is still on the way`;
    case 'unread': {
      const { by, hindrance, sinceAt, arrivedAt } = absence;
      const where = `${it} ${lies} unread at ${of(by, telling)} since ${ago(arrivedAt, telling)}`;
      return hindrance === null || sinceAt === null
        ? `${where}, which has not come to ${many ? 'them' : 'it'} yet`
        : `${where}: ${held(of(by, telling), hindrance, sinceAt, telling)}`;
    }
    case 'uncounted':
      if (absence.damaged) return `${it} ${was} read, but not as sent: damaged by ${byFault(absence.damaged, telling)}`;
      return absence.why === 'invalid'
        ? `${it} ${was} read and not understood`
        : absence.why === 'refused'
          ? `${it} ${was} read and refused`
          : `${it} ${was} read and ignored`;
    case 'unsent':
      return held(absence.by === 'queue' ? 'the queue' : 'it', absence.hindrance, absence.sinceAt, telling);
    case 'unlisted':
      return `the queue does not beat for it: ${notListed(absence, telling)}`;
    case 'notDue':
      return absence.lastAt === null
        ? 'none was due yet'
        : `the last one was sent ${ago(absence.lastAt, telling)}, and the next ${has} only just become due`;
    case 'simple':
      return absence.of === 'queue'
        ? 'by simple rules the queue beats for nobody'
        : 'it is a Simple Pirate, and beats for nobody';
    case 'unknown':
      return `why ${it} did not come cannot be known: a guest’s process is out of sight`;
  }
}

const LOST = {
  connection: 'with the connection',
  process: 'with the process that should have read',
  buffer: 'in a full buffer',
} as const;

export function notListed({ why, at, ready }: NotListed, telling: Telling): string {
  const when = at === null ? 'before' : ago(at, telling);
  switch (why) {
    case 'expired':
      return `it expired ${when}`;
    case 'atWork':
      return `it was given a request ${when}, and is forgotten until it replies`;
    case 'queueRestarted':
      return `the queue was started anew ${when} and has heard no READY from it`;
    case 'refused':
      return `it was refused ${when}, the list being full`;
    case 'notHeard':
      return ready ? `its READY was not heard: ${fateOf(ready, false, telling)}` : 'it never heard its READY';
  }
}

/** "beats were due at −2.0 s, −1.0 s and now" */
export function due(beats: readonly MissedBeat[], { t }: Telling): string {
  const times = [...new Set(beats.map(({ dueAt }) => before(dueAt, t)))];
  const shown = times.length > 4 ? [...times.slice(0, 2), '…', times.at(-1)] : times;
  const texts = shown.map((time) => (time === undefined ? 'now' : time === '…' ? time : `${time} s`));
  return `${times.length === 1 ? 'a beat was' : 'beats were'} due ${times[0] === undefined ? '' : 'at '}${list(texts)}`;
}

export function ends(beats: readonly MissedBeat[], telling: Telling): string {
  const groups = gather(beats);
  return groups
    .map(({ absence, count: many }, index) => `${index > 0 ? 'then ' : ''}${fateOf(absence, many > 1, telling)}`)
    .join('; ');
}

/** What did not come from the queue. */
export function missed(
  { beats, silence }: { readonly beats: readonly MissedBeat[]; readonly silence: Absence | null },
  telling: Telling,
): string {
  const parts = gather(beats).map(({ absence, count: n }) =>
    fateOf(absence, n > 1, telling, n > 1 ? `the queue’s ${number(n)} messages` : 'the queue’s message'),
  );
  if (silence) parts.push(fateOf(silence, false, telling));
  return parts.join('; then ');
}
