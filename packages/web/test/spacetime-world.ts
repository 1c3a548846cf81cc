// Runs of the simulator with random trouble, as logs for the diagram's tests.

import { type Fact, Recorder, type Rules, TRACE_VERSION, type TraceEvent } from '@crows-nest/protocol';
import { drawSchedule, runSchedule, World } from '@crows-nest/protocol/sim';
import { TraceLog } from '../src/model/log.ts';
import { DiagramIndex } from '../src/spacetime/diagram-index.ts';

export function trouble(seed: number, rules: Rules, minutes = 1): TraceEvent[] {
  const recorder = new Recorder();
  const events = recorder.record({
    t: 0,
    type: 'run.started',
    version: TRACE_VERSION,
    startedAt: `seed ${seed}`,
    source: 'simulated',
  });
  runSchedule(drawSchedule(seed, rules, minutes), {
    onFact: (fact: Fact) => {
      events.push(...recorder.record(fact));
    },
  });
  return events;
}

/** Workers that answer first and work afterwards, without a beat: listed, and deaf. */
export function deafWorkers(): TraceEvent[] {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const ground = { rules: 'listing', heartbeatIntervalMs: 1000, liveness: 3, delayMs: 250, jitterMs: 10 } as const;
  const world = new World({
    seed: 5,
    ground: { ...ground, reconnectInitialMs: 1000, reconnectMaxMs: 32_000 },
    onFact: (fact) => {
      events.push(...recorder.record(fact));
    },
  });
  const knobs = { workMs: 2600, replyFirst: true, quietWhileBusy: true, crashChance: 0, overloadChance: 0 };
  for (let i = 1; i <= 3; i++) world.plan(i * 40, { type: 'worker.add', peer: `worker-${i}`, ...knobs });
  world.plan(900, { type: 'client.add', peer: 'client-1', everyMs: 900 });
  world.runUntil(40e6);
  return events;
}

/** A log of these facts, complete until the last one's time. */
export function logOfAll(events: readonly TraceEvent[], log = new TraceLog()): TraceLog {
  log.append(events, events.at(-1)?.t ?? 0);
  return log;
}

export function indexOf(log: TraceLog): DiagramIndex {
  const index = new DiagramIndex();
  log.observe(index);
  return index;
}

/** The same numbers for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    return ((state ^ (state >>> 12)) >>> 0) % below;
  };
}
