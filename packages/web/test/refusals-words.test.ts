// What the bridge says no with, as the page says it: every reason in both languages, with all that it names.

import type { Reason, Refused } from '@crows-nest/protocol';
import { expect, test } from 'vitest';
import { refusalWords } from '../src/words/refusals.ts';

/** One of each, and what must be heard of it. */
const EACH: { readonly [R in Reason]: readonly [refused: Refused<R>, ...heard: string[]] } = {
  gone: [{ reason: 'gone', peer: 'worker-3' }, 'W3'],
  isGuest: [{ reason: 'isGuest', peer: 'guest-3' }, 'G3'],
  notRunning: [{ reason: 'notRunning', peer: 'worker-3' }, 'W3'],
  queueStays: [{ reason: 'queueStays' }],
  stageFull: [{ reason: 'stageFull', role: 'worker', count: 100 }, '100'],
  alreadyPaused: [{ reason: 'alreadyPaused', peer: 'worker-3' }, 'W3'],
  notPaused: [{ reason: 'notPaused', peer: 'worker-3' }, 'W3'],
  cannotBeBusy: [{ reason: 'cannotBeBusy', peer: 'worker-3' }, 'W3'],
  noBeats: [{ reason: 'noBeats', peer: 'client-3' }, 'C3'],
  isSimple: [{ reason: 'isSimple', peer: 'worker-3' }, 'W3'],
  noRate: [{ reason: 'noRate', peer: 'worker-3', role: 'worker' }, 'W3'],
  noLink: [{ reason: 'noLink', peer: 'queue' }, 'Q'],
  unreadable: [{ reason: 'unreadable', link: 'guest-3', why: 'ZMTP 2.0' }, 'G3', 'ZMTP 2.0'],
  notConnected: [{ reason: 'notConnected', link: 'worker-3' }, 'W3'],
  nothingSent: [{ reason: 'nothingSent', link: 'worker-3' }, 'W3'],
  notOnLink: [{ reason: 'notOnLink', msg: 7 }],
  tooLongAgo: [{ reason: 'tooLongAgo', msg: 7 }],
  tooLarge: [{ reason: 'tooLarge' }],
  noFault: [{ reason: 'noFault', fault: 'f9' }, 'f9'],
  holdsNothing: [{ reason: 'holdsNothing', fault: 'f9' }, 'f9'],
  notBegun: [{ reason: 'notBegun' }],
  runOver: [{ reason: 'runOver' }],
  queueEnded: [{ reason: 'queueEnded' }],
  noProcesses: [{ reason: 'noProcesses' }],
  portTaken: [{ reason: 'portTaken', port: 5555 }, '5555'],
  cannotBegin: [{ reason: 'cannotBegin', why: 'EMFILE' }, 'EMFILE'],
  nothingCompared: [{ reason: 'nothingCompared' }],
  sideFull: [{ reason: 'sideFull', role: 'client', count: 3, most: 4 }, '3', '4'],
};

/** Like no word in any language. */
const nameOf = (peer: string): string => peer.replace(/^(.)[a-z]*-?/, (_, initial: string) => initial.toUpperCase());

const said = (refusal: Refused, locale: 'en' | 'zh'): string =>
  refusalWords({ code: 'refused', message: 'in the bridge’s words', refusal }, nameOf, locale);

test.each(['en', 'zh'] as const)('%s: each reason has a sentence of its own, and says what it names', (locale) => {
  const sentences = Object.values(EACH).map(([refused, ...heard]) => {
    const sentence = said(refused, locale);
    for (const name of heard) expect(sentence).toContain(name);
    expect(sentence).not.toMatch(/undefined|worker-3|guest-3|client-3|bridge/);
    expect(sentence).toMatch(locale === 'zh' ? /^.*\p{Script=Han}.*。$/u : /^[A-Za-z0-9].*\.$/);
    return sentence;
  });
  expect(new Set(sentences).size).toBe(sentences.length);
});

test.each(['en', 'zh'] as const)('[B7] %s: of two sides, which refused and which has done it', (locale) => {
  const refusal = { reason: 'gone', peer: 'worker-3' } as const;
  const refusing = { code: 'refused', message: 'in the bridge’s words', refusal, side: 'b', doneOn: 'a' } as const;
  const sentence = refusalWords(refusing, nameOf, locale);
  expect(sentence).toMatch(/B.*W3.*A/);
});
