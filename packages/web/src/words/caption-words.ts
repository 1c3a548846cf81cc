// Captions by language.

import { captionEn } from './caption-en.ts';
import type { CaptionWords } from './caption-parts.ts';
import { captionZh } from './caption-zh.ts';
import type { Locale } from './words.ts';

export const CAPTION_WORDS: Readonly<Record<Locale, CaptionWords>> = { en: captionEn, zh: captionZh };
