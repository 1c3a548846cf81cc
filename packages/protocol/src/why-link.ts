// Causes of ends: of a message, a connection, a process. Most ends have another end behind them.

import type { EventOf } from './events.ts';
import type { CauseOf, Ending } from './why-cause.ts';
import { damaging, gateOf, misaddressing, named, severing } from './why-faults.ts';
import { readBefore } from './why-messages.ts';
import { hindering, spellsOf } from './why-spells.ts';
import { type Inquiry, QUEUE } from './why-trace.ts';

/** Why one end of a connection closed, as far as the facts tell. `peer` is the link's own end. */
export function endingOf(ask: Inquiry, link: string, conn: number, end: 'peer' | 'queue'): Ending {
  const of = end === 'queue' ? QUEUE : link;
  const opened = ask.last(['connection.opened'], (fact) => fact.conn === conn);
  const from = opened?.t ?? ask.t - 60_000_000;
  const refusal = end === 'peer' ? hangUp(ask, conn, ask.facts(from, ['message.lost'])) : undefined;
  if (refusal) {
    ask.cite(refusal, 'connection');
    return { by: 'closed', end, at: refusal.t };
  }
  const found = end === 'queue' ? handover(ask, conn) : newSocket(ask, link, opened);
  const isIts = (fact: { peer: string }): boolean => fact.peer === of;
  const exit =
    ask.facts(from, ['process.exited']).findLast(isIts) ??
    (found ? undefined : ask.toldLate(['process.exited'], isIts));
  const cut = severing(ask, link, from);
  const first = [exit, found].reduce((least, fact) => Math.min(least, fact?.seq ?? least), Number.POSITIVE_INFINITY);
  if (cut && cut.seq < first) {
    return { by: 'fault', fault: named(ask, cut.fault, cut.t), at: cut.t };
  }
  if (exit && (!found || exit.seq > found.seq)) {
    ask.cite(exit, 'process');
    return { by: 'exit', of, at: exit.t };
  }
  if (found?.type === 'connection.greeted') {
    ask.cite(found, 'identity');
    return { by: 'handover', of: found.link, at: found.t };
  }
  if (found) {
    ask.cite(found, 'identity');
    return { by: 'newSocket', of, at: found.t, after: reasonFor(ask, found) };
  }
  const isThis = (fact: { conn: number }): boolean => fact.conn === conn;
  const closed = ask.facts(from, ['connection.closed']).find(isThis) ?? ask.toldLate(['connection.closed'], isThis);
  ask.cite(closed, 'connection');
  return closed ? { by: 'closed', end: closed.by, at: closed.t } : { by: 'unknown' };
}

/** A Simple worker that threw something away and had answered nothing: no REQ could take it, so it hung up, for good [SP7]. */
function hangUp(ask: Inquiry, conn: number, losses: EventOf<'message.lost'>[]): EventOf<'message.lost'> | undefined {
  return losses.find(({ link, cause, msg, t }) => {
    if (cause !== 'buffer' || ask.before.peers[link]?.pattern !== 'simple') return false;
    const answers = ask.trace.between(t - 1, t, ['work.finished']) as readonly EventOf<'work.finished'>[];
    return ask.trace.entered(msg)?.conn === conn && !answers.some(({ peer }) => peer === link);
  });
}

type Opened = EventOf<'worker.opened'> | EventOf<'client.opened'>;

/** The opening of a socket after the one that this connection belongs to; told at the latest at the same time. */
function newSocket(ask: Inquiry, link: string, opened: EventOf<'connection.opened'> | undefined): Opened | undefined {
  const isIts = (fact: Opened): boolean => fact.peer === link && (!opened || fact.seq > opened.seq);
  const types = ['worker.opened', 'client.opened'] as const;
  // The first one: it closed this connection's socket. A connection of an old socket may be told of after the new one is open.
  const found = ask.facts(opened?.t ?? ask.t - 60_000_000, types).find(isIts) ?? ask.toldLate(types, isIts);
  return found && found.t > ask.t ? undefined : found;
}

function handover(ask: Inquiry, conn: number): EventOf<'connection.greeted'> | undefined {
  const own = ask.last(['connection.greeted'], (fact) => fact.conn === conn && fact.by === 'peer');
  if (own?.identity === undefined) return undefined;
  return ask
    .facts(own.t, ['connection.greeted'])
    .find((fact) => fact.conn > conn && fact.by === 'peer' && fact.identity === own.identity);
}

/** Why it opened anew: a worker after its back-off, a client because a try timed out. */
function reasonFor(ask: Inquiry, opened: Opened): Extract<Ending, { by: 'newSocket' }>['after'] {
  const types = ['worker.backedOff', 'request.retried', 'request.abandoned', 'process.started'] as const;
  const before = ask.last(types, (fact) => fact.peer === opened.peer && fact.seq < opened.seq);
  if (!before || before.type === 'process.started') return null;
  ask.cite(before, before.type === 'worker.backedOff' ? 'process' : 'request');
  return before.type === 'worker.backedOff' ? 'backOff' : 'timeout';
}

export function lost(ask: Inquiry, fact: EventOf<'message.lost'>): CauseOf<'message.lost'> | undefined {
  const entered = ask.cite(ask.trace.entered(fact.msg), 'sign');
  const living = ask.before.messages[fact.msg];
  const message = entered ?? living;
  if (!message) return undefined;
  const { direction, link, kind, conn } = message;
  return {
    kind: 'message.lost',
    message: kind,
    link,
    direction,
    n: message.n ?? null,
    ending: thrownAway(ask, fact, conn) ?? endingOf(ask, link, conn, direction === 'toQueue' ? 'queue' : 'peer'),
  };
}

/** By a REQ: a client that asked again, a Simple worker that answered, or one that hung up on it. */
function thrownAway(ask: Inquiry, fact: EventOf<'message.lost'>, conn: number): Ending | undefined {
  if (fact.cause !== 'buffer') return undefined;
  // That its connection ended is told later, when the other end has learnt of it.
  if (hangUp(ask, conn, [fact])) return { by: 'closed', end: 'peer', at: ask.t };
  const answer = ask.toldLate(['work.finished'], ({ peer, t }) => peer === fact.link && t === ask.t);
  const again = answer ?? ask.last(['request.sent'], ({ peer }) => peer === fact.link);
  ask.cite(again, 'request');
  return again ? { by: 'resend', of: fact.link, at: again.t } : { by: 'unknown' };
}

export function dropped(ask: Inquiry, fact: EventOf<'message.dropped'>): CauseOf<'message.dropped'> | undefined {
  const entered = ask.cite(ask.trace.entered(fact.msg), 'sign');
  const message = entered ?? ask.before.messages[fact.msg];
  if (!message) return undefined;
  return {
    kind: 'message.dropped',
    message: message.kind,
    link: fact.link,
    direction: message.direction,
    n: message.n ?? null,
    by: named(ask, fact.fault, ask.t),
  };
}

type Disturbed = 'message.held' | 'message.corrupted' | 'message.duplicated';

export function disturbed(ask: Inquiry, fact: EventOf<Disturbed>): CauseOf<Disturbed> | undefined {
  const of = fact.type === 'message.duplicated' ? fact.of : fact.msg;
  const message = ask.cite(ask.trace.entered(of), 'sign') ?? ask.before.messages[of];
  if (!message) return undefined;
  const { kind, direction, n } = message;
  const by = named(ask, fact.fault, ask.t);
  return { kind: fact.type, message: kind, link: fact.link, direction, n: n ?? null, by };
}

export function paused(ask: Inquiry, { peer }: EventOf<'process.paused'>): CauseOf<'process.paused'> {
  const fault = Object.values(ask.before.faults).findLast(({ link, kind }) => link === peer && kind === 'pause');
  return { kind: 'process.paused', peer, by: fault ? named(ask, fault.fault, ask.t) : null };
}

/** ROUTER has no connection by that name, or it ended while the message was handed over. */
export function unrouted(ask: Inquiry, fact: EventOf<'message.unrouted'>): CauseOf<'message.unrouted'> {
  const to = fact.workerPeer ?? fact.clientPeer ?? null;
  const greeted = ask.last(['connection.greeted'], (g) => g.by === 'peer' && g.identity === fact.identity);
  const done = { kind: 'message.unrouted', message: fact.kind } as const;
  if (!greeted) return { ...done, to, ending: { by: 'never' }, misaddressed: misaddressing(ask, fact) };
  const closed = ask.last(['connection.closed'], (event) => event.conn === greeted.conn);
  ask.cite(closed, 'connection');
  const ending = endingOf(ask, greeted.link, greeted.conn, closed?.by === 'queue' ? 'queue' : 'peer');
  return { ...done, to: to ?? greeted.link, ending, misaddressed: null };
}

export function closed(ask: Inquiry, fact: EventOf<'connection.closed'>): CauseOf<'connection.closed'> {
  const { link, conn, by } = fact;
  const ending = endingOf(ask, link, conn, by === 'queue' ? 'queue' : 'peer');
  const known = by === 'tap' ? ending.by === 'fault' : ending.by !== 'unknown';
  return { kind: 'connection.closed', link, ending: known ? ending : { by: 'closed', end: by, at: fact.t } };
}

export function connectionRefused(
  ask: Inquiry,
  { link, reason }: EventOf<'connection.refused'>,
): CauseOf<'connection.refused'> {
  const gate = gateOf(ask, link);
  const by = gate ? named(ask, gate.fault, ask.t) : null;
  const spells = spellsOf(ask, QUEUE, ask.t - 1).filter(({ what }) => what === 'dead' || what === 'frozen');
  const spell = hindering(spells, ask.t, ask.t);
  const started = ask.last(['process.started', 'queue.started'], (fact) => fact.peer === QUEUE);
  const fact = spell?.fact ?? (started?.type === 'process.started' ? started : undefined);
  ask.cite(fact, 'process');
  const queue = spell?.what === 'dead' || spell?.what === 'frozen' ? spell.what : fact ? 'starting' : 'running';
  return { kind: 'connection.refused', link, reason, queue, by, sinceAt: spell?.fromAt ?? fact?.t ?? null };
}

export function opaqued(ask: Inquiry, fact: EventOf<'connection.opaqued'>): CauseOf<'connection.opaqued'> {
  ask.cite(
    ask.last(['connection.opened'], (opened) => opened.conn === fact.conn),
    'connection',
  );
  return { kind: 'connection.opaqued', link: fact.link, reason: fact.reason };
}

export function exited(ask: Inquiry, fact: EventOf<'process.exited'>): CauseOf<'process.exited'> {
  const { peer, code, signal } = fact;
  const types = ['process.started', 'worker.crashed', 'process.restarting'] as const;
  const before = ask.last(types, (event) => event.peer === peer);
  const done = { kind: 'process.exited', peer, code, signal } as const;
  if (before && before.type !== 'process.started') {
    ask.cite(before, 'process');
    if (before.type === 'worker.crashed') citeWork(ask, peer);
    return { ...done, because: before.type === 'worker.crashed' ? 'crashed' : 'restarted' };
  }
  ask.cite(before, 'process');
  const left = ask.toldLate(['peer.left'], (event) => event.peer === peer);
  if (left) ask.cite(left, 'process');
  const ended = signal !== null ? 'killed' : code === 0 ? 'stopped' : 'failed';
  return { ...done, because: left ? 'removed' : ended };
}

/** A crash is drawn for the request that was just read. */
function citeWork(ask: Inquiry, peer: string): void {
  const found = readBefore(ask, (fact) => fact.peer === peer && fact.side === undefined);
  ask.cite(found?.entered, 'request');
}

export function invalidated(ask: Inquiry, fact: EventOf<'message.invalidated'>): CauseOf<'message.invalidated'> {
  const { peer: by, side, reason } = fact;
  const found = readBefore(ask, (read) => read.peer === by && read.side === side);
  ask.cite(found?.entered, 'sign');
  const entered = found?.entered;
  const from = entered ? (entered.direction === 'toQueue' ? entered.link : QUEUE) : null;
  const known = fact.workerPeer ?? fact.clientPeer ?? from;
  return {
    kind: 'message.invalidated',
    by,
    from: known,
    message: entered?.kind ?? null,
    reason,
    damaged: entered ? damaging(ask, entered) : null,
  };
}
