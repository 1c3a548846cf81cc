// The programme with real processes: one troupe, two that are compared, and every way from the one to the other. Nothing is left behind.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type Command,
  type CommandAnswer,
  type CommandRequest,
  type Compared,
  type EventType,
  fold,
  ledgerBalances,
  RecordingReader,
  type Refused,
  readCommand,
  type SideName,
  type TraceEvent,
} from '@crows-nest/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Programme, type ProgrammeOptions } from '../src/bridge/programme.ts';
import { Refusal } from '../src/bridge/refusal.ts';
import { ENTRY } from './live.ts';
import { Waiting } from './waiting.ts';

const refusing = (refused: Refused): CommandAnswer => new Refusal(refused).answer;

const LISTING: Compared = { rules: 'listing', heartbeatIntervalMs: 200, liveness: 3, pattern: 'paranoid' };
const BEGIN = {
  type: 'comparison.begin',
  a: { rules: 'guide', heartbeatIntervalMs: 250 },
  b: { rules: 'simple', pattern: 'simple' },
  workers: 2,
  clients: 2,
  workMs: 5,
  everyMs: 100,
} as const;

let folder: string;
/** Ours under a name of its own, so that its processes are told from all others. */
let entry: string;
let programme: Programme | undefined;
/** Of each run that was on, the facts of each side. */
let runs: Record<SideName, TraceEvent[]>[];
let complaints: string[];
let said: string[];
let waiting: Waiting;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'programme-test-'));
  entry = join(folder, 'main.mjs');
  // As long as there is a file `no-ROLE`, no such process comes up.
  writeFileSync(
    entry,
    `import { existsSync } from 'node:fs';
    if (existsSync(${JSON.stringify(folder)} + '/no-' + process.argv[2])) process.exit(3);
    await import(${JSON.stringify(ENTRY)});`,
  );
});
afterEach(async () => {
  await programme?.end();
  programme = undefined;
  const deadline = Date.now() + 5000;
  while (processes().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  const left = processes();
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true });
  expect(left).toEqual([]);
});

/** What runs under our name, and as what. */
function processes(): { pid: number; role: string }[] {
  const found: { pid: number; role: string }[] = [];
  for (const name of readdirSync('/proc')) {
    try {
      const [, main, role] = readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0');
      if (main === entry) found.push({ pid: Number(name), role: role ?? '' });
    } catch {
      // Gone, or no process.
    }
  }
  return found;
}
const countRoles = (): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { role } of processes()) counts[role] = (counts[role] ?? 0) + 1;
  return counts;
};
/** A reaper takes its leave a moment after the last that it watched over. */
const untilThere = (roles: Record<string, number>): Promise<void> =>
  expect.poll(countRoles, { timeout: 5000 }).toEqual(roles);
const descriptors = (): number => readdirSync('/proc/self/fd').length;

function make(options: Partial<ProgrammeOptions> = {}): Programme {
  runs = [{ a: [], b: [] }];
  complaints = [];
  said = [];
  waiting = new Waiting(() => JSON.stringify([complaints, runs.at(-1)?.a.slice(-20), runs.at(-1)?.b.slice(-20)]));
  programme = new Programme({
    entry,
    troupe: LISTING,
    company: { workers: 1, clients: 1, client: { everyMs: 100 }, worker: { workMs: 5 } },
    linkDelayMs: 1,
    ports: { frontend: 0, backend: 0 },
    record: join(folder, 'demo.ndjson'),
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
    ...options,
  });
  programme.onAnew(() => runs.push({ a: [], b: [] }));
  programme.onBatch(({ events }, side) => {
    runs.at(-1)?.[side].push(...events);
    waiting.look();
  });
  return programme;
}

async function begin(options: Partial<ProgrammeOptions> = {}): Promise<Programme> {
  const made = make(options);
  await made.record();
  await made.start();
  return made;
}

function read(request: CommandRequest): Command {
  const it = readCommand(request);
  if ('malformed' in it) throw new Error(it.malformed);
  return it.command;
}
const order = (request: CommandRequest, side: SideName = 'a'): Promise<CommandAnswer> =>
  programme?.carryOut(read(request), side) ?? Promise.reject(new Error('nothing is on'));

const facts = (side: SideName): TraceEvent[] => runs.at(-1)?.[side] ?? [];
const count = (side: SideName, type: EventType): number => facts(side).filter((e) => e.type === type).length;
const both = (type: EventType, times: number): Promise<void> =>
  waiting.until(() => count('a', type) >= times && count('b', type) >= times, `${times} × ${type} on both sides`);
const answeredOnA = (): Promise<void> => {
  const before = count('a', 'request.answered');
  return waiting.until(() => count('a', 'request.answered') > before, 'another request is answered');
};

function readRecording(path: string): TraceEvent[] {
  const reader = new RecordingReader();
  const events = [...reader.read(readFileSync(path, 'utf8')), ...reader.end()];
  expect(reader.bad).toEqual([]);
  return events;
}

describe('[B8] the programme', () => {
  it('[B8] one troupe, then two in its place, then one again: each as asked, recorded, and gone when the next is on', async () => {
    const before = descriptors();
    const it = await begin();
    await answeredOnA();
    await untilThere({ reaper: 1, queue: 1, client: 1, worker: 1 });

    const first = processes().find(({ role }) => role === 'queue');
    expect(await order(BEGIN)).toEqual({ ok: true });
    await untilThere({ reaper: 1, queue: 2, client: 4, worker: 4 });
    expect(processes()).not.toContainEqual(first);
    await both('request.answered', 5);
    const { a, b } = it.snapshots();
    expect([a.state.queue.rules, b?.state.queue.rules]).toEqual(['guide', 'simple']);
    expect([a.state.queue.heartbeatIntervalMs, b?.state.peers['worker-2']?.pattern]).toEqual([250, 'simple']);
    expect(it.recordings.map((path) => basename(path))).toEqual(['demo-2-a.ndjson', 'demo-2-b.ndjson']);
    expect(said).toHaveLength(2);

    expect(await order({ type: 'comparison.end' }, 'b')).toEqual({ ok: true });
    await untilThere({ reaper: 1, queue: 1, client: 1, worker: 1 });
    await answeredOnA();
    expect(it.snapshots().b).toBeUndefined();
    expect(it.snapshots().a.state.queue).toMatchObject({ rules: 'listing', heartbeatIntervalMs: 200 });
    await it.end();
    expect(runs).toHaveLength(3);
    for (const side of ['a', 'b'] as const)
      for (const run of runs)
        run[side].forEach((event, i) => void expect(event.seq - (run[side][0]?.seq ?? 0)).toBe(i));

    const names = ['demo.ndjson', 'demo-2-a.ndjson', 'demo-2-b.ndjson', 'demo-3.ndjson'];
    expect(it.recorded.map((path) => basename(path))).toEqual(names);
    for (const path of it.recorded) {
      const events = readRecording(path);
      expect(events[0]?.type).toBe('run.started');
      expect(events.filter((e) => e.type === 'process.exited')).toHaveLength(
        events.filter((e) => e.type === 'process.started').length,
      );
      expect(ledgerBalances(fold(events))).toBe(true);
      expect(events.some((e) => e.type === 'request.answered')).toBe(true);
    }
    expect(complaints).toEqual([]);
    await expect.poll(descriptors, { timeout: 5000 }).toBeLessThanOrEqual(before);
  });

  it('[B8] a comparison takes the place of another; what is asked for is done to both, and every client asks when told', async () => {
    await begin({ record: undefined });
    expect(await order(BEGIN)).toEqual({ ok: true });
    expect(await order({ ...BEGIN, everyMs: 60_000, clients: 3, a: {}, b: { liveness: 7 } }, 'b')).toEqual({
      ok: true,
    });
    await untilThere({ reaper: 1, queue: 2, client: 6, worker: 4 });
    await both('client.opened', 3);
    await both('worker.listed', 2);
    expect(await order({ type: 'client.ask' })).toEqual({ ok: true });
    await both('request.answered', 3);
    expect([count('a', 'request.sent'), count('b', 'request.sent')]).toEqual([3, 3]);
    expect(await order({ type: 'process.kill', peer: 'worker-1' }, 'b')).toEqual({ ok: true });
    await both('process.exited', 1);
    expect(await order({ type: 'queue.configure', liveness: 5 }, 'b')).toEqual({ ok: true });
    await waiting.until(() => programme?.snapshots().b?.state.queue.liveness === 5, 'B has another liveness');
    expect(programme?.snapshots().a.state.queue.liveness).toBe(3);
    expect(programme?.recordings).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.ndjson'))).toEqual([]);
  });

  it('[B8] it can begin with two, by the flags, and go on with one', async () => {
    const against: Compared = { ...LISTING, rules: 'robust' };
    const it = await begin({ against });
    await both('request.answered', 2);
    expect(it.snapshots().b?.state.queue.rules).toBe('robust');
    expect(it.recordings.map((path) => basename(path))).toEqual(['demo-a.ndjson', 'demo-b.ndjson']);
    expect(await order({ type: 'comparison.end' })).toEqual({ ok: true });
    await answeredOnA();
    await untilThere({ reaper: 1, queue: 1, client: 1, worker: 1 });
  });

  it('[B8] without a comparison there is nothing to end, nobody to ask and no side B', async () => {
    const it = make();
    expect(await order(BEGIN)).toMatchObject({ ok: false, code: 'refused', message: 'nothing has begun yet' });
    await it.record();
    await it.start();
    for (const type of ['comparison.end', 'client.ask'] as const)
      expect(await order({ type })).toEqual(refusing({ reason: 'nothingCompared' }));
    for (const type of ['comparison.end', 'heal.all'] as const)
      expect(await order({ type }, 'b')).toEqual(refusing({ reason: 'nothingCompared' }));
    expect(runs).toHaveLength(1);
  });

  it('[B8] one whose queue does not come up is refused in a line, and the last run goes on', async () => {
    const it = await begin();
    await answeredOnA();
    const before = processes();
    writeFileSync(join(folder, 'no-queue'), '');
    expect(await order(BEGIN)).toEqual(refusing({ reason: 'queueEnded' }));
    expect(processes()).toEqual(before);
    await answeredOnA();
    expect(runs).toHaveLength(1);
    expect(it.recorded).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.ndjson'))).toEqual(['demo.ndjson']);

    rmSync(join(folder, 'no-queue'));
    expect(await order(BEGIN)).toEqual({ ok: true });
    await both('request.answered', 1);
    expect(it.recordings.map((path) => basename(path))).toEqual(['demo-2-a.ndjson', 'demo-2-b.ndjson']);
  });

  it('[B8] when the port of the one troupe was taken meanwhile, the comparison goes on', async () => {
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    await begin({ ports: { frontend: 0, backend: port }, against: LISTING });
    expect(await order({ type: 'comparison.end' })).toEqual(refusing({ reason: 'portTaken', port }));
    await both('request.answered', 2);
    await new Promise((resolve) => stranger.close(resolve));
    expect(await order({ type: 'comparison.end' })).toEqual({ ok: true });
    await answeredOnA();
  });

  it('[P2] without a reaper nothing is started, and nothing is left of it', async () => {
    writeFileSync(join(folder, 'no-reaper'), '');
    const it = make();
    await it.record();
    await expect(it.start()).rejects.toThrow('no process could be started');
    await it.discard();
    expect(readdirSync(folder).sort()).toEqual(['main.mjs', 'no-reaper']);
  });

  it('[B8] [T5] never over an existing file: one that cannot be opened is complained of, and the run goes on', async () => {
    writeFileSync(join(folder, 'demo-2-a.ndjson'), 'mine');
    mkdirSync(join(folder, 'demo-3-b.ndjson'));
    const it = await begin();
    expect(await order(BEGIN)).toEqual({ ok: true });
    expect(await order(BEGIN)).toEqual({ ok: true });
    await both('request.answered', 1);
    await it.end();
    expect(complaints).toEqual([
      `not recorded to ${join(folder, 'demo-2-a.ndjson')}: there is such a file already`,
      `not recorded to ${join(folder, 'demo-3-b.ndjson')}: there is such a file already`,
    ]);
    expect(readFileSync(join(folder, 'demo-2-a.ndjson'), 'utf8')).toBe('mine');
    expect(it.recorded.map((path) => basename(path))).toEqual(['demo.ndjson', 'demo-2-b.ndjson', 'demo-3-a.ndjson']);
  });
});

describe('[B8] in the middle of a change', () => {
  const ASKED: readonly CommandRequest[] = [
    { type: 'worker.add', count: 3 },
    { type: 'client.add' },
    { type: 'process.restart', peer: 'queue' },
    { type: 'process.restart', peer: 'worker-1' },
    { type: 'process.kill', peer: 'worker-1' },
    { type: 'process.pause', peer: 'client-1' },
    { type: 'process.stop', peer: 'worker-1' },
    { type: 'peer.remove', peer: 'client-1' },
    { type: 'queue.configure', heartbeatIntervalMs: 150 },
    { type: 'fault.apply', link: 'worker-1', kind: 'hold' },
    { type: 'link.delay', delayMs: 5 },
    { type: 'client.pace', peer: 'client-1', everyMs: 50 },
    { type: 'heal.all' },
    { type: 'client.ask' },
    { type: 'comparison.end' },
    BEGIN,
  ];
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const openRandom = (): ((below: number) => number) => {
    let seed = Date.now() % 2 ** 31;
    console.log(`seed ${seed}`);
    return (below) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return Math.floor((seed / 0x80000000) * below);
    };
  };

  it('[B8] changes that are asked for at once are made one after the other', async () => {
    await begin();
    const asked = [BEGIN, { ...BEGIN, workers: 1 }, { type: 'comparison.end' }, { type: 'comparison.end' }] as const;
    const answers = await Promise.all(asked.map((request) => order(request)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, false]);
    expect(runs).toHaveLength(4);
    await untilThere({ reaper: 1, queue: 1, client: 1, worker: 1 });
  });

  it('[B8] [P2] what was about to start when everything was ended does not', async () => {
    await (await begin({ record: undefined })).end();
    const before = descriptors();
    const it = await begin({ record: undefined });
    const asked = ['queue', 'worker-1', 'client-1'].map((peer) => order({ type: 'process.restart', peer }));
    asked.push(order({ type: 'worker.add', count: 5 }), order({ type: 'client.add' }), order(BEGIN));
    await it.end();
    const over = refusing({ reason: 'runOver' });
    for (const answer of await Promise.all(asked)) expect(answer).toEqual(over);
    await untilThere({});
    await expect.poll(descriptors, { timeout: 5000 }).toBeLessThanOrEqual(before);
  });

  it('[B8] whatever is asked for is answered: done, or refused in a line', async () => {
    const random = openRandom();
    await begin();
    const asked: Promise<CommandAnswer>[] = [];
    for (let change = 0; change < 4; change++) {
      const changed = order(change % 2 === 0 ? BEGIN : { type: 'comparison.end' });
      let isChanging = true;
      void changed.then(() => {
        isChanging = false;
      });
      // The random moment is what is tested, not what is waited for.
      while (isChanging) {
        const request = ASKED[random(ASKED.length - 2)] as CommandRequest;
        asked.push(order(request, random(2) === 0 ? 'a' : 'b'));
        await wait(random(30));
      }
      expect(await changed).toEqual({ ok: true });
    }
    for (const answer of await Promise.all(asked)) {
      if (answer.ok) continue;
      expect(answer.code).toBe('refused');
      expect(answer.message).toMatch(/^[^\n]+$/);
    }
    expect(runs).toHaveLength(5);
    const roles = countRoles();
    expect([roles.reaper, roles.queue]).toEqual([1, 1]);
  });

  it('[B8] [P2] ended at any moment, everything is reaped, everything answered, no descriptor left', async () => {
    const random = openRandom();
    await (await begin()).end();
    const before = descriptors();
    for (let round = 0; round < 8; round++) {
      rmSync(join(folder, 'demo.ndjson'));
      const it = await begin();
      const asked = [order(BEGIN)];
      for (let i = 0; i < 3; i++) {
        await wait(random(150));
        asked.push(order(ASKED[random(ASKED.length)] as CommandRequest, random(2) === 0 ? 'a' : 'b'));
      }
      await wait(random(200));
      await it.end();
      for (const answer of await Promise.all(asked)) expect(answer.ok || answer.code === 'refused').toBe(true);
      expect(await order(BEGIN)).toMatchObject({ code: 'refused', message: 'this run is over' });
      expect(await order({ type: 'heal.all' })).toMatchObject({ code: 'refused', message: 'this run is over' });
      await untilThere({});
      await expect.poll(descriptors, { timeout: 5000 }).toBeLessThanOrEqual(before);
      for (const name of readdirSync(folder)) if (/demo-/.test(name)) rmSync(join(folder, name));
    }
  });

  it('[S11] our own bug kills the children of what comes and of what goes', async () => {
    const it = await begin();
    const answer = order(BEGIN);
    await expect.poll(() => countRoles().queue, { timeout: 5000, interval: 5 }).toBeGreaterThan(1);
    it.killAll();
    await answer;
    await expect.poll(() => processes().filter(({ role }) => role !== 'reaper'), { timeout: 5000 }).toEqual([]);
  });
});
