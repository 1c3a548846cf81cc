import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommand } from '@crows-nest/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { eachLine } from '../src/actor/line.ts';
import { ENTRY, type Live, openLive } from './live.ts';

let live: Live | undefined;
afterEach(async () => {
  await live?.close();
  live = undefined;
});

const argvOf = (pid: number): string[] => readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').slice(0, -1);
const environmentOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').slice(0, -1);

/** A flag, a number, an enumerated word, a loopback endpoint, or an identity of our own form: nothing else is ever an argument. */
const PLAIN =
  /^(--[a-z-]+|\d+(\.\d+)?(e-\d+)?|queue|worker|client|text|rfc|paranoid|simple|listing|guide|robust|tcp:\/\/127\.0\.0\.1:(\d+|\*)|[0-9A-F]{4}-[0-9A-F]{4})$/;

describe('starting processes', () => {
  it('[S7] argv comes from code: whatever is asked for, it holds flags, numbers, known words and loopback endpoints; env holds PATH alone', async () => {
    live = await openLive({ workers: 1, clients: 1 });
    await live.do({
      type: 'worker.add',
      dialect: 'rfc',
      workMs: 5,
      crashChance: 0.25,
      overloadChance: 1e-7,
      replyFirst: false,
      quietWhileBusy: false,
    });
    await live.do({ type: 'client.add', everyMs: 777, timeoutMs: 900, tries: 2 });
    await live.until({ type: 'worker.opened', peer: 'worker-1' });
    await live.do({ type: 'process.restart', peer: 'worker-1', identity: 'same' });
    const { seq } = await live.until({ type: 'process.restarting' });
    // Until then the process that is being stopped may still count as running.
    await live.until({ type: 'process.started', peer: 'worker-1' }, seq);
    await live.untilState(
      (l) => Object.values(l.state.peers).every((p) => p.process?.status === 'running'),
      'all running',
    );
    for (const peer of Object.values(live.state.peers)) {
      const pid = peer.process?.pid ?? 0;
      const [node, entry, ...args] = argvOf(pid);
      expect([node, entry]).toEqual([process.execPath, ENTRY]);
      for (const arg of args) expect(arg).toMatch(PLAIN);
      expect(environmentOf(pid)).toEqual([`PATH=${process.env.PATH}`]);
    }
  });

  it('[S7] [S4] no text of a page gets as far as a process: closed schemas refuse it', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '; rm -rf /',
        '$(id)',
        '--require=/tmp/x.js',
        '../../etc/passwd',
        '__proto__',
        '\u0000',
        'tcp://198.51.100.1:1',
      ),
      fc.string(),
    );
    const fields = [
      'peer',
      'dialect',
      'workMs',
      'crashChance',
      'everyMs',
      'rules',
      'identity',
      'link',
      'args',
      'env',
      'connect',
    ];
    const types = ['worker.add', 'client.add', 'process.restart', 'queue.configure', 'client.pace', 'process.kill'];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.constantFrom(...fields), hostile, (type, field, value) => {
        const read = readCommand({ type, [field]: value });
        if ('malformed' in read) return;
        // Accepted only where the text is one of the schema's own words.
        expect(['text', 'rfc', 'listing', 'guide', 'robust', 'same', 'new']).toContain(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('[S7] the number of children is capped, with a reason', async () => {
    live = await openLive({});
    for (let i = 0; i < 20; i++) await live.bridge.troupe.addClient({ everyMs: 60_000 });
    await expect(live.do({ type: 'client.add' })).rejects.toThrow('no more fit');
  });
});

describe('our own bug', () => {
  const preload = join(mkdtempSync(join(tmpdir(), 'crows-nest-bug-')), 'bug.cjs');
  const isAlive = (pid: number): boolean => {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    } catch {
      return false;
    }
  };

  it.each([
    ['a throw in a timer', "setTimeout(() => { throw new Error('planted'); }, 1)"],
    ['a throw in an immediate', "setImmediate(() => { throw new Error('planted'); })"],
    ['a rejection nobody handles', "Promise.reject(new Error('planted'))"],
    [
      'a throw in a socket handler',
      "const s = require('node:net').connect(1, '127.0.0.1'); s.on('error', () => { throw new Error('planted'); })",
    ],
  ])('[S11] %s reaps every child and exits non-zero, with the error on the terminal', async (_, bug) => {
    // Planted from outside, on a signal that the bridge does not use.
    writeFileSync(preload, `process.on('SIGUSR2', () => { ${bug}; });`);
    const args = [
      'up',
      '--no-recording',
      '--no-open',
      '--port',
      '0',
      '--frontend',
      'tcp://127.0.0.1:*',
      '--backend',
      'tcp://127.0.0.1:*',
    ];
    const bridge: ChildProcess = spawn(process.execPath, ['--require', preload, ENTRY, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    bridge.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const out = bridge.stdout;
    if (!out) throw new Error('no output');
    await new Promise<void>((resolve) => eachLine(out, (line) => line.includes('ready') && resolve()));
    const children = readFileSync(`/proc/${bridge.pid}/task/${bridge.pid}/children`, 'latin1')
      .trim()
      .split(' ')
      .map(Number);
    expect(children.length).toBeGreaterThanOrEqual(4);
    const exited = new Promise<number | null>((resolve) => bridge.once('close', resolve));
    bridge.kill('SIGUSR2');
    expect(await exited).toBeGreaterThan(0);
    expect(said).toContain('planted');
    await expect.poll(() => children.filter(isAlive), { timeout: 2000 }).toEqual([]);
  });
});
