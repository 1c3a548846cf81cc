import { expect, test } from 'vitest';
import { identityText, visibleText } from '../src/visible-text.ts';

test('[S9] plain text stays as it is', () => {
  expect(visibleText('worker 1 <b>&amp;</b>', 40)).toBe('worker 1 <b>&amp;</b>');
  expect(visibleText('工作者 1', 40)).toBe('工作者 1');
});

test('[S9] control characters are escaped', () => {
  expect(visibleText('a\x00b\x1b[31m\n\x7f\x9b', 60)).toBe('a\\x00b\\x1B[31m\\x0A\\x7F\\x9B');
});

test('[S9] nothing turns the line around or hides in it', () => {
  for (const hidden of [
    '\u202e',
    '\u2066',
    '\u2069',
    '\u200f',
    '\u061c',
    '\u200b',
    '\ufeff',
    '\u2028',
    '\u00ad',
    '\u3164',
    '\u0301',
  ]) {
    const shown = visibleText(`a${hidden}b`, 40);
    expect(shown).not.toContain(hidden);
    expect(shown).toMatch(/^a\\(x|u\{)[0-9A-F]+\}?b$/);
  }
});

test('[S9] length is capped and no escape is cut', () => {
  expect(visibleText('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(visibleText('abc\x00', 6)).toBe('abc…');
  expect(visibleText('abc', 3)).toBe('abc');
  expect(visibleText('abc', 0)).toBe('');
  for (let cap = 0; cap < 30; cap++)
    expect(visibleText('ab\x00\u202ecd\x01efgh\x02', cap).length).toBeLessThanOrEqual(cap);
});

test('[S9] an identity that does not print is shown as its bytes', () => {
  expect(identityText('2B91-7F04', 14)).toBe('2B91-7F04');
  expect(identityText('\x00k\x8bEg', 14)).toBe('00 6b 8b 45 67');
  expect(identityText('\x00'.repeat(300), 14)).toHaveLength(14);
});
