// The words of the space-time diagram in both languages, fetched with it: the first picture has no use for them.

import { spacetime as en } from './spacetime-en.ts';
import { spacetime as zh } from './spacetime-zh.ts';
import type { Locale, Widen } from './words.ts';

export type SpacetimeWords = Widen<typeof en>;

export const SPACETIME: Readonly<Record<Locale, SpacetimeWords>> = { en, zh };
