// What telemetry costs the queue: CPU per request of `crowsnest queue` alone, and with its facts going over a pipe, in turn.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Dealer } from 'zeromq';

const ENTRY = fileURLToPath(new URL('../main.js', import.meta.url));
const TURNS = 31;
const REQUESTS = 4_000;
const WARM_UP = 20_000;
const IN_FLIGHT = 64;
const WORKERS = 8;

/** Nanoseconds on a processor so far, all threads together. */
function cpuNanos(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    total += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
  }
  return total;
}

interface Measured {
  readonly child: ChildProcess;
  readonly frontend: string;
  readonly backend: string;
}

function startQueue(telemetry: boolean): Promise<Measured> {
  const args = [ENTRY, 'queue', '--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*'];
  const child = spawn(process.execPath, telemetry ? [...args, '--epoch', '0'] : args, {
    stdio: ['ignore', telemetry ? 'ignore' : 'pipe', 'inherit', telemetry ? 'pipe' : 'ignore'],
  });
  return new Promise((resolve) => {
    // Both ways say where the queue is bound; after that the pipe is drained, as the bridge would.
    const out = (telemetry ? child.stdio[3] : child.stdout) as NodeJS.ReadableStream;
    const look = (chunk: Buffer): void => {
      const found = /"?frontend"?:? ?"?(tcp:[^" ]+)"?,? ?"?backend"?:? ?"?(tcp:[^" \n]+)/.exec(
        chunk.toString('latin1'),
      );
      if (!found?.[1] || !found[2]) return;
      out.off('data', look);
      out.resume();
      resolve({ child, frontend: found[1], backend: found[2] });
    };
    out.on('data', look);
  });
}

/** Sends this many requests, so many at a time, and resolves when all are answered. */
async function drive(client: Dealer, requests: number): Promise<void> {
  let sent = 0;
  const body = Buffer.alloc(32, 'x');
  const send = async (): Promise<void> => {
    sent++;
    await client.send(['', body]);
  };
  for (let i = 0; i < IN_FLIGHT; i++) await send();
  for (let answered = 0; answered < requests; answered++) {
    await client.receive();
    if (sent < requests) await send();
  }
}

/** A queue with its echoing workers and one client. */
async function openTroupe(telemetry: boolean) {
  const { child, frontend, backend } = await startQueue(telemetry);
  const workers = Array.from({ length: WORKERS }, () => new Dealer({ linger: 0 }));
  for (const worker of workers) {
    worker.connect(backend);
    await worker.send('READY');
    void (async () => {
      try {
        for await (const frames of worker) if (frames.length > 1) await worker.send(frames);
      } catch {
        // Closed below.
      }
    })();
  }
  const client = new Dealer({ linger: 0 });
  client.connect(frontend);
  return {
    /** Microseconds of the queue's CPU for one request. */
    async measure(requests: number): Promise<number> {
      const before = cpuNanos(child.pid ?? 0);
      await drive(client, requests);
      return (cpuNanos(child.pid ?? 0) - before) / 1000 / requests;
    },
    async close(): Promise<void> {
      client.close();
      for (const worker of workers) worker.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

export async function queueOverhead(): Promise<string[]> {
  const plain = await openTroupe(false);
  const reporting = await openTroupe(true);
  await plain.measure(WARM_UP);
  await reporting.measure(WARM_UP);
  const alone: number[] = [];
  const withFacts: number[] = [];
  // In short turns, so that whatever else the machine does falls on both alike.
  for (let turn = 0; turn < TURNS; turn++) {
    alone.push(await plain.measure(REQUESTS));
    withFacts.push(await reporting.measure(REQUESTS));
  }
  await plain.close();
  await reporting.close();
  const ratios = withFacts.map((cost, turn) => cost / (alone[turn] ?? 1));
  return [
    `crowsnest queue, CPU per request, ${TURNS} turns of ${REQUESTS} requests each`,
    `  alone           ${median(alone).toFixed(1)} µs`,
    `  with telemetry  ${median(withFacts).toFixed(1)} µs`,
    `  ratio           ${median(ratios).toFixed(3)}, median of the turns (bar: 1.15)`,
  ];
}
