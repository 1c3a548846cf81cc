// `crowsnest sim`: many simulated hours on all processors, checked against the invariants. Exits with 1 when one was violated.

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Rules } from '@crows-nest/protocol';
import { type BatchResult, describeFailure, joinBatches, runBatch, summary } from '@crows-nest/protocol/sim';
import { choice, hidden, number, onOff, readFlags } from './flags.ts';

const RULES: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];
const MAX_SEED = 2 ** 32 - 1;

export const SIM_FLAGS = {
  seeds: number<number | undefined>('how many seeds, one run each (default 200, or 1 with --seed)', 1, 1_000_000),
  seed: number<number | undefined>('the first seed, to see a run again', 0, MAX_SEED),
  rules: choice('rule sets', ['all', ...RULES], 'all'),
  minutes: number('simulated minutes of a run', 1, 600, { fallback: 6 }),
  part: hidden(onOff('', false)),
};

const ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));
/** Seeds a process takes at a time: enough to be worth asking for, few enough that all end at about the same time. */
const PART = 20;
/** Failures told in full; the others are counted. */
const TOLD = 5;

interface Part {
  readonly from: number;
  readonly count: number;
  readonly rules: Rules;
  readonly minutes: number;
}

export async function simCommand(args: readonly string[]): Promise<number> {
  const flags = readFlags(SIM_FLAGS, args);
  if (flags.part) return takeParts();
  const from = flags.seed ?? 1;
  const seeds = flags.seeds ?? (flags.seed === undefined ? 200 : 1);
  const { minutes } = flags;
  let violated = false;
  for (const rules of flags.rules === 'all' ? RULES : [flags.rules]) {
    const started = process.hrtime.bigint();
    const result = await runEverywhere({ from, count: seeds, rules, minutes });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    console.log(
      `${rules.padEnd(8)} seeds ${from} to ${from + seeds - 1}: ${summary(result)}, in ${seconds.toFixed(1)} s`,
    );
    violated ||= result.failures.length > 0;
    for (const failure of result.failures.slice(0, TOLD)) {
      for (const line of describeFailure(failure, minutes)) console.log(line);
    }
    if (result.failures.length > TOLD) console.log(`and ${result.failures.length - TOLD} more`);
  }
  return violated ? 1 : 0;
}

/** Spreads the seeds over a process for each processor; the result does not depend on how many there are. */
async function runEverywhere({ from, count, rules, minutes }: Part): Promise<BatchResult> {
  const parts: Part[] = [];
  for (let at = 0; at < count; at += PART)
    parts.push({ from: from + at, count: Math.min(PART, count - at), rules, minutes });
  const results: BatchResult[] = [];
  const runParts = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(ENTRY, ['sim', '--part'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      const next = (): void => {
        const part = parts.shift();
        if (part) child.send(part);
        else child.disconnect();
      };
      child.on('message', (result) => {
        results.push(result as BatchResult);
        next();
      });
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a simulating process ended with ${code}`)),
      );
      next();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), parts.length) }, runParts));
  const joined = joinBatches(results);
  return { ...joined, failures: [...joined.failures].sort((a, b) => a.seed - b.seed) };
}

/** What a forked process does: parts, as they are sent, until there are no more. */
function takeParts(): Promise<number> {
  return new Promise((resolve) => {
    process.on('message', (part: Part) => {
      process.send?.(runBatch(part.from, part.count, part.rules, part.minutes));
    });
    process.once('disconnect', () => resolve(0));
  });
}
