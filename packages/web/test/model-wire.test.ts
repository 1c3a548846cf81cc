// The wire log's rows and the frames of a message.

import type { Kind, TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameTable, hexText } from '../src/model/frame-table.ts';
import { TraceLog } from '../src/model/log.ts';
import { passageAt } from '../src/model/passage.ts';
import { WireRows } from '../src/model/rows.ts';
import { message } from './panels-page.ts';

const KINDS: readonly Kind[] = ['REQUEST', 'REPLY', 'HEARTBEAT'];

describe('rows', () => {
  test('are the same whichever way one came: forwards, back, with another filter', () => {
    const look = fc.record({ t: fc.nat(1100), hide: fc.nat(2), peer: fc.constantFrom(null, 'worker-1', 'worker-2') });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 8 }), (looks) => {
        const log = new TraceLog({ windowFacts: 60, chunkFacts: 8 });
        const all: TraceEvent[] = Array.from({ length: 100 }, (_, i) =>
          message(i, i * 10, i, { link: `worker-${1 + (i % 3)}`, kind: KINDS[i % 2] }),
        );
        log.append(all, 1000);
        const rows = new WireRows();
        for (const { t, hide, peer } of looks) {
          const filter = { kinds: new Set(KINDS.filter((_, i) => i !== hide)), peer };
          rows.update(log, t, filter);
          const expected = all.filter(
            (e) =>
              e.type === 'message.entered' &&
              e.t >= log.startAt &&
              e.t <= t &&
              filter.kinds.has(e.kind) &&
              (peer === null || e.link === peer),
          );
          expect(rows.slice(0, rows.count).filter((row) => row.t > log.startAt)).toEqual(
            expected.filter((e) => e.t > log.startAt),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('go when the window lets them go', () => {
    const log = new TraceLog({ windowFacts: 4, chunkFacts: 2 });
    const rows = new WireRows();
    const filter = { kinds: new Set(KINDS), peer: null };
    log.append(
      [0, 1, 2, 3].map((i) => message(i, i * 10, i)),
      30,
    );
    rows.update(log, 30, filter);
    expect(rows.count).toBe(4);
    log.append(
      [4, 5, 6].map((i) => message(i, i * 10, i)),
      60,
    );
    expect(rows.update(log, 60, filter)).toBe(true);
    expect(rows.slice(0, rows.count).map((row) => row.msg)).toEqual([4, 5, 6]);
    expect(rows.update(log, 60, filter)).toBe(false);
  });
});

describe('[F3] frames', () => {
  const framed = (kind: Kind, frames: string[]) => ({ kind, frames, sizes: frames.map((f) => f.length) });

  test('a REQ client’s request, with the name that the queue puts in front', () => {
    const rows = frameTable(framed('REQUEST', ['', 'work']), 'frontend', 'c1');
    expect(rows.map((row) => [row.number, row.meaning, row.queueOnly])).toEqual([
      [1, 'clientIdentity', true],
      [2, 'delimiter', false],
      [3, 'body', false],
    ]);
  });

  test('a stack of addresses, and a body with an empty frame of its own', () => {
    const rows = frameTable(framed('REQUEST', ['c1', 'hop', '', 'a', '']), 'backend', null);
    expect(rows.map((row) => row.meaning)).toEqual(['clientIdentity', 'returnAddress', 'delimiter', 'body', 'body']);
  });

  test('a control message, and one that nobody understands', () => {
    expect(frameTable(framed('READY', ['\x01']), 'backend', null)[0]?.meaning).toBe('control');
    expect(frameTable(framed('INVALID', ['?']), 'backend', null)[0]?.meaning).toBe('notUnderstood');
  });

  test('a frame of which only the beginning is kept says its true size', () => {
    const row = frameTable({ kind: 'REPLY', frames: ['c', '', 'abc'], sizes: [1, 0, 5000] }, 'backend', null)[2];
    expect([row?.size, row?.cut]).toEqual([5000, true]);
  });

  test('bytes as hexadecimal', () => {
    expect(hexText('\x00k\xff', 8)).toBe('00 6B FF');
    expect(hexText('abcd', 2)).toBe('61 62 …');
  });
});

test('[T3] a message is under way, held, waiting, and then at its end', () => {
  const fate = { enteredAt: 0, dueAt: 250_000, leftAt: 400_000, endAt: 500_000, end: 'read' } as const;
  const at = [10, 290_000, 310_000, 400_000, 500_000].map((t) => passageAt(fate, t));
  expect(at).toEqual(['underWay', 'underWay', 'held', 'waiting', 'read']);
});
