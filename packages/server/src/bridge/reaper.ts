// The reaper: a process of its own, beside the bridge, that kills every process group it was told of as soon as the bridge is gone [P2].
// A child can notice the bridge's end itself, but not while it is stopped; the reaper always can.

import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { eachLine } from '../actor/line.ts';

/** Not standard input: Node closes that one when the child that it started first ends. */
export const REAPER_FD = 3;

/**
 * Starts the reaper proper and ends, so that the reaper is nobody's child: whoever stops or kills all children of the bridge
 * does not stop it. The bridge's pipe is handed on.
 */
export function launchReaper(entry: string): number {
  spawn(process.execPath, [entry, 'reaper', 'proper'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', REAPER_FD],
  }).unref();
  return 0;
}

/** Says when it listens, reads `+PID` and `-PID` lines, and at the end of its input kills what is left. Resolves to the exit code. */
export function reap(): Promise<number> {
  const pipe = new Socket({ fd: REAPER_FD, readable: true, writable: true });
  // Ctrl-C in a terminal reaches the bridge, which ends orderly; the reaper goes after it, not with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const alive = new Set<number>();
  pipe.write('ready\n');
  eachLine(pipe, (line) => {
    const pid = Number(line.slice(1));
    // Never a pid of 1 or less: as a group, those mean everybody.
    if (!Number.isSafeInteger(pid) || pid <= 1) return;
    if (line.startsWith('+')) alive.add(pid);
    else alive.delete(pid);
  });
  return new Promise((resolve) => {
    const end = (): void => {
      for (const pid of alive) killGroup(pid);
      resolve(0);
    };
    pipe.once('close', end);
    pipe.once('error', () => {});
  });
}

/** SIGKILL to a process group, which also ends a stopped process. One that is gone is no error. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
