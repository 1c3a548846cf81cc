// The supervisor: alone starts, signals and reaps processes. It signals only what it started [P3] and reports an exit when it saw it [P4].

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Fact, Micros } from '@crows-nest/protocol';
import { type ActorFact, type ActorLine, type ActorOrder, type Bound, eachLine } from '../actor/line.ts';
import { killGroup } from './reaper.ts';
import type { ReaperPipe } from './reaper-pipe.ts';
import { isOver, Refusal } from './refusal.ts';

export interface SupervisorOptions {
  /** The built entry, run by this same Node. */
  readonly entry: string;
  readonly reaper: ReaperPipe;
  readonly epoch: number;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  /** What a child wrote to its standard error: a defect of ours, for the terminal. */
  readonly complain: (line: string) => void;
}

/** A running process of ours. */
export interface Child {
  readonly pid: number;
  /** Resolves when its exit was seen. */
  readonly exited: Promise<void>;
  /** The queue's endpoints, once it has bound; rejects if it ends before. */
  readonly bound: Promise<Bound>;
  order(order: ActorOrder): void;
  kill(): void;
  /** Orderly, and SIGKILL if that takes more than a second; a stopped process at once, as it cannot hear. */
  stop(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  readonly paused: boolean;
  /** It was killed or told to stop; its exit may not have been seen yet. */
  readonly ending: boolean;
}

const STOP_MS = 1000;

export class Supervisor {
  readonly #o: SupervisorOptions;
  readonly #children = new Set<Child>();
  #isOver = false;

  constructor(options: SupervisorOptions) {
    this.#o = options;
  }

  /** From here on nothing is started any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Starts `crowsnest ROLE …args` as this peer. The argv comes from code alone [S7]. */
  start(peer: string, args: readonly string[]): Child {
    if (this.#isOver) throw isOver();
    const { entry, reaper, epoch, now, record, complain } = this.#o;
    const child = spawn(process.execPath, [entry, ...args, '--epoch', String(epoch)], {
      // Its own process group, for the reaper.
      detached: true,
      // Nothing of the presenter's environment but what Node needs to start.
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    child.on('error', () => {});
    if (pid === undefined) throw new Refusal({ reason: 'noProcesses' });
    reaper.watch(pid);
    record({ t: now(), type: 'process.started', peer, pid });

    const pipe = child.stdio[3] as Socket;
    pipe.on('error', () => {});
    if (child.stderr) eachLine(child.stderr, (line) => complain(`${peer}: ${line}`));

    let paused = false;
    let ending = false;
    let running = true;
    let resolveBound: (bound: Bound) => void;
    let rejectBound: (error: Error) => void;
    const bound = new Promise<Bound>((resolve, reject) => {
      resolveBound = resolve;
      rejectBound = reject;
    });
    // Only a queue binds; for the others nobody waits, and their end is no unhandled rejection.
    bound.catch(() => {});
    eachLine(pipe, (text) => {
      const line = JSON.parse(text) as ActorLine;
      if ('bound' in line) return resolveBound(line.bound);
      for (let i = 0; i < line.length; i += 2) record({ t: line[i], ...(line[i + 1] as ActorFact), peer } as Fact);
    });

    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        running = false;
        reaper.release(pid);
        this.#children.delete(handle);
        record({ t: now(), type: 'process.exited', peer, code, signal });
        rejectBound(new Error(`${peer} ended before it was bound`));
        resolve();
      });
    });
    // Not by its pid: that may be nobody's already while its exit is still to be seen.
    const signal = (name: NodeJS.Signals): boolean => child.kill(name);
    const handle: Child = {
      pid,
      exited,
      bound,
      get paused() {
        return paused;
      },
      get ending() {
        return ending;
      },
      order: (order) => {
        if (running) pipe.write(`${JSON.stringify(order)}\n`);
      },
      kill: () => {
        ending = true;
        if (running) killGroup(pid);
      },
      async stop() {
        ending = true;
        if (paused) this.kill();
        else signal('SIGTERM');
        const late = setTimeout(() => this.kill(), STOP_MS);
        await exited;
        clearTimeout(late);
      },
      async pause() {
        signal('SIGSTOP');
        paused = true;
        await untilStopped(pid, () => running);
        if (running) record({ t: now(), type: 'process.paused', peer });
      },
      async resume() {
        signal('SIGCONT');
        paused = false;
        if (running) record({ t: now(), type: 'process.resumed', peer });
      },
    };
    this.#children.add(handle);
    return handle;
  }

  /** Ends every child at once. */
  async end(): Promise<void> {
    this.#isOver = true;
    const children = [...this.#children];
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exited));
  }

  /** The same without waiting, for a bridge that is about to fall [S11]. */
  killAll(): void {
    this.#isOver = true;
    for (const child of this.#children) child.kill();
  }
}

/** Resolves when the kernel says that the process is stopped, which is a moment after the signal. Elsewhere than Linux: at once. */
async function untilStopped(pid: number, running: () => boolean): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let looks = 0; running() && looks < 1000; looks++) {
    try {
      // The state letter follows the name in parentheses, which may itself contain anything.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
