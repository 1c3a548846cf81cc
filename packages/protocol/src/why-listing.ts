// Why the queue does not have a worker in its list: what it last did about it, or why it never heard of it.

import type { EventOf } from './events.ts';
import type { State } from './state.ts';
import type { Micros } from './timing.ts';
import type { Absence, NotListed } from './why-cause.ts';
import { damaging } from './why-faults.ts';
import { absenceOf, cite, readBefore } from './why-messages.ts';
import { cutOff, hindering, spellsOf } from './why-spells.ts';
import { type Inquiry, QUEUE } from './why-trace.ts';

const ABOUT = ['worker.listed', 'worker.expired', 'worker.refused', 'request.dispatched'] as const;

/** Whether the queue beats for it: listed, or by robust rules at work. */
export const isKnown = ({ queue }: State, identity: string): boolean =>
  queue.list.some((w) => w.worker === identity) ||
  queue.atWork.some((w) => w.worker === identity && w.expiryAt !== null);

/** As of `asOf`, at which it is not listed. */
export function notListed(ask: Inquiry, peer: string, identity: string | null, asOf: Micros = ask.t): NotListed {
  const about = identity === null ? undefined : ask.last(ABOUT, (fact) => fact.worker === identity && fact.t <= asOf);
  const started = ask.last(['queue.started'], (fact) => fact.t <= asOf);
  const opened = ask.last(['worker.opened'], (fact) => fact.peer === peer && fact.t <= asOf);
  if (started && (about?.seq ?? opened?.seq ?? started.seq) < started.seq) {
    ask.cite(started, 'process');
    return { why: 'queueRestarted', at: started.t, ready: null };
  }
  if (about && about.type !== 'worker.listed') {
    ask.cite(about, 'list');
    return { why: WHY[about.type], at: about.t, ready: null };
  }
  ask.cite(opened, 'identity');
  return { why: 'notHeard', at: opened?.t ?? null, ready: readyAbsence(ask, peer, opened?.t ?? asOf) };
}

const WHY = { 'worker.expired': 'expired', 'worker.refused': 'refused', 'request.dispatched': 'atWork' } as const;

/** What became of its READY on this socket. */
function readyAbsence(ask: Inquiry, peer: string, openedAt: Micros): Absence {
  const ready = ask
    .facts(openedAt, ['message.entered'])
    .find((fact) => fact.link === peer && fact.direction === 'toQueue' && fact.kind === 'READY');
  const absence = ready && absenceOf(ask, ready);
  if (absence) return absence;
  if (ready)
    return {
      how: 'uncounted',
      readAt: ask.trace.fate(ready.msg)?.endAt ?? ready.t,
      why: 'ignored',
      damaged: damaging(ask, ready),
    };
  const spell = cutOff(ask, peer, hindering(spellsOf(ask, peer, openedAt), openedAt, ask.t));
  cite(ask, spell);
  return spell ? { how: 'unsent', by: peer, hindrance: spell.what, sinceAt: spell.fromAt } : { how: 'unknown' };
}

/** The message by which the queue came to say this of a worker: it read it in the same step. */
export const heardBefore = (ask: Inquiry, identity: string | undefined): ReturnType<typeof readBefore> =>
  readBefore(ask, (fact) => fact.peer === QUEUE && fact.side === 'backend' && fact.identity === identity);

/** How it came to its place in the list. */
export function listing(
  ask: Inquiry,
  identity: string,
): EventOf<'worker.listed'> | EventOf<'worker.refreshed'> | undefined {
  return ask.last(
    ['worker.listed', 'worker.refreshed'],
    (fact) => fact.worker === identity && (fact.type === 'worker.listed' || fact.moved),
  );
}
