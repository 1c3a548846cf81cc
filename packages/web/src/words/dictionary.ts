// The words of the page's language. English is always there; the other is fetched when it is wanted, so that nobody who does not
// read it waits for it.

import { bringStageWords } from '../stage/words.ts';
import { en } from './en.ts';
import type { Locale, Words } from './words.ts';

/** For the page's `lang`, so that it is read aloud, broken and set in the right script. */
export const LANG: Record<Locale, string> = { en: 'en', zh: 'zh-Hans' };

const here: Partial<Record<Locale, Words>> = { en };

export const isHere = (locale: Locale): boolean => here[locale] !== undefined;

/** English, as long as the language is not here. */
export const dictionary = (locale: Locale): Words => here[locale] ?? en;

/** For whoever has it already. */
export function bringWords(locale: Locale, words: Words): void {
  here[locale] = words;
}

/** When it cannot be fetched, what there is goes on. */
export async function fetchWords(locale: Locale): Promise<boolean> {
  if (locale === 'zh' && !isHere(locale)) {
    const fetched = await Promise.all([import('./zh.ts'), import('../stage/words-zh.ts')]).catch(() => null);
    if (fetched) {
      bringWords(locale, fetched[0].zh);
      bringStageWords(fetched[1].zh);
    }
  }
  return isHere(locale);
}
