// A scenario: what is done to a troupe, each step waiting for what it needs to have seen. No step waits for luck, so that
// the same scenario comes to the same whether simulated or with real processes.

import type { TraceEvent } from '../events.ts';
import { Recorder } from '../recorder.ts';
import {
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  millis,
  RECONNECT_INITIAL_MS,
  RECONNECT_MAX_MS,
} from '../timing.ts';
import type { Action, Condition, Ground } from './action.ts';
import { World } from './world.ts';

export interface ScriptStep {
  /** Waits for this, counted from the step before. */
  readonly when?: Condition | undefined;
  /** And then this long. */
  readonly afterMs?: number | undefined;
  readonly do: Action;
}

export interface Scenario {
  /** In words and dashes: the name of its transcript. */
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly shows: string;
  readonly ground?: Partial<Ground> | undefined;
  readonly steps: readonly ScriptStep[];
  /** After the last step: it is over when this has come about. */
  readonly until: Condition;
  /** false: not to be run with real processes, which lack a knob for it. */
  readonly real?: boolean | undefined;
}

/** What a scenario that says nothing else runs on. */
export const GROUND: Ground = {
  rules: 'listing',
  heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
  liveness: HEARTBEAT_LIVENESS,
  reconnectInitialMs: RECONNECT_INITIAL_MS,
  reconnectMaxMs: RECONNECT_MAX_MS,
  delayMs: 10,
  jitterMs: 0,
};

/** A scenario that has not come to its end by then never will. */
const PATIENCE_MS = 120_000;
const LAST_WORDS_MS = 100;

/** Whether an event is of that type and about that peer: as its speaker, its link, its worker or its client. */
export function meets({ fact, peer }: Condition, event: TraceEvent): boolean {
  if (event.type !== fact) return false;
  if (peer === undefined) return true;
  const { peer: speaker, link, workerPeer, clientPeer } = event as Partial<Record<string, unknown>>;
  return [speaker, link, workerPeer, clientPeer].includes(peer);
}

/** Counts down what a condition waits for. */
export class Wait {
  #left: number;
  readonly #condition: Condition;

  constructor(condition: Condition) {
    this.#condition = condition;
    this.#left = condition.times ?? 1;
  }

  /** True once: at the event that completes it. */
  sees(event: TraceEvent): boolean {
    return meets(this.#condition, event) && --this.#left === 0;
  }
}

/** Plays a scenario in a simulated world and returns its trace. */
export function playScenario(scenario: Scenario, seed = 1): TraceEvent[] {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const steps = [...scenario.steps];
  let wait: Wait | undefined;
  let endsAt = millis(PATIENCE_MS);

  const world: World = new World({
    seed,
    ground: { ...GROUND, ...scenario.ground },
    onFact: (fact) => {
      for (const event of recorder.record(fact)) {
        events.push(event);
        if (!wait?.sees(event)) continue;
        wait = undefined;
        if (steps.length > 0) perform();
        else endsAt = world.now + millis(LAST_WORDS_MS);
      }
    },
  });
  const perform = (): void => {
    world.agenda.add(world.now + millis(steps[0]?.afterMs ?? 0), () => {
      const step = steps.shift();
      prepare();
      if (step) world.do(step.do);
    });
  };
  const prepare = (): void => {
    const condition = steps.length > 0 ? steps[0]?.when : scenario.until;
    if (condition) wait = new Wait(condition);
    else perform();
  };
  prepare();
  while (world.now < endsAt) world.runUntil(Math.min(endsAt, world.now + millis(LAST_WORDS_MS)));
  if (endsAt === millis(PATIENCE_MS)) {
    throw new Error(`${scenario.name}: waits in vain, ${JSON.stringify(steps[0]?.when ?? scenario.until)}`);
  }
  return events;
}

/** The same scenario with all its times multiplied: real processes need not take a second for an interval. */
export function atPace({ ground, steps, ...scenario }: Scenario, factor: number): Scenario {
  return { ...scenario, ground: scaled({ ...GROUND, ...ground }, factor), steps: scaled(steps, factor) };
}

/** Every field that ends in `Ms` or is called `ms`, at any depth. */
function scaled<T>(value: T, factor: number): T {
  if (Array.isArray(value)) return value.map((item) => scaled(item, factor)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const isTime = typeof item === 'number' && (key === 'ms' || key.endsWith('Ms'));
    return [key, isTime ? Math.round(item * factor) : scaled(item, factor)];
  });
  return Object.fromEntries(entries) as T;
}
