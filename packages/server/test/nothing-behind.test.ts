// Nothing outlives the bridge: SIGKILL at random moments, frozen children included.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eachLine } from '../src/actor/line.ts';
import { ENTRY } from './live.ts';

/** The parent of a process and its state letter, or undefined when it is gone. */
function stat(pid: number): { parent: number; state: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', parent = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => stat(pid)?.parent === parent);

/** A zombie is dead: it holds nothing but its exit code, until whoever adopted it looks. */
const isAlive = (pid: number): boolean => {
  const now = stat(pid);
  return now !== undefined && now.state !== 'Z';
};

const startBridge = (...flags: string[]): ChildProcess =>
  spawn(
    process.execPath,
    [
      ENTRY,
      'up',
      '--no-recording',
      '--no-open',
      '--port',
      '0',
      '--workers',
      '2',
      '--frontend',
      'tcp://127.0.0.1:*',
      '--backend',
      'tcp://127.0.0.1:*',
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills a bridge after `delayMs`, with `freeze` of its children stopped; resolves to what is alive 2 s later. */
async function killAfter(
  delayMs: number,
  freeze: number,
  ...flags: string[]
): Promise<{ children: number; left: number[] }> {
  const bridge = startBridge(...flags);
  const pid = bridge.pid ?? 0;
  const exited = new Promise((resolve) => bridge.once('exit', resolve));
  if (freeze > 0 && bridge.stdout) {
    const out = bridge.stdout;
    await new Promise<void>((resolve) => eachLine(out, (line) => line.includes('ready') && resolve()));
  }
  // The random moment is what is tested, not what is waited for.
  await wait(delayMs);
  const children = childrenOf(pid);
  for (const child of children.slice(0, freeze)) process.kill(child, 'SIGSTOP');
  bridge.kill('SIGKILL');
  await exited;
  const deadline = Date.now() + 2000;
  let left = children.filter(isAlive);
  while (left.length > 0 && Date.now() < deadline) {
    await wait(20);
    left = children.filter(isAlive);
  }
  for (const child of left) process.kill(child, 'SIGKILL');
  return { children: children.length, left };
}

describe('nothing stays behind', () => {
  it('[P2] 20 SIGKILLs of the bridge at random moments, children frozen in half of them: no process left after 2 s', async () => {
    let seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    const random = (): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed / 0x80000000;
    };
    let seen = 0;
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all([killAfter(random() * 900, 0), killAfter(random() * 500, 9)]);
      for (const { children, left } of outcomes) {
        seen += children;
        expect(left).toEqual([]);
      }
    }
    // Queue, client and two workers in each that had time to come up.
    expect(seen).toBeGreaterThanOrEqual(40);
  });

  it('[P2] [B8] two troupes leave no more behind than one', async () => {
    for (const freeze of [0, 15]) {
      const { children, left } = await killAfter(300, freeze, '--against', 'robust');
      expect(left).toEqual([]);
      if (freeze > 0) expect(children).toBeGreaterThanOrEqual(8);
    }
  });

  it('[P2] SIGTERM ends everything in order and exits with 0', async () => {
    const bridge = startBridge();
    if (!bridge.stdout) throw new Error('no output');
    const out = bridge.stdout;
    await new Promise<void>((resolve) => eachLine(out, (line) => line.includes('ready') && resolve()));
    const children = childrenOf(bridge.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(4);
    const exited = new Promise<number | null>((resolve) => bridge.once('exit', resolve));
    bridge.kill('SIGTERM');
    expect(await exited).toBe(0);
    const deadline = Date.now() + 2000;
    while (children.some(isAlive) && Date.now() < deadline) await wait(20);
    expect(children.filter(isAlive)).toEqual([]);
  });
});
