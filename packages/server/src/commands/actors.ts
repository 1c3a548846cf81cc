// `crowsnest queue`, `worker` and `client`: one actor each, useful by itself, and what the bridge starts as processes of its own.

import { randomBytes, randomInt } from 'node:crypto';
import {
  BACKEND_PORT,
  CALM_REQUESTS,
  FRONTEND_PORT,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  OVERLOAD_MS,
  RECONNECT_INITIAL_MS,
  RECONNECT_MAX_MS,
  REQUEST_TIMEOUT_MS,
  REQUEST_TRIES,
  WORK_MS,
} from '@crows-nest/protocol';
import { runClient } from '../actor/client.ts';
import { type Clock, clockFrom, epochNow } from '../actor/clock.ts';
import { runQueue } from '../actor/queue.ts';
import { logReport, pipeReport, type Report } from '../actor/report.ts';
import { runSimpleWorker } from '../actor/simple-worker.ts';
import { runWorker } from '../actor/worker.ts';
import { chance, choice, endpoint, hidden, number, onOff, readFlags, text, UsageError, type Values } from './flags.ts';

const DAY_MS = 86_400_000;
const heartbeat = {
  'heartbeat-interval': number('heartbeat interval in ms', 1, DAY_MS, { fallback: HEARTBEAT_INTERVAL_MS }),
  liveness: number('how many intervals of silence are survived', 1, 100, { fallback: HEARTBEAT_LIVENESS }),
};
/** Given by the bridge to its own: facts go over file descriptor 3, stamped by this clock. */
const piped = { epoch: hidden(number<number | undefined>('', 0, Number.MAX_SAFE_INTEGER)) };

/** Given by the bridge to a peer that is to come back as the same. */
const restarted = {
  identity: hidden(text<string | undefined>('an identity', '', undefined, /^[0-9A-F]{4}-[0-9A-F]{4}$/)),
};

export const QUEUE_FLAGS = {
  frontend: endpoint('where clients connect', `tcp://127.0.0.1:${FRONTEND_PORT}`, 'bind'),
  backend: endpoint('where workers connect', `tcp://127.0.0.1:${BACKEND_PORT}`, 'bind'),
  rules: choice('rule set', ['listing', 'guide', 'robust', 'simple'], 'listing'),
  ...heartbeat,
  ...piped,
};

export const WORKER_FLAGS = {
  connect: endpoint("the queue's backend", `tcp://127.0.0.1:${BACKEND_PORT}`, 'connect'),
  pattern: choice(
    'paranoid, or simple: READY and then answers, without heartbeats',
    ['paranoid', 'simple'],
    'paranoid',
  ),
  dialect: choice('how READY and HEARTBEAT are spelt', ['text', 'rfc'], 'text'),
  'work-ms': number('how long it works on a request, in ms', 0, DAY_MS, { fallback: WORK_MS }),
  'crash-chance': chance('chance of a crash at each request after the third (0.2 in the seed)'),
  'overload-chance': chance('chance of CPU overload at each request after the third (0.2 in the seed)'),
  'overload-ms': number('how long an overload lasts, in ms', 1, DAY_MS, { fallback: OVERLOAD_MS }),
  'reply-first': onOff('work before the reply, instead of after it as in the seed', true),
  'quiet-while-busy': onOff('send heartbeats while working too', true),
  'reconnect-initial': number('the first back-off, in ms; it doubles', 1, DAY_MS, { fallback: RECONNECT_INITIAL_MS }),
  'reconnect-max': number('the longest back-off, in ms', 1, DAY_MS, { fallback: RECONNECT_MAX_MS }),
  jitter: onOff('draw each back-off from zero to the reconnect interval', false),
  ...heartbeat,
  seed: number<number | undefined>('of the random trouble; a random one if not given', 0, 2 ** 32 - 1),
  ...restarted,
  ...piped,
};

export const CLIENT_FLAGS = {
  connect: endpoint("the queue's frontend", `tcp://127.0.0.1:${FRONTEND_PORT}`, 'connect'),
  requests: number<number | undefined>('stop after this many; for ever if not given', 1, Number.MAX_SAFE_INTEGER),
  'every-ms': number('from the start of one request to the next, in ms; 0: the next at once', 0, DAY_MS, {
    fallback: 0,
  }),
  led: hidden(onOff('', false)),
  timeout: number('how long it waits for a reply, in ms', 1, DAY_MS, { fallback: REQUEST_TIMEOUT_MS }),
  retries: number('how often a request is tried before it is abandoned', 1, 1000, { fallback: REQUEST_TRIES }),
  ...restarted,
  ...piped,
};

export async function queueCommand(args: readonly string[]): Promise<number> {
  const flags = readFlags(QUEUE_FLAGS, args);
  const { clock, report, stop } = stageFor(flags);
  try {
    const { frontend, backend, rules, liveness } = flags;
    const ends = { frontend, backend, liveness, heartbeatIntervalMs: flags['heartbeat-interval'] };
    await runQueue(rules === 'simple' ? { rules, ...ends } : { rules, ...ends }, clock, report, stop);
  } catch (error) {
    throw bindMistake(error, flags);
  }
  await report.end();
  return 0;
}

export async function workerCommand(args: readonly string[]): Promise<number> {
  const flags = readFlags(WORKER_FLAGS, args);
  const { clock, report, stop } = stageFor(flags);
  const run = flags.pattern === 'simple' ? runSimpleWorker : runWorker;
  const code = await run(
    {
      connect: flags.connect,
      dialect: flags.dialect,
      workMs: flags['work-ms'],
      replyFirst: flags['reply-first'],
      quietWhileBusy: flags['quiet-while-busy'],
      crashChance: flags['crash-chance'],
      overloadChance: flags['overload-chance'],
      overloadMs: flags['overload-ms'],
      calmRequests: CALM_REQUESTS,
      heartbeatIntervalMs: flags['heartbeat-interval'],
      liveness: flags.liveness,
      reconnectInitialMs: flags['reconnect-initial'],
      reconnectMaxMs: flags['reconnect-max'],
      jitter: flags.jitter,
      seed: flags.seed ?? randomWord(),
      // Never from --seed: two workers of one seed would be one identity.
      identitySeed: randomWord(),
      fixedIdentity: flags.identity,
    },
    clock,
    report,
    stop,
  );
  await report.end();
  return code;
}

export async function clientCommand(args: readonly string[]): Promise<number> {
  const flags = readFlags(CLIENT_FLAGS, args);
  const { clock, report, stop } = stageFor(flags);
  const code = await runClient(
    {
      connect: flags.connect,
      id: randomBytes(4).toString('hex').toUpperCase(),
      everyMs: flags['every-ms'],
      led: flags.led,
      timeoutMs: flags.timeout,
      tries: flags.retries,
      requests: flags.requests,
      identitySeed: randomWord(),
      firstIdentity: flags.identity,
    },
    clock,
    report,
    stop,
  );
  await report.end();
  return code;
}

const randomWord = (): number => randomInt(2 ** 32);

function stageFor(flags: Values<typeof piped>): { clock: Clock; report: Report; stop: AbortSignal } {
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  // A second Ctrl-C ends it at once, as anybody expects.
  process.once('SIGINT', () => controller.abort());
  const clock = clockFrom(flags.epoch ?? epochNow());
  const report = flags.epoch === undefined ? logReport((line) => console.log(line)) : pipeReport();
  return { clock, report, stop: controller.signal };
}

/** zeromq's errors of bind(), as the user's mistake that they are. */
function bindMistake(error: unknown, flags: { frontend: string; backend: string }): unknown {
  const { code, address } = error as NodeJS.ErrnoException & { address?: string };
  const where = address ?? `${flags.frontend} or ${flags.backend}`;
  if (code === 'EADDRINUSE')
    return new UsageError(`${where} is taken: end what listens there, or choose another with --frontend and --backend`);
  if (code === 'EACCES') return new UsageError(`${where} may not be bound: choose a port above 1023`);
  if (code === 'ENODEV' || code === 'EADDRNOTAVAIL' || code === 'EINVAL')
    return new UsageError(`${where} is no address of this machine`);
  return error;
}
