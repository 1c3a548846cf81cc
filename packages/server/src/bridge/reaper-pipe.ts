// The bridge's end of the pipe to its reaper: tells it of every child that comes and goes, and its own end tells of the bridge's [P2].

import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { eachLine } from '../actor/line.ts';
import { REAPER_FD } from './reaper.ts';
import { isOver, Refusal } from './refusal.ts';

export class ReaperPipe {
  /** Resolves when the reaper listens: before that, nothing is to be started. Rejects if it never does. */
  readonly ready: Promise<void>;
  readonly #pipe: Socket;
  #isEnding = false;

  constructor(entry: string) {
    // Detached: a session of its own, so that no signal to the bridge's group reaches it.
    const launcher = spawn(process.execPath, [entry, 'reaper'], {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    // A system that has no more processes or descriptors tells by an event, and here by a pipe that is not there or closes.
    launcher.on('error', () => {});
    this.#pipe = (launcher.stdio?.[REAPER_FD] as Socket | undefined) ?? new Socket().destroy();
    this.#pipe.on('error', () => {});
    let isReady = false;
    this.ready = new Promise((resolve, reject) => {
      eachLine(this.#pipe, () => {
        isReady = true;
        resolve();
      });
      this.#pipe.once('close', () => {
        reject(this.#isEnding ? isOver() : new Refusal({ reason: 'noProcesses' }));
        // Without it children could outlive the bridge, so the bridge does not go on.
        if (isReady && !this.#isEnding) throw new Error('the reaper is gone');
      });
    });
    this.ready.catch(() => {});
  }

  watch(pid: number): void {
    this.#pipe.write(`+${pid}\n`);
  }

  release(pid: number): void {
    this.#pipe.write(`-${pid}\n`);
  }

  /** It ends, and kills whatever it still watches. */
  end(): void {
    this.#isEnding = true;
    this.#pipe.destroy();
  }
}
