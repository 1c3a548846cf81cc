// Schedules drawn from a seed. Each run may use only some kinds of fault, drawn first: a swarm of runs that differ in kind
// finds what one mixture of everything hides. A run ends in a quiet tail, in which the pattern must recover.

import type { Rules } from '../events.ts';
import { DAMAGES } from '../link-corrupt.ts';
import { CUTS, type FaultSpec, LINK_FAULTS, type Selector } from '../link-fault.ts';
import { PROFILE_NAMES } from '../link-profiles.ts';
import { DISTRIBUTIONS } from '../link-time.ts';
import { ANSWER_WITHIN_MS, HEARTBEAT_INTERVAL_MS, HEARTBEAT_LIVENESS, RECONNECT_INITIAL_MS } from '../timing.ts';
import type { Action, Ground, Schedule, TimedAction, WorkerKnobs } from './action.ts';
import { Dice } from './dice.ts';

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

interface Drawing {
  readonly dice: Dice;
  readonly peers: { readonly workers: string[]; readonly clients: string[] };
  readonly steps: TimedAction[];
  faults: number;
  workers: number;
  clients: number;
}

/** One kind of fault: adds its steps, beginning at `at`. */
type Fault = (drawing: Drawing, at: number) => void;

const add = ({ steps }: Drawing, at: number, action: Action): void => {
  steps.push({ at: Math.round(at), do: action });
};

const anyPeer = ({ dice, peers }: Drawing): string => dice.pick([...peers.workers, ...peers.clients]);

const freeze =
  (whom: (drawing: Drawing) => string): Fault =>
  (drawing, at) => {
    const peer = whom(drawing);
    add(drawing, at, { type: 'process.pause', peer });
    add(drawing, at + drawing.dice.between(200, 9000), { type: 'process.resume', peer });
  };

const breakLink =
  (kind: 'drop' | 'delay' | 'partition'): Fault =>
  (drawing, at) => {
    const { dice } = drawing;
    const link = anyPeer(drawing);
    const id = `f${++drawing.faults}`;
    const direction = dice.pick(['toQueue', 'fromQueue', undefined] as const);
    const ofKind = dice.pick(['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', undefined, undefined] as const);
    const probability = dice.pick([undefined, 0.5, 0.2]);
    const selector = kind === 'drop' ? { direction, kind: ofKind, probability } : { direction };
    const extra = kind === 'delay' ? { extraMs: dice.between(50, 1500), jitterMs: dice.between(0, 300) } : {};
    add(drawing, at, { type: 'fault.apply', link, fault: { id, kind, selector, seed: dice.word(), ...extra } });
    add(drawing, at + dice.between(500, 12_000), { type: 'fault.heal', link, fault: id });
  };

const FAULTS: readonly Fault[] = [
  freeze(({ dice, peers }) => dice.pick(peers.workers)),
  freeze(() => 'queue'),
  freeze(({ dice, peers }) => dice.pick(peers.clients)),
  (drawing, at) => {
    const peer = drawing.dice.pick(drawing.peers.workers);
    add(drawing, at, { type: 'process.kill', peer });
    const identity = drawing.dice.pick(['new', 'new', 'same'] as const);
    add(drawing, at + drawing.dice.between(0, 8000), { type: 'process.restart', peer, identity });
  },
  (drawing, at) => {
    add(drawing, at, { type: 'process.kill', peer: 'queue' });
    add(drawing, at + drawing.dice.between(0, 6000), { type: 'process.restart', peer: 'queue' });
  },
  (drawing, at) => {
    const peer = drawing.dice.pick([...drawing.peers.workers, 'queue']);
    add(drawing, at, { type: 'process.overload', peer, ms: drawing.dice.between(500, 6000) });
  },
  breakLink('drop'),
  breakLink('delay'),
  breakLink('partition'),
  (drawing, at) => {
    const peer = `worker-${++drawing.workers}`;
    add(drawing, at, { type: 'worker.add', peer, ...drawKnobs(drawing.dice) });
    drawing.peers.workers.push(peer);
  },
];

const FAULT_KINDS = LINK_FAULTS.filter((kind) => kind !== 'drop' && kind !== 'delay');

/** Any fault of a link but those above, with whatever parameters it may have. */
const disturbLink: Fault = (drawing, at) => {
  const { dice } = drawing;
  const link = anyPeer(drawing);
  const kind = dice.pick(FAULT_KINDS);
  const id = `f${++drawing.faults}`;
  const isOfConnection = kind === 'partition' || kind === 'hang' || kind === 'profile';
  const selector: Selector = {
    direction: dice.pick(['toQueue', 'fromQueue', undefined] as const),
    ...(!isOfConnection && {
      kind: dice.pick(['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', undefined] as const),
      ...dice.pick([{}, { probability: 0.3 }, { every: 2 }, { nth: 1 }, { count: 2 }]),
    }),
  };
  const fault: FaultSpec = {
    ...{ id, kind, selector, seed: dice.word() },
    mode: kind === 'corrupt' ? dice.pick(DAMAGES) : kind === 'partition' ? dice.pick(CUTS) : undefined,
    ...{ copies: dice.between(1, 3), extraMs: dice.between(20, 1500), jitterMs: dice.between(0, 200) },
    ...{ distribution: dice.pick(DISTRIBUTIONS), bytesPerSecond: dice.between(1000, 20_000) },
    profile: dice.pick(PROFILE_NAMES),
  };
  const ttlMs = dice.chance(0.3) ? dice.between(500, 9000) : undefined;
  add(drawing, at, { type: 'fault.apply', link, fault, ttlMs });
  if (kind === 'hold') {
    for (let i = dice.between(0, 3); i > 0; i--)
      add(drawing, at + dice.between(100, 4000), { type: 'fault.step', link, fault: id });
  }
  add(drawing, at + dice.between(500, 12_000), { type: 'fault.heal', link, fault: id });
};

const strikeOnce: Fault = (drawing, at) => {
  const { dice } = drawing;
  const link = anyPeer(drawing);
  const direction = dice.pick(['toQueue', 'fromQueue'] as const);
  const types = ['message.drop', 'message.replay', 'link.reset', 'link.close'] as const;
  add(drawing, at, { type: dice.pick(types), link, direction });
};

const impair: Fault = (drawing, at) => {
  const { dice, peers } = drawing;
  const peer = dice.pick([...peers.workers, ...peers.clients, 'queue']);
  const fault = `f${++drawing.faults}`;
  const lasts = { fault, peer, ttlMs: dice.chance(0.3) ? dice.between(500, 9000) : undefined };
  if (dice.chance(0.5)) add(drawing, at, { type: 'process.mute', ...lasts });
  else add(drawing, at, { type: 'process.slow', factor: dice.between(2, 6), ...lasts });
  add(drawing, at + dice.between(500, 12_000), { type: 'fault.heal', link: peer, fault });
};

const stop: Fault = (drawing, at) => {
  const peer = drawing.dice.pick([...drawing.peers.workers, 'queue']);
  add(drawing, at, { type: 'process.stop', peer });
  add(drawing, at + drawing.dice.between(0, 8000), { type: 'process.restart', peer, identity: 'new' });
};

/** In seven runs of eight, and drawn beside the others: the eighth shows what the plain ones do alone. */
const SUBTLE: readonly Fault[] = [disturbLink, disturbLink, strikeOnce, impair, stop];

function drawKnobs(dice: Dice): WorkerKnobs {
  const troubled = dice.chance(0.3);
  return {
    dialect: dice.pick(['rfc', 'text'] as const),
    workMs: dice.between(0, 250),
    replyFirst: dice.chance(0.6),
    quietWhileBusy: dice.chance(0.7),
    jitter: dice.chance(0.3),
    crashChance: troubled ? 0.02 : 0,
    overloadChance: troubled ? 0.05 : 0,
  };
}

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
  };
}

/** A run of that many minutes, its tail included. */
export function drawSchedule(seed: number, rules: Rules, minutes: number): Schedule {
  const dice = new Dice(seed, 'schedule');
  const ground = drawGround(dice, rules);
  const endMs = Math.round(minutes * 60_000);
  const calmAtMs = Math.max(0, endMs - recoveryMs(ground) - PROOF_MS);
  const drawing: Drawing = { dice, peers: { workers: [], clients: [] }, steps: [], faults: 0, workers: 0, clients: 0 };
  const workers = dice.between(2, 5);
  const clients = dice.between(1, 2);
  for (let i = 1; i <= workers; i++) {
    const peer = `worker-${++drawing.workers}`;
    add(drawing, dice.between(0, 300), { type: 'worker.add', peer, ...drawKnobs(dice) });
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
