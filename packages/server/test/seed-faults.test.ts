// What the seed's queue does wrong, against our built queue over real sockets: each fault by name.

import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { Dealer } from 'zeromq';
import { eachLine } from '../src/actor/line.ts';
import { ENTRY } from './live.ts';

interface Running {
  readonly child: ChildProcess;
  readonly frontend: string;
  readonly backend: string;
  /** Resolves with the first log line that matches, also one that has passed. */
  said(pattern: RegExp): Promise<string>;
}

let queue: Running;
const sockets: Dealer[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  const ended = new Promise((resolve) => queue.child.once('exit', resolve));
  if (queue.child.exitCode === null && queue.child.signalCode === null) {
    queue.child.kill('SIGKILL');
    await ended;
  }
});

async function startQueue(...flags: string[]): Promise<Running> {
  const args = [ENTRY, 'queue', '--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  eachLine(child.stdout, (line) => {
    lines.push(line);
    for (const watcher of watchers) watcher();
  });
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = lines.find((l) => pattern.test(l));
        if (line === undefined) return;
        watchers.delete(look);
        resolve(line);
      };
      watchers.add(look);
      look();
    });
  const bound = await said(/queue bound/);
  const [, frontend = '', backend = ''] = /frontend (\S+) backend (\S+)/.exec(bound) ?? [];
  return { child, frontend, backend, said };
}

function dealer(endpoint: string, routingId?: string): Dealer {
  const socket = new Dealer({ linger: 0, ...(routingId === undefined ? {} : { routingId }) });
  socket.connect(endpoint);
  sockets.push(socket);
  return socket;
}

/** The next message that is not a heartbeat. */
async function work(socket: Dealer): Promise<Buffer[]> {
  for (;;) {
    const frames = await socket.receive();
    if (frames.length > 1) return frames;
  }
}

const isRunning = (): boolean => queue.child.exitCode === null && queue.child.signalCode === null;

describe("the seed's faults, which ours must not have", () => {
  it('[Q4] the seed crashes when all workers expired and a request arrives: ours keeps it at the door for the next worker', async () => {
    queue = await startQueue('--heartbeat-interval', '100', '--liveness', '2');
    const first = dealer(queue.backend, 'FIRST');
    await first.send('READY');
    await queue.said(/\(FIRST\) worker ready/);
    await queue.said(/\(FIRST\) worker expired/);
    const client = dealer(queue.frontend);
    await client.send(['', 'hello']);
    const second = dealer(queue.backend, 'SECOND');
    await second.send('READY');
    const request = await work(second);
    expect(request.at(-1)?.toString()).toBe('hello');
    await second.send(request);
    expect((await client.receive()).map(String)).toEqual(['', 'hello']);
    expect(isRunning()).toBe(true);
  });

  it('[F4] the seed corrupts or crashes on a 33-byte body that begins with @: ours carries it untouched', async () => {
    queue = await startQueue();
    const worker = dealer(queue.backend);
    await worker.send('READY');
    const client = dealer(queue.frontend);
    const body = Buffer.from(`@${'0123456789abcdef'.repeat(2)}`);
    expect(body.length).toBe(33);
    await client.send(['', body]);
    const request = await work(worker);
    expect(request.at(-1)).toEqual(body);
    await worker.send(request);
    expect(await client.receive()).toEqual([Buffer.alloc(0), body]);
    expect(isRunning()).toBe(true);
  });

  it('[Q7] the seed asserts at the 101st worker: ours refuses it and the others go on', async () => {
    queue = await startQueue('--heartbeat-interval', '60000');
    for (let i = 1; i <= 100; i++) await dealer(queue.backend, `W-${i}`).send('READY');
    for (let i = 1; i <= 100; i++) await queue.said(new RegExp(`\\(W-${i}\\) worker ready`));
    await dealer(queue.backend, 'W-101').send('READY');
    await queue.said(/worker W-101 refused/);
    const client = dealer(queue.frontend);
    await client.send(['', 'still there']);
    const request = await Promise.any(sockets.slice(0, 100).map(work));
    expect(request.at(-1)?.toString()).toBe('still there');
    expect(isRunning()).toBe(true);
  });

  it("[W1] two of the seed's workers of one second share an identity: ours never do, even with one --seed", async () => {
    queue = await startQueue();
    const spawnWorker = (): ChildProcess =>
      spawn(process.execPath, [ENTRY, 'worker', '--connect', queue.backend, '--seed', '7'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const workers = Array.from({ length: 4 }, spawnWorker);
    try {
      const identities = await Promise.all(
        workers.map(
          (worker) =>
            new Promise<string>((resolve) => {
              if (!worker.stdout) return;
              eachLine(worker.stdout, (line) => {
                const ready = /^I: \(([0-9A-F]{4}-[0-9A-F]{4})\) worker ready$/.exec(line);
                if (ready?.[1]) resolve(ready[1]);
              });
            }),
        ),
      );
      expect(new Set(identities).size).toBe(4);
      for (const identity of identities) await queue.said(new RegExp(`\\(${identity}\\) worker ready`));
    } finally {
      for (const worker of workers) worker.kill('SIGKILL');
    }
  });

  it('[Q10] a worker that returns under its identity while its old connection lingers is heard', async () => {
    queue = await startQueue();
    const stale = dealer(queue.backend, 'SAME');
    await stale.send('READY');
    await queue.said(/\(SAME\) worker ready/);
    const fresh = dealer(queue.backend, 'SAME');
    await fresh.send('READY');
    const client = dealer(queue.frontend);
    await client.send(['', 'for the new connection']);
    const request = await work(fresh);
    expect(request.at(-1)?.toString()).toBe('for the new connection');
  });

  it("[Q8] ROUTER's own identities, bytes that UTF-8 would make one of, are as many workers as there are", async () => {
    queue = await startQueue();
    const workers = Array.from({ length: 24 }, () => dealer(queue.backend));
    for (const worker of workers) await worker.send('READY');
    const client = dealer(queue.frontend);
    for (let i = 0; i < workers.length; i++) await client.send(['', String(i)]);
    // Each is given exactly one: none starves behind another's name.
    const bodies = await Promise.all(workers.map(async (worker) => Number((await work(worker)).at(-1))));
    expect(bodies.sort((a, b) => a - b)).toEqual(workers.map((_, i) => i));
  });
});
