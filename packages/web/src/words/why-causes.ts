// The sentences of "why?" by language.

import type { WhyWords } from './why-sentence.ts';
import { whyEn } from './why-standing-en.ts';
import { whyZh } from './why-standing-zh.ts';
import type { Locale } from './words.ts';

export const WHY_WORDS: Readonly<Record<Locale, WhyWords>> = { en: whyEn, zh: whyZh };
