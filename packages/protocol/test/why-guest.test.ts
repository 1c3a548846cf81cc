// Of a guest only the wire is known: "why?" says what was seen, and that the rest is not known.

import { describe, expect, it } from 'vitest';
import { type Fact, Recorder, type TraceEvent, why, whyState } from '../src/index.ts';
import { PlainTrace } from './why-trace.ts';

const link = 'guest-1';
const timing = { rules: 'listing', heartbeatIntervalMs: 1000, liveness: 3 } as const;
const entered = (t: number, msg: number, frame: string): Fact[] => [
  {
    ...{ t, type: 'message.entered', link, conn: 1, msg, direction: 'toQueue' },
    ...{
      kind: frame === 'READY' ? 'READY' : 'HEARTBEAT',
      frames: [frame],
      sizes: [frame.length],
      frameCount: 1,
      dueAt: t,
    },
  } as Fact,
  { t, type: 'message.left', link, msg },
  { t: t + 100, type: 'message.read', peer: 'queue', side: 'backend', identity: 'G' },
];

/** A guest that says READY and beats once, and is heard no more: killed, frozen or bored, nobody can tell. */
const FACTS: Fact[] = [
  { t: 0, type: 'peer.joined', peer: 'queue', role: 'queue', guest: false, name: 'queue' },
  { t: 0, type: 'process.started', peer: 'queue', pid: 1 },
  { t: 0, type: 'queue.started', peer: 'queue', ...timing },
  { t: 10, type: 'peer.joined', peer: link, role: 'worker', guest: true, name: 'guest 1' },
  { t: 10, type: 'connection.opened', link, conn: 1, side: 'backend' },
  {
    ...{ t: 20, type: 'connection.greeted', link, conn: 1, by: 'peer', version: '3.1', mechanism: 'NULL' },
    ...{ socketType: 'DEALER', identity: 'G' },
  } as Fact,
  ...entered(1000, 1, 'READY'),
  { t: 1200, type: 'worker.listed', peer: 'queue', worker: 'G', expiryAt: 3_001_200, by: 'READY' },
  ...entered(1_001_000, 2, 'HEARTBEAT'),
  { t: 1_001_200, type: 'worker.refreshed', peer: 'queue', worker: 'G', expiryAt: 4_001_200, moved: false },
  {
    ...{ t: 4_500_000, type: 'worker.expired', peer: 'queue', worker: 'G', lastHeardAt: 1_001_100 },
    ...{ expiryAt: 4_001_200, busy: false },
  } as Fact,
];

function traceOf(facts: readonly Fact[]): PlainTrace {
  const recorder = new Recorder();
  return new PlainTrace(facts.flatMap((fact): TraceEvent[] => recorder.record(fact)));
}

describe('why, of a guest', () => {
  it('[Y3] the missing beats of a guest are told with their times, and what kept it is not guessed', () => {
    const trace = traceOf(FACTS);
    const expired = trace.facts.find((fact) => fact.type === 'worker.expired');
    const cause = why(trace, expired?.seq ?? -1)?.cause;
    if (cause?.kind !== 'worker.expired') throw new Error('no cause');
    expect(cause.lastHeardAt).toBe(1_001_100);
    expect(cause.beats.length).toBeGreaterThanOrEqual(2);
    for (const { absence } of cause.beats) expect(absence).toEqual({ how: 'unknown' });
  });

  it('[Y3] nor is the truth about its process: it is said to be unknown', () => {
    const standing = whyState(traceOf(FACTS), 3_000_000, link)?.standing;
    expect(standing?.kind).toBe('worker');
    expect(standing?.truth.what).toBe('unknown');
  });
});
