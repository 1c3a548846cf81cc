// A state as bytes: what a seek starts from. The names of its fields are left out, since all peers, messages and so on have the same;
// texts are those of the facts around it. Of this page's making only, never read from elsewhere.

import { type ByteReader, type ByteWriter, readTime, type State, type Texts, writeTime } from '@crows-nest/protocol';

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** The low bits of the number that begins each value; what is above them is a size, a text's number or a shape's. */
const TAG = { null: 0, false: 1, true: 2, time: 3, float: 4, text: 5, list: 6, shape: 7 } as const;
const TAGS = 16;
const WHOLE = 8;
/** Of whole numbers up to here the tag holds the value; above it they are taken for times, by their distance from the state's. */
const SMALL = 2 ** 20;

interface Shape {
  readonly names: readonly string[];
  /** With all its names and no values: to fill in a copy is quicker than to add them one after the other. */
  readonly blank: Readonly<Record<string, unknown>>;
}

/** Kinds of objects, by the names of their fields. Few, and the same for every state. */
const shapes: Shape[] = [];
const shapeNumbers = new Map<string, number>();

/** Records by id, of which each entry says its own id: there the names are values. */
const ID_OF: Readonly<Record<string, string>> = {
  peers: 'peer',
  connections: 'conn',
  messages: 'msg',
  faults: 'fault',
};

export function writeState(state: State, writer: ByteWriter, texts: Texts): void {
  const plain: Record<string, Plain> = { ...(state as unknown as Record<string, Plain>) };
  for (const name in ID_OF) plain[name] = Object.values(plain[name] ?? {});
  writer.signed(state.t);
  writeValue(plain, state.t, writer, texts);
}

export function readState(reader: ByteReader, texts: readonly string[]): State {
  const state = readValue(reader.signed(), reader, texts) as Record<string, unknown>;
  for (const [name, id] of Object.entries(ID_OF)) {
    const entries: Record<string, unknown> = {};
    for (const entry of state[name] as Record<string, unknown>[]) entries[entry[id] as string] = entry;
    state[name] = entries;
  }
  return state as unknown as State;
}

function writeValue(value: Plain, t: number, writer: ByteWriter, texts: Texts): void {
  if (value === null) writer.count(TAG.null);
  else if (typeof value === 'number') writeNumber(value, t, writer);
  else if (typeof value === 'string') writer.count(texts.number(value) * TAGS + TAG.text);
  else if (typeof value === 'boolean') writer.count(value ? TAG.true : TAG.false);
  else if (Array.isArray(value)) {
    writer.count(value.length * TAGS + TAG.list);
    for (const one of value) writeValue(one, t, writer, texts);
  } else {
    const object = value as Readonly<Record<string, Plain>>;
    const shape = shapeOf(object);
    writer.count(shape * TAGS + TAG.shape);
    for (const name of shapes[shape]?.names ?? []) writeValue(object[name] as Plain, t, writer, texts);
  }
}

function writeNumber(value: number, t: number, writer: ByteWriter): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    writer.count(TAG.float);
    writer.float(value);
  } else if (value >= 0 && value < SMALL) writer.count(value * TAGS + WHOLE);
  else {
    writer.count(TAG.time);
    writeTime(value, t, writer);
  }
}

function shapeOf(object: Readonly<Record<string, Plain>>): number {
  const names = Object.keys(object);
  const key = names.join();
  const known = shapeNumbers.get(key);
  if (known !== undefined) return known;
  shapeNumbers.set(key, shapes.length);
  return shapes.push({ names, blank: Object.fromEntries(names.map((name) => [name, null])) }) - 1;
}

function readValue(t: number, reader: ByteReader, texts: readonly string[]): unknown {
  const head = reader.count();
  const size = Math.floor(head / TAGS);
  switch (head % TAGS) {
    case WHOLE:
      return size;
    case TAG.text:
      return texts[size];
    case TAG.time:
      return readTime(t, reader);
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.float:
      return reader.float();
    case TAG.list: {
      const list: unknown[] = [];
      for (let i = 0; i < size; i++) list.push(readValue(t, reader, texts));
      return list;
    }
    case TAG.shape: {
      const { names, blank } = shapes[size] as Shape;
      const object: Record<string, unknown> = { ...blank };
      for (let i = 0; i < names.length; i++) object[names[i] as string] = readValue(t, reader, texts);
      return object;
    }
  }
  return null;
}
