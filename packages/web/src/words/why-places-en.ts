// Where a request was and how a connection ended, in English clauses.

import type { Ending, Whereabouts } from '@crows-nest/protocol';
import { fateOf, held } from './why-fates-en.ts';
import type { Telling } from './why-sentence.ts';
import { ago, byFault, misaddressed, of, whom } from './why-terms-en.ts';

export function ending(end: Ending, telling: Telling): string {
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
    case 'fault':
      return `its connection was ended ${ago(end.at, telling)} by ${byFault(end.fault, telling)}`;
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

export function whereabouts(where: Whereabouts, telling: Telling): string {
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
      return `the queue refused the reply of ${whom(where.worker, telling)} ${ago(where.refusedAt, telling)}${
        where.damaged ? `, damaged on its way by ${byFault(where.damaged, telling)}` : ''
      }`;
    case 'toClient':
      return `the queue forwarded the reply, and ${fateOf(where.absence, false, telling)}`;
    case 'unrouted':
      return where.misaddressed
        ? `the reply came ${ago(where.unroutedAt, telling)}, and ROUTER knew nobody by its address, ${misaddressed(where.misaddressed, telling)}`
        : `the reply came ${ago(where.unroutedAt, telling)}, and ROUTER knew nobody by the client’s identity`;
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
