// What the bridge says no with, in both languages, and what the page says when it could not even ask. Fetched by the page once it
// may ask for something: the first picture has no use for it. A reason without its words does not compile.

import { type RefusalCode, type Refused, type Sayings, sayRefused } from '@crows-nest/protocol';
import { en } from './refusals-en.ts';
import { zh } from './refusals-zh.ts';
import { spacedText } from './spaced.ts';
import type { Locale } from './words.ts';

export interface RefusalWords {
  /** With peers by their names on the stage. */
  readonly reason: Sayings;
  readonly code: Record<
    Exclude<RefusalCode, 'refused' | 'malformed'> | 'disconnected' | 'unanswered' | 'recorded',
    string
  >;
  /** What is wrong with it is said by the schema, in English. */
  readonly malformed: (what: string) => string;
  readonly ofSide: (side: string, refusal: string) => string;
  /** Follows the refusal of the other side. */
  readonly doneOn: (side: string) => string;
}

const REFUSALS: Record<Locale, RefusalWords> = { en, zh };

/** An answer that is no yes. */
export interface Refusing {
  readonly code: RefusalCode | keyof RefusalWords['code'];
  readonly message: string;
  readonly refusal?: Refused;
  readonly side?: string;
  readonly doneOn?: string;
}

/** What the page has no words for stays in the bridge's own. */
export function refusalWords(refusing: Refusing, nameOf: (peer: string) => string, locale: Locale): string {
  const words = REFUSALS[locale];
  const said = sayCode(refusing, words) ?? sayReason(refusing.refusal, nameOf, words);
  if (said === null) return refusing.message;
  const { side, doneOn } = refusing;
  const sided = side === undefined ? said : words.ofSide(side.toUpperCase(), said);
  const whole = doneOn === undefined ? sided : sided + words.doneOn(doneOn.toUpperCase());
  return locale === 'zh' ? spacedText(whole) : whole;
}

function sayCode({ code, message }: Refusing, words: RefusalWords): string | null {
  if (code === 'malformed') return words.malformed(message);
  return code === 'refused' ? null : (words.code[code] ?? null);
}

function sayReason(refusal: Refused | undefined, nameOf: (peer: string) => string, words: RefusalWords): string | null {
  if (!refusal) return null;
  const named = { ...refusal };
  if ('peer' in named) named.peer = nameOf(named.peer);
  if ('link' in named) named.link = nameOf(named.link);
  return sayRefused(named, words.reason);
}
