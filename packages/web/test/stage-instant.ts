// A run on links of a given delay, none by default: what schematic pictures are for.

import { type Fact, Recorder, type TraceEvent } from '@crows-nest/protocol';
import { World } from '@crows-nest/protocol/sim';
import type { TraceLog } from '../src/model/log.ts';
import { logOf, type Plan } from './stage-world.ts';

export function instantly(
  { workers, clients, everyMs = 700, workMs = 400, seconds, steps = [] }: Plan,
  delay: { delayMs: number; jitterMs: number } = { delayMs: 0, jitterMs: 0 },
): { events: TraceEvent[]; log: TraceLog } {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const rest = { heartbeatIntervalMs: 1000, liveness: 3, reconnectInitialMs: 1000, reconnectMaxMs: 32_000 };
  const onFact = (fact: Fact): void => {
    events.push(...recorder.record(fact));
  };
  const world = new World({ seed: 11, ground: { rules: 'listing', ...rest, ...delay }, onFact });
  for (let i = 1; i <= workers; i++) {
    world.plan(i * 23, { type: 'worker.add', peer: `worker-${i}`, workMs, crashChance: 0, overloadChance: 0 });
  }
  for (let i = 1; i <= clients; i++) world.plan(11 + i * 61, { type: 'client.add', peer: `client-${i}`, everyMs });
  for (const [at, action] of steps) world.plan(at * 1000, action);
  world.runUntil(seconds * 1e6);
  return { events, log: logOf(events, seconds) };
}
