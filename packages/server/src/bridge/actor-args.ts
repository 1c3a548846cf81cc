// How our actors are started: each knob as a flag of its own command line. From code alone, never from a stranger's text [S7].

import { randomInt } from 'node:crypto';
import {
  type ClientKnobs,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  type WorkerKnobs as KnownWorkerKnobs,
  type Rules,
  WORK_MS,
} from '@crows-nest/protocol';

export interface QueueKnobs {
  rules: Rules;
  heartbeatIntervalMs: number;
  liveness: number;
}

export const DEMO_QUEUE: QueueKnobs = {
  rules: 'listing',
  heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
  liveness: HEARTBEAT_LIVENESS,
};

export interface WorkerKnobs extends KnownWorkerKnobs {
  readonly reconnectInitialMs?: number | undefined;
  readonly reconnectMaxMs?: number | undefined;
  /** Of its random trouble; random when not given. */
  readonly seed?: number | undefined;
}

const DEMO_EVERY_MS = 1000;

/** Where it connects to, the identity of its last process if it is to have it again, and the beats of its queue. */
export interface Berth {
  readonly connect: string;
  readonly identity: string | undefined;
  readonly beats: readonly string[];
}

/** What the stage says of a worker that was started so. */
export const workerTraits = (knobs: WorkerKnobs) => ({
  pattern: knobs.pattern ?? 'paranoid',
  dialect: knobs.dialect ?? 'text',
  workMs: knobs.workMs ?? WORK_MS,
  crashChance: knobs.crashChance ?? 0,
  overloadChance: knobs.overloadChance ?? 0,
});

export const clientTraits = ({ everyMs = DEMO_EVERY_MS }: ClientKnobs) => ({ everyMs });

/** Of the queue and of its workers: they must agree. */
export const beatArgs = ({ heartbeatIntervalMs, liveness }: QueueKnobs): string[] => [
  ...['--heartbeat-interval', String(heartbeatIntervalMs), '--liveness', String(liveness)],
];

export const queueArgs = (knobs: QueueKnobs): string[] => [
  'queue',
  ...['--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*'],
  ...['--rules', knobs.rules],
  ...beatArgs(knobs),
];

export function workerArgs(knobs: WorkerKnobs, { connect, identity, beats }: Berth): string[] {
  const { pattern, dialect, workMs, crashChance, overloadChance } = workerTraits(knobs);
  return [
    'worker',
    ...['--connect', connect, '--pattern', pattern, '--dialect', dialect, '--work-ms', String(workMs)],
    ...['--crash-chance', String(crashChance), '--overload-chance', String(overloadChance)],
    ...['--seed', String(knobs.seed ?? randomInt(2 ** 32))],
    ...(knobs.replyFirst === false ? ['--no-reply-first'] : []),
    ...(knobs.quietWhileBusy === false ? ['--no-quiet-while-busy'] : []),
    ...(knobs.jitter ? ['--jitter'] : []),
    ...flag('--reconnect-initial', knobs.reconnectInitialMs),
    ...flag('--reconnect-max', knobs.reconnectMaxMs),
    ...beats,
    ...flag('--identity', identity),
  ];
}

export function clientArgs(knobs: ClientKnobs, { connect, identity }: Berth): string[] {
  const { everyMs } = clientTraits(knobs);
  return [
    'client',
    ...['--connect', connect, '--every-ms', String(everyMs)],
    ...(knobs.led ? ['--led'] : []),
    ...flag('--timeout', knobs.timeoutMs),
    ...flag('--retries', knobs.tries),
    ...flag('--requests', knobs.requests),
    ...flag('--identity', identity),
  ];
}

const flag = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [name, String(value)];
