// Why, in English sentences: from the data of a cause to what a person reads. Words of the protocol are the ZeroMQ guide's own.

import type {
  Absence,
  Cause,
  CauseKind,
  CauseOf,
  Ending,
  Hindrance,
  Kind,
  Micros,
  MissedBeat,
  NotListed,
  Standing,
  Truth,
  Whereabouts,
} from '@crows-nest/protocol';
import { before, exact, gather, rough, type Sentence, type Telling, type WhyWords } from './why-sentence.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const number = (n: number): string => NUMBERS[n] ?? String(n);
const count = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const length = (us: Micros): string => (us < 100_000 ? `${Math.round(us / 1000)} ms` : `${exact(us)} s`);
const setting = (us: Micros): string => `${Number((us / 1e6).toFixed(2))} s`;
const ago = (at: Micros, { t }: Telling): string => (t - at < 5000 ? 'just now' : `${length(t - at)} ago`);
const since = (at: Micros | null, telling: Telling): string =>
  at === null ? 'before what is held here' : `since ${ago(at, telling)}`;
const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
const kindName = (kind: Kind | null): string => (kind === null || kind === 'INVALID' ? 'message' : kind);
const numbered = (kind: Kind, n: number | null): string => (n === null ? kindName(kind) : `${kindName(kind)} #${n}`);
const way = ({ link, direction }: { link: string; direction: string }, { name }: Telling): string =>
  direction === 'toQueue' ? `from ${name(link)} to the queue` : `from the queue to ${name(link)}`;
const whom = (worker: string | null, { name }: Telling): string => (worker === null ? 'a worker' : name(worker));
const of = (by: string, { name }: Telling): string => (by === 'queue' ? 'the queue' : name(by));

/** What holds a peer back, as something that happened to it. */
function held(who: string, hindrance: Hindrance, at: Micros, telling: Telling): string {
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
    case 'renamed':
      return `${who} came back ${when} under a new identity`;
    case 'cutOff':
      return `a fault has kept ${who} from connecting since ${when}`;
    case 'disconnected':
      return `${who} has been without a connection since ${when}`;
  }
}

/** What became of one message or several, as a clause. */
function fateOf(absence: Absence, many: boolean, telling: Telling, it = many ? 'they' : 'it'): string {
  const [was, lies, has] = many ? ['were', 'lie', 'have'] : ['was', 'lies', 'has'];
  switch (absence.how) {
    case 'dropped':
      return `the link has dropped ${absence.only ?? 'everything'} ${since(absence.sinceAt, telling)} (${absence.fault})`;
    case 'lost':
      return `${it} ${was} lost ${LOST[absence.cause]}`;
    case 'underWay':
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
    case 'unknown':
      return `why ${it} did not come cannot be known: a guest’s process is out of sight`;
  }
}

const LOST = {
  connection: 'with the connection',
  process: 'with the process that should have read',
  buffer: 'in a full buffer',
} as const;

function notListed({ why, at, ready }: NotListed, telling: Telling): string {
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
function due(beats: readonly MissedBeat[], { t }: Telling): string {
  const times = [...new Set(beats.map(({ dueAt }) => before(dueAt, t)))];
  const shown = times.length > 4 ? [...times.slice(0, 2), '…', times.at(-1)] : times;
  const texts = shown.map((time) => (time === undefined ? 'now' : time === '…' ? time : `${time} s`));
  return `${times.length === 1 ? 'a beat was' : 'beats were'} due ${times[0] === undefined ? '' : 'at '}${list(texts)}`;
}

function ends(beats: readonly MissedBeat[], telling: Telling): string {
  const groups = gather(beats);
  return groups
    .map(({ absence, count: many }, index) => `${index > 0 ? 'then ' : ''}${fateOf(absence, many > 1, telling)}`)
    .join('; ');
}

/** What did not come from the queue. */
function missed(
  { beats, silence }: { readonly beats: readonly MissedBeat[]; readonly silence: Absence | null },
  telling: Telling,
): string {
  const parts = gather(beats).map(({ absence, count: n }) =>
    fateOf(absence, n > 1, telling, n > 1 ? `the queue’s ${number(n)} messages` : 'the queue’s message'),
  );
  if (silence) parts.push(fateOf(silence, false, telling));
  return parts.join('; then ');
}

function ending(end: Ending, telling: Telling): string {
  switch (end.by) {
    case 'exit':
      return `the process of ${of(end.of, telling)} ended ${ago(end.at, telling)}`;
    case 'newSocket':
      return `${of(end.of, telling)} ${AFTER[end.after ?? 'null']} ${ago(end.at, telling)}, and the old socket died with what it had not read`;
    case 'handover':
      return `${of(end.of, telling)} connected anew under the same identity ${ago(end.at, telling)}, and ROUTER handed over to the new connection`;
    case 'closed':
      return end.end === 'tap'
        ? `its connection was cut on its link ${ago(end.at, telling)}`
        : `${end.end === 'queue' ? 'the queue' : 'the peer'} closed the connection ${ago(end.at, telling)}`;
    case 'resend':
      return `${of(end.of, telling)} sent again, and REQ throws away what it has not read then`;
    case 'never':
      return 'nobody by that identity has ever connected here';
    case 'unknown':
      return 'what ended its connection is not in the trace';
  }
}

const AFTER = {
  backOff: 'opened a new socket after its back-off',
  timeout: 'gave up waiting and opened a new socket',
  null: 'opened a new socket',
} as const;

function whereabouts(where: Whereabouts, telling: Telling): string {
  switch (where.at) {
    case 'client':
      return `the request never left the client: ${held('it', where.hindrance, where.sinceAt, telling)}`;
    case 'toQueue':
      return `on the way to the queue, ${fateOf(where.absence, false, telling)}`;
    case 'door':
      return `the request waits at the queue’s door since ${ago(where.sinceAt, telling)}: ${atTheDoor(where, telling)}`;
    case 'queue':
      return inTheQueue(where, telling);
    case 'toWorker':
      return `the queue gave it to ${whom(where.worker, telling)} ${ago(where.givenAt, telling)}, and ${fateOf(where.absence, false, telling)}`;
    case 'worker': {
      const { worker, readAt, hindrance, sinceAt } = where;
      const read = `${telling.name(worker)} read it ${ago(readAt, telling)}`;
      if (hindrance === null) return `${read} and has not answered`;
      return hindrance === 'working'
        ? `${read} and is still at work`
        : `${read}; then ${held('it', hindrance, sinceAt, telling)}`;
    }
    case 'fromWorker':
      return `${telling.name(where.worker)} answered, and of the reply: ${fateOf(where.absence, false, telling)}`;
    case 'refused':
      return `the queue refused the reply of ${whom(where.worker, telling)} ${ago(where.refusedAt, telling)}`;
    case 'toClient':
      return `the queue forwarded the reply, and ${fateOf(where.absence, false, telling)}`;
    case 'unrouted':
      return `the reply came ${ago(where.unroutedAt, telling)}, and ROUTER knew nobody by the client’s identity`;
    case 'unknown':
      return 'where the request was cannot be told from the trace';
  }
}

function atTheDoor({ because, becauseSinceAt }: Extract<Whereabouts, { at: 'door' }>, telling: Telling): string {
  const when = becauseSinceAt === null ? '' : ` ${ago(becauseSinceAt, telling)}`;
  switch (because) {
    case 'nobodyListed':
      return becauseSinceAt === null ? 'no worker is listed' : `no worker has been listed since${when}`;
    case 'queueDead':
      return `the queue’s process ended${when}`;
    case 'queueFrozen':
      return `the queue’s process was stopped (SIGSTOP)${when}`;
    case 'queueOverloaded':
      return `the queue was overloaded${when}`;
    case 'behind':
      return 'others are before it';
  }
}

function inTheQueue({ how, sinceAt }: Extract<Whereabouts, { at: 'queue' }>, telling: Telling): string {
  const when = ago(sinceAt, telling);
  switch (how) {
    case 'putBack':
      return `the queue took it back from its worker ${when} and has had nobody else for it`;
    case 'dropped':
      return `the queue dropped it ${when}, after its last try`;
    case 'invalid':
      return `the queue could not read it ${when}`;
    case 'unrouted':
      return `the queue gave it ${when} to a worker that was not connected any more, and ROUTER dropped it`;
  }
}

const said = (lead: string, rest: string): Sentence => ({ lead: `${lead}:`, rest: `${rest}.` });
const lone = (text: string): Sentence => ({ lead: `${text}.`, rest: '' });

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

const CAUSES: Sentences = {
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
    return said(lead, `${heard}; ${due(own, telling)}; ${ends(own, telling)}`);
  },
  'message.lost': (cause, telling) =>
    said(`${numbered(cause.message, cause.n)} ${way(cause, telling)} was lost`, ending(cause.ending, telling)),
  'message.dropped': (cause, telling) => {
    const { fault, faultKind, only, sinceAt } = cause;
    const what = only ?? 'everything';
    const does = faultKind === 'partition' ? `has stopped ${what} on this link` : `has dropped ${what} on this link`;
    return said(
      `${numbered(cause.message, cause.n)} ${way(cause, telling)} was dropped`,
      `fault ${fault} ${does} ${since(sinceAt, telling)}`,
    );
  },
  'message.unrouted': (cause, telling) =>
    said(
      `ROUTER dropped the ${kindName(cause.message)}${cause.to === null ? '' : ` for ${telling.name(cause.to)}`} without a word`,
      ending(cause.ending, telling),
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
      stranger: 'this queue never gave it a request',
    };
    const whose =
      cause.by === 'queue' ? `The reply of ${whom(cause.worker, telling)} was refused` : 'The reply was refused';
    return said(whose, why[cause.because]);
  },
  'worker.refused': ({ worker, known, by }, telling) =>
    said(
      `${capital(whom(worker, telling))} was not listed`,
      `${count(known, 'worker')} ${known === 1 ? 'is' : 'are'} known already, and the list takes no more${by === null ? '' : ` (it sent ${kindName(by)})`}`,
    ),
  'worker.ignored': ({ worker, ...why }, telling) =>
    said(`HEARTBEAT of ${whom(worker, telling)} was ignored, it is not listed`, notListed(why, telling)),
  'message.invalidated': ({ by, from, message, reason }, telling) =>
    said(
      `${capital(of(by, telling))} could not read a ${message === null ? 'message' : kindName(message)}${from === null ? '' : ` of ${of(from, telling)}`}`,
      reason,
    ),
  'connection.closed': ({ link, ending: end }, telling) =>
    said(`The connection of ${telling.name(link)} closed`, ending(end, telling)),
  'connection.refused': ({ link, reason, queue, sinceAt }, telling) => {
    const when = sinceAt === null ? '' : ` ${ago(sinceAt, telling)}`;
    const why = {
      dead: `the queue’s process ended${when}`,
      frozen: `the queue’s process was stopped (SIGSTOP)${when}`,
      starting: `the queue was started${when} and does not listen yet`,
      running: reason,
    };
    return said(`${capital(telling.name(link))} could not connect to the queue`, why[queue]);
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

// How a peer stands at a time

const live = (at: Micros, { t }: Telling): string => `${rough(t - at)} s ago`;

function belief(standing: Extract<Standing, { kind: 'worker' }>, telling: Telling): Sentence {
  const { belief: believed, lastHeardAt, missed: beats, intervalUs } = standing;
  const heard = lastHeardAt === null ? 'never heard' : `last heard ${live(lastHeardAt, telling)}`;
  const beatsMissed = beats.length === 0 ? '' : `, ${count(beats.length, 'beat')} of ${setting(intervalUs)} missed`;
  const expiry = (at: Micros): string =>
    at >= telling.t
      ? `Expires in ${rough(at - telling.t)} s unless heard:`
      : `Overdue for ${rough(telling.t - at)} s, not yet purged:`;
  switch (believed.as) {
    case 'listed':
      return { lead: expiry(believed.expiryAt), rest: `${heard}${beatsMissed}.` };
    case 'atWork':
      return believed.expiryAt === null
        ? {
            lead: 'At work, and forgotten until it speaks:',
            rest: `it was given a request ${live(believed.sinceAt, telling)}.`,
          }
        : {
            lead: expiry(believed.expiryAt),
            rest: `at work for ${rough(telling.t - believed.sinceAt)} s, ${heard}${beatsMissed}.`,
          };
    case 'forgotten': {
      const spoke = lastHeardAt !== null && lastHeardAt > believed.at;
      const then = spoke
        ? `it spoke again ${live(lastHeardAt, telling)}, but only READY or a reply lists it`
        : `${heard}; nothing goes to it until it says READY`;
      return { lead: `Expired ${live(believed.at, telling)}:`, rest: `${then}.` };
    }
    case 'unlisted':
      return { lead: 'Not listed:', rest: `${notListed(believed, telling)}.` };
    case 'noQueue':
      return {
        lead: 'Nobody believes anything of it:',
        rest: `the queue’s process ended ${live(believed.sinceAt, telling)}.`,
      };
  }
}

function truth({ what, sinceAt, untilAt, signal, connected }: Truth, telling: Telling): string {
  const tcp = connected ? 'its TCP connection is still up' : 'it has no connection';
  const left = untilAt === null ? '' : ` for ${rough(untilAt - telling.t)} s more`;
  const when = sinceAt === null ? '' : ` ${live(sinceAt, telling)}`;
  switch (what) {
    case 'running':
      return connected ? 'The process runs, and its connection is up.' : 'The process runs, and has no connection.';
    case 'working':
      return `The process is at work${left}, deaf and silent by design.`;
    case 'frozen':
      return `The process is stopped (SIGSTOP), ${tcp}.`;
    case 'overloaded':
      return `The process spins in a busy loop${left}, ${connected ? 'its sockets still answer' : tcp}.`;
    case 'dead':
      return `The process ended${when}${signal === null ? '' : ` (${signal})`}${connected ? ', and its connection still looks open' : ''}.`;
    case 'backingOff':
      return `It believes the queue lost, and opens a new socket${untilAt === null ? ' soon' : ` in ${rough(untilAt - telling.t)} s`}.`;
    case 'unknown':
      return connected
        ? 'It is a guest: of its process nothing can be known, its connection is up.'
        : 'It is a guest, and has no connection.';
  }
}

function waiting(standing: Extract<Standing, { kind: 'client' }>, telling: Telling): Sentence {
  const { request, truth: real } = standing;
  if (!request) {
    return real.what === 'running'
      ? lone('It waits for nothing: its next request is yet to come')
      : lone(truth(real, telling).slice(0, -1));
  }
  const { n, attempt, sentAt, timeoutAt, where } = request;
  const due = timeoutAt >= telling.t ? `gives up in ${rough(timeoutAt - telling.t)} s` : 'gives up at once';
  const rest = real.what === 'running' ? '' : ` ${truth(real, telling)}`;
  return {
    lead: `Waits for #${n} since ${live(sentAt, telling)}, try ${attempt}, ${due}:`,
    rest: `${whereabouts(where, telling)}.${rest}`,
  };
}

export const whyEn: WhyWords = {
  cause: (cause: Cause, telling) =>
    (CAUSES[cause.kind] as (cause: Cause, telling: Telling) => Sentence)(cause, telling),
  standing: (standing, telling) => {
    if (standing.kind === 'client') return waiting(standing, telling);
    const { lead, rest } = belief(standing, telling);
    return { lead, rest: `${rest} ${truth(standing.truth, telling)}` };
  },
};
