import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesFrame,
  controlFrame,
  frameBytes,
  kindOnLink,
  readControl,
  readRequestBody,
  splitEnvelope,
  writeRequestBody,
} from '../src/index.ts';

const frame = fc.string({ unit: 'binary', maxLength: 300 });

describe('what a message is', () => {
  test.each([
    ['backend', 'toQueue', ['\x01'], 'READY'],
    ['backend', 'toQueue', ['READY'], 'READY'],
    ['backend', 'toQueue', ['\x02'], 'HEARTBEAT'],
    ['backend', 'fromQueue', ['HEARTBEAT'], 'HEARTBEAT'],
    ['backend', 'toQueue', ['C', '', 'body'], 'REPLY'],
    ['backend', 'fromQueue', ['C', '', 'body'], 'REQUEST'],
    ['backend', 'toQueue', ['READY', 'READY'], 'REPLY'],
    ['frontend', 'toQueue', ['', 'body'], 'REQUEST'],
    ['frontend', 'fromQueue', ['', 'body'], 'REPLY'],
    ['frontend', 'toQueue', ['READY'], 'INVALID'],
    ['backend', 'toQueue', [], 'INVALID'],
  ] as const)('[F1] on the %s, %s, %j is a %s', (side, direction, frames, kind) => {
    expect(kindOnLink(side, direction, frames.length, frames[0] ?? '')).toBe(kind);
  });

  test('[F2] READY is 01 or READY, HEARTBEAT is 02 or HEARTBEAT', () => {
    expect(['rfc', 'text'].map((d) => controlFrame('READY', d as 'rfc'))).toEqual(['\x01', 'READY']);
    expect(['rfc', 'text'].map((d) => controlFrame('HEARTBEAT', d as 'rfc'))).toEqual(['\x02', 'HEARTBEAT']);
    for (const dialect of ['rfc', 'text'] as const) {
      for (const control of ['READY', 'HEARTBEAT'] as const) {
        expect(readControl(controlFrame(control, dialect))).toEqual({ control, dialect });
      }
    }
  });

  test.each(['', 'ready', '\x03', '\x01\x01', 'HEARTBEAT ', '\x00'])('[F7] %j alone says nothing', (text) => {
    expect(readControl(text)).toBeUndefined();
    expect(kindOnLink('backend', 'toQueue', 1, text)).toBe('INVALID');
  });
});

describe('envelopes', () => {
  test('[F3] the split is at the first empty frame, wherever others follow', () => {
    expect(splitEnvelope(['C', '\x00\x00\x00\x01', '', 'a', '', 'b'])).toEqual({
      stack: ['C', '\x00\x00\x00\x01'],
      body: ['a', '', 'b'],
    });
    expect(splitEnvelope(['', 'body'])).toEqual({ stack: [], body: ['body'] });
    expect(splitEnvelope(['C', ''])).toEqual({ stack: ['C'], body: [] });
    expect(splitEnvelope(['no', 'delimiter'])).toBeUndefined();
  });

  test('[F3] stack, delimiter and body together are the message', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (message) => {
        const envelope = splitEnvelope(message);
        if (envelope) expect([...envelope.stack, '', ...envelope.body]).toEqual(message);
        else expect(message).not.toContain('');
      }),
    );
  });
});

test('[F4] frames are bytes: any length, any value, there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      expect(frameBytes(bytesFrame(bytes))).toEqual(bytes);
    }),
    { numRuns: 50 },
  );
  const body = `@${'\xff'.repeat(32)}`;
  expect(bytesFrame(frameBytes(body))).toBe(body);
});

test('[F6] no input throws, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(frame, fc.constantFrom('{"c":"', '{"c":"x","n":1}', '')), { maxLength: 6 }),
      (message) => {
        for (const side of ['frontend', 'backend'] as const) {
          for (const direction of ['toQueue', 'fromQueue'] as const) {
            kindOnLink(side, direction, message.length, message[0] ?? '');
          }
        }
        splitEnvelope(message);
        for (const each of message) {
          readControl(each);
          readRequestBody(each);
        }
      },
    ),
  );
});

test('[C1] a request body is the same bytes on every try, and is read back', () => {
  const body = { c: 'client-1', n: 7 };
  expect(writeRequestBody({ n: 7, c: 'client-1' })).toBe(writeRequestBody(body));
  expect(readRequestBody(writeRequestBody(body))).toEqual(body);
});

test.each(['', 'hello', '{"c":"x"}', '{"c":1,"n":1}', '{"c":"x","n":1.5}', `{"c":"${'x'.repeat(200)}","n":1}`])(
  '%j is not the body of one of our requests',
  (text) => {
    expect(readRequestBody(text)).toBeUndefined();
  },
);
