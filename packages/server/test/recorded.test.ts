import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold, ledgerBalances, RecordingReader } from '@crows-nest/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ENTRY } from './live.ts';

const FLAGS = ['--no-open', '--port', '0', '--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crows-nest-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `crowsnest up …` until this was recorded; resolves with what it printed. */
async function run(recorded: RegExp, ...flags: string[]): Promise<string> {
  const child = spawn(process.execPath, [ENTRY, 'up', ...FLAGS, '--link-delay', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const ended = once(child, 'close');
  const isRecorded = (): boolean =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(
      (name) => name.endsWith('.ndjson') && recorded.test(readFileSync(join(folder, name), 'utf8')),
    );
  while (!isRecorded()) await once(child.stdout, 'data', { signal: AbortSignal.timeout(50) }).catch(() => {});
  child.kill('SIGTERM');
  await ended;
  return out;
}

function read(path: string) {
  const reader = new RecordingReader();
  const events = [...reader.read(readFileSync(path, 'utf8')), ...reader.end()];
  expect(reader.bad).toEqual([]);
  return events;
}

it('[T5] a run is recorded without being asked, for this user alone, and says where', async () => {
  const out = await run(/"request.answered"/);
  const path = /^Recorded: (.*)$/m.exec(out)?.[1] ?? '';
  expect(path.startsWith(folder)).toBe(true);
  expect(statSync(path).mode & 0o077).toBe(0);
  const events = read(path);
  expect(events[0]?.type).toBe('run.started');
  // The end is in it too: everything that was started has exited.
  const exited = events.filter((e) => e.type === 'process.exited').length;
  expect(exited).toBe(events.filter((e) => e.type === 'process.started').length);
  expect(ledgerBalances(fold(events))).toBe(true);
});

it('[T5] [B8] two sides are recorded beside each other, and told at the end; the flags say how they differ', async () => {
  const path = join(folder, 'mine.ndjson');
  const flags = ['--rules', 'simple', '--pattern', 'simple', '--against', 'guide', '--against-pattern', 'paranoid'];
  const out = await run(/"request.answered"/, '--record', path, ...flags, '--against-liveness', '5');
  const recorded = [...out.matchAll(/^Recorded: (.*)$/gm)].map((match) => match[1] ?? '');
  expect(recorded).toEqual([join(folder, 'mine-a.ndjson'), join(folder, 'mine-b.ndjson')]);
  const [a, b] = recorded.map((file) => fold(read(file)));
  expect([a?.queue.rules, b?.queue.rules]).toEqual(['simple', 'guide']);
  expect([a?.queue.liveness, b?.queue.liveness]).toEqual([3, 5]);
  expect([a?.peers['worker-1']?.pattern, b?.peers['worker-1']?.pattern]).toEqual(['simple', 'paranoid']);
});

it('[T5] or to the file that is named; or not at all', async () => {
  const path = join(folder, 'mine.ndjson');
  await run(/"worker.listed"/, '--record', path);
  expect(read(path).some((e) => e.type === 'worker.listed')).toBe(true);

  const child = spawn(process.execPath, [ENTRY, 'up', ...FLAGS, '--no-recording'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: join(folder, 'nowhere') },
  });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

it('a disk that takes no more ends the recording, says so once, and the run goes on', async () => {
  const child = spawn('bash', ['-c', 'ulimit -f 16; exec "$0" "$@"', process.execPath, ENTRY, 'up', ...FLAGS], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  while (!complaints.includes('\n')) await once(child.stderr, 'data');
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(complaints.trimEnd()).toMatch(/^the recording \S+ ends here: EFBIG.*$/);
});
