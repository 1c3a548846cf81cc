// Simulated runs for measuring: a stage of so many, busy, with some trouble.

import { type Fact, Recorder, TRACE_VERSION, type TraceEvent } from '@crows-nest/protocol';
import { World } from '@crows-nest/protocol/sim';

export interface Crowd {
  readonly workers: number;
  readonly clients: number;
  readonly seconds: number;
  readonly workMs: number;
  readonly everyMs: number;
  readonly delayMs: number;
  readonly jitterMs: number;
}

export function simulate({ workers, clients, seconds, workMs, everyMs, delayMs, jitterMs }: Crowd): TraceEvent[] {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const ground = {
    rules: 'listing',
    heartbeatIntervalMs: 1000,
    liveness: 3,
    reconnectInitialMs: 1000,
    reconnectMaxMs: 32_000,
    delayMs,
    jitterMs,
  } as const;
  const onFact = (fact: Fact): void => {
    events.push(...recorder.record(fact));
  };
  onFact({
    t: 0,
    type: 'run.started',
    version: TRACE_VERSION,
    startedAt: '2026-01-01T00:00:00.000Z',
    source: 'simulated',
  });
  const world = new World({ seed: 7, ground, onFact });
  for (let i = 1; i <= workers; i++) {
    world.plan(i * 3, { type: 'worker.add', peer: `worker-${i}`, workMs, crashChance: 0, overloadChance: 0 });
  }
  for (let i = 1; i <= clients; i++) world.plan(i * 7, { type: 'client.add', peer: `client-${i}`, everyMs });
  const fault = { id: 'f1', kind: 'drop', selector: { kind: 'HEARTBEAT', probability: 0.3 }, seed: 1 } as const;
  world.plan(seconds * 300, { type: 'fault.apply', link: 'worker-1', fault });
  world.plan(seconds * 400, { type: 'process.kill', peer: 'worker-2' });
  world.plan(seconds * 500, { type: 'process.pause', peer: 'worker-1' });
  world.plan(seconds * 700, { type: 'heal.all' });
  world.runUntil(seconds * 1e6);
  return events;
}

export const DEMO: Crowd = {
  ...{ workers: 10, clients: 4, seconds: 300 },
  ...{ workMs: 400, everyMs: 300, delayMs: 250, jitterMs: 1 },
};
export const CROWD: Crowd = {
  ...{ workers: 60, clients: 8, seconds: 120 },
  ...{ workMs: 300, everyMs: 100, delayMs: 50, jitterMs: 1 },
};
/** As much as eight clients can ask for when links are short and work is light: more than 20,000 facts a second. */
export const FLOOD: Crowd = {
  ...{ workers: 20, clients: 8, seconds: 10 },
  ...{ workMs: 1, everyMs: 1, delayMs: 1, jitterMs: 0.2 },
};
