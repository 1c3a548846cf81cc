// The hand that faults had in it: in one message on its way, in the end of a connection, in a peer's silence.

import type { EventOf } from './events.ts';
import type { AppliedFault } from './state.ts';
import type { Micros } from './timing.ts';
import type { Damaged, FaultNamed } from './why-cause.ts';
import type { Spell } from './why-spells.ts';
import type { Inquiry } from './why-trace.ts';

/** A tap tells of damage in the turn in which the message entered. */
const SAME_TURN: Micros = 50_000;

/** A fault as it was at that time, and the fact that put it there. */
export function applied(ask: Inquiry, fault: string, t: Micros): AppliedFault | undefined {
  const known = ask.trace.stateAt(t).faults[fault];
  const found = known && { ...known };
  if (found) {
    ask.cite(
      ask.at(found.appliedAt, ['fault.applied'], (fact) => fact.fault === fault),
      'fault',
    );
  }
  return found;
}

/** A lasting fault, or one that struck once. */
export function named(ask: Inquiry, fault: string, t: Micros): FaultNamed {
  const lasting = applied(ask, fault, t);
  if (lasting) {
    const { kind, params, appliedAt: sinceAt, message: only } = lasting;
    return { fault, kind, mode: params.mode ?? null, sinceAt, only, once: false };
  }
  const fact = ask.last(['fault.struck', 'fault.applied'], (event) => event.fault === fault);
  ask.cite(fact, 'fault');
  const mode = fact?.type === 'fault.applied' ? (fact.mode ?? null) : null;
  const only = fact?.type === 'fault.applied' ? (fact.message ?? null) : null;
  const once = fact?.type === 'fault.struck';
  return { fault, kind: fact?.kind ?? null, mode, sinceAt: fact?.t ?? null, only, once };
}

type Entered = EventOf<'message.entered'>;

/** The fault that keeps a message where it is, and since when. */
export function holding(ask: Inquiry, { msg, t }: Entered): { by: FaultNamed; heldAt: Micros } | undefined {
  const fault = ask.before.messages[msg]?.heldBy[0];
  if (fault === undefined) return undefined;
  const fact = ask.facts(t, ['message.held']).find((event) => event.msg === msg && event.fault === fault);
  ask.cite(fact, 'end');
  return { by: named(ask, fault, ask.t), heldAt: fact?.t ?? t };
}

/** The first of those that made it late. */
export function slowing(ask: Inquiry, { slowedBy, t }: Entered): FaultNamed | null {
  const fault = slowedBy?.[0];
  return fault === undefined ? null : named(ask, fault, t);
}

/** The fault that damaged a message before it left. */
export function damaging(ask: Inquiry, entered: Entered): FaultNamed | null {
  const fact = damagesOf(ask, entered)[0];
  if (!fact) return null;
  ask.cite(fact, 'fault');
  return named(ask, fact.fault, fact.t);
}

/** The fault that damaged it here, or as what it was forwarded from. */
export function damagingEarlier(ask: Inquiry, entered: Entered): FaultNamed | null {
  const from = entered.cause === undefined ? undefined : ask.trace.entered(entered.cause);
  return damaging(ask, entered) ?? (from?.kind === entered.kind ? damagingEarlier(ask, from) : null);
}

function damagesOf(ask: Inquiry, { msg, t }: Entered): readonly EventOf<'message.corrupted'>[] {
  const facts = ask.trace.between(t - 1, Math.min(ask.t, t + SAME_TURN), ['message.corrupted']);
  return (facts as readonly EventOf<'message.corrupted'>[]).filter((event) => event.msg === msg && event.seq < ask.seq);
}

/** The fault that made this identity of the one that stood on a message of the journey: on the reply, or on the request it copies. */
export function misaddressing(ask: Inquiry, { journey, identity }: EventOf<'message.unrouted'>): Damaged | null {
  if (journey === undefined) return null;
  for (const hop of ask.trace.journey(journey).toReversed()) {
    if (hop.seq > ask.seq || hop.t > ask.t || hop.frames.includes(identity)) continue;
    const fact = damagesOf(ask, hop).find(({ frames }) => frames.includes(identity));
    if (!fact) continue;
    ask.cite(fact, 'fault');
    return { link: hop.link, direction: hop.direction, by: named(ask, fact.fault, fact.t) };
  }
  return null;
}

type Severing = EventOf<'fault.struck'> | EventOf<'fault.applied'>;

/** The fault that ended a connection of this link, which was open from that time on. */
export function severing(ask: Inquiry, link: string, from: Micros): Severing | undefined {
  return ask.facts(from, ['fault.struck', 'fault.applied']).find((fact) => fact.link === link && severs(fact));
}

const severs = (fact: Severing): boolean =>
  fact.kind === 'reset' ||
  fact.kind === 'close' ||
  fact.kind === 'hang' ||
  (fact.type === 'fault.applied' && fact.kind === 'partition' && fact.mode === 'refused');

/** The spells in which a fault kept a peer from beating, or made it beat too late. */
export function muffled(ask: Inquiry, peer: string, from: Micros, intervalUs: Micros): Spell[] {
  const spells = new Map<string, Spell>();
  for (const { fault, link, kind, appliedAt } of Object.values(ask.trace.stateAt(from).faults)) {
    if (link !== peer || (kind !== 'mute' && kind !== 'slow')) continue;
    const fact = ask.at(appliedAt, ['fault.applied'], (event) => event.fault === fault);
    spells.set(fault, { what: kind, fromAt: appliedAt, untilAt: null, fact });
  }
  for (const fact of ask.facts(from + 1, ['fault.applied', 'fault.healed'])) {
    const { fault, link, kind } = fact;
    if (link !== peer || (kind !== 'mute' && kind !== 'slow')) continue;
    const spell = spells.get(fault);
    if (fact.type === 'fault.applied') spells.set(fault, { what: kind, fromAt: fact.t, untilAt: null, fact });
    // Well again, it beats an interval later at the latest.
    else if (spell) spell.untilAt = fact.t + intervalUs;
  }
  return [...spells.values()];
}

/** Which of a link's faults keeps a new connection from coming about: TCP needs both ways. */
export const gateOf = (ask: Inquiry, link: string): AppliedFault | undefined =>
  Object.values(ask.before.faults).find(
    (fault) => fault.link === link && (fault.kind === 'partition' || fault.kind === 'hang'),
  );
