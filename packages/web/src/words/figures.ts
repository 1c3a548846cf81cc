// The words of the figures in both languages, fetched with them: the first picture has no use for them.

import { figures as en } from './figures-en.ts';
import { figures as zh } from './figures-zh.ts';
import type { Locale, Widen, Words } from './words.ts';

export type FiguresWords = Widen<typeof en>;

export const FIGURES: Readonly<Record<Locale, FiguresWords>> = { en, zh };

/** The page's words, and the figures' own among them. */
export type WordsWithFigures = Words & { readonly figures: FiguresWords };

export const withFigures = ({ words, locale }: { words: Words; locale: Locale }): WordsWithFigures => ({
  ...words,
  figures: FIGURES[locale],
});
