// The simulator's scenarios, and more for "why?", as logs: each situation whose sentence is pinned.

import { type Fact, Recorder, type TraceEvent } from '@crows-nest/protocol';
import { type Action, GROUND, type Ground, playScenario, SCENARIOS, World } from '@crows-nest/protocol/sim';
import { TraceLog } from '../src/model/log.ts';

export interface Story {
  readonly ground?: Partial<Ground>;
  readonly steps: readonly (readonly [ms: number, action: Action])[];
  readonly endMs: number;
}

export function factsOf({ ground, steps, endMs }: Story): TraceEvent[] {
  const facts: TraceEvent[] = [];
  const recorder = new Recorder();
  const onFact = (fact: Fact): void => {
    facts.push(...recorder.record(fact));
  };
  const world = new World({ seed: 5, ground: { ...GROUND, ...ground }, onFact });
  for (const [at, action] of steps) world.plan(at, action);
  world.runUntil(endMs * 1000);
  return facts;
}

export function logOfFacts(facts: readonly TraceEvent[]): TraceLog {
  const log = new TraceLog();
  log.append(facts, facts.at(-1)?.t ?? 0);
  return log;
}

export const logOfStory = (story: Story): TraceLog => logOfFacts(factsOf(story));

export function logOfScenario(name: string): { log: TraceLog; facts: TraceEvent[] } {
  const scenario = SCENARIOS.find((s) => s.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  const facts = playScenario(scenario);
  return { log: logOfFacts(facts), facts };
}
