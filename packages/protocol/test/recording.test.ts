import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Fact,
  Recorder,
  RecordingReader,
  TRACE_VERSION,
  type TraceEvent,
  writeEvent,
  writeHeader,
} from '../src/index.ts';

function someEvents(): TraceEvent[] {
  const recorder = new Recorder();
  const facts: Fact[] = [
    { t: 0, type: 'run.started', version: TRACE_VERSION, startedAt: '2011-05-05T00:00:00.000Z', source: 'simulated' },
    { t: 5, type: 'peer.joined', peer: 'worker-1', role: 'worker', guest: false, name: 'worker 1', dialect: 'text' },
    { t: 9, type: 'worker.opened', peer: 'worker-1', identity: '\x00\xff"\n', dialect: 'text' },
    { t: 12, type: 'process.exited', peer: 'worker-1', code: null, signal: 'SIGKILL' },
  ];
  return facts.flatMap((fact) => recorder.record(fact));
}

const whole = writeHeader('2011-05-05T00:00:00.000Z') + someEvents().map(writeEvent).join('');

describe('recordings', () => {
  it('[T5] what was written is read back, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        const reader = new RecordingReader();
        const events: TraceEvent[] = [];
        let from = 0;
        for (const cut of [...cuts].sort((a, b) => a - b)) {
          events.push(...reader.read(whole.slice(from, Math.max(from, cut))));
          from = Math.max(from, cut);
        }
        events.push(...reader.read(whole.slice(from)), ...reader.end());
        expect(events).toEqual(someEvents());
        expect(reader.bad).toEqual([]);
        expect(reader.header?.version).toBe(TRACE_VERSION);
      }),
    );
  });

  it('[T5] one line a fact, a header first', () => {
    const lines = whole.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + someEvents().length);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      recording: "Crow's Nest",
      version: TRACE_VERSION,
      startedAt: '2011-05-05T00:00:00.000Z',
    });
  });

  it('[T5] bad lines are reported with their numbers, and the rest is read', () => {
    const lines = whole.trimEnd().split('\n');
    lines.splice(2, 0, 'not json', '{"seq":1,"t":2,"type":"no.such"}', '[]', '{"__proto__":{"seq":9}}');
    lines.splice(1, 0, '', 'x'.repeat(2_000_000));
    const reader = new RecordingReader();
    const events = reader.read(`${lines.join('\n')}\n`);
    expect(events).toEqual(someEvents());
    expect(reader.bad.map(({ line }) => line)).toEqual([3, 5, 6, 7, 8]);
    expect(({} as { seq?: number }).seq).toBeUndefined();
  });

  it('[T5] facts that go back in number, and a recording of another version, are refused', () => {
    const reader = new RecordingReader();
    reader.read(whole);
    const [first] = someEvents();
    if (!first) throw new Error('events');
    expect(reader.read(writeEvent(first))).toEqual([]);
    expect(reader.bad).toHaveLength(1);
    const newer = new RecordingReader();
    expect(newer.read(whole.replace(`"version":${TRACE_VERSION}`, '"version":999'))).toEqual([]);
    expect(newer.bad[0]).toEqual({ line: 1, why: `not a header of version ${TRACE_VERSION}` });
  });

  it('[T5] no input throws', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json(), fc.constant('\n'))), (pieces) => {
        const reader = new RecordingReader();
        for (const piece of pieces) reader.read(piece);
        reader.end();
      }),
    );
  });
});

it('[T5] an endless line costs no more memory than its beginning, and the next line is read', () => {
  const reader = new RecordingReader();
  reader.read(writeHeader('2026-01-01T00:00:00.000Z'));
  const piece = 'x'.repeat(64 * 1024);
  for (let i = 0; i < 2000; i++) reader.read(piece);
  const event = { seq: 0, t: 0, type: 'peer.left', peer: 'worker-1' } as const;
  expect(reader.read(`\n${writeEvent(event)}`)).toEqual([event]);
  expect(reader.bad).toEqual([{ line: 2, why: 'the line is too long' }]);
});
