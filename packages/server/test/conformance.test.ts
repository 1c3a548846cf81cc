// Each scenario comes to the same in the simulator and with real processes: the same facts of each speaker, in the same order.

import type { CommandRequest, EventOf, EventType, TraceEvent } from '@crows-nest/protocol';
import { type Action, atPace, GROUND, playScenario, SCENARIOS, type Scenario, Wait } from '@crows-nest/protocol/sim';
import { describe, expect, it } from 'vitest';
import { type Live, openLive } from './live.ts';

/** Real processes need not take a second for an interval; half of one still leaves the scheduler of a shared machine far behind. */
const PACE = 0.5;

async function perform(live: Live, action: Action, scenario: Scenario): Promise<void> {
  const { troupe } = live.bridge;
  const { reconnectInitialMs, reconnectMaxMs } = { ...GROUND, ...scenario.ground };
  switch (action.type) {
    case 'worker.add':
      expect(await troupe.addWorker({ reconnectInitialMs, reconnectMaxMs, ...action })).toBe(action.peer);
      return;
    case 'client.add':
      expect(await troupe.addClient({ everyMs: 0, ...action })).toBe(action.peer);
      return;
    case 'fault.apply': {
      const { link, fault, ttlMs } = action;
      // Its time to live is the bridge's to keep. Else with the same seed as simulated, so that it makes the same choices.
      if (ttlMs === undefined) return troupe.link(link)?.applyFault(fault);
      const { kind, mode, selector } = fault;
      return live.do({ type: 'fault.apply', link, kind, mode, ttlMs, ...selector } as CommandRequest);
    }
    case 'fault.heal':
      if (troupe.link(action.link)?.link.faults.length) return troupe.link(action.link)?.heal(action.fault);
      return live.do({ type: 'fault.heal', fault: action.fault });
    case 'fault.step':
      expect(troupe.link(action.link)?.step(action.fault)).toBe(true);
      return;
    case 'process.pause':
      return live.do({ type: 'process.pause', peer: action.peer, ttlMs: action.ttlMs ?? null });
    case 'process.mute':
      return live.do({ type: 'process.mute', peer: action.peer, ttlMs: action.ttlMs ?? null });
    case 'process.slow':
      return live.do({ type: 'process.slow', peer: action.peer, factor: action.factor, ttlMs: action.ttlMs ?? null });
    case 'message.drop': {
      // What it waited for is in the trace by now; what is on the link now is not yet.
      const msg = live.bridge.troupe.link(action.link)?.recall(undefined, undefined)?.kept.msg ?? 0;
      return live.do({ type: 'message.drop', msg });
    }
    case 'client.ask':
      return troupe.ask();
    case 'world.calm':
      throw new Error('a scenario has no calm');
    default:
      return live.do(action);
  }
}

async function playForReal(scenario: Scenario): Promise<readonly TraceEvent[]> {
  const { rules, heartbeatIntervalMs, liveness, delayMs } = { ...GROUND, ...scenario.ground };
  const live = await openLive({ queue: { rules, heartbeatIntervalMs, liveness }, linkDelayMs: delayMs });
  try {
    await playOn(live, scenario);
    return live.events;
  } finally {
    await live.close();
  }
}

async function playOn(live: Live, scenario: Scenario): Promise<void> {
  for (const [i, step] of scenario.steps.entries()) {
    const next = scenario.steps[i + 1]?.when ?? scenario.until;
    // Counted from when the step is done, so armed before it is.
    const wait = new Wait(next);
    let seen = live.events.length;
    await perform(live, step.do, scenario);
    const isLast = i === scenario.steps.length - 1;
    if (!isLast && !scenario.steps[i + 1]?.when) continue;
    await live.untilState(
      ({ events }) => {
        while (seen < events.length) {
          const event = events[seen++];
          if (event && wait.sees(event)) return true;
        }
        return false;
      },
      `${scenario.name}: ${JSON.stringify(next)}`,
    );
  }
}

/**
 * Names, not identities, message numbers or times: those differ from run to run. Nor what depends on the phase of the beats
 * alone: a lost or restored liveness, and a heartbeat that crosses a request and finds its sender unlisted.
 */
const NORMALISED: { [T in EventType]?: (event: EventOf<T>) => string | undefined } = {
  'queue.started': (e) => `starts with ${e.rules}`,
  // By the beats that a Simple queue takes for replies.
  'worker.listed': (e) => (e.by === 'INVALID' ? undefined : `lists ${e.workerPeer} by ${e.by}`),
  'worker.expired': (e) => `expires ${e.workerPeer}${e.busy ? ', busy' : ''}`,
  'worker.refused': (e) => `refuses ${e.workerPeer}`,
  'request.dispatched': (e) => `gives #${e.journey} of ${e.clientPeer} to ${e.workerPeer}, try ${e.attempt}`,
  'request.requeued': (e) => `takes #${e.journey} back from ${e.workerPeer}`,
  'request.dropped': (e) => `drops #${e.journey}`,
  'reply.forwarded': (e) => `forwards #${e.journey} of ${e.workerPeer} to ${e.clientPeer}`,
  'reply.refused': (e) => `refuses a reply of ${e.workerPeer}`,
  'message.unrouted': (e) => `loses ${e.kind} #${e.journey} for nobody`,
  'worker.opened': (e) => `opens, ${e.dialect}`,
  'worker.backedOff': (e) => `backs off ${e.waitMs}`,
  'work.started': (e) => `works on #${e.journey}`,
  'work.finished': () => 'is done',
  'process.started': () => 'process starts',
  'process.exited': (e) => `process ends, ${e.signal ?? e.code}`,
  'process.paused': () => 'is frozen',
  'process.resumed': () => 'runs on',
  'process.overloaded': () => 'is overloaded',
  'process.recovered': () => 'has recovered',
  'request.sent': (e) => `sends ${e.n}, try ${e.attempt}`,
  'request.answered': (e) => `has ${e.n} answered on try ${e.attempt}`,
  'request.retried': (e) => `retries ${e.n}`,
  'request.abandoned': (e) => `abandons ${e.n} after ${e.tries}`,
  'fault.applied': (e) => `suffers ${e.kind}`,
  'fault.healed': (e) => `is healed of ${e.kind}, ${e.why}`,
  'fault.struck': (e) => `is struck by ${e.kind}`,
  'message.corrupted': (e) => `has a message damaged, ${e.mode}, to ${e.kind} of ${e.frameCount}`,
};
/** On a link, beats aside: how many there are between two other things is a matter of phase. */
const onLink = (e: EventOf<'message.entered'>): string =>
  `${e.direction} ${e.kind} #${e.journey ?? '-'} of ${e.frameCount}${e.copyOf === undefined ? '' : ', made by a fault'}`;

/** What each speaker said, in its own order; a row of the same is said once. Two speakers' order is the scheduler's. */
function normalise(events: readonly TraceEvent[], until: Wait): Record<string, string[]> {
  const said: Record<string, string[]> = {};
  const say = (speaker: string, words: string): void => {
    said[speaker] ??= [];
    if (said[speaker].at(-1) !== words) said[speaker].push(words);
  };
  for (const event of events) {
    if (event.type === 'message.entered' && event.kind !== 'HEARTBEAT')
      say(`${event.link}, ${event.direction}`, onLink(event));
    const words = (NORMALISED[event.type] as ((e: TraceEvent) => string) | undefined)?.(event);
    if (words !== undefined)
      say('peer' in event ? event.peer : `the link of ${'link' in event ? event.link : ''}`, words);
    if (until.sees(event)) break;
  }
  return said;
}

/** From the last step on, as when it was played. */
function endOf(scenario: Scenario): Wait {
  const before = scenario.steps.filter(
    (s) => s.when && s.when.fact === scenario.until.fact && s.when.peer === scenario.until.peer,
  );
  const times = before.reduce((sum, s) => sum + (s.when?.times ?? 1), scenario.until.times ?? 1);
  return new Wait({ ...scenario.until, times });
}

const real = SCENARIOS.filter((scenario) => scenario.real !== false).map((scenario) => atPace(scenario, PACE));

describe('conformance: simulated and real come to the same', () => {
  it('covers ten scenarios at least', () => {
    expect(real.length).toBeGreaterThanOrEqual(10);
  });

  // Side by side: mostly they wait, and each for facts of its own.
  it.concurrent.each(real.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const simulated = normalise(playScenario(scenario), endOf(scenario));
    const processes = normalise(await playForReal(scenario), endOf(scenario));
    expect(processes).toEqual(simulated);
  });
});
