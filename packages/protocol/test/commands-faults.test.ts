import { describe, expect, test } from 'vitest';
import { type CommandRequest, FAULT_TTL_MS, PROFILE_NAMES, readCommand } from '../src/index.ts';

const link = 'worker-1';
const isTaken = (input: unknown): boolean => 'command' in readCommand(input);

/** One of each, with everything that it may have. */
const FULL: readonly CommandRequest[] = [
  { type: 'fault.apply', link, kind: 'drop', message: 'PING', direction: 'toQueue', nth: 3 },
  { type: 'fault.apply', link, kind: 'corrupt', mode: 'envelope', message: 'REPLY', every: 2 },
  { type: 'fault.apply', link, kind: 'duplicate', copies: 10, message: 'PONG', count: 5 },
  { type: 'fault.apply', link, kind: 'bandwidth', bytesPerSecond: 100, probability: 0.5 },
  { type: 'fault.apply', link, kind: 'delay', extraMs: 10_000, jitterMs: 5000, distribution: 'pareto' },
  { type: 'fault.apply', link, kind: 'reorder', extraMs: 5, jitterMs: 1, distribution: 'normal' },
  { type: 'fault.apply', link, kind: 'hold', message: 'REPLY' },
  { type: 'fault.apply', link, kind: 'partition', mode: 'refused', direction: 'fromQueue' },
  { type: 'fault.apply', link, kind: 'hang', ttlMs: null },
  ...PROFILE_NAMES.map((profile) => ({ type: 'link.profile', link, profile }) as const),
  { type: 'link.profile', link, profile: null, ttlMs: 100 },
  { type: 'process.slow', peer: 'queue', factor: 1.1 },
];

describe('[S4] commands that break things', () => {
  test('[S4] each takes the parameters of its fault, and lasts a minute if nothing else is said', () => {
    for (const request of FULL) expect(readCommand(request), JSON.stringify(request)).toHaveProperty('command');
    expect(readCommand(FULL[0])).toMatchObject({ command: { ttlMs: FAULT_TTL_MS } });
    expect(readCommand(FULL[8])).toMatchObject({ command: { ttlMs: null } });
    expect(readCommand({ type: 'process.pause', peer: link })).toMatchObject({ command: { ttlMs: FAULT_TTL_MS } });
  });

  test('[S4] and those of no other', () => {
    const others = [
      { extraMs: 5 },
      { copies: 2 },
      { bytesPerSecond: 1000 },
      { mode: 'jammed' },
      { mode: 'payload' },
      { message: 'PING' },
      { profile: 'lan' },
      { factor: 2 },
      { surprise: 1 },
    ];
    const taken = Object.fromEntries(
      (['drop', 'corrupt', 'duplicate', 'bandwidth', 'delay', 'reorder', 'hold', 'partition', 'hang'] as const).map(
        (kind) => {
          const bare = { type: 'fault.apply', link, kind, ...(kind === 'bandwidth' && { bytesPerSecond: 500 }) };
          const extra = others.filter((one) => isTaken({ ...bare, ...one }));
          return [kind, extra.flatMap((one) => Object.entries(one).map(([key, value]) => `${key} ${value}`))];
        },
      ),
    );
    expect(taken).toEqual({
      drop: ['message PING'],
      corrupt: ['mode payload'],
      duplicate: ['copies 2', 'message PING'],
      bandwidth: ['bytesPerSecond 1000'],
      delay: ['extraMs 5', 'message PING'],
      reorder: ['extraMs 5', 'message PING'],
      hold: [],
      partition: ['mode jammed'],
      hang: [],
    });
  });

  test.each([
    { copies: 0 },
    { copies: 11 },
    { ttlMs: 99 },
    { ttlMs: 3_600_001 },
    { nth: 0 },
    { every: -1 },
    { count: 1.5 },
    { probability: 1.01 },
    { link: 'everybody' },
  ])('[S4] out of bounds: %o', (wrong) => {
    expect(isTaken({ type: 'fault.apply', link, kind: 'duplicate', ...wrong })).toBe(false);
  });
});
