// The other language is fetched when it is asked for; until it is here, and if it never comes, English is there.

import { expect, test } from 'vitest';
import { Settings } from '../src/panels/settings.svelte.ts';
import { dictionary, fetchWords, isHere } from '../src/words/dictionary.ts';
import { en } from '../src/words/en.ts';
import { zh } from '../src/words/zh.ts';

test('the page changes its language once the words are here, and the last one asked for is meant', async () => {
  window.localStorage.clear();
  window.history.replaceState(null, '', '/?lang=en');
  const settings = new Settings(window, window.localStorage);
  expect([isHere('zh'), dictionary('zh')]).toEqual([false, en]);
  settings.setLocale('zh');
  settings.setLocale('en');
  expect(await fetchWords('zh')).toBe(true);
  await Promise.resolve();
  expect([settings.locale, settings.words]).toEqual(['en', en]);
  settings.setLocale('zh');
  expect([settings.locale, settings.words]).toEqual(['zh', zh]);
  expect(new Settings(window, window.localStorage).locale).toBe('en');
});
