// What is asked of peers, in the language of the page. Apart from the other words, since only the panels need it.

import { conformance as en } from './conformance-en.ts';
import { conformance as zh } from './conformance-zh.ts';
import type { Locale, Widen } from './words.ts';

export type ConformanceWords = Widen<typeof en>;

export const CONFORMANCE: Readonly<Record<Locale, ConformanceWords>> = { en, zh };

/** How many stand how; none are not said. */
export function countsText(
  counts: Readonly<Record<keyof ConformanceWords['counts'], number>>,
  words: ConformanceWords,
): string {
  return (['met', 'broken', 'unseen', 'unjudged'] as const)
    .flatMap((stands) => (counts[stands] > 0 ? [words.counts[stands](counts[stands])] : []))
    .join(words.separator);
}
