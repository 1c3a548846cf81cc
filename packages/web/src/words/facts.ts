// A fact of the trace in the language of the page.

import type { TraceEvent } from '@crows-nest/protocol';
import { type FactWords, factEn } from './fact-en.ts';
import { factZh } from './fact-zh.ts';
import { spacedText } from './spaced.ts';
import type { Locale } from './words.ts';

const FACTS: Readonly<Record<Locale, FactWords>> = { en: factEn, zh: factZh };

export function factText(fact: TraceEvent, locale: Locale, name: (peer: string) => string): string {
  const say = FACTS[locale][fact.type] as (fact: TraceEvent, name: (peer: string) => string) => string;
  const said = say(fact, name);
  return locale === 'zh' ? spacedText(said) : said;
}
