// The stream's entry: what is not a fact is counted and left out, and nothing that comes in throws [S4].

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBatch } from '../src/source/live.ts';

const fact = { seq: 3, t: 5, type: 'work.finished', peer: 'worker-1' };

test('[S4] facts pass, in order; others are counted', () => {
  const strange = [{ ...fact, type: 'work.imagined' }, { ...fact, more: 1 }, null, 'work.finished'];
  const batch = readBatch({ events: [fact, ...strange, { ...fact, seq: 4 }], now: 9 });
  expect(batch).toEqual({ events: [fact, { ...fact, seq: 4 }], now: 9, malformed: 4 });
});

test('[S4] no batch throws, whatever it is', () => {
  fc.assert(
    fc.property(fc.anything(), (input) => {
      const { events, malformed } = readBatch(input);
      expect(events).toEqual([]);
      expect(malformed).toBeGreaterThanOrEqual(0);
    }),
  );
});
