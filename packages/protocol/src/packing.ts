// Consecutive facts to bytes and back: what goes over the stream's wire. Reading is the check at that boundary [S4]: whatever the
// bytes are, out come facts that fit their schemas or one reason why not; nothing throws, and nothing grows beyond the bytes' own size.
//
// A block: version, how many, the first number, the texts; then each fact as its type, its time since the one before, its fields.

import type { TraceEvent } from './events.ts';
import { ByteReader, ByteWriter } from './packing-bytes.ts';
import { readFact, readTime, typeNumber, writeFact, writeTime } from './packing-fact.ts';
import { readTexts, Texts } from './packing-texts.ts';

/** Of the layout of a block; of the facts themselves TRACE_VERSION speaks. */
const BLOCK_VERSION = 1;

export type Unpacked =
  | { readonly ok: true; readonly events: TraceEvent[] }
  | { readonly ok: false; readonly why: string };

/** The facts' numbers must be consecutive; fields that are `undefined` are left out. */
export function pack(events: readonly TraceEvent[]): Uint8Array<ArrayBuffer> {
  const texts = new Texts();
  const facts = new ByteWriter(events.length * 24);
  const first = events[0]?.seq ?? 0;
  let t = 0;
  events.forEach((event, i) => {
    if (event.seq !== first + i) throw new RangeError(`fact ${event.seq} in the place of ${first + i}`);
    facts.byte(typeNumber(event.type));
    writeTime(event.t, t, facts);
    writeFact(event, facts, texts);
    t = event.t;
  });
  const block = new ByteWriter(facts.length + 1024);
  block.byte(BLOCK_VERSION);
  block.count(events.length);
  block.count(first);
  texts.write(block);
  block.raw(facts.view());
  return block.take();
}

export function unpack(bytes: Uint8Array): Unpacked {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== BLOCK_VERSION) reader.fail('not a block of this version');
  const count = reader.count();
  const first = reader.count();
  const texts = readTexts(reader);
  if (count > reader.left || !Number.isSafeInteger(first + count)) reader.fail('too many facts');
  const events: TraceEvent[] = [];
  let t = 0;
  for (let i = 0; i < count && reader.fault === undefined; i++) {
    const type = reader.byte();
    t = readTime(t, reader);
    events.push(readFact(type, first + i, t, reader, texts));
  }
  if (reader.left > 0) reader.fail('something follows the last fact');
  return reader.fault === undefined ? { ok: true, events } : { ok: false, why: reader.fault };
}
