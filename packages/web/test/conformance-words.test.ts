// Every statement is said in both languages, with where it is written.

import { STATEMENTS } from '@crows-nest/protocol';
import { expect, test } from 'vitest';
import { CONFORMANCE, countsText } from '../src/words/conformance.ts';
import { leaves } from '../src/words/words.ts';

const IDS = Object.keys(STATEMENTS).sort();
const { en, zh } = CONFORMANCE;
const textOf = (leaf: string | ((...values: never[]) => string)): string =>
  typeof leaf === 'string' ? leaf : leaf(...([2, 3].slice(0, leaf.length) as never[]));

test.each([
  ['en', en],
  ['zh', zh],
] as const)('[J1] %s: each statement in words of its own, and its source', (_, words) => {
  for (const say of [words.statement, words.source]) {
    expect(Object.keys(say).sort()).toEqual(IDS);
    for (const text of Object.values(say)) expect(text.trim()).not.toBe('');
  }
  expect(new Set(Object.values(words.statement)).size).toBe(IDS.length);
});

test('both have the same entries, none is empty, and Chinese is Chinese', () => {
  const shape = (words: typeof en) =>
    leaves(words).map(([path, leaf]) => `${path} ${typeof leaf === 'function' ? leaf.length : 'text'}`);
  expect(shape(zh).sort()).toEqual(shape(en).sort());
  for (const [path, leaf] of leaves(zh)) {
    expect(textOf(leaf), path).not.toBe('');
    // Numbers of documents, and the mark between two counts, are the same everywhere.
    if (!path.startsWith('source.') && path !== 'separator') expect(textOf(leaf), path).toMatch(/\p{Script=Han}/u);
  }
});

test('counts say what there is, and not what there is none of', () => {
  const counts = { met: 9, broken: 1, unseen: 2, unjudged: 0 };
  expect(countsText(counts, en)).toBe('9 met, 1 broken, 2 not yet seen');
  expect(countsText(counts, zh)).toBe('9 条遵守，1 条违反，2 条尚未见到');
});

test('where it is written is what the judge says', () => {
  for (const [id, { source }] of Object.entries(STATEMENTS)) {
    const numbers = (text: string) => text.match(/RFC \d+|F5/g);
    expect(numbers(en.source[id as keyof typeof en.source]), id).toEqual(numbers(source));
    expect(numbers(zh.source[id as keyof typeof zh.source]), id).toEqual(numbers(source));
  }
});
