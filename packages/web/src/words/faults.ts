// The words of breaking and healing in both languages, for the panels that fetch them with themselves.

import { en } from './faults-en.ts';
import { zh } from './faults-zh.ts';
import type { Locale } from './words.ts';

export type FaultWords = typeof en;

export const faultWords: Record<Locale, FaultWords> = { en, zh };
