// Causes of what happened to a worker, by the queue's judgement and by its own.

import type { EventOf } from './events.ts';
import type { Micros } from './timing.ts';
import { type BeatsAsked, lateUs, missedBeats } from './why-beats.ts';
import type { Absence, CauseOf, MissedBeat } from './why-cause.ts';
import { muffled } from './why-faults.ts';
import { heardBefore, isKnown, notListed } from './why-listing.ts';
import { absenceOf, cite, type Entered, readBefore } from './why-messages.ts';
import { cutOff, hindering, spellsOf } from './why-spells.ts';
import { type Inquiry, QUEUE } from './why-trace.ts';

const MS: Micros = 1000;

export const intervalUs = (ask: Inquiry): Micros => Math.max(1, ask.before.queue.heartbeatIntervalMs * MS);

export function expired(ask: Inquiry, fact: EventOf<'worker.expired'>): CauseOf<'worker.expired'> {
  const { worker: identity, lastHeardAt, expiryAt, busy } = fact;
  const interval = intervalUs(ask);
  const byName = (read: EventOf<'message.read'>): boolean => read.side === 'backend' && read.identity === identity;
  const read =
    ask.at(lastHeardAt, ['message.read'], byName) ??
    ask.last(['message.read'], (event) => byName(event) && event.t <= lastHeardAt);
  const heard = read?.msg === undefined ? undefined : ask.trace.entered(read.msg);
  ask.cite(read, 'lastHeard');
  const ghost = fact.workerPeer === undefined && heard !== undefined;
  if (ghost) citeHandover(ask, heard);
  const peer = fact.workerPeer;
  const asked = peer && { peer, identity, heard, heardAt: lastHeardAt, intervalUs: interval };
  return {
    kind: 'worker.expired',
    worker: peer ?? heard?.link ?? null,
    busy,
    lastHeardAt,
    lastKind: heard?.kind ?? null,
    allowedUs: expiryAt - lastHeardAt,
    intervalUs: interval,
    beats: asked ? missedBeats(ask, asked) : [],
    ghost,
  };
}

/** Another connection came under the identity of the one that this message came by. */
function citeHandover(ask: Inquiry, { conn }: Entered): void {
  const greeted = ask.last(['connection.greeted'], (fact) => fact.conn === conn && fact.by === 'peer');
  const newer = ask.last(
    ['connection.greeted'],
    (fact) => fact.conn > conn && fact.by === 'peer' && fact.identity === greeted?.identity,
  );
  ask.cite(newer, 'identity');
}

/** The beats that a worker at this moment owes the queue. */
export function owedBeats(ask: Inquiry, asked: Pick<BeatsAsked, 'peer' | 'identity'>): MissedBeat[] {
  const found = heardBefore(ask, asked.identity);
  if (!found) return [];
  ask.cite(found.read, 'lastHeard');
  return missedBeats(ask, {
    ...asked,
    heard: found.entered,
    heardAt: found.read.t,
    intervalUs: intervalUs(ask),
  });
}

interface Quiet {
  /** When it last heard the queue on this socket, or opened it. */
  sinceAt: Micros | null;
  beats: MissedBeat[];
  silence: Absence | null;
}

/** What should have come from the queue to a worker and did not, since it last heard something. */
function quiet(ask: Inquiry, peer: string): Quiet {
  const told = readBefore(ask, (fact) => fact.peer === peer && fact.side === undefined);
  const opened = ask.last(['worker.opened'], (fact) => fact.peer === peer);
  const fresh = opened !== undefined && opened.seq > (told?.read.seq ?? -1);
  const since = fresh ? opened : told?.read;
  ask.cite(since, fresh ? 'identity' : 'lastHeard');
  const from = fresh ? opened.t : (told?.entered?.t ?? told?.read.t ?? ask.t - 2 * intervalUs(ask));
  const after = fresh ? -1 : (told?.entered?.msg ?? -1);
  const sent = ask
    .facts(from, ['message.entered'])
    .filter((fact) => fact.link === peer && fact.direction === 'fromQueue' && fact.msg > after);
  const beats: MissedBeat[] = [];
  for (const entered of sent) {
    const absence = absenceOf(ask, entered);
    if (absence) beats.push({ dueAt: entered.t, absence });
  }
  const lastAt = beats.at(-1)?.dueAt ?? null;
  const interval = intervalUs(ask);
  const enough = lastAt !== null && ask.t - lastAt <= interval + lateUs(interval);
  const silence = enough ? null : silenceOf(ask, peer, opened?.identity ?? null, Math.max(from, lastAt ?? from));
  return { sinceAt: since?.t ?? null, beats, silence };
}

/** Why the queue had nothing on its way to a worker at the end of that time. */
function silenceOf(ask: Inquiry, peer: string, identity: string | null, from: Micros): Absence {
  const interval = intervalUs(ask);
  const start = Math.max(from, ask.t - interval - lateUs(interval));
  const spell =
    hindering(
      [
        ...spellsOf(ask, QUEUE, start).filter(({ what }) => what !== 'disconnected'),
        ...muffled(ask, QUEUE, start, interval),
      ],
      start,
      ask.t,
    ) ??
    cutOff(
      ask,
      peer,
      hindering(
        spellsOf(ask, peer, start).filter(({ what }) => what === 'disconnected'),
        ask.t,
        ask.t,
      ),
    );
  if (spell) {
    cite(ask, spell);
    const by = spell.what === 'disconnected' || spell.what === 'cutOff' ? peer : QUEUE;
    return { how: 'unsent', by, hindrance: spell.what, sinceAt: spell.fromAt };
  }
  if (ask.before.queue.rules === 'simple') return { how: 'simple', of: 'queue' };
  if (identity === null || !isKnown(ask.before, identity)) {
    return { how: 'unlisted', ...notListed(ask, peer, identity) };
  }
  const listed = ask.last(['worker.listed'], (fact) => fact.worker === identity);
  if (listed && listed.t > start) {
    // Listed again only just now: what counts is why it was not before.
    ask.cite(listed, 'list');
    const before = notListed(ask, peer, identity, listed.t - 1);
    if (before.why !== 'notHeard') return { how: 'unlisted', ...before };
  }
  const beat = ask.facts(ask.t - 2 * interval, ['message.entered']).findLast(isQueueBeat);
  return { how: 'notDue', lastAt: beat?.t ?? null };
}

const isQueueBeat = (fact: Entered): boolean => fact.direction === 'fromQueue' && fact.kind === 'HEARTBEAT';

export const livenessLost = (ask: Inquiry, fact: EventOf<'liveness.lost'>): CauseOf<'liveness.lost'> => ({
  kind: 'liveness.lost',
  worker: fact.peer,
  left: fact.left,
  ...quiet(ask, fact.peer),
});

export function backedOff(ask: Inquiry, fact: EventOf<'worker.backedOff'>): CauseOf<'worker.backedOff'> {
  const { peer: worker, waitMs } = fact;
  const found = quiet(ask, worker);
  const polls = ask.facts(found.sinceAt ?? ask.t, ['liveness.lost']).filter((lost) => lost.peer === worker);
  for (const poll of polls) ask.cite(poll, 'poll');
  return { kind: 'worker.backedOff', worker, waitMs, polls: polls.length, ...found };
}

export function livenessRestored(ask: Inquiry, fact: EventOf<'liveness.restored'>): CauseOf<'liveness.restored'> {
  const mine = (read: EventOf<'message.read'>): boolean => read.peer === fact.peer && read.side === undefined;
  const found = readBefore(ask, mine);
  ask.cite(found?.read, 'lastHeard');
  ask.cite(found?.entered, 'sign');
  const earlier = found && ask.last(['message.read'], (read) => mine(read) && read.seq < found.read.seq);
  ask.cite(earlier, 'lastHeard');
  return {
    kind: 'liveness.restored',
    worker: fact.peer,
    by: found?.entered?.kind ?? null,
    silentUs: earlier ? ask.t - earlier.t : null,
  };
}

export function listed(ask: Inquiry, fact: EventOf<'worker.listed'>): CauseOf<'worker.listed'> {
  const found = heardBefore(ask, fact.worker);
  ask.cite(found?.entered, 'sign');
  ask.cite(found?.read, 'lastHeard');
  const { queue } = ask.before;
  return {
    kind: 'worker.listed',
    worker: fact.workerPeer ?? found?.entered?.link ?? null,
    by: fact.by,
    rules: queue.rules,
    sentAt: found?.entered?.t ?? null,
    places: queue.list.length + 1,
  };
}

export function refused(ask: Inquiry, fact: EventOf<'worker.refused'>): CauseOf<'worker.refused'> {
  const found = heardBefore(ask, fact.worker);
  ask.cite(found?.entered, 'sign');
  ask.cite(found?.read, 'lastHeard');
  const { list, atWork, rules } = ask.before.queue;
  const known = list.length + (rules === 'robust' ? atWork.length : 0);
  const by = found?.entered?.kind ?? null;
  return { kind: 'worker.refused', worker: fact.workerPeer ?? found?.entered?.link ?? null, known, by };
}

export function ignored(ask: Inquiry, fact: EventOf<'worker.ignored'>): CauseOf<'worker.ignored'> {
  const found = heardBefore(ask, fact.worker);
  ask.cite(found?.entered, 'sign');
  const worker = fact.workerPeer ?? found?.entered?.link ?? null;
  return { kind: 'worker.ignored', worker, ...notListed(ask, worker ?? '', fact.worker) };
}
