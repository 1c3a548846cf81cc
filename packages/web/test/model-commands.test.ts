// Commands, and what leads to them: keys, names, addresses, times that people type.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Address, readAddress, writeAddress } from '../src/model/address.ts';
import { clock, readClock } from '../src/model/clock-text.ts';
import { COMMANDS, commandOfKey, type PageCommand } from '../src/model/commands.ts';
import { find } from '../src/model/find.ts';
import { clampShare } from '../src/model/split.ts';
import { words } from '../src/words/words.ts';

describe('the list of commands', () => {
  test('gives no key to two of them', () => {
    const all: readonly PageCommand[] = COMMANDS;
    const taken = all.filter(({ id }) => !id.startsWith('stage')).flatMap(({ keys }) => keys ?? []);
    expect(new Set(taken).size).toBe(taken.length);
    for (const command of all) {
      if (!command.id.startsWith('stage'))
        for (const key of command.keys ?? []) expect(commandOfKey(key)).toBe(command);
    }
  });

  test('is named in both languages, each by its own name', () => {
    for (const locale of ['en', 'zh'] as const) {
      const names = COMMANDS.map(({ id }) => words[locale].comfort.command[id]);
      expect(new Set(names).size).toBe(COMMANDS.length);
    }
  });
});

describe('finding', () => {
  const entries = [
    ['Run until the next loss', '运行到下一次丢失'],
    ['Kill: worker 1', '杀死：工作者 1'],
    ['Kill: worker 12', '杀死：工作者 12'],
    ['Slower', '更慢'],
  ];
  const found = (query: string) => find(query, entries, (entry) => entry).map(([name]) => name);

  test('by the beginnings of words, in any order', () => {
    expect(found('loss run')).toEqual(['Run until the next loss']);
    expect(found('wor kil 12')).toEqual(['Kill: worker 12']);
    expect(found('oss')).toEqual([]);
  });

  test('by initials, and by Chinese anywhere in it', () => {
    expect(found('rut')).toEqual(['Run until the next loss']);
    expect(found('丢失')).toEqual(['Run until the next loss']);
    expect(found('杀死 1')).toEqual(['Kill: worker 1', 'Kill: worker 12']);
  });

  test('nothing typed fits everything', () => {
    expect(found('  ')).toHaveLength(entries.length);
  });
});

describe('the address', () => {
  const address: fc.Arbitrary<Address> = fc.record(
    {
      theme: fc.constantFrom('dark', 'light'),
      lang: fc.constantFrom('en', 'zh'),
      speed: fc.constantFrom(0.001, 0.05, 0.35, 1, 4, 10, 16),
      select: fc.oneof(
        fc.constantFrom('queue', 'worker-1', 'client-22').map((peer) => ({ type: 'peer', peer }) as const),
        fc.constantFrom('worker-1', 'guest-3').map((link) => ({ type: 'link', link }) as const),
        fc.nat().map((msg) => ({ type: 'message', msg }) as const),
        fc.nat().map((seq) => ({ type: 'event', seq }) as const),
      ),
      panel: fc.boolean(),
      spaceTime: fc.boolean(),
      split: fc.constantFrom(0.2, 0.35, 0.414),
      presentation: fc.boolean(),
      schematic: fc.boolean(),
      beats: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  test('says a view and reads the same', () => {
    fc.assert(
      fc.property(address, (view) => {
        expect(readAddress(writeAddress(view))).toEqual({ ...view });
      }),
    );
    expect(writeAddress({})).toBe('');
  });

  test('bad values are as good as none', () => {
    const bad = '?theme=pink&lang=&speed=1e9&select=peer:<img>&panel=yes&split=2&clean=2&schematic=&beats&speed=NaN';
    expect(readAddress(bad)).toEqual({});
    expect(readAddress('?speed=&select=message:-1')).toEqual({});
  });

  test('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => void readAddress(text)));
  });
});

describe('times', () => {
  test('as a clock, cut and not rounded', () => {
    const shown = [0, 41_989_999, 59_999_999, 62_500_000, 3_723_450_000].map((t) => clock(t));
    expect(shown).toEqual(['0:00.00', '0:41.98', '0:59.99', '1:02.50', '1:02:03.45']);
    expect(clock(62_500_000, false)).toBe('1:02');
  });

  test('as people type them', () => {
    const read = ['12.4', '1:02.5', '1:00:00', '-3', '−3 s', '+2,5', ' 7 '].map((text) => readClock(text));
    expect(read.map((meant) => meant?.length)).toEqual([12.4e6, 62.5e6, 3600e6, -3e6, -3e6, 2.5e6, 7e6]);
    expect(read.map((meant) => meant?.from === 'picture')).toEqual([false, false, false, true, true, true, false]);
    for (const text of ['', 'now', '1:2:3:4', '--1', '1e9', '1:']) expect(readClock(text), text).toBeNull();
  });

  test('a clock is read as it was written, to the hundredth', () => {
    fc.assert(
      fc.property(fc.nat(3e10), (t) => {
        expect(readClock(clock(t))?.length).toBe(Math.floor(t / 10_000) * 10_000);
      }),
    );
  });
});

describe('the split', () => {
  test('leaves both their least heights, and both something in a low window', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: false }), fc.integer({ min: 200, max: 2000 }), (share, total) => {
        const diagram = clampShare(share, total) * total;
        expect(diagram).toBeGreaterThanOrEqual(Math.min(160, total * 0.2) - 0.001);
        expect(total - diagram).toBeGreaterThanOrEqual(Math.min(420, total * 0.5) - 0.001);
      }),
    );
    expect(clampShare(0.35, 896) * 896).toBeCloseTo(313.6);
  });
});
