// A fact of the trace in the language of the page.

import type { Kind, TraceEvent } from '@crows-nest/protocol';
import { type FactWords, factEn } from './fact-en.ts';
import { factZh } from './fact-zh.ts';
import { spacedText } from './spaced.ts';
import { type Locale, words } from './words.ts';

const FACTS: Readonly<Record<Locale, FactWords>> = { en: factEn, zh: factZh };

const OF_MESSAGE: ReadonlySet<TraceEvent['type']> = new Set<TraceEvent['type']>([
  'message.left',
  'message.dropped',
  'message.lost',
  'message.read',
  'message.corrupted',
  'message.duplicated',
  'message.held',
  'message.released',
]);

/** `entered`: how the message came onto its link, when the fact is one of a message and that is known. */
export function factText(
  fact: TraceEvent,
  locale: Locale,
  name: (peer: string) => string,
  entered: Numbered | undefined,
): string {
  const say = FACTS[locale][fact.type] as (fact: TraceEvent, name: (peer: string) => string) => string;
  const whole = OF_MESSAGE.has(fact.type) ? `${messageText(entered, locale)} ` : '';
  const said = whole + say(fact, name);
  return locale === 'zh' ? spacedText(said) : said;
}

interface Numbered {
  readonly kind: Kind;
  readonly n?: number | undefined;
}

function messageText(entered: Numbered | undefined, locale: Locale): string {
  if (!entered) return locale === 'zh' ? '消息' : 'message';
  const kind = words[locale].kind[entered.kind];
  return entered.n === undefined ? kind : `${kind} #${entered.n}`;
}
