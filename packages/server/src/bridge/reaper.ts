// The reaper: a process of its own, beside the bridge, that kills every process group it was told of as soon as the bridge is gone [P2].
// A child can notice the bridge's end itself, but not while it is stopped; the reaper always can.

import { eachLine } from '../actor/report.ts';

/** Reads `+PID` and `-PID` lines; at the end of its input kills what is left. Resolves to the exit code. */
export function reap(input: NodeJS.ReadableStream = process.stdin): Promise<number> {
  // Ctrl-C in a terminal reaches the bridge, which ends orderly; the reaper goes after it, not with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const alive = new Set<number>();
  eachLine(input, (line) => {
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
    input.once('end', end);
    input.once('error', end);
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
