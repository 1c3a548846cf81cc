// One fact's fields to bytes and back. Its number, time and type stand elsewhere: a block and a log keep them in ways of their own.

import type { EventType, TraceEvent } from './events.ts';
import type { ByteReader, ByteWriter } from './packing-bytes.ts';
import { type Field, LAYOUTS, TYPE_NUMBERS } from './packing-fields.ts';
import type { Texts } from './packing-texts.ts';

type Values = Record<string, unknown>;

export const typeNumber = (type: EventType): number => TYPE_NUMBERS.get(type) as number;

/** How many types there are; their numbers are below this. */
export const TYPE_COUNT = LAYOUTS.length;

export function writeFact(event: TraceEvent, writer: ByteWriter, texts: Texts): void {
  const values = event as unknown as Values;
  for (const fields of LAYOUTS[typeNumber(event.type)]?.parts ?? []) {
    writer.count(headOf(fields, values));
    for (const field of fields) {
      const value = values[field.name];
      if (value !== undefined && value !== null) writeValue(field, value, event.t, writer, texts);
    }
  }
}

function headOf(fields: readonly Field[], values: Values): number {
  let head = 0;
  let bit = 0;
  for (const field of fields) {
    const value = values[field.name];
    if (field.optional) {
      if (value !== undefined) head |= 1 << bit;
      bit++;
      if (value === undefined) continue;
    }
    if (field.nullable) {
      if (value !== null) head |= 1 << bit;
      bit++;
      if (value === null) continue;
    }
    if (field.kind === 'flag') {
      if (value === true) head |= 1 << bit;
      bit++;
    } else if (field.kind === 'choice') {
      head |= field.choices.indexOf(value) << bit;
      bit += field.bits;
    }
  }
  return head;
}

function writeValue(field: Field, value: unknown, t: number, writer: ByteWriter, texts: Texts): void {
  switch (field.kind) {
    case 'text':
      return writer.count(texts.number(value as string));
    case 'count':
      return writer.count(value as number);
    case 'time':
      return writeTime(value as number, t, writer);
    case 'list': {
      const values = value as readonly unknown[];
      writer.count(values.length);
      for (const one of values) writeValue(field.item as Field, one, t, writer, texts);
      return;
    }
    case 'int':
      return writer.signed((value as number) + 0);
    case 'number':
      return writeNumber(value as number, writer);
  }
}

/** As its distance from another time, or −0 and the time itself where the two are too far apart for that. */
export function writeTime(at: number, from: number, writer: ByteWriter): void {
  const distance = at - from;
  if (Number.isSafeInteger(distance)) return writer.signed(distance + 0);
  writer.signed(-0);
  writer.signed(at);
}

export function readTime(from: number, reader: ByteReader): number {
  const distance = reader.signed();
  const at = Object.is(distance, -0) ? reader.signed() : from + distance;
  return Number.isSafeInteger(at) ? at : reader.fail('a time is out of range');
}

/** A float is marked by an odd number before it. */
function writeNumber(value: number, writer: ByteWriter): void {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 52 && !Object.is(value, -0)) return writer.count(value * 2);
  writer.count(1);
  writer.float(value);
}

function readNumber({ least, finite }: Field, reader: ByteReader): number {
  const head = reader.count();
  const value = head % 2 === 0 ? head / 2 : head === 1 ? reader.float() : Number.NaN;
  return value >= least && (!finite || Number.isFinite(value)) ? value : reader.fail('a number is out of range');
}

/** A fact that fits the schema; when `reader.fault` is set it is none, and not to be used. */
export function readFact(
  type: number,
  seq: number,
  t: number,
  reader: ByteReader,
  texts: readonly string[],
): TraceEvent {
  const layout = LAYOUTS[type];
  if (!layout) reader.fail('an unknown type');
  const values: Values = { seq, t, type: layout?.type };
  for (const fields of layout?.parts ?? []) readPart(fields, values, t, reader, texts);
  return values as unknown as TraceEvent;
}

function readPart(
  fields: readonly Field[],
  values: Values,
  t: number,
  reader: ByteReader,
  texts: readonly string[],
): void {
  let head = reader.count();
  if (head >= 2 ** 30) reader.fail('a head is too large');
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    if (field.optional) {
      const here = head & 1;
      head >>>= 1;
      if (here === 0) continue;
    }
    if (field.nullable) {
      const here = head & 1;
      head >>>= 1;
      if (here === 0) {
        values[field.name] = null;
        continue;
      }
    }
    if (field.kind === 'flag') {
      values[field.name] = (head & 1) === 1;
      head >>>= 1;
    } else if (field.kind === 'choice') {
      const choice = field.choices[head & ((1 << field.bits) - 1)];
      head >>>= field.bits;
      values[field.name] = choice ?? reader.fail('no such choice');
    } else values[field.name] = readValue(field, t, reader, texts);
  }
}

function readValue(field: Field, t: number, reader: ByteReader, texts: readonly string[]): unknown {
  switch (field.kind) {
    case 'text':
      return texts[reader.count()] ?? reader.fail('no such text');
    case 'count':
      return reader.count();
    case 'time':
      return readTime(t, reader);
    case 'list':
      return readList(field.item as Field, t, reader, texts);
    case 'int': {
      const value = reader.signed();
      return value >= field.least ? value + 0 : reader.fail('a number is out of range');
    }
    case 'number':
      return readNumber(field, reader);
    case 'only':
      return field.choices[0];
  }
  return undefined;
}

function readList(item: Field, t: number, reader: ByteReader, texts: readonly string[]): unknown[] {
  const count = reader.count();
  if (count > reader.left) reader.fail('a list is too long');
  const values: unknown[] = [];
  for (let i = 0; i < count && reader.fault === undefined; i++) values.push(readValue(item, t, reader, texts));
  return values;
}
