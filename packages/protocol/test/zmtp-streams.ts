// Streams of ZMTP bytes for the tests: split, read, and told apart from what they should be.

import { expect } from 'vitest';
import { bytesFrame, type Message, type ZmtpItem, ZmtpReader } from '../src/index.ts';

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Reads the bytes cut at these places. */
export function readSplit(bytes: Uint8Array, cuts: readonly number[]): ZmtpItem[] {
  const reader = new ZmtpReader();
  const items: ZmtpItem[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    items.push(...reader.read(bytes.subarray(from, cut)));
    from = cut;
  }
  items.push(...reader.read(bytes.subarray(from)));
  const out = items.reduce((size, item) => size + item.size, 0);
  expect(out + reader.buffered).toBe(bytes.length);
  return items;
}

export const rawBytes = (items: readonly ZmtpItem[]): Uint8Array => joined(...items.flatMap((item) => item.raw));

/** The items with their bytes as text; what may be cut anywhere, greeting and opaque bytes, is joined. */
export function plain(items: readonly ZmtpItem[]): unknown[] {
  const out: { type: string; bytes: string }[] = [];
  for (const { raw, ...item } of items) {
    const bytes = bytesFrame(joined(...raw));
    const last = out.at(-1);
    if (last?.type === item.type && (item.type === 'greeting' || item.type === 'bytes')) last.bytes += bytes;
    else if (item.type === 'greeting' || item.type === 'bytes') out.push({ type: item.type, bytes });
    else out.push({ ...item, bytes });
  }
  return out;
}

/** The frames of a message item, whole. */
export function framesOf(item: ZmtpItem | undefined): Message {
  if (item?.type !== 'message') throw new Error(`no message but ${item?.type}`);
  const bytes = bytesFrame(joined(...item.raw));
  return item.sizes.map((size, i) => bytes.slice(item.starts[i] ?? 0, (item.starts[i] ?? 0) + size));
}
