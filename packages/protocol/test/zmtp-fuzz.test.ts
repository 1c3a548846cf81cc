// A million inputs, the same in every run: valid streams, mutated streams and noise, each read at two different splits.

import { expect, test } from 'vitest';
import {
  writeCommand,
  writeGreeting,
  writeMessage,
  writePing,
  writeReady,
  type ZmtpItem,
  ZmtpReader,
} from '../src/index.ts';
import { joined } from './zmtp-streams.ts';

const INPUTS = 1_000_000;
const SEED = 0x5eed_c0de;

/** xorshift32: fast, and all that is asked of it is to be the same again. */
function xorshift(seed: number): (bound: number) => number {
  let x = seed | 0;
  return (bound) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % bound;
  };
}

const greeting = writeGreeting();
const starts = [
  greeting,
  greeting,
  writeGreeting({ minor: 0 }),
  writeGreeting({ major: 1 }),
  writeGreeting({ mechanism: 'CURVE' }),
];
const readies = [
  writeReady([]),
  writeReady([
    ['Socket-Type', 'DEALER'],
    ['Identity', 'w1'],
  ]),
  writeCommand('ERROR', '\x02no'),
];
const traffic = [
  writeMessage(['\x01']),
  writeMessage(['HEARTBEAT']),
  writeMessage(['', '{"c":"1","n":1}']),
  writeMessage(['c1', '', 'x'.repeat(70), '', 'y']),
  writeMessage(['z'.repeat(300), '']),
  writePing(30, 'context'),
  writeCommand('PONG', 'context'),
  writeCommand('SUBSCRIBE', ''),
];
const streams: Uint8Array[] = [];
for (const start of starts) {
  for (const ready of readies) {
    streams.push(joined(start, ready), joined(start, ready, ...traffic));
    for (const [i, one] of traffic.entries()) streams.push(joined(start, ready, one, traffic[(i * 3 + 1) % 8] ?? one));
  }
}

/** A number that two readings share when their items do; bytes that may be cut anywhere count only by their sum. */
let digest = 0;
let flowing = 0;
let outAt = 0;
let wrongAt = -1;

function tally(items: readonly ZmtpItem[], input: Uint8Array): void {
  for (const item of items) {
    for (const view of item.raw) {
      for (let i = 0; i < view.length; i++) if (view[i] !== input[outAt + i]) wrongAt = outAt + i;
      outAt += view.length;
    }
    if (item.type === 'greeting' || item.type === 'bytes') {
      flowing += item.size;
      continue;
    }
    digest = Math.imul(digest ^ item.type.length ^ (item.size << 4), 0x01000193);
    if (item.type === 'message') {
      for (const size of item.sizes) digest = Math.imul(digest ^ size, 0x01000193);
      for (const start of item.starts) digest = Math.imul(digest ^ start, 0x01000193);
    } else if (item.type === 'ready') digest ^= item.properties.length;
    else if (item.type === 'opaque') digest = Math.imul(digest ^ (item.reason.charCodeAt(8) << 8), 0x01000193);
    else if (item.type === 'command') digest = Math.imul(digest ^ item.name.length, 0x01000193);
  }
}

test(`[Z1] [Z2] a million inputs from seed ${SEED}: no throw, bytes conserved, any split gives the same items`, () => {
  const below = xorshift(SEED);
  const buffer = new Uint8Array(1024);
  const kinds = { valid: 0, mutated: 0, noise: 0, opaque: 0, messages: 0 };

  const make = (): Uint8Array => {
    const kind = below(8);
    if (kind === 0) {
      kinds.noise++;
      const size = below(120);
      for (let i = 0; i < size; i++) buffer[i] = below(256);
      // Noise after a good greeting gets further than noise alone.
      if (below(4) > 0) buffer.set(greeting);
      return buffer.subarray(0, size);
    }
    const stream = streams[below(streams.length)] ?? greeting;
    buffer.set(stream);
    let size = stream.length;
    if (kind === 1) {
      kinds.valid++;
      return buffer.subarray(0, size);
    }
    kinds.mutated++;
    for (let hits = 1 + below(3); hits > 0; hits--) {
      // Mostly behind the greeting: there is more to get wrong.
      const at = below(4) === 0 || size <= 65 ? below(size) : 64 + below(size - 64);
      switch (below(5)) {
        case 0:
          buffer[at] = below(256);
          break;
        case 1:
          buffer[at] = (buffer[at] ?? 0) ^ (1 << below(8));
          break;
        case 2:
          buffer.copyWithin(at, at + 1, size--);
          break;
        case 3:
          buffer.copyWithin(at + 1, at, size++);
          break;
        default:
          size = Math.max(1, at);
      }
    }
    return buffer.subarray(0, size);
  };

  const readAt = (input: Uint8Array, longest: number): void => {
    const reader = new ZmtpReader();
    digest = flowing = outAt = 0;
    let at = 0;
    while (at < input.length) {
      const next = Math.min(input.length, at + 1 + below(longest));
      const items = reader.read(input.subarray(at, next));
      if (longest > 1000) {
        for (const { type } of items) {
          if (type === 'opaque') kinds.opaque++;
          else if (type === 'message') kinds.messages++;
        }
      }
      tally(items, input);
      at = next;
      if (outAt + reader.buffered !== at) wrongAt = at;
    }
    tally(reader.abandon('the end'), input);
    if (outAt !== input.length) wrongAt = outAt;
  };

  let read = 0;
  for (; read < INPUTS; read++) {
    const input = make();
    readAt(input, 1 << 16);
    const whole = digest;
    const wholeFlowing = flowing;
    readAt(input, below(2) ? 90 : 200);
    if (wrongAt >= 0 || digest !== whole || flowing !== wholeFlowing) {
      expect.fail(`input ${read} of seed ${SEED}, at ${wrongAt}: ${Buffer.from(input).toString('hex')}`);
    }
  }
  expect(read).toBe(INPUTS);
  expect(kinds.valid + kinds.mutated + kinds.noise).toBe(INPUTS);
  // The inputs reach what they are meant to reach.
  for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(INPUTS / 20);
}, 120_000);
