// [S3] [S4]: who comes in as what, who may give which command, and that nothing else on the wire changes anything.

import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { COMMAND_ROLE, type CommandAnswer, type CommandRequest, type CommandType } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openTokens } from '../src/hub/tokens.ts';
import {
  closed,
  dial,
  dialWebSocket,
  entryOf,
  fetchRaw,
  follow,
  frame,
  joinByHand,
  knock,
  onALan,
  open,
  openToBoth,
  openToLan,
  presenterAuth,
  traceStage,
} from './hub-stage.ts';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

/** One well-formed request of each kind; a new command does not compile until it is here. */
const SAMPLES: { [T in CommandType]: Extract<CommandRequest, { type: T }> } = {
  'worker.add': { type: 'worker.add', count: 2 },
  'client.add': { type: 'client.add', everyMs: 500 },
  'client.pace': { type: 'client.pace', peer: 'client-1', everyMs: 100 },
  'peer.remove': { type: 'peer.remove', peer: 'worker-1' },
  'link.delay': { type: 'link.delay', delayMs: 250 },
  'process.kill': { type: 'process.kill', peer: 'queue' },
  'process.pause': { type: 'process.pause', peer: 'worker-1' },
  'process.resume': { type: 'process.resume', peer: 'worker-1' },
  'process.overload': { type: 'process.overload', peer: 'worker-1' },
  'process.restart': { type: 'process.restart', peer: 'worker-1' },
  'queue.configure': { type: 'queue.configure', rules: 'robust' },
  'fault.apply': { type: 'fault.apply', link: 'worker-1', kind: 'drop' },
  'fault.heal': { type: 'fault.heal', fault: 'f1' },
  'fault.prolong': { type: 'fault.prolong', fault: 'f1', ttlMs: null },
  'fault.step': { type: 'fault.step', fault: 'f1' },
  'link.profile': { type: 'link.profile', link: 'worker-1', profile: 'satellite' },
  'link.reset': { type: 'link.reset', link: 'worker-1' },
  'link.close': { type: 'link.close', link: 'worker-1' },
  'message.drop': { type: 'message.drop', msg: 7 },
  'message.replay': { type: 'message.replay', link: 'worker-1' },
  'process.stop': { type: 'process.stop', peer: 'queue' },
  'process.slow': { type: 'process.slow', peer: 'worker-1' },
  'process.mute': { type: 'process.mute', peer: 'worker-1' },
  'heal.all': { type: 'heal.all' },
  'comparison.begin': { type: 'comparison.begin', a: {}, b: { rules: 'robust' } },
  'comparison.end': { type: 'comparison.end' },
  'client.ask': { type: 'client.ask' },
};
const TYPES = Object.keys(COMMAND_ROLE) as CommandType[];
const KILL = SAMPLES['process.kill'];
/** Nothing here is slowed by the limits, which have tests of their own. */
const calm = { snapshotGapMs: 0, packets: { perSecond: 1e6, burst: 1e6 }, commands: { perSecond: 1e6, burst: 1e6 } };
const patient = { failures: { perSecond: 1e6, burst: 1e6 } };

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });

describe('[S3] roles', () => {
  it.each(TYPES)('[S3] %s: from the presenter carried out, from a viewer only when the table says so', async (type) => {
    const { stage, presenter, viewer } = await openToBoth();
    expect([presenter.role, viewer.role]).toEqual(['presenter', 'viewer']);

    const refused = await viewer.client.emitWithAck('command', SAMPLES[type], 'a');
    const forAll = COMMAND_ROLE[type] === 'viewer';
    expect(refused).toMatchObject(forAll ? { ok: true } : { ok: false, code: 'forbidden' });
    expect(stage.carried).toHaveLength(forAll ? 1 : 0);
    expect(await presenter.client.emitWithAck('command', SAMPLES[type], 'a')).toEqual({ ok: true });
    expect(stage.carried.at(-1)).toMatchObject(SAMPLES[type]);
    expect(stage.sides.at(-1)).toBe('a');
  });

  it('[S3] a launch link works once; its session brings the role back', async () => {
    const { hub } = await open();
    const auth = presenterAuth(hub);
    const first = await follow(hub, { auth });
    expect(first.role).toBe('presenter');
    expect(first.session).toMatch(/^[0-9a-f]{32}$/);
    expect(first.session).not.toBe(auth.launch);
    expect(await entryOf(hub, { auth })).toBe('used-launch');
    expect(await entryOf(hub, { auth: { ...auth, session: first.session } })).toBe('presenter');
    expect(await entryOf(hub, { auth: { session: first.session } })).toBe('presenter');
    first.client.disconnect();
    expect(await entryOf(hub, { auth: { session: first.session } })).toBe('presenter');
    const second = presenterAuth(hub);
    expect(second).not.toEqual(auth);
    expect(await entryOf(hub, { auth: second })).toBe('presenter');
  });

  it('[S3] of two that spend one launch token at once, one comes in', async () => {
    const { hub } = await open();
    const auth = presenterAuth(hub);
    const came = await Promise.all([entryOf(hub, { auth }), entryOf(hub, { auth }), entryOf(hub, { auth })]);
    expect(came.sort()).toEqual(['presenter', 'used-launch', 'used-launch']);
  });

  it("[S3] a viewer's session is a viewer's, and a launch link lifts it", async () => {
    const { hub } = await open();
    const viewer = await follow(hub);
    expect(await entryOf(hub, { auth: { session: viewer.session } })).toBe('viewer');
    expect(await entryOf(hub, { auth: { session: viewer.session, ...presenterAuth(hub) } })).toBe('presenter');
  });

  it('[S3] anything that is not a token of this run is refused, whatever its shape', async () => {
    const { hub, stage } = await open({ limits: patient });
    const { hub: other } = await open();
    const good = presenterAuth(hub).launch;
    const wrong: unknown[] = [
      { launch: presenterAuth(other).launch },
      { session: good },
      { view: good },
      { launch: '' },
      { launch: good.slice(0, 31) },
      { launch: `${good}0` },
      { launch: `${good} ` },
      { launch: good.toUpperCase().replace(/^./, 'G') },
      { launch: [good] },
      { launch: { toString: good } },
      { launch: null },
      { launch: 7 },
      { launch: true },
      { session: '0'.repeat(32) },
      { session: '0'.repeat(5000) },
      { session: { length: 32 } },
      { session: Object.create({ session: good }) },
      { role: 'presenter' },
      { launch: good, role: 'presenter' },
      JSON.parse('{"__proto__":{"role":"presenter"},"session":"x"}'),
    ];
    for (const auth of wrong) expect([auth, await entryOf(hub, { auth })]).toEqual([auth, 'bad-token']);
    expect(hub.tally.notEntered).toBe(wrong.length);
    expect(stage.carried).toEqual([]);
    // None of that spent the real one.
    expect(await entryOf(hub, { auth: { launch: good } })).toBe('presenter');
  });

  it('[S3] tokens are compared in constant time, against all that are known', () => {
    const compared = vi.mocked(crypto.timingSafeEqual);
    const tokens = openTokens();
    const launches = [tokens.mintLaunch(), tokens.mintLaunch(), tokens.mintLaunch()];
    compared.mockClear();
    expect(tokens.redeem(launches[0] ?? '')).toHaveProperty('session');
    expect(compared).toHaveBeenCalledTimes(3);
    compared.mockClear();
    expect(tokens.redeem('f'.repeat(32))).toBe('unknown');
    expect(compared).toHaveBeenCalledTimes(3);
    for (const [known, given] of compared.mock.calls) expect([known.byteLength, given.byteLength]).toEqual([16, 16]);
    const source = readFileSync(new URL('../src/hub/tokens.ts', import.meta.url), 'utf8');
    expect(source).not.toMatch(/\b(view|token|known|given|launch)\b\s*[!=]==\s*\b(view|token|known|given|launch)\b/);
  });

  it('[S3] no guess is a token', () => {
    const tokens = openTokens();
    tokens.mintLaunch();
    fc.assert(
      fc.property(fc.oneof(hex, fc.string()), (guess) => {
        expect(tokens.roleOf(guess)).toBeUndefined();
        expect(tokens.redeem(guess)).toBe('unknown');
      }),
      { numRuns: 500 },
    );
  });

  it('[S3] one connection is one try', async () => {
    const { hub } = await open();
    const socket = await dialWebSocket(hub);
    const ended = closed(socket);
    let heard = '';
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
    });
    const guesses = Array.from({ length: 20 }, (_, i) => frame(`40{"session":"${String(i).padStart(32, '0')}"}`));
    socket.write(Buffer.concat(guesses));
    await ended;
    expect(heard.match(/"bad-token"/g)).toHaveLength(1);
  });

  it('[S3] in LAN mode this machine still looks without a token, and no token is in any line of the log', async () => {
    const lines: string[] = [];
    const { hub } = await open({ lan: true, log: (line) => lines.push(line) });
    const auth = presenterAuth(hub);
    expect(await entryOf(hub)).toBe('viewer');
    const presenter = await follow(hub, { auth });
    await entryOf(hub, { auth });
    await fetchRaw(hub, `/?launch=${auth.launch}`, { Host: 'evil.example' });
    await fetchRaw(hub, '/', { Host: `${presenter.session}\x1b[2J` }).catch(() => {});
    expect(lines.length).toBeGreaterThan(0);
    const view = hub.viewUrl().split('#view=')[1] ?? 'none';
    for (const secret of [auth.launch, presenter.session, view, '\x1b', 'evil']) {
      expect(lines.join('\n')).not.toContain(secret);
    }
  });

  it.runIf(onALan)('[S3] from another address a viewer needs the view token, and no one is the presenter', async () => {
    const { hub, hostname } = await openToLan({ limits: patient });
    const view = hub.viewUrl().split('#view=')[1] ?? '';
    const auth = presenterAuth(hub);
    expect(await entryOf(hub, { host: hostname })).toBe('needs-token');
    expect(await entryOf(hub, { host: hostname, auth: { view: '0'.repeat(32) } })).toBe('bad-token');
    expect(await entryOf(hub, { host: hostname, auth: { view } })).toBe('viewer');
    expect(await entryOf(hub, { host: hostname, auth })).toBe('elsewhere');
    const { session } = await follow(hub, { auth });
    expect(await entryOf(hub, { host: hostname, auth: { session } })).toBe('elsewhere');
    const viewer = await follow(hub, { host: hostname, auth: { view } });
    expect(await entryOf(hub, { host: hostname, auth: { session: viewer.session } })).toBe('viewer');
    expect(await viewer.client.emitWithAck('command', KILL, 'a')).toMatchObject({ code: 'forbidden' });
  });
});

describe('[S4] commands', () => {
  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['no side', [KILL]],
    ['no command', ['a']],
    ['null', [null, 'a']],
    ['text', ['process.kill', 'a']],
    ['an array', [[KILL], 'a']],
    ['two commands', [KILL, KILL]],
    ['a third side', [KILL, 'c']],
    ['both sides', [KILL, 'a', 'b']],
    ['a side in an array', [KILL, ['a']]],
    ['an unknown type', [{ type: 'process.exec', argv: ['sh'] }, 'a']],
    ['an unknown field', [{ ...KILL, shell: 'sh' }, 'a']],
    ['a name that is none', [{ ...KILL, peer: '../worker-1' }, 'a']],
    ['a name in an array', [{ ...KILL, peer: ['queue'] }, 'a']],
    ['a type of the prototype', [{ type: 'constructor' }, 'a']],
    ['too many', [{ type: 'worker.add', count: 1e9 }, 'a']],
    ['a field of the prototype', [JSON.parse('{"type":"heal.all","__proto__":{"x":1}}'), 'a']],
    ['NaN', [{ type: 'worker.add', count: Number.NaN }, 'a']],
    ['a third troupe', [{ type: 'comparison.begin', a: {}, b: {}, c: {} }, 'a']],
    ['too many to compare', [{ type: 'comparison.begin', a: {}, b: {}, workers: 9 }, 'a']],
  ])('[S4] from the presenter, %s is malformed and not carried out', async (_what, sent) => {
    const { hub, stage } = await open();
    const { client } = await follow(hub, { auth: presenterAuth(hub) });
    const answer = await (client.emitWithAck as (...args: unknown[]) => Promise<CommandAnswer>)('command', ...sent);
    expect(answer).toMatchObject({ ok: false, code: 'malformed' });
    expect(JSON.stringify(answer)).not.toMatch(/\.ts|\bat /);
    expect(stage.carried).toEqual([]);
  });

  it('[S4] a command without an acknowledgement is carried out in silence', async () => {
    const { hub, stage } = await open();
    const { client } = await follow(hub, { auth: presenterAuth(hub) });
    const emit = client.emit.bind(client) as (name: string, ...sent: unknown[]) => void;
    emit('command', KILL, 'b');
    emit('command', 'nonsense', 'b');
    await client.emitWithAck('command', SAMPLES['heal.all'], 'a');
    expect(stage.carried).toEqual([KILL, { type: 'heal.all' }]);
    expect(stage.sides).toEqual(['b', 'a']);
  });

  it('[S11] what the stage throws is told to us, and to the page only that it failed', async () => {
    const thrown = new Error('secret detail');
    const defects: unknown[] = [];
    const stage = traceStage(() => Promise.reject(thrown));
    const { hub } = await open({ stage, onDefect: (error) => defects.push(error) });
    const { client } = await follow(hub, { auth: presenterAuth(hub) });
    const answer = await client.emitWithAck('command', KILL, 'a');
    expect(answer).toMatchObject({ ok: false, code: 'failed' });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(defects).toEqual([thrown]);
  });

  it('[S11] a stage that throws at once has failed in the same way', async () => {
    const defects: unknown[] = [];
    const stage = {
      ...traceStage(),
      carryOut: () => {
        throw new Error('at once');
      },
    };
    const { hub } = await open({ stage, onDefect: (error) => defects.push(error) });
    const { client } = await follow(hub, { auth: presenterAuth(hub) });
    expect(await client.emitWithAck('command', KILL, 'a')).toMatchObject({ ok: false, code: 'failed' });
    expect(defects).toHaveLength(1);
  });
});

describe('[S4] fuzzed packets', () => {
  const NASTY = [
    '42["command",{"type":"process.kill","peer":"queue","__proto__":{"x":1},"extra":1},"a"]',
    '42["command",{"__proto__":{"type":"process.kill","peer":"queue"}},"a"]',
    '42["command",{"type":"process.kill","peer":"queue"},{"__proto__":"a"}]',
    '42["command",{"type":"process.kill","peer":"queue"}]',
    '421["command"]',
    '42["command"',
    '42{"command":1}',
    '42["constructor"]',
    '42["__proto__",{}]',
    '42["error",{"type":"heal.all"}]',
    '42["welcome",{"role":"presenter"}]',
    '42[1,2]',
    '42["disconnect"]',
    '42["disconnecting"]',
    '42["newListener"]',
    '43[]',
    '431["x"]',
    '44{"message":"x"}',
    '451-["command",{"_placeholder":true,"num":0}]',
    '451-["command",{"_placeholder":true,"num":99}]',
    '4599-["command"]',
    '461-["x"]',
    '40/admin,{}',
    '40{"session":"x"}',
    '41',
    '4',
    '',
    '0',
    '1',
    '2probe',
    '3',
    '5',
    '6',
    '9',
    'b4AAAA',
    '47["x"]',
    `42["command",${'['.repeat(5000)}${']'.repeat(5000)}]`,
    `42["command","${'x'.repeat(15_000)}"]`,
    `42["command","${'x'.repeat(20_000)}"]`,
    '4299999999999999999999["command",1]',
    '42/,["command",1]',
    '\u0000\uffff',
  ];
  const packet = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
    fc.string({ maxLength: 200 }),
    fc.json().map((text) => `42["command",${text}]`),
    fc.json().map((text) => `42["command",${text},"b"]`),
    fc.json().map((text) => `420[${text}]`),
    fc.tuple(fc.constantFrom(...NASTY), fc.nat(50), fc.string({ maxLength: 3 })).map(([text, at, put]) => {
      return text.slice(0, at) + put + text.slice(at + 1);
    }),
  );
  const bytes = fc.oneof(
    packet.map((text) => frame(text)),
    fc.uint8Array({ maxLength: 300 }).map((data) => frame(Buffer.from(data), 2)),
    fc.tuple(fc.constantFrom(0, 1, 2, 3, 8, 9, 10, 11, 15), fc.uint8Array({ maxLength: 130 })).map(([opcode, data]) => {
      return frame(Buffer.from(data), opcode);
    }),
    fc.uint8Array({ maxLength: 100 }).map((data) => Buffer.from(data)),
  );

  it('[S4] [S11] a hub that is sent anything goes on answering, and nothing is carried out', async () => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
    const defects: unknown[] = [];
    const { hub, stage } = await open({ limits: { ...calm, ...patient }, onDefect: (error) => defects.push(error) });
    const presenter = await follow(hub, { auth: presenterAuth(hub) });
    // Half of them as a viewer that has joined, half before joining.
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(bytes, { minLength: 1, maxLength: 8 }), async (joins, sent) => {
        const socket = await (joins ? joinByHand(hub) : dialWebSocket(hub));
        socket.resume();
        socket.end(Buffer.concat(sent));
        const before = stage.carried.length;
        expect(await presenter.client.emitWithAck('command', { type: 'heal.all' }, 'a')).toEqual({ ok: true });
        expect(stage.carried).toHaveLength(before + 1);
        socket.destroy();
      }),
      { numRuns: 150 },
    );
    expect(stage.carried.every(({ type }) => type === 'heal.all')).toBe(true);
    expect(defects).toEqual([]);
    expect(uncaught).toEqual([]);
    expect(hub.tally.unknownEvents).toBeGreaterThan(0);
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
  }, 30_000);

  it('[S4] every nasty packet from the presenter itself changes nothing either', async () => {
    const { hub, stage } = await open({ limits: { ...calm, ...patient } });
    const { session } = await follow(hub, { auth: presenterAuth(hub) });
    for (const text of NASTY.slice(1)) {
      const socket = await joinByHand(hub, { session });
      socket.resume();
      socket.end(Buffer.concat([frame(text), frame('41')]));
      await closed(socket);
    }
    expect(stage.carried).toEqual([]);
    expect(Object.prototype).not.toHaveProperty('type');
  });

  it('[S4] a message over 16 KiB ends its connection', async () => {
    const { hub } = await open();
    const { client } = await follow(hub);
    const ended = new Promise<string>((resolve) => client.once('disconnect', resolve));
    (client.emit as (name: string, sent: string) => void)('command', 'x'.repeat(17_000));
    expect(await ended).toMatch(/transport/);
  });

  it('[S4] unknown events are counted and ignored', async () => {
    const { hub } = await open();
    const { client } = await follow(hub, { auth: presenterAuth(hub) });
    for (const name of ['welcome', 'batch', 'exec', 'error', '__proto__']) {
      (client.emit as (name: string, sent: unknown) => void)(name, KILL);
    }
    expect(await client.emitWithAck('command', { type: 'heal.all' }, 'a')).toEqual({ ok: true });
    expect(hub.tally.unknownEvents).toBe(5);
  });

  it('raw HTTP garbage does not end the hub', async () => {
    const { hub } = await open();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (data) => {
        const socket = await dial(hub);
        socket.resume();
        socket.end(Buffer.concat([Buffer.from(data), Buffer.from('\r\n\r\n')]));
        await closed(socket);
      }),
      { numRuns: 50 },
    );
    expect((await fetchRaw(hub, '/')).status).toBe(200);
    expect(knock(hub)).toBeDefined();
  });
});
