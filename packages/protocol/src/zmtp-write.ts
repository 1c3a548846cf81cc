// Writing ZMTP 3.x (RFC 23, 37): for a READY with a filled Identity, and for tests that speak by hand.

import { type Frame, frameBytes, type Message } from './frames.ts';
import { COMMAND, GREETING_SIZE, LONG, MORE } from './zmtp.ts';
import type { Properties } from './zmtp-command.ts';

export interface GreetingFields {
  readonly major?: number;
  readonly minor?: number;
  readonly mechanism?: string;
  readonly asServer?: boolean;
}

export function writeGreeting(fields: GreetingFields = {}): Uint8Array {
  const bytes = new Uint8Array(GREETING_SIZE);
  bytes[0] = 0xff;
  // To ZMTP 1.0 the signature reads as the head of an identity frame: libzmq writes its length, counted with the flags, and so do we.
  bytes[8] = 1;
  bytes[9] = 0x7f;
  bytes[10] = fields.major ?? 3;
  bytes[11] = fields.minor ?? 1;
  bytes.set(frameBytes((fields.mechanism ?? 'NULL').slice(0, 20)), 12);
  bytes[32] = fields.asServer ? 1 : 0;
  return bytes;
}

/** One frame as it goes over the wire; bodies over 255 bytes get the long size. */
export function writeFrame(flags: number, body: Uint8Array): Uint8Array {
  const long = body.length > 255;
  const header = long ? 9 : 2;
  const bytes = new Uint8Array(header + body.length);
  bytes[0] = flags | (long ? LONG : 0);
  if (long) new DataView(bytes.buffer).setBigUint64(1, BigInt(body.length));
  else bytes[1] = body.length;
  bytes.set(body, header);
  return bytes;
}

/** `rest` is the body after the name, as text. */
export const writeCommand = (name: string, rest: Frame): Uint8Array =>
  writeFrame(COMMAND, frameBytes(String.fromCharCode(name.length) + name + rest));

export function writeReady(properties: Properties): Uint8Array {
  let rest = '';
  for (const [name, value] of properties) {
    const size = value.length;
    rest += String.fromCharCode(name.length) + name;
    rest += String.fromCharCode((size >>> 24) & 255, (size >>> 16) & 255, (size >>> 8) & 255, size & 255) + value;
  }
  return writeCommand('READY', rest);
}

export const writePing = (ttlDeciseconds: number, context: Frame): Uint8Array =>
  writeCommand('PING', String.fromCharCode(ttlDeciseconds >>> 8, ttlDeciseconds & 255) + context);

/** All frames of one message, each but the last with MORE. */
export const writeMessage = (frames: Message): Uint8Array => writeFrames(frames.map(frameBytes));

/** The same of frames that are bytes. */
export function writeFrames(frames: readonly Uint8Array[]): Uint8Array {
  const written = frames.map((frame, i) => writeFrame(i < frames.length - 1 ? MORE : 0, frame));
  const bytes = new Uint8Array(written.reduce((size, frame) => size + frame.length, 0));
  let at = 0;
  for (const frame of written) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}
