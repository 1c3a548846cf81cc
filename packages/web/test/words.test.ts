// Both languages say everything.

import { expect, test } from 'vitest';
import { FIGURES } from '../src/words/figures.ts';
import { SPACETIME } from '../src/words/spacetime.ts';
import { duration, relative, seconds, setting, span } from '../src/words/times.ts';
import { leaves, words } from '../src/words/words.ts';

/** What is fetched with the panels that need it is said in both languages as well. */
const all = {
  en: { ...words.en, figures: FIGURES.en, spacetime: SPACETIME.en },
  zh: { ...words.zh, figures: FIGURES.zh, spacetime: SPACETIME.zh },
};

const textOf = (leaf: string | ((...values: never[]) => string)): string =>
  typeof leaf === 'string' ? leaf : String(leaf(...([1, 2, 3, 4].slice(0, leaf.length) as never[])));

test('the languages have the same entries, of the same kind, with the same values in them', () => {
  const shape = (entry: Parameters<typeof leaves>[0]) =>
    leaves(entry).map(([path, leaf]) => `${path} ${typeof leaf === 'function' ? leaf.length : 'text'}`);
  expect(shape(all.zh)).toEqual(shape(all.en));
});

test.each(['en', 'zh'] as const)('no entry of %s is empty, and each value given is said', (locale) => {
  for (const [path, leaf] of leaves(all[locale])) {
    expect(textOf(leaf).trim(), path).not.toBe('');
  }
});

test('Chinese is Chinese, the words of the protocol excepted', () => {
  const kept = new Set(['kind.READY', 'inspect.liveness', 'message.hop', 'message.title']);
  // Only put together what is Chinese already.
  for (const path of ['withKey', 'act', 'comma']) kept.add(`comfort.${path}`);
  for (const path of ['markerOf', 'markerTimes']) kept.add(`playback.${path}`);
  const latin = leaves(all.zh).filter(([path, leaf]) => !kept.has(path) && !/\p{Script=Han}/u.test(textOf(leaf)));
  expect(latin.map(([path]) => path)).toEqual([]);
});

test('times read as people say them', () => {
  const { en: english, zh: chinese } = words;
  expect(seconds(2_140_000)).toBe('2.1');
  expect(relative(1_000_000, 3_140_000, english)).toBe('2.1 s ago');
  expect(relative(3_000_000, 2_100_000, english)).toBe('in 0.9 s');
  expect(relative(1_000_000, 3_140_000, chinese)).toBe('2.1 秒前');
  expect(duration(250_400, english)).toBe('250 ms');
  expect(span(250_400, english)).toBe('0.3 s');
  expect(setting(1000, english)).toBe('1 s');
  expect(duration(1_420, english)).toBe('1.4 ms');
  expect(duration(142_000_000, english)).toBe('2 min 22 s');
});
