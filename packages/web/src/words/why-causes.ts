// The sentences of "why?" by language.

import { whyEn } from './why-causes-en.ts';
import { whyZh } from './why-causes-zh.ts';
import type { WhyWords } from './why-sentence.ts';
import type { Locale } from './words.ts';

export const WHY_WORDS: Readonly<Record<Locale, WhyWords>> = { en: whyEn, zh: whyZh };
