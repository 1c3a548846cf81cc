// Packing: what goes in comes out, and whatever bytes come, what comes out are facts or a reason.

import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { pack, TraceEvent, unpack } from '../src/index.ts';
import { anyFacts, defined, simulated } from './packing-facts.ts';

const run = simulated(6, 3, 30);

/** Facts of bytes that a test knows to be sound. */
function facts(bytes: Uint8Array): TraceEvent[] {
  const unpacked = unpack(bytes);
  if (!unpacked.ok) throw new Error(unpacked.why);
  return unpacked.events;
}

/** Whatever `bytes` are: facts that fit, in a number that the bytes can hold, or a reason. */
function expectTotal(bytes: Uint8Array): void {
  const unpacked = unpack(bytes);
  if (!unpacked.ok) {
    expect(unpacked.why).not.toBe('');
    return;
  }
  expect(unpacked.events.length).toBeLessThanOrEqual(bytes.length);
  for (const event of unpacked.events) if (!v.is(TraceEvent, event)) expect(event).toBe('a fact');
}

describe('packing', () => {
  test('[S4] [T7] gives back any facts that fit the schemas', () => {
    fc.assert(
      fc.property(anyFacts, (events) => {
        for (const event of defined(events)) expect(v.is(TraceEvent, event)).toBe(true);
        expect(facts(pack(events))).toStrictEqual(defined(events));
      }),
      { numRuns: 400 },
    );
  });

  test('gives back a simulated run, whole and in batches, and in a sixth of its text', () => {
    expect(facts(pack(run))).toStrictEqual(defined(run));
    let bytes = 0;
    for (let at = 0; at < run.length; at += 700) {
      const batch = run.slice(at, at + 700);
      const packed = pack(batch);
      bytes += packed.length;
      expect(facts(packed)).toStrictEqual(defined(batch));
    }
    expect(bytes * 6).toBeLessThan(JSON.stringify(run).length);
  });

  test('gives back nothing of nothing', () => {
    expect(facts(pack([]))).toEqual([]);
  });

  test('refuses facts whose numbers have a hole: a block has none', () => {
    expect(() => pack([run[0], run[2]] as TraceEvent[])).toThrow(RangeError);
  });
});

describe('[S4] unpacking is total', () => {
  test('[T7] of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), expectTotal), { numRuns: 3000 });
  });

  test('of bytes that begin like a block', () => {
    const start = fc.constantFrom([1, 1, 0, 0], [1, 3, 0, 1, 2, 97], [1, 90, 7, 2, 4, 97, 98, 3, 97, 0]);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, rest) => {
        expectTotal(Uint8Array.from([...head, ...rest]));
      }),
      { numRuns: 3000 },
    );
  });

  test('of a block in which bytes were changed, taken out or added', () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat(255), out: fc.nat(2), in: fc.nat(2) });
    const block = fc.nat(run.length - 20).map((from) => pack(run.slice(from, from + 20)));
    let refused = 0;
    fc.assert(
      fc.property(block, fc.array(change, { minLength: 1, maxLength: 4 }), (packed, changes) => {
        const bytes = [...packed];
        for (const { at, to, out, in: put } of changes) {
          bytes.splice(at % bytes.length, out, ...Array.from({ length: put }, () => to));
        }
        if (!unpack(Uint8Array.from(bytes)).ok) refused++;
        expectTotal(Uint8Array.from(bytes));
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  test('of a block that was cut off anywhere', () => {
    const packed = pack(run.slice(100, 140));
    for (let length = 0; length < packed.length; length++) {
      expect(unpack(packed.subarray(0, length))).toMatchObject({ ok: false });
    }
    expect(unpack(Uint8Array.from([...packed, 0]))).toMatchObject({ ok: false });
  });

  test('and no number makes it allocate what the bytes do not hold', () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
    for (const bytes of [[1, ...huge, 0, 0], [1, 1, ...huge, 0], [1, 1, 0, ...huge], [1, 1, 0, 1, ...huge], [2]]) {
      expect(unpack(Uint8Array.from(bytes))).toMatchObject({ ok: false });
    }
  });
});
