// The stream's entry: facts in an unbroken row pass, anything else is counted once, and nothing that comes in throws [S4].

import { pack, type TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchReader } from '../src/source/batch-reader.ts';

const fact = (seq: number): TraceEvent => ({ seq, t: seq * 5, type: 'work.finished', peer: 'worker-1' });
const facts = (from: number, count: number) => Array.from({ length: count }, (_, i) => fact(from + i));
const batch = (from: number, count: number) => ({ packed: pack(facts(from, count)), now: 9 });
const NOTHING = { events: [], now: 0, malformed: 0 };
const UNREADABLE = { events: [], now: 0, malformed: 1 };

function readerAt(seq: number): BatchReader {
  const reader = new BatchReader();
  reader.expect(seq);
  return reader;
}

test('[S4] facts pass, in order, whatever kind of bytes they come in; empty batches tell the time', () => {
  const reader = readerAt(3);
  expect(reader.read(batch(3, 2))).toEqual({ events: facts(3, 2), now: 9, malformed: 0 });
  expect(reader.read({ packed: pack([]), now: 12 })).toEqual({ events: [], now: 12, malformed: 0 });
  const { packed } = batch(5, 3);
  expect(reader.read({ packed: packed.buffer, now: 15 })).toEqual({ events: facts(5, 3), now: 15, malformed: 0 });
});

test('[S4] what cannot be read is counted, and nothing passes until a snapshot says what comes next', () => {
  const reader = readerAt(0);
  expect(reader.read({ packed: Uint8Array.of(7, 7, 7), now: 9 })).toEqual(UNREADABLE);
  expect(reader.read(batch(0, 2))).toEqual(NOTHING);
  reader.expect(40);
  expect(reader.read(batch(40, 1)).events).toEqual(facts(40, 1));
});

test('a hole in the row, or what was told before, is not passed on as if nothing were', () => {
  for (const from of [0, 4, 6]) expect(readerAt(5).read(batch(from, 3))).toEqual(UNREADABLE);
  expect(new BatchReader().read(batch(0, 3))).toEqual(NOTHING);
});

test('[S4] no batch throws, whatever it is', () => {
  const strange = fc.oneof(
    fc.anything(),
    fc.record({ packed: fc.anything(), now: fc.anything() }),
    fc.record({ packed: fc.uint8Array(), now: fc.integer() }),
    fc.record({ packed: fc.constant(pack([])), now: fc.oneof(fc.constant(Number.NaN), fc.string()) }),
  );
  fc.assert(
    fc.property(strange, (input) => {
      expect(readerAt(0).read(input).events).toEqual([]);
    }),
  );
});
