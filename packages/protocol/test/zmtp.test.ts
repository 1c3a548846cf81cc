import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesFrame,
  COMMAND,
  LONG,
  MAX_FRAME_BYTES,
  type Message,
  type MessageItem,
  MORE,
  peekFrame,
  property,
  withProperty,
  writeCommand,
  writeFrame,
  writeGreeting,
  writeMessage,
  writePing,
  writeReady,
  type ZmtpItem,
  ZmtpReader,
} from '../src/index.ts';
import { framesOf, joined, plain, rawBytes, readSplit } from './zmtp-streams.ts';

const ready = writeReady([
  ['Socket-Type', 'DEALER'],
  ['Identity', ''],
]);
const opening = joined(writeGreeting(), ready);
const types = (items: readonly ZmtpItem[]) => items.map((item) => item.type);
const reasons = (items: readonly ZmtpItem[]) => items.flatMap((item) => (item.type === 'opaque' ? [item.reason] : []));
const read = (...parts: readonly Uint8Array[]) => readSplit(joined(...parts), []);

// What a DEALER of libzmq 4.3.5 sent with the routing id "w1", then READY of the pattern, then a request.
const CAPTURED =
  'ff00000000000000037f' +
  '0301' +
  '4e554c4c00000000000000000000000000000000' +
  '00'.repeat(32) +
  '042b055245414459' +
  '0b536f636b65742d54797065000000064445414c4552' +
  '084964656e74697479000000027731' +
  '000101' +
  '010263310100000568656c6c6f';

const frame = fc
  .oneof({ weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }) }, fc.uint8Array({ minLength: 250, maxLength: 260 }))
  .map(bytesFrame);
const message = fc.array(frame, { minLength: 1, maxLength: 6 });
const wire = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: message.map((frames) => writeMessage(frames)) },
      fc.constant(writePing(30, 'ctx')),
      fc.constant(writeCommand('PONG', 'ctx')),
      fc.constant(writeCommand('SUBSCRIBE', 'topic')),
    ),
    { maxLength: 8 },
  )
  .map((parts) => joined(opening, ...parts));

describe('reading', () => {
  test('[Z1] the bytes of a real peer: greeting, READY, a control message and a request', () => {
    const items = readSplit(Uint8Array.from(Buffer.from(CAPTURED, 'hex')), []);
    expect(types(items)).toEqual(['greeting', 'greeted', 'ready', 'message', 'message']);
    expect(items[1]).toMatchObject({ version: '3.1', mechanism: 'NULL', asServer: false });
    expect(items[2]).toMatchObject({
      properties: [
        ['Socket-Type', 'DEALER'],
        ['Identity', 'w1'],
      ],
    });
    expect(framesOf(items[3])).toEqual(['\x01']);
    expect(framesOf(items[4])).toEqual(['c1', '', 'hello']);
  });

  test('[Z1] any split of any stream gives the same items', () => {
    fc.assert(
      fc.property(wire, fc.array(fc.nat(2000), { maxLength: 20 }), (bytes, places) => {
        const whole = plain(readSplit(bytes, []));
        const cuts = places.map((place) => place % (bytes.length + 1));
        expect(plain(readSplit(bytes, cuts))).toEqual(whole);
      }),
    );
  });

  test('[Z1] byte by byte gives the same items', () => {
    fc.assert(
      fc.property(wire, (bytes) => {
        const cuts = Array.from(bytes, (_, i) => i);
        expect(plain(readSplit(bytes, cuts))).toEqual(plain(readSplit(bytes, [])));
      }),
      { numRuns: 30 },
    );
  });

  test('[Z1] messages come back as they were written, whatever their frames', () => {
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const items = read(opening, ...messages.map((frames) => writeMessage(frames)));
        expect(items.filter((item) => item.type === 'message').map(framesOf)).toEqual(messages);
      }),
    );
  });

  test('[Z1] an ERROR gives its reason', () => {
    const items = read(writeGreeting(), writeCommand('ERROR', '\x06no way'));
    expect(items.at(-1)).toMatchObject({ type: 'error', reason: 'no way' });
  });

  test('[Z2] the bytes of the items, joined, are what went in, also of noise', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(wire, fc.uint8Array({ maxLength: 200 })).map(([head, tail]) => joined(head, tail)),
    );
    fc.assert(
      fc.property(noise, fc.array(fc.nat(500), { maxLength: 10 }), (bytes, places) => {
        const reader = new ZmtpReader();
        const items: ZmtpItem[] = [];
        let from = 0;
        for (const cut of places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)) {
          items.push(...reader.read(bytes.subarray(from, cut)));
          from = cut;
        }
        items.push(...reader.read(bytes.subarray(from)), ...reader.abandon('the end'));
        expect(rawBytes(items)).toEqual(bytes);
        expect(reader.buffered).toBe(0);
      }),
    );
  });

  test('[Z2] a message of 2 MiB in single bytes keeps few views and all its bytes', () => {
    const body = new Uint8Array(2 << 20).map((_, i) => i * 31);
    const bytes = joined(opening, writeFrame(0, body));
    const reader = new ZmtpReader();
    let last: ZmtpItem | undefined;
    for (let at = 0; at < bytes.length; at++) last = reader.read(bytes.subarray(at, at + 1))[0] ?? last;
    expect(last?.type).toBe('message');
    expect(last?.raw.length).toBeLessThan(200);
    expect(Buffer.compare(rawBytes(last ? [last] : []), writeFrame(0, body))).toBe(0);
  });

  test('[Z3] the greeting passes as its bytes come', () => {
    const reader = new ZmtpReader();
    const greeting = writeGreeting();
    const sizes = [greeting.subarray(0, 10), greeting.subarray(10, 11), greeting.subarray(11)].map((stage) =>
      reader.read(stage).map((item) => [item.type, item.size]),
    );
    expect(sizes).toEqual([
      [['greeting', 10]],
      [['greeting', 1]],
      [
        ['greeting', 53],
        ['greeted', 0],
      ],
    ]);
  });

  test('[Z1] the first bytes of a frame are there on demand, across chunks too', () => {
    const bytes = joined(opening, writeMessage(['id', '', 'a longer body']));
    for (let cut = opening.length; cut <= bytes.length; cut++) {
      const item = readSplit(bytes, [cut]).at(-1) as MessageItem;
      expect(item.sizes).toEqual([2, 0, 13]);
      expect([0, 1, 2, 3].map((i) => bytesFrame(peekFrame(item, i, 8)))).toEqual(['id', '', 'a longer', '']);
    }
  });
});

describe('what cannot be read', () => {
  const header = (flags: number, size: bigint): Uint8Array => {
    const bytes = new Uint8Array(9);
    bytes[0] = flags | LONG;
    new DataView(bytes.buffer).setBigUint64(1, size);
    return bytes;
  };
  const endless = Array.from({ length: 1025 }, (): Uint8Array => writeFrame(MORE, new Uint8Array(1)));
  const cases: [name: string, bytes: Uint8Array, reason: string][] = [
    ['ZMTP 1.0', joined(Uint8Array.of(1, 0, 6, 0), new Uint8Array(100)), 'ZMTP 1.0'],
    ['ZMTP 1.0 with a long first frame', joined(Uint8Array.of(0xff), new Uint8Array(100)), 'ZMTP 1.0'],
    ['ZMTP 2.0', joined(writeGreeting().subarray(0, 10), Uint8Array.of(1, 5, 0, 0)), 'ZMTP 2.0'],
    ['CURVE', joined(writeGreeting({ mechanism: 'CURVE' }), new Uint8Array(200)), 'mechanism CURVE'],
    ['PLAIN', joined(writeGreeting({ mechanism: 'PLAIN' }), new Uint8Array(200)), 'mechanism PLAIN'],
    ['a frame of 16 MiB and a byte', joined(opening, header(0, BigInt(MAX_FRAME_BYTES) + 1n)), 'frame over 16 MiB'],
    ['a frame of 2^64 - 1 bytes', joined(opening, header(0, 2n ** 64n - 1n)), 'frame over 16 MiB'],
    ['1,025 frames', joined(opening, ...endless), 'message over 1,024 frames'],
    ['a large command', joined(opening, header(COMMAND, 70_000n), new Uint8Array(9)), 'command over 64 KiB'],
    ['a message before READY', joined(writeGreeting(), writeMessage(['\x01'])), 'message before READY'],
    ['a command without a name', joined(writeGreeting(), writeFrame(COMMAND, new Uint8Array())), 'malformed command'],
    ['READY cut short', joined(writeGreeting(), writeCommand('READY', '\x08Identity\0\0\0\x09x')), 'malformed command'],
  ];
  test.each(cases)('[Z4] %s turns opaque with a reason, and its bytes keep flowing', (_, bytes, reason) => {
    const tail = joined(bytes, Uint8Array.of(1, 2, 3));
    for (const cuts of [[], Array.from(tail, (_, i) => i)]) {
      const items = readSplit(tail, cuts);
      expect(reasons(items)).toEqual([reason]);
      expect(items.at(-1)?.type).toBe('bytes');
      expect(Buffer.compare(rawBytes(items), tail)).toBe(0);
    }
    expect(plain(readSplit(tail, [...Array.from(tail, (_, i) => i)]))).toEqual(plain(readSplit(tail, [])));
  });

  test('[Z4] exactly 16 MiB and exactly 1,024 frames are still read', () => {
    const body = new Uint8Array(MAX_FRAME_BYTES);
    const items = read(opening, header(0, BigInt(body.length)), body, ...endless.slice(2), writeMessage(['end']));
    expect(items.slice(3).map((item) => item.type === 'message' && item.sizes.length)).toEqual([1, 1024]);
  });

  test('[Z4] what one message can hold is bounded, with commands between its frames too', () => {
    const body = new Uint8Array(1 << 20);
    const reader = new ZmtpReader();
    reader.read(opening);
    let size = 0;
    for (let i = 0; i < 40; i++) {
      const bytes =
        i % 2 ? writeFrame(MORE, body) : joined(...Array(16).fill(writeFrame(COMMAND, body.subarray(0, 1 << 16))));
      size += bytes.length;
      const items = reader.read(bytes);
      if (reasons(items).length > 0) {
        expect(reasons(items)).toEqual(['message over 32 MiB']);
        expect(size).toBeLessThan(36 << 20);
        expect(reader.buffered).toBe(0);
        return;
      }
    }
    expect.unreachable();
  });

  test('[Z4] a direction abandoned in the middle of a message gives back the bytes it held', () => {
    const reader = new ZmtpReader();
    const half = writeMessage(['abc', 'def']).subarray(0, 7);
    reader.read(joined(opening, half));
    const items = reader.abandon('ZMTP 2.0');
    expect(reasons(items)).toEqual(['ZMTP 2.0']);
    expect(rawBytes(items)).toEqual(half);
    expect(reader.abandon('again')).toEqual([]);
    expect(types(reader.read(Uint8Array.of(9)))).toEqual(['bytes']);
  });
});

describe('commands and flags', () => {
  test('[Z5] PING has its time to live and context, PONG its context', () => {
    const items = read(opening, writePing(300, 'over here'), writeCommand('PONG', 'over here'), writePing(0, ''));
    expect(items.slice(3)).toMatchObject([
      { type: 'command', name: 'PING', ttlDeciseconds: 300, context: 'over here' },
      { type: 'command', name: 'PONG', context: 'over here' },
      { type: 'command', name: 'PING', ttlDeciseconds: 0, context: '' },
    ]);
  });

  test('[Z5] a PING between the frames of a message stays in its bytes and is none of its frames', () => {
    const bytes = joined(writeFrame(MORE, Buffer.from('id')), writePing(1, 'x'), writeFrame(0, Buffer.from('body')));
    const [item, ...others] = read(opening, bytes).slice(3);
    expect(others).toEqual([]);
    expect(framesOf(item)).toEqual(['id', 'body']);
    expect(rawBytes(item ? [item] : [])).toEqual(bytes);
  });

  test('[Z6] reserved flag bits change nothing, nor does a long size for a short frame', () => {
    const short = writeFrame(MORE | 0xf8, Buffer.from('id'));
    const long = joined(Uint8Array.of(LONG | 0xf8, 0, 0, 0, 0, 0, 0, 0, 2), Buffer.from('ok'));
    const command = Uint8Array.from(writePing(5, 'c'));
    command[0] = COMMAND | MORE | 0xf8;
    const items = read(opening, short, long, command).slice(3);
    expect(types(items)).toEqual(['message', 'command']);
    expect(framesOf(items[0])).toEqual(['id', 'ok']);
  });
});

describe('writing', () => {
  test('[Z1] a READY with a filled Identity reads back, the other properties in their places', () => {
    const before = [
      ['Socket-Type', 'REQ'],
      ['identity', ''],
      ['X-Own', '\0\xff'],
    ] as const;
    const filled = withProperty(before, 'Identity', 'guest-1');
    const item = read(writeGreeting(), writeReady(filled)).at(-1);
    expect(item).toMatchObject({ properties: [before[0], ['identity', 'guest-1'], before[2]] });
    expect(property(filled, 'IDENTITY')).toBe('guest-1');
    expect(property(withProperty([], 'Identity', 'g'), 'Identity')).toBe('g');
  });

  test('[Z1] frames of 255 and 256 bytes take the short and the long size', () => {
    const sizes = [0, 255, 256, 70_000];
    const frames: Message = sizes.map((size) => 'x'.repeat(size));
    const item = read(opening, writeMessage(frames)).at(-1);
    expect(framesOf(item)).toEqual(frames);
    expect(item?.size).toBe(2 + 257 + 265 + 70_009);
  });
});
