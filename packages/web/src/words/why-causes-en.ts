// Why, in English sentences: from the data of a cause to what a person reads. Words of the protocol are the ZeroMQ guide's own.

import type { CauseKind, CauseOf } from '@crows-nest/protocol';
import { due, ends, held, missed, notListed } from './why-fates-en.ts';
import { ending, whereabouts } from './why-places-en.ts';
import type { Sentence, Telling } from './why-sentence.ts';
import {
  ago,
  byFault,
  capital,
  count,
  kindName,
  length,
  misaddressed,
  number,
  numbered,
  of,
  setting,
  since,
  way,
  whom,
} from './why-terms-en.ts';

const said = (lead: string, rest: string): Sentence => ({ lead: `${lead}:`, rest: `${rest}.` });

const disturbed =
  (happened: string) =>
  (cause: CauseOf<'message.held' | 'message.corrupted' | 'message.duplicated'>, telling: Telling): Sentence =>
    said(`${numbered(cause.message, cause.n)} ${way(cause, telling)} ${happened}`, byFault(cause.by, telling));

type Sentences = { readonly [K in CauseKind]: (cause: CauseOf<K>, telling: Telling) => Sentence };

const tries = (cause: CauseOf<'request.retried' | 'request.abandoned'>, telling: Telling): Sentence =>
  cause.kind === 'request.retried'
    ? said(`No reply within ${length(cause.waitedUs)}, so it asks again`, whereabouts(cause.where, telling))
    : said(`Gave up on #${cause.n} after ${tryCount(cause.attempt)}`, whereabouts(cause.where, telling));
const tryCount = (n: number): string => (n === 1 ? 'one try' : `${number(n)} tries`);

function takenBack(
  { kind, worker, because, heldUs, attempt }: CauseOf<'request.requeued' | 'request.dropped'>,
  telling: Telling,
): Sentence {
  const lead =
    kind === 'request.requeued'
      ? `Taken back from ${whom(worker, telling)} to be given to another`
      : `Dropped after ${tryCount(attempt)}`;
  const it = whom(worker, telling);
  const holding = heldUs === null ? '' : ` ${length(heldUs)} after it was given the request`;
  const why = {
    expired: `${it} expired${holding}`,
    ready: `${it} said READY${holding}, so it has lost what it held`,
    heldTooLong: `${it} beats and has not answered${heldUs === null ? '' : ` for ${length(heldUs)}`}`,
  };
  return said(lead, why[because]);
}

const LISTED_BY = {
  READY: 'it said READY',
  HEARTBEAT: 'it sent HEARTBEAT',
  REPLY: 'it replied',
  INVALID: 'it said something',
};

export const CAUSES: Sentences = {
  'worker.expired': (cause, telling) => {
    const { lastHeardAt, lastKind, beats, ghost, worker, busy } = cause;
    const heard = `last heard ${ago(lastHeardAt, telling)}${lastKind === null ? '' : ` (${kindName(lastKind)})`}`;
    if (ghost) {
      const whose = worker === null ? 'a connection' : `a connection of ${telling.name(worker)}`;
      return said(
        'Expired',
        `${heard}; the name is ROUTER’s own, for what it still read from ${whose} after another had taken its identity over`,
      );
    }
    const lead = busy ? 'Expired at work' : 'Expired';
    const own = beats.filter(({ absence }) => absence.how !== 'notDue');
    if (own.length === 0) return said(lead, `${heard}; it beats more rarely than the queue allows`);
    if (own.every(({ absence }) => absence.how === 'simple')) {
      return said(lead, `${heard}; it is a Simple Pirate, and beats for nobody`);
    }
    return said(lead, `${heard}; ${due(own, telling)}; ${ends(own, telling)}`);
  },
  'message.lost': (cause, telling) =>
    said(`${numbered(cause.message, cause.n)} ${way(cause, telling)} was lost`, ending(cause.ending, telling)),
  'message.dropped': (cause, telling) => {
    const { by } = cause;
    const what = by.only ?? 'everything';
    const does = by.kind === 'partition' ? `has stopped ${what} on this link` : `has dropped ${what} on this link`;
    return said(
      `${numbered(cause.message, cause.n)} ${way(cause, telling)} was dropped`,
      by.once ? `fault ${by.fault} struck this one alone` : `fault ${by.fault} ${does} ${since(by.sinceAt, telling)}`,
    );
  },
  'message.held': disturbed('stands still'),
  'message.corrupted': disturbed('was damaged'),
  'message.duplicated': disturbed('came once more'),
  'process.paused': ({ peer, by }, telling) =>
    said(
      `The process of ${of(peer, telling)} was stopped (SIGSTOP)`,
      by === null ? 'by somebody outside' : `fault ${by.fault} keeps it stopped`,
    ),
  'message.unrouted': (cause, telling) =>
    said(
      `ROUTER dropped the ${kindName(cause.message)}${cause.to === null ? '' : ` for ${telling.name(cause.to)}`} without a word`,
      cause.misaddressed
        ? `its address was ${misaddressed(cause.misaddressed, telling)}`
        : ending(cause.ending, telling),
    ),
  'request.retried': tries,
  'request.abandoned': tries,
  'liveness.lost': (cause, telling) => {
    const silent = cause.sinceAt === null ? 'for a poll' : `for ${length(telling.t - cause.sinceAt)}`;
    const left = cause.left <= 0 ? 'none left' : `${number(cause.left)} left`;
    return said(`Heard nothing from the queue ${silent}, ${left}`, missed(cause, telling));
  },
  'worker.backedOff': (cause, telling) => {
    const silent = cause.sinceAt === null ? '' : ` for ${length(telling.t - cause.sinceAt)}`;
    const polls = cause.polls > 0 ? `, ${count(cause.polls, 'silent poll')}` : '';
    return said(
      'Heartbeat failure, can’t reach queue',
      `nothing heard${silent}${polls}; ${missed(cause, telling)}; it tries again in ${setting(cause.waitMs * 1000)}`,
    );
  },
  'liveness.restored': ({ by, silentUs }) =>
    said(
      'Heard the queue again',
      `${by === null ? 'a message' : kindName(by)} came${silentUs === null ? '' : ` after ${length(silentUs)} of silence`}`,
    ),
  'request.requeued': takenBack,
  'request.dropped': takenBack,
  'reply.refused': (cause, telling) => {
    const when = cause.at === null ? '' : ` ${ago(cause.at, telling)}`;
    const why = {
      expired: `it expired${when}, and its request was taken back`,
      takenBack: `its request was taken back${when}`,
      answered: `its request was answered${when} already`,
      queueRestarted: `the queue was started anew${when} and knows nothing of that request`,
      another: 'it answers another request than the one that is waited for',
      copy: 'it is a copy that a fault made, of a reply that came already',
      stranger: 'this queue never gave it a request',
    };
    const whose =
      cause.by === 'queue' ? `The reply of ${whom(cause.worker, telling)} was refused` : 'The reply was refused';
    const { damaged } = cause;
    return said(
      whose,
      damaged ? `${why[cause.because]}; it was damaged on its way by ${byFault(damaged, telling)}` : why[cause.because],
    );
  },
  'worker.refused': ({ worker, known, by }, telling) =>
    said(
      `${capital(whom(worker, telling))} was not listed`,
      `${count(known, 'worker')} ${known === 1 ? 'is' : 'are'} known already, and the list takes no more${by === null ? '' : ` (it sent ${kindName(by)})`}`,
    ),
  'worker.ignored': ({ worker, ...why }, telling) =>
    said(`HEARTBEAT of ${whom(worker, telling)} was ignored, it is not listed`, notListed(why, telling)),
  'message.invalidated': ({ by, from, message, reason, damaged }, telling) =>
    said(
      `${capital(of(by, telling))} could not read a ${message === null ? 'message' : kindName(message)}${from === null ? '' : ` of ${of(from, telling)}`}`,
      damaged ? `${reason}: damaged on its way by ${byFault(damaged, telling)}` : reason,
    ),
  'connection.closed': ({ link, ending: end }, telling) =>
    said(`The connection of ${telling.name(link)} closed`, ending(end, telling)),
  'connection.refused': ({ link, reason, queue, by, sinceAt }, telling) => {
    const when = sinceAt === null ? '' : ` ${ago(sinceAt, telling)}`;
    const why = {
      dead: `the queue’s process ended${when}`,
      frozen: `the queue’s process was stopped (SIGSTOP)${when}`,
      starting: `the queue was started${when} and does not listen yet`,
      running: reason,
    };
    return said(
      `${capital(telling.name(link))} could not connect to the queue`,
      by ? byFault(by, telling) : why[queue],
    );
  },
  'connection.opaqued': ({ link, reason }, telling) =>
    said(`The connection of ${telling.name(link)} cannot be read`, reason),
  'process.exited': ({ peer, because, code, signal }, telling) => {
    const why = {
      crashed: 'it crashed by its own chance, on the request it had just read',
      restarted: 'it is being started anew',
      removed: 'it was taken off the stage',
      killed: `it was killed (${signal ?? 'SIGKILL'})`,
      stopped: 'it had nothing more to do and stopped in order',
      failed: `it failed with code ${code ?? '?'}`,
    };
    return said(`The process of ${of(peer, telling)} ended`, why[because]);
  },
  'worker.listed': ({ worker, by, sentAt, places }, telling) =>
    said(
      `${capital(whom(worker, telling))} was listed`,
      `${LISTED_BY[by]}${sentAt === null ? '' : ` ${ago(sentAt, telling)}`}; it stands ${places === 1 ? 'first, and is next' : `at place ${places}`}`,
    ),
  'request.dispatched': (cause, telling) => {
    const { worker, client, attempt, others, headSinceAt, waitedUs, hindrance, hinderedSinceAt } = cause;
    const whose = client === null ? 'The request' : `The request of ${telling.name(client)}`;
    const head =
      headSinceAt === null
        ? 'it was the head of the list'
        : `it was the head of the list since ${ago(headSinceAt, telling)}`;
    const behind = others === 0 ? ', with nobody behind it' : `, with ${count(others, 'other')} behind it`;
    const waited =
      waitedUs === null || waitedUs < 20_000 ? '' : `; the request had waited ${length(waitedUs)} at the door`;
    const again = attempt > 1 ? ` (try ${attempt})` : '';
    const really =
      hindrance === null || hinderedSinceAt === null
        ? ''
        : `; and the queue cannot know that ${held('it', hindrance, hinderedSinceAt, telling)}`;
    return said(`${whose} went to ${whom(worker, telling)}${again}`, `${head}${behind}${waited}${really}`);
  },
  'work.started': ({ worker, client, givenAt, forUs }, telling) => {
    const whose = client === null ? 'a request' : `a request of ${telling.name(client)}`;
    const given = givenAt === null ? '' : `, which the queue gave it ${ago(givenAt, telling)}`;
    return said(`${capital(telling.name(worker))} is at work for ${length(forUs)}`, `it read ${whose}${given}`);
  },
};
