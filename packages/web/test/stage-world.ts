// Runs of the simulator as logs for the stage's tests.

import { type Fact, Recorder, type TraceEvent } from '@crows-nest/protocol';
import { type Action, World } from '@crows-nest/protocol/sim';
import { TraceLog } from '../src/model/log.ts';
import type { StageView } from '../src/stage/scene.ts';

export const VIEW: StageView = {
  width: 1516,
  height: 584,
  dpr: 1,
  themeName: 'dark',
  locale: 'en',
  reducedMotion: false,
  paused: false,
  showBeats: true,
  selection: null,
  hover: null,
  named: [],
  presentation: false,
  stretchUs: null,
  slow: false,
};

export interface Plan {
  rules?: 'listing' | 'guide' | 'robust';
  /** Workers that beat also while they work, and answer last. */
  restless?: boolean;
  workers: number;
  clients: number;
  everyMs?: number;
  workMs?: number;
  seconds: number;
  steps?: readonly (readonly [seconds: number, action: Action])[];
}

export function eventsOf({
  rules = 'listing',
  restless = false,
  workers,
  clients,
  everyMs = 700,
  workMs = 400,
  seconds,
  steps = [],
}: Plan): TraceEvent[] {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const ground = {
    rules,
    heartbeatIntervalMs: 1000,
    liveness: 3,
    reconnectInitialMs: 1000,
    reconnectMaxMs: 32_000,
    delayMs: 250,
    jitterMs: 10,
  } as const;
  const onFact = (fact: Fact): void => {
    events.push(...recorder.record(fact));
  };
  const world = new World({ seed: 11, ground, onFact });
  for (let i = 1; i <= workers; i++) {
    const knobs = { workMs, crashChance: 0, overloadChance: 0, replyFirst: !restless, quietWhileBusy: !restless };
    world.plan(i * 23, { type: 'worker.add', peer: `worker-${i}`, ...knobs });
  }
  for (let i = 1; i <= clients; i++) world.plan(11 + i * 61, { type: 'client.add', peer: `client-${i}`, everyMs });
  for (const [at, action] of steps) world.plan(at * 1000, action);
  world.runUntil(seconds * 1e6);
  return events;
}

export function logOf(events: readonly TraceEvent[], seconds: number): TraceLog {
  const log = new TraceLog();
  log.append(events, seconds * 1e6);
  return log;
}

/** Everything that can go wrong in one run. */
export const TROUBLE: Plan = {
  workers: 6,
  clients: 3,
  everyMs: 120,
  seconds: 14,
  steps: [
    [
      3,
      {
        type: 'fault.apply',
        link: 'worker-1',
        fault: { id: 'f1', kind: 'drop', selector: { kind: 'HEARTBEAT' }, seed: 1 },
      },
    ],
    [4, { type: 'process.pause', peer: 'worker-2' }],
    [4.4, { type: 'process.kill', peer: 'worker-3' }],
    [5, { type: 'process.overload', peer: 'worker-4', ms: 3000 }],
    [5.1, { type: 'worker.add', peer: 'worker-7' }],
    [5.2, { type: 'worker.add', peer: 'worker-8' }],
    [6, { type: 'fault.apply', link: 'worker-5', fault: { id: 'f2', kind: 'partition', selector: {}, seed: 2 } }],
    [6.5, { type: 'peer.remove', peer: 'client-2' }],
    [7, { type: 'process.kill', peer: 'queue' }],
    [9, { type: 'process.restart', peer: 'queue' }],
    [10, { type: 'heal.all' }],
    [10.5, { type: 'process.resume', peer: 'worker-2' }],
  ],
};
