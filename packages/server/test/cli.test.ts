import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ENTRY } from './live.ts';

/** Runs `crowsnest …` to its end. */
function crowsnest(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

describe('the command line', () => {
  it.each([
    [['worker', '--dialect', 'morse'], '--dialect takes text or rfc'],
    [['worker', '--work-ms', '-1'], '--work-ms'],
    [['worker', '--work-ms', 'soon'], '--work-ms takes a whole number'],
    [['worker', '--crash-chance', '1.5'], '--crash-chance takes a number from 0 to 1'],
    [['worker', '--connect', 'tcp://*:5556'], '--connect takes an endpoint'],
    [['worker', '--connect', 'http://localhost'], '--connect takes an endpoint'],
    [['queue', '--frontend', 'tcp://127.0.0.1:70000'], '--frontend takes an endpoint'],
    [['queue', '--rules', 'mine'], '--rules takes listing or guide or robust'],
    [['queue', '--frontend', 'tcp://203.0.113.7:5555'], 'is no address of this machine'],
    [['client', '--requests', '0'], '--requests takes a whole number from 1'],
    [['up', '--frontend', 'tcp://0.0.0.0:5555'], '--frontend takes an address on this machine'],
    [['up', '--workers', '101'], '--workers takes a whole number from 0 to 100'],
    [['up', '--against', 'mine'], '--against takes listing or guide or robust or simple'],
    [['up', '--against', 'robust', '--workers', '9'], '--workers takes at most 8 in a comparison'],
    [['up', '--against-liveness', '5', '--clients', '5'], '--clients takes at most 4 in a comparison'],
    [['up', '--against-interval', '49'], '--against-interval takes a whole number from 50'],
    [['up', '--nonsense'], '--nonsense'],
    [['sim', '--seeds', 'many'], '--seeds takes a whole number'],
    [['up', 'stray'], 'stray'],
    [['sail'], 'there is no command "sail"'],
    [['queue', '--rules', '\u001b[31mred'], '--rules takes'],
  ])('[P5] %j gets one clear line and exit 2', async (args, says) => {
    const { code, out, err } = await crowsnest(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toContain('\u001b');
  });

  it('[P5] a taken port says which and what to do', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const guests = ['--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*'];
    for (const args of [
      ['queue', '--frontend', `tcp://127.0.0.1:${port}`, '--backend', 'tcp://127.0.0.1:*'],
      ['up', '--no-open', '--port', String(port), ...guests],
      ['up', '--no-open', '--port', '0', '--frontend', 'tcp://127.0.0.1:*', '--backend', `tcp://127.0.0.1:${port}`],
    ]) {
      const { code, err } = await crowsnest(...args);
      expect(code).toBe(2);
      expect(err).toContain(String(port));
      expect(err).toMatch(/choose another/);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
    await new Promise((resolve) => taken.close(resolve));
  });

  it.each(['up', 'queue', 'worker', 'client', 'sim'])('%s --help lists its flags', async (command) => {
    const { code, out } = await crowsnest(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`crowsnest ${command}`);
    expect(out).toMatch(/--[a-z]/);
    expect(out).not.toContain('--epoch');
  });
});
