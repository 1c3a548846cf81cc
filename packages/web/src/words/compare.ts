// The words of A/B in both languages, for the panels that fetch them with themselves.

import { en } from './compare-en.ts';
import { zh } from './compare-zh.ts';
import type { Locale } from './words.ts';

export type CompareWords = typeof en;

export const compareWords: Record<Locale, CompareWords> = { en, zh };
