import { describe, expect, test } from 'vitest';
import {
  type CommandRequest,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  MAX_COMPARED,
  readCommand,
} from '../src/index.ts';

const isTaken = (input: unknown): boolean => 'command' in readCommand(input);
const begin = { type: 'comparison.begin', a: {}, b: { rules: 'robust' } } as const;
const FULL: CommandRequest = {
  type: 'comparison.begin',
  a: { rules: 'guide', heartbeatIntervalMs: 50, liveness: 20, pattern: 'paranoid' },
  b: { rules: 'simple', heartbeatIntervalMs: 60_000, liveness: 1, pattern: 'simple' },
  workers: MAX_COMPARED.worker,
  clients: MAX_COMPARED.client,
  workMs: 0,
  replyFirst: false,
  quietWhileBusy: false,
  timeoutMs: 50,
  everyMs: 0,
};

describe('[S4] [B8] commands of a comparison', () => {
  test('[S4] a side is the usual troupe but for what is said of it', () => {
    expect(readCommand(FULL)).toEqual({ command: FULL });
    const troupe = { heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS, liveness: HEARTBEAT_LIVENESS, pattern: 'paranoid' };
    expect(readCommand(begin)).toEqual({
      command: {
        ...begin,
        ...{ a: { ...troupe, rules: 'listing' }, b: { ...troupe, rules: 'robust' } },
        ...{ workers: 3, clients: 2, everyMs: 1000 },
      },
    });
    expect(isTaken({ type: 'comparison.end' })).toBe(true);
    expect(isTaken({ type: 'client.ask' })).toBe(true);
  });

  test.each([
    ['one side', { ...begin, b: undefined }],
    ['a third', { ...begin, c: {} }],
    ['a side that is none', { ...begin, a: 'guide' }],
    ['rules that are none', { ...begin, a: { rules: 'mine' } }],
    ['a knob of something else', { ...begin, a: { workMs: 5 } }],
    ['a beat too short', { ...begin, a: { heartbeatIntervalMs: 49 } }],
    ['no liveness', { ...begin, a: { liveness: 0 } }],
    ['more workers than fit', { ...begin, workers: MAX_COMPARED.worker + 1 }],
    ['more clients than fit', { ...begin, clients: MAX_COMPARED.client + 1 }],
    ['nobody', { ...begin, workers: 0 }],
    ['text for a number', { ...begin, everyMs: '100' }],
    ['an end with a side', { type: 'comparison.end', side: 'b' }],
    ['a client of one side', { type: 'client.ask', peer: 'client-1' }],
  ])('[S4] not %s', (_, input) => {
    expect(isTaken(input)).toBe(false);
  });
});
