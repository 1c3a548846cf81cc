// Captions in English: one sentence each, the nouns set apart.

import type { FaultKind, Kind } from '@crows-nest/protocol';
import type { Caption } from '../model/caption-data.ts';
import type { Truth } from '../stage/truth.ts';
import { type CaptionWords, client, fault, message, type Part, queue, text, worker } from './caption-parts.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const number = (n: number): string => NUMBERS[n] ?? String(n);
const capital = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1);
const count = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
const seconds = (us: number): string => `${(us / 1e6).toFixed(1)} s`;
const andOthers = (n: number, noun: string): string =>
  n === 0 ? '' : `, and ${n === 1 ? 'one other' : `${number(n)} others`}${noun}`;

const IS: Readonly<Record<Truth, string>> = {
  running: 'is running',
  busy: 'is at work, deaf',
  frozen: 'is frozen',
  overloaded: 'is overloaded',
  dead: 'is dead',
  reconnecting: 'has given up on the queue',
  unknown: 'has no connection',
};
/** Where the next request would go. */
const TO: Readonly<Record<Truth, string>> = {
  running: 'to a process that cannot be reached',
  busy: 'to a process that does not read it before its work is done',
  frozen: 'to a process that cannot answer',
  overloaded: 'to a process that has no time for it',
  dead: 'to a process that is no more',
  reconnecting: 'to a socket that nobody reads any more',
  unknown: 'to a connection that is gone',
};

const kindText = (kind: Kind, n: number | null, plural = false): Part =>
  message(
    kind,
    `${kind === 'REQUEST' ? 'request' : kind === 'REPLY' ? 'reply' : kind === 'HEARTBEAT' ? 'heartbeat' : kind}${plural ? 's' : ''}${n === null ? '' : ` #${n}`}`,
  );

/** What a fault on a link does to what passes. */
const DOES: Readonly<Record<Exclude<FaultKind, 'pause' | 'slow' | 'mute' | 'hang'>, string>> = {
  drop: 'drops',
  corrupt: 'damages',
  duplicate: 'doubles',
  bandwidth: 'narrows the way for',
  delay: 'delays',
  reorder: 'mixes up',
  profile: 'is a slow network for',
  hold: 'holds',
  partition: 'stops',
};
const CUTS: Readonly<Record<string, string>> = { jammed: 'jams', refused: 'refuses' };
/** What the others do to a peer. */
const DOES_TO: Readonly<Record<'pause' | 'slow' | 'mute' | 'hang', (who: string) => string>> = {
  pause: (who) => ` keeps the process of ${who} stopped`,
  slow: (who) => ` makes ${who} slow at its work`,
  mute: (who) => ` keeps the heartbeats of ${who} from being sent`,
  hang: (who) => ` lets ${who} connect, and answers nothing`,
};

type Teller<T extends Caption['type']> = (
  caption: Extract<Caption, { type: T }>,
  name: (peer: string) => string,
) => readonly Part[];

const TELLERS: { readonly [T in Caption['type']]: Teller<T> } = {
  queueDown: ({ truth, waiting }) => [
    text('The '),
    queue('queue'),
    text(' '),
    fault(IS[truth]),
    text(
      truth === 'dead'
        ? ': its list is forgotten, and nobody reads what is sent to it'
        : ': it neither reads nor beats, and its workers will believe it lost',
    ),
    ...(waiting > 0 ? [text('; '), kindsWaiting(waiting), text(waiting === 1 ? ' waits' : ' wait')] : []),
    text('.'),
  ],
  headParted: ({ worker: { peer, truth } }, name) => [
    worker(`${capital(name(peer))} ${IS[truth]}`, truth),
    text(', but the '),
    queue('queue'),
    text(' still believes its last '),
    message('HEARTBEAT', 'heartbeat'),
    text(': the next '),
    kindText('REQUEST', null),
    text(` would go ${TO[truth]}.`),
  ],
  crowdParted: ({ workers, listed, cannot, first, next }, name) => [
    text('Of '),
    worker(`${workers} workers`),
    text(' the '),
    queue('queue'),
    text(' lists '),
    queue(`${listed} as ready`),
    text('; '),
    fault(cannot === 1 ? `${name(first.peer)} cannot answer` : `${number(cannot)} of them cannot answer`),
    text(
      next
        ? `, and ${cannot === 1 ? 'it' : name(first.peer)} is next in line.`
        : cannot === 1
          ? '.'
          : `, first of them ${name(first.peer)}.`,
    ),
  ],
  parted: ({ worker: { peer, truth }, how, others }, name) => {
    const who = capital(name(peer));
    if (how === 'unlisted') {
      return [
        worker(`${who} is running`, truth),
        text(', but the '),
        queue('queue'),
        text(` does not list it${andOthers(others, '')}: no `),
        kindText('REQUEST', null),
        text(' will come to it.'),
      ];
    }
    if (how === 'idle') {
      return [
        worker(`${who} is idle`, truth),
        text(', but the '),
        queue('queue'),
        text(' still waits for its '),
        kindText('REPLY', null),
        text(' to a request that it does not have.'),
      ];
    }
    return [
      worker(`${who} ${IS[truth]}`, truth),
      text(', and the '),
      queue('queue'),
      text(
        ` does not know it yet${others === 0 ? '' : `: ${others === 1 ? 'one other worker is' : `${number(others)} other workers are`} not what it believes either`}.`,
      ),
    ];
  },
  stuck: ({ worker: { peer, truth }, n, others }, name) => [
    worker(`${capital(name(peer))} ${IS[truth]}`, truth),
    text(' with '),
    kindText('REQUEST', n),
    text(`${others === 0 ? '' : `, as ${others === 1 ? 'is one other' : `are ${number(others)} others`}`}: the `),
    queue('queue'),
    text(' has forgotten both, and only the client’s timeout brings the request back.'),
  ],
  expired: ({ worker: peer, truth, silentUs, fault: by, others }, name) => [
    text('The '),
    queue('queue'),
    text(' gave up on '),
    worker(name(peer), truth),
    text(`${andOthers(others, '')}, unheard for ${seconds(silentUs)}: `),
    ...(by !== null && truth === 'running'
      ? [
          text('it runs, but its '),
          message('HEARTBEAT', 'heartbeats'),
          text(' were '),
          fault(`dropped by ${by}`),
          text('.'),
        ]
      : [text(`it ${truth === 'running' ? 'runs again, and must say READY to be listed' : IS[truth]}.`)]),
  ],
  lost: ({ kind, n, link, direction, fault: by, others }, name) => [
    message(kind, capital(kindText(kind, n).text)),
    text(` ${direction === 'toQueue' ? `from ${name(link)}` : `to ${name(link)}`} was `),
    fault(by === null ? 'lost with its connection' : `dropped by ${by}`),
    text(`${others === 0 ? '' : `, and ${count(others, 'more message')} before it`}; nobody is told.`),
  ],
  gaveUp: ({ client: peer, n, others }, name) => [
    client(capital(name(peer))),
    text(' '),
    fault('gave up'),
    text(' on its '),
    kindText('REQUEST', n),
    text(`: no try was answered in time${others === 0 ? '' : `; ${count(others, 'more request')} before it`}.`),
  ],
  retried: ({ client: peer, n }, name) => [
    client(capital(name(peer))),
    text(' had no '),
    kindText('REPLY', null),
    text(' in time and asks again for '),
    kindText('REQUEST', n),
    text(', on a new socket and under a new identity.'),
  ],
  backOff: ({ worker: peer, others }, name) => [
    worker(capital(name(peer)), 'reconnecting'),
    text(`${andOthers(others, '')} heard no `),
    message('HEARTBEAT', 'heartbeat'),
    text(' of the '),
    queue('queue'),
    text(' for too long and backs off, to come again under a new identity.'),
  ],
  doorShut: ({ waiting }) => [
    text('No '),
    worker('worker'),
    text(' is listed, so the '),
    queue('queue'),
    text(' does not read its clients: '),
    kindsWaiting(waiting),
    text(` ${waiting === 1 ? 'waits' : 'wait'} at its door.`),
  ],
  back: ({ worker: peer, renamed }, name) => [
    worker(`${capital(name(peer))} is back`),
    text(renamed ? ' under a new identity' : ' under its old identity'),
    text(': the '),
    queue('queue'),
    text(' lists it again as ready.'),
  ],
  fault: ({ fault: id, kind, mode, link, direction, message: only, others }, name) => {
    const more = others === 0 ? '.' : `; ${count(others, 'other fault')} ${others === 1 ? 'is' : 'are'} active.`;
    if (kind === 'pause' || kind === 'slow' || kind === 'mute' || kind === 'hang') {
      return [fault(`Fault ${id}`), text(`${DOES_TO[kind](name(link))}${more}`)];
    }
    const way = direction === null ? 'on' : direction === 'toQueue' ? 'to the queue on' : 'from the queue on';
    const ofZmtp = only === 'PING' || only === 'PONG';
    const named = ofZmtp ? text(`ZMTP ${only}s`) : only && kindText(only, null, true);
    const does = (kind === 'partition' && CUTS[mode ?? '']) || DOES[kind];
    return [
      fault(`Fault ${id}`),
      text(` ${does} `),
      named ?? text('everything'),
      text(` ${way} the link of ${name(link)}${more}`),
    ];
  },
  calm: ({ workers, listed, next, out, outs }, name) => {
    if (workers === 0)
      return [
        text('There is no '),
        worker('worker'),
        text(' yet: requests will wait at the door of the '),
        queue('queue'),
        text('.'),
      ];
    const rest: Part[] =
      out === null
        ? [text('.')]
        : [
            text('; '),
            worker(`${name(out.peer)} ${IS[out.truth]}`, out.truth),
            text(outs > 1 ? `, as ${outs === 2 ? 'is one other' : `are ${number(outs - 1)} others`}.` : '.'),
          ];
    return [
      ...readyOf(listed, workers),
      ...(next === null ? [] : [text(': the next '), kindText('REQUEST', null), text(' goes to '), worker(name(next))]),
      ...rest,
    ];
  },
};

function readyOf(listed: number, workers: number): readonly Part[] {
  const all = workers === 1 ? 'The one worker' : `All ${number(workers)} workers`;
  if (listed >= workers) return [worker(all), text(workers === 1 ? ' is ready' : ' are ready')];
  const some = listed === 0 ? 'None' : capital(number(listed));
  const of = workers === 1 ? (listed === 0 ? 'The worker' : some) : `${some} of ${number(workers)} workers`;
  return [worker(of), text(workers === 1 ? ' is not ready' : listed <= 1 ? ' is ready' : ' are ready')];
}

const kindsWaiting = (n: number): Part => message('REQUEST', count(n, 'request'));

export const captionEn: CaptionWords = {
  parts: (said, name) => (TELLERS[said.type] as Teller<Caption['type']>)(said, name),
};
