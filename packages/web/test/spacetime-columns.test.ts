import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Crossings, someCrossing } from '../src/spacetime/crossings.ts';
import { TALLIED, Tally } from '../src/spacetime/tally.ts';
import { indexOf, logOfAll, numbers, trouble } from './spacetime-world.ts';

describe('the columns of messages', () => {
  const events = trouble(4, 'robust', 3);
  const log = logOfAll(events);
  const { crossings, lanes } = indexOf(log);

  test('hold every message with its fate', () => {
    const row = someCrossing();
    let at = crossings.firstRow;
    const lane = new Map([...lanes.values()].map((l) => [l.id, l.peer]));
    for (const event of events) {
      if (event.type !== 'message.entered') continue;
      expect(crossings.read(at++, row)).toBe(true);
      const fate = log.fate(event.msg);
      expect(row).toMatchObject({ msg: event.msg, kind: event.kind, enteredAt: event.t });
      expect(lane.get(row.lane)).toBe(event.link);
      expect(row.toQueue).toBe(event.direction === 'toQueue');
      expect(row.end).toBe(fate?.end ?? 'none');
      expect(row.endAt).toBe(fate?.endAt ?? Number.POSITIVE_INFINITY);
      if (fate?.leftAt !== undefined) expect([row.hasLeft, row.leftAt]).toEqual([true, fate.leftAt]);
      else expect(row.hasLeft).toBe(false);
    }
    expect(at).toBe(crossings.endRow);
  });

  test('find exactly those that are under way between two times, in order', () => {
    const below = numbers(4);
    const row = someCrossing();
    for (let i = 0; i < 200; i++) {
      const from = below(log.endAt);
      const to = from + below(8_000_000);
      const found: number[] = [];
      crossings.each(from, to, row, () => {
        found.push(row.msg);
      });
      const wanted = events.flatMap((event) => {
        if (event.type !== 'message.entered' || event.t > to) return [];
        const endAt = log.fate(event.msg)?.endAt ?? Number.POSITIVE_INFINITY;
        return endAt > from || event.t > from ? [event.msg] : [];
      });
      expect(found).toEqual(wanted);
      const entered = events.filter(({ type, t }) => type === 'message.entered' && t > from && t <= to);
      expect(crossings.count(from, to)).toBe(entered.length);
    }
  });
});

test('blocks that were ended early are walked, counted and forgotten like full ones', () => {
  const crossings = new Crossings();
  const hour = 3600e6;
  // More than the columns' lengths hold lies between these.
  const times = [1, 2, 3 * hour, 3 * hour + 5, 9 * hour, 20 * hour];
  for (const [msg, t] of times.entries()) crossings.enter(msg, 0, 'REQUEST', true, t, t + 10);
  const row = someCrossing();
  const all: number[] = [];
  crossings.each(0, 30 * hour, row, () => {
    all.push(row.enteredAt);
  });
  expect(all).toEqual(times);
  expect(crossings.count(2, 9 * hour)).toBe(3);
  for (const msg of [0, 1, 2, 3]) crossings.end(msg, 'read', (times[msg] ?? 0) + 8);
  crossings.forget(4 * hour);
  all.length = 0;
  crossings.each(0, 30 * hour, row, () => {
    all.push(row.enteredAt);
  });
  expect(all).toEqual([9 * hour, 20 * hour]);
});

test('the tally counts by coarse steps what single counting counts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...TALLIED), fc.integer({ min: 0, max: 90_000_000 })), { maxLength: 300 }),
      fc.integer({ min: 0, max: 950 }),
      fc.integer({ min: 0, max: 950 }),
      fc.integer({ min: 0, max: 90_000_000 }),
      (facts, a, b, forgottenAt) => {
        const tally = new Tally();
        const sorted = [...facts].sort(([, x], [, y]) => x - y);
        for (const [what, t] of sorted) tally.add(what, t);
        const [first, end] = [Math.min(a, b), Math.max(a, b)];
        const single = (what: string, from: number): number =>
          sorted.filter(([w, t]) => w === what && Math.floor(t / 1e5) >= from && Math.floor(t / 1e5) < end).length;
        for (const what of TALLIED) expect(tally.sum(what, first, end)).toBe(single(what, first));
        tally.forget(forgottenAt);
        const kept = Math.max(first, Math.ceil(forgottenAt / 1e5));
        for (const what of TALLIED) expect(tally.sum(what, kept, end)).toBe(single(what, kept));
      },
    ),
    { numRuns: 200 },
  );
});

test('one bucket holds more than two bytes count', () => {
  const tally = new Tally();
  for (let i = 0; i < 70_000; i++) tally.add('request', 5);
  expect(tally.sum('request', 0, 1)).toBe(70_000);
});
