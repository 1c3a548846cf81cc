// npm run soak: real faults of every kind on a real troupe, for minutes. Nothing may be left over: no process, no descriptor, no
// memory, no message without an end, and everything healed. Ends with 1 when something is.

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type CommandRequest,
  type EventType,
  ledgerBalances,
  nextBelow,
  readCommand,
  type State,
  type Stream,
  stream,
  type TraceEvent,
} from '@crows-nest/protocol';
import { Bridge } from '../src/bridge/bridge.ts';
import { number, readFlags, UsageError } from '../src/commands/flags.ts';

const FLAGS = {
  seconds: number('how long', 10, 86_400, { fallback: 60 }),
  faults: number<number | undefined>('how many faults (default: five in three seconds)', 1, 1_000_000),
  workers: number('how many workers', 1, 50, { fallback: 6 }),
  clients: number('how many clients', 1, 20, { fallback: 2 }),
  seed: number('of the choices', 0, 2 ** 32 - 1, { fallback: 1 }),
};
const ENTRY = fileURLToPath(new URL('../main.js', import.meta.url));
const INTERVAL_MS = 300;
/** What may be more at the end than after the warm-up: what a garbage collector and a pool of buffers leave lying about. */
const SPARE_BYTES = 12 * 1024 * 1024;
const WARM_UP = 0.3;

class Choice {
  #random: Stream;
  constructor(seed: number) {
    this.#random = stream(seed, 'soak');
  }
  below(bound: number): number {
    const [value, rest] = nextBelow(this.#random, bound);
    this.#random = rest;
    return value;
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

function someFault(
  choice: Choice,
  flags: { workers: number; clients: number },
  msgs: readonly number[],
): CommandRequest {
  const worker = `worker-${1 + choice.below(flags.workers)}`;
  const client = `client-${1 + choice.below(flags.clients)}`;
  const link = choice.pick([worker, worker, worker, client]);
  const peer = choice.pick([worker, worker, worker, client, 'queue']);
  const ttlMs = 200 + choice.below(2500);
  const which = {
    ...(choice.below(2) === 0 && { direction: choice.pick(['toQueue', 'fromQueue'] as const) }),
    ...choice.pick([{}, { probability: 0.5 }, { every: 2 }, { nth: 1 }]),
  };
  const { direction } = which as { direction?: 'toQueue' | 'fromQueue' };
  const way = direction === undefined ? {} : { direction };
  const fault = { type: 'fault.apply', link, ttlMs } as const;
  const msg = choice.pick(msgs.length > 0 ? msgs : [1]);
  return choice.pick<() => CommandRequest>([
    () => ({ ...fault, ...which, kind: 'drop' }),
    () => ({ ...fault, ...which, kind: 'corrupt', mode: choice.pick(['payload', 'type', 'envelope', 'structure']) }),
    () => ({ ...fault, ...which, kind: 'duplicate', copies: 1 + choice.below(3) }),
    () => ({ ...fault, ...which, kind: 'bandwidth', bytesPerSecond: 500 + choice.below(5000) }),
    () => ({ ...fault, ...which, kind: 'delay', extraMs: choice.below(400), jitterMs: 50, distribution: 'pareto' }),
    () => ({ ...fault, ...which, kind: 'reorder', extraMs: choice.below(400) }),
    () => ({ ...fault, ...which, kind: 'hold' }),
    () => ({ ...fault, ...way, kind: 'partition', mode: choice.pick(['stopped', 'jammed', 'refused']) }),
    () => ({ ...fault, kind: 'hang' }),
    () => ({ type: 'link.profile', link, ttlMs, profile: choice.pick(['lan', '3g', 'satellite', 'conference-wifi']) }),
    () => ({ type: 'link.reset', link }),
    () => ({ type: 'link.close', link }),
    () => ({ type: 'message.drop', msg }),
    () => ({ type: 'message.replay', link, ...way }),
    () => ({ type: 'process.kill', peer }),
    () => ({ type: 'process.stop', peer }),
    () => ({ type: 'process.pause', peer, ttlMs }),
    () => ({ type: 'process.overload', peer, ms: 100 + choice.below(900) }),
    () => ({ type: 'process.slow', peer, factor: 2 + choice.below(4), ttlMs }),
    () => ({ type: 'process.mute', peer, ttlMs }),
    () => ({ type: 'process.restart', peer, identity: choice.pick(['same', 'new']) }),
  ])();
}

const descriptors = (): number => readdirSync('/proc/self/fd').length;
function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + Math.max(external, arrayBuffers);
}
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whoever waits for a fact longer than this waits in vain. */
const PATIENCE_MS = 90_000;

async function soak(args: readonly string[]): Promise<number> {
  const flags = readFlags(FLAGS, args);
  const faults = flags.faults ?? Math.round((flags.seconds * 5) / 3);
  const complaints: string[] = [];
  const bridge = new Bridge({
    entry: ENTRY,
    queue: { rules: 'listing', heartbeatIntervalMs: INTERVAL_MS, liveness: 3 },
    linkDelayMs: 20,
    ports: { frontend: 0, backend: 0 },
    complain: (line) => complaints.push(line),
  });
  const pids = new Set<number>();
  const counts = new Map<EventType, number>();
  let lastMsgs: number[] = [];
  const seen: TraceEvent[] = [];
  const watchers = new Set<() => void>();
  const broken: string[] = [];
  bridge.onBatch(({ events }) => {
    for (const event of events) {
      counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
      if (event.type === 'process.started') pids.add(event.pid);
      if (event.type === 'message.entered') lastMsgs.push(event.msg);
    }
    seen.push(...events);
    lastMsgs = lastMsgs.slice(-20);
    const { state } = bridge.trace;
    if (broken.length < 5 && !ledgerBalances(state)) broken.push(JSON.stringify(state.ledger));
    for (const watcher of [...watchers]) watcher();
  });
  const until = (isSo: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`did not come: ${what}`)), PATIENCE_MS);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(late);
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });

  await bridge.start();
  for (let i = 0; i < flags.clients; i++) await bridge.troupe.addClient({ everyMs: 200, timeoutMs: 800 });
  for (let i = 0; i < flags.workers; i++) await bridge.troupe.addWorker({ workMs: 30, reconnectMaxMs: 2000 });

  /** Heals everything and waits until everybody is back and served. */
  const calm = async (): Promise<void> => {
    await bridge.carryOut({ type: 'heal.all' });
    seen.length = 0;
    const answered = (peer: string): boolean => seen.some((e) => e.type === 'request.answered' && e.peer === peer);
    const back = (peer: string): boolean =>
      seen.some((e) => (e.type === 'worker.listed' || e.type === 'worker.refreshed') && e.workerPeer === peer);
    for (let i = 1; i <= flags.clients; i++) await until(() => answered(`client-${i}`), `client-${i} is served`);
    for (let i = 1; i <= flags.workers; i++) await until(() => back(`worker-${i}`), `worker-${i} is back`);
    await until(() => Object.keys(bridge.trace.state.faults).length === 0, 'all faults are healed');
    seen.length = 0;
  };
  await calm();

  const choice = new Choice(flags.seed);
  const pauseMs = (flags.seconds * 1000) / faults;
  const startedAt = performance.now();
  const tally = { applied: 0, refused: 0 };
  let warm: { descriptors: number; bytes: number } | undefined;
  const slowestMs: number[] = [];
  for (let i = 0; i < faults; i++) {
    if (!warm && i >= faults * WARM_UP) {
      await calm();
      warm = { descriptors: descriptors(), bytes: memory() };
      console.log(`after the warm-up: ${warm.descriptors} descriptors, ${mib(warm.bytes)} MiB`);
    }
    const read = readCommand(someFault(choice, flags, lastMsgs));
    if ('malformed' in read) throw new Error(read.malformed);
    const before = process.cpuUsage();
    // A pause waits for the kernel, a stop for an exit: the next one does not.
    const doing = bridge.carryOut(read.command).then((answer) => {
      if (answer.ok) tally.applied++;
      else tally.refused++;
    });
    const { user, system } = process.cpuUsage(before);
    slowestMs.push((user + system) / 1000);
    doing.catch((error: unknown) => broken.push(String(error)));
    // A troupe of the dead would break nothing.
    if (i % 25 === 24) await bridge.carryOut({ type: 'heal.all' });
    seen.length = 0;
    await rest(Math.max(1, startedAt + (i + 1) * pauseMs - performance.now()));
  }
  await calm();
  await rest(1000);
  const end = { descriptors: descriptors(), bytes: memory() };
  const state: State = bridge.trace.state;
  const processes = pids.size;
  await bridge.end();
  const orphans = [...pids].filter(isAlive);

  slowestMs.sort((a, b) => a - b);
  const p99 = slowestMs[Math.floor(slowestMs.length * 0.99)] ?? 0;
  const { sent, injected, delivered, dropped, lost, inFlight, unexplained } = state.ledger;
  console.log(
    `${faults} faults in ${flags.seconds} s: ${tally.applied} applied, ${tally.refused} refused; CPU p99 ${p99.toFixed(2)} ms`,
  );
  console.log(`${processes} processes were started, ${orphans.length} are left`);
  console.log(
    `${sent} messages (${injected} made by faults): ${delivered} delivered, ${dropped} dropped, ${lost} lost, ${inFlight} in flight, ${unexplained} unexplained`,
  );
  console.log(
    `descriptors ${warm?.descriptors} → ${end.descriptors}, memory ${mib(warm?.bytes ?? 0)} → ${mib(end.bytes)} MiB`,
  );
  console.log(
    [...counts]
      .filter(([type]) => /^(fault|process|connection)\./.test(type))
      .map(([type, n]) => `${type} ${n}`)
      .join(', '),
  );

  const check = (ok: boolean, what: string): void => {
    if (!ok) broken.push(what);
  };
  check(orphans.length === 0, `processes left: ${orphans.join(' ')}`);
  check(end.descriptors <= (warm?.descriptors ?? 0) + 4, 'descriptors grew');
  check(end.bytes <= (warm?.bytes ?? 0) + SPARE_BYTES, 'memory grew');
  check(unexplained === 0, 'ends that fit no message');
  check(Object.keys(state.faults).length === 0, 'faults that are not healed');
  check(complaints.length === 0, `complaints: ${complaints.slice(0, 3).join(' | ')}`);
  for (const line of broken) console.log(`BROKEN: ${line}`);
  console.log(broken.length === 0 ? 'soak: all well' : `soak: ${broken.length} broken`);
  return broken.length === 0 ? 0 : 1;
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

soak(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`soak: ${error.message}`);
    process.exit(2);
  },
);
