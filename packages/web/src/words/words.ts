// Every word a person reads, in two languages. English is the shape: what it has, the other must have, or it does not compile.
// A sentence with a value in it is a function, so that each language orders its own words.

import { en } from './en.ts';
import { zh } from './zh.ts';

/** A text, or a sentence with values in it. */
type Leaf = string | ((...values: never[]) => string);
type Entry = Leaf | { readonly [name: string]: Entry };

/** What another language has to have as well. */
export type Widen<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Widen<T[K]> };

export type Words = Widen<typeof en>;
export type Locale = 'en' | 'zh';

/** Both at once: for what looks things up in both, and for tests. The page itself has its dictionary. */
export const words: Record<Locale, Words> = { en, zh };

/** All texts by their path, functions included: for the test that nothing is missing or empty. */
export function leaves(entry: Entry, path = ''): [path: string, leaf: Leaf][] {
  if (typeof entry === 'string' || typeof entry === 'function') return [[path, entry]];
  return Object.entries(entry).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`));
}
