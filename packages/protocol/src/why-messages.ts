// Where one message was at the moment of the question, and why it had not been read by then.

import type { EventOf } from './events.ts';
import type { Micros } from './timing.ts';
import type { Absence } from './why-cause.ts';
import { applied, holding, slowing } from './why-faults.ts';
import { hindering, roleOf, type Spell, spellsOf } from './why-spells.ts';
import { type Inquiry, QUEUE } from './why-trace.ts';

export type Entered = EventOf<'message.entered'>;

const receiverOf = ({ direction, link }: Entered): string => (direction === 'toQueue' ? QUEUE : link);

/** The fact of its being read, if it had been by then. */
export function readFact(ask: Inquiry, msg: number): EventOf<'message.read'> | undefined {
  const fate = ask.trace.fate(msg);
  if (fate?.end !== 'read' || fate.endAt === undefined) return undefined;
  return ask.at(fate.endAt, ['message.read'], (fact) => fact.msg === msg);
}

/** The message that a machine was at when it said the fact: what it read last, in the same step. */
export function readBefore(
  ask: Inquiry,
  fits: (fact: EventOf<'message.read'>) => boolean,
): { read: EventOf<'message.read'>; entered: Entered | undefined } | undefined {
  const read = ask.last(['message.read'], fits);
  if (!read) return undefined;
  return { read, entered: read.msg === undefined ? undefined : ask.trace.entered(read.msg) };
}

/** Why it had not been read. undefined: it had been. Cites the message and what became of it. */
export function absenceOf(ask: Inquiry, entered: Entered): Absence | undefined {
  const { msg } = entered;
  if (readFact(ask, msg)) return undefined;
  const fate = ask.trace.fate(msg);
  ask.cite(entered, 'sign');
  if (fate?.end === 'dropped' && fate.endAt !== undefined) {
    const end = ask.at(fate.endAt, ['message.dropped'], (fact) => fact.msg === msg);
    if (end) return dropped(ask, end);
  }
  if (fate?.end === 'lost' && fate.endAt !== undefined) {
    const end = ask.at(fate.endAt, ['message.lost'], (fact) => fact.msg === msg);
    if (end) {
      ask.cite(end, 'end');
      return { how: 'lost', cause: end.cause, at: end.t };
    }
  }
  const left = fate?.leftAt === undefined ? undefined : ask.at(fate.leftAt, ['message.left'], (f) => f.msg === msg);
  if (!left) {
    const held = holding(ask, entered);
    if (held) return { how: 'held', ...held };
    return { how: 'underWay', sentAt: entered.t, dueAt: entered.dueAt, slowed: slowing(ask, entered) };
  }
  return unread(ask, receiverOf(entered), left.t);
}

function dropped(ask: Inquiry, end: EventOf<'message.dropped'>): Absence {
  ask.cite(end, 'end');
  const fault = applied(ask, end.fault, end.t);
  return { how: 'dropped', fault: end.fault, sinceAt: fault?.appliedAt ?? null, only: fault?.message ?? null };
}

function unread(ask: Inquiry, by: string, arrivedAt: Micros): Absence {
  const spell = hindering(
    spellsOf(ask, by, arrivedAt).filter(({ what }) => what !== 'disconnected' && what !== 'renamed'),
    arrivedAt,
    ask.t,
  );
  cite(ask, spell);
  return { how: 'unread', by, arrivedAt, hindrance: spell?.what ?? null, sinceAt: spell?.fromAt ?? null };
}

export function cite(ask: Inquiry, spell: Spell | undefined): void {
  if (spell?.fact) ask.cite(spell.fact, roleOf(spell.what));
}
