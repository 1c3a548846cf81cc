// Schedules drawn from a seed. Each run may use only some kinds of fault, drawn first: a swarm of runs that differ in kind
// finds what one mixture of everything hides. A run ends in a quiet tail, in which the pattern must recover.

import type { Rules } from '../events.ts';
import {
  ANSWER_WITHIN_MS,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  MAX_WORKERS,
  RECONNECT_INITIAL_MS,
} from '../timing.ts';
import type { Ground, Schedule } from './action.ts';
import { Dice } from './dice.ts';
import { add, type Drawing, drawKnobs } from './drawing.ts';
import { FAULTS, SUBTLE } from './drawn-faults.ts';

/** How long after the last fault everything must be well again: back-off cap + (L + 1)·I + 2d, plus what no rule bounds. */
export function recoveryMs(ground: Ground): number {
  const { rules, reconnectMaxMs, heartbeatIntervalMs, liveness, delayMs, jitterMs } = ground;
  const answerWithinMs = rules === 'robust' ? (ground.answerWithinMs ?? ANSWER_WITHIN_MS) : 0;
  return (
    answerWithinMs +
    reconnectMaxMs +
    (liveness + 1) * heartbeatIntervalMs +
    2 * (delayMs + jitterMs) +
    LONGEST_DEAFNESS_MS
  );
}

/** An overload that began just before the calm, and the work after it. */
const LONGEST_DEAFNESS_MS = 8000;
/** In which requests are sent that must be answered. */
const PROOF_MS = 20_000;

function drawGround(dice: Dice, rules: Rules): Ground {
  return {
    rules,
    heartbeatIntervalMs: dice.pick([HEARTBEAT_INTERVAL_MS, HEARTBEAT_INTERVAL_MS, 500]),
    liveness: dice.pick([HEARTBEAT_LIVENESS, HEARTBEAT_LIVENESS, 5]),
    reconnectInitialMs: RECONNECT_INITIAL_MS,
    reconnectMaxMs: dice.pick([4000, 8000, 16_000, 32_000]),
    answerWithinMs: dice.pick([5000, 10_000, ANSWER_WITHIN_MS]),
    delayMs: dice.pick([0, 1, 20, 100]),
    jitterMs: dice.pick([0, 0, 10]),
    // A Paranoid worker fills any Simple list in time, Simple workers alone only a short one [SP1].
    ...(rules === 'simple' && { maxWorkers: dice.pick([MAX_WORKERS, MAX_WORKERS, 6]) }),
  };
}

/** Half of the runs by simple rules are of Simple workers alone; in the others the two kinds stand in one list [SP8]. */
const drawSimplePart = (dice: Dice, rules: Rules): number => (rules === 'simple' ? dice.pick([1, 0.5]) : 0);

/** A run of that many minutes, its tail included. */
export function drawSchedule(seed: number, rules: Rules, minutes: number): Schedule {
  const dice = new Dice(seed, 'schedule');
  const ground = drawGround(dice, rules);
  const endMs = Math.round(minutes * 60_000);
  const calmAtMs = Math.max(0, endMs - recoveryMs(ground) - PROOF_MS);
  const drawing: Drawing = {
    ...{ dice, simplePart: drawSimplePart(dice, rules), peers: { workers: [], clients: [] }, steps: [] },
    ...{ faults: 0, workers: 0, clients: 0 },
  };
  const workers = dice.between(2, 5);
  const clients = dice.between(1, 2);
  for (let i = 1; i <= workers; i++) {
    const peer = `worker-${++drawing.workers}`;
    add(drawing, dice.between(0, 300), { type: 'worker.add', peer, ...drawKnobs(drawing) });
    drawing.peers.workers.push(peer);
  }
  for (let i = 1; i <= clients; i++) {
    const peer = `client-${++drawing.clients}`;
    // Slow enough that one worker alone could serve them: a request that fails then fails by a fault.
    add(drawing, dice.between(0, 2000), { type: 'client.add', peer, everyMs: dice.between(900, 2500) * clients });
    drawing.peers.clients.push(peer);
  }
  drawFaults(drawing, seed, calmAtMs);
  drawing.steps.sort((a, b) => a.at - b.at);
  return {
    seed,
    ground,
    steps: drawing.steps.filter((step) => step.at < calmAtMs || step.at <= 2000),
    calmAtMs,
    endMs,
  };
}

function drawFaults(drawing: Drawing, seed: number, untilMs: number): void {
  const { dice } = drawing;
  const kinds = FAULTS.filter(() => dice.chance(0.4));
  if (seed % 8 !== 0) {
    const subtle = new Dice(seed, 'subtle');
    kinds.push(...SUBTLE.filter(() => subtle.chance(0.4)));
  }
  if (kinds.length === 0) kinds.push(dice.pick(FAULTS));
  const pauseMs = dice.pick([4000, 8000, 16_000]);
  for (let at = dice.between(1000, 5000); at < untilMs; at += dice.between(200, 2 * pauseMs))
    dice.pick(kinds)(drawing, at);
}
