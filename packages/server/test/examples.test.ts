// The examples are what a stranger tries first: each runs as it stands, is listed, is answered, and keeps to the protocol.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beginJudgement, findingsOf, judge, type Side } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type Live, openLive } from './live.ts';

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
const python = process.env.PYTHON ?? 'python3';
const hasPyzmq = spawnSync(python, ['-c', 'import zmq']).status === 0;
if (!hasPyzmq) console.log(`examples: ${python} has no pyzmq (pip install pyzmq), so those in Python are skipped`);

const LANGUAGES = [
  { language: 'Node', command: process.execPath, file: (name: string) => `node/${name}.mjs`, isThere: true },
  { language: 'Python', command: python, file: (name: string) => `python/${name}.py`, isThere: hasPyzmq },
];

let live: Live;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await live?.close();
});

/** Runs an example; what it prints is awaited line by line. */
function run({ command, file }: (typeof LANGUAGES)[number], name: string, side: Side): (line: string) => Promise<void> {
  const endpoint = `tcp://127.0.0.1:${live.bridge.guests.ports[side]}`;
  const child = spawn(command, [examples + file(name), endpoint], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let said = '';
  const looks = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const look of looks) look();
  });
  return (line) =>
    new Promise((resolve, reject) => {
      const look = (): void => (said.split('\n').includes(line) ? resolve() : undefined);
      looks.add(look);
      look();
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}, having said: ${said}`)));
    });
}

describe.each(LANGUAGES)('the examples in $language', (example) => {
  it.runIf(example.isThere)('a worker that is listed and a client that is answered, both by the book', async () => {
    live = await openLive({ linkDelayMs: 5 });
    const workerSays = run(example, 'worker', 'backend');
    await workerSays('ready');
    await live.until({ type: 'worker.listed', workerPeer: 'guest-1' });
    const clientSays = run(example, 'client', 'frontend');
    await clientSays('answered: hello 2');
    await live.untilState((l) => l.state.peers['guest-1']?.served === 2, 'two answers of the guest');
    expect(live.state.peers['guest-1']).toMatchObject({ role: 'worker', guest: true });

    // The queue falls silent for a while: the worker gives it up, and begins anew with READY; the client asks again.
    await live.do({ type: 'process.kill', peer: 'queue' });
    await workerSays(
      "heartbeat failure, can't reach queue: reconnecting in 1".concat(example.language === 'Node' ? '000 ms' : ' s'),
    );
    const killed = live.events.at(-1)?.seq;
    await live.do({ type: 'process.restart', peer: 'queue' });
    await live.until({ type: 'worker.listed', by: 'READY' }, killed);
    await clientSays('answered: hello 4');

    const judgement = beginJudgement();
    for (const event of live.events) judge(judgement, event);
    const of = (peer: string): string[] =>
      findingsOf(judgement, peer).map(({ statement, standing }) => `${statement} ${standing}`);
    expect(of('guest-1').filter((finding) => !finding.endsWith('met'))).toEqual([]);
    for (const peer of Object.keys(live.state.peers))
      expect(of(peer).filter((finding) => finding.endsWith('broken'))).toEqual([]);
  });
});
