import { type TraceEvent, writeEvent, writeHeader } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { RecordedSource } from '../src/source/recorded.ts';
import type { Sink } from '../src/source/source.ts';
import { eventsOf, TROUBLE } from './stage-world.ts';

const events = eventsOf({ ...TROUBLE, seconds: 5 });
const HEADER = writeHeader('2026-01-01T00:00:00.000Z');

async function readFile(text: string) {
  const log = new TraceLog();
  const read: TraceEvent[] = [];
  let malformed = 0;
  const sink: Sink = {
    phase() {},
    role: (role) => expect(role).toBe('viewer'),
    snapshot: ({ a }) => log.reset(a),
    batch(some, now, bad) {
      read.push(...some);
      malformed += bad;
      log.append(some, now);
    },
  };
  const source = new RecordedSource(new Blob([text]));
  source.open(sink);
  const reading = await source.done;
  return { log, read, malformed, reading };
}

describe('a recording as a source', () => {
  test('[T5] gives the facts that were written, and the same log', async () => {
    const { read, log, reading } = await readFile(HEADER + events.map(writeEvent).join(''));
    expect(read).toEqual(events);
    expect(reading).toEqual({ events: events.length, bad: [] });
    expect(log.endAt).toBe(events.at(-1)?.t);
  });

  test('[S8] [T5] bad lines are told with their numbers, and the rest is read', async () => {
    const lines = events.map(writeEvent);
    lines[3] = '{"seq":3,"__proto__":{"polluted":true}}\n';
    lines[7] = `${'['.repeat(100_000)}\n`;
    lines[9] = 'not JSON at all\n';
    const { read, malformed, reading } = await readFile(HEADER + lines.join(''));
    expect(reading.bad.map(({ line }) => line)).toEqual([5, 9, 11]);
    expect(malformed).toBe(3);
    expect(read).toHaveLength(events.length - 3);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('[S8] what is no recording gives no fact and no throw; neither does an empty file', async () => {
    const noise = await readFile('<html>\n'.repeat(5000));
    expect(noise.read).toEqual([]);
    expect(noise.malformed).toBe(5000);
    expect(noise.reading.bad).toHaveLength(1000);
    expect((await readFile('')).reading).toEqual({ events: 0, bad: [] });
  });

  test('a recording that was cut off is read up to the cut', async () => {
    const text = HEADER + events.map(writeEvent).join('');
    const { read, reading } = await readFile(text.slice(0, text.length - 5));
    expect(read).toHaveLength(events.length - 1);
    expect(reading.bad).toHaveLength(1);
  });
});
