// How a peer stands at a time, in English sentences; and with it all that English has to say on "why?".

import type { Cause, Micros, Standing, Truth } from '@crows-nest/protocol';
import { CAUSES } from './why-causes-en.ts';
import { notListed } from './why-fates-en.ts';
import { whereabouts } from './why-places-en.ts';
import { rough, type Sentence, type Telling, type WhyWords } from './why-sentence.ts';
import { count, setting } from './why-terms-en.ts';

const lone = (text: string): Sentence => ({ lead: `${text}.`, rest: '' });
const live = (at: Micros, { t }: Telling): string => `${rough(t - at)} s ago`;

function belief(standing: Extract<Standing, { kind: 'worker' }>, telling: Telling): Sentence {
  const { belief: believed, lastHeardAt, missed: beats, intervalUs } = standing;
  const heard = lastHeardAt === null ? 'never heard' : `last heard ${live(lastHeardAt, telling)}`;
  const beatsMissed = beats.length === 0 ? '' : `, ${count(beats.length, 'beat')} of ${setting(intervalUs)} missed`;
  const expiry = (at: Micros | null): string =>
    at === null
      ? 'Listed until it is given a request, heard or not:'
      : at >= telling.t
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
