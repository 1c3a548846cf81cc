// The fields of each fact, read off the schemas of events.ts once at start: how each is written, and what it may be when it is read.
// What takes a few bits (is it there? which of five?) goes into one number at the head; the rest follows. Of a fact with more
// of that than one number holds, the fields come in parts, each with a head of its own.

import type * as v from 'valibot';
import { type EventType, TraceEvent } from './events.ts';

export type FieldKind = 'count' | 'int' | 'time' | 'number' | 'text' | 'choice' | 'flag' | 'only' | 'list';

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly optional: boolean;
  readonly nullable: boolean;
  /** Of a choice: what it chooses from. Of `only`: its one value. */
  readonly choices: readonly unknown[];
  /** Of a choice: its bits in the head. */
  readonly bits: number;
  readonly least: number;
  readonly finite: boolean;
  /** Of a list: what is in it, no choices and nothing optional. */
  readonly item: Field | undefined;
}

export interface Layout {
  readonly type: EventType;
  /** At least one. */
  readonly parts: readonly (readonly Field[])[];
}

/** What is read of a schema here. valibot's own types tell each kind apart, and here they are walked as one. */
interface Schema {
  readonly type: string;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
  readonly options?: readonly unknown[];
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly literal?: unknown;
}

/** Said by every fact itself, and so not a field of any. */
const COMMON = new Set(['seq', 't', 'type']);
/** So that a head is a small integer. */
const HEAD_BITS = 30;

const KINDS: Readonly<Record<string, FieldKind>> = {
  string: 'text',
  picklist: 'choice',
  boolean: 'flag',
  literal: 'only',
  array: 'list',
};

function fieldOf(name: string, schema: Schema, optional = false, nullable = false): Field {
  if (schema.type === 'optional' && schema.wrapped) return fieldOf(name, schema.wrapped, true, nullable);
  if (schema.type === 'nullable' && schema.wrapped) return fieldOf(name, schema.wrapped, optional, true);
  const actions = new Map(schema.pipe?.map(({ type, requirement }) => [type, requirement]));
  const kind = schema.type === 'number' ? numberKind(name, actions) : KINDS[schema.type];
  if (kind === undefined) throw new TypeError(`no packing for ${schema.type}, the schema of ${name}`);
  const choices = kind === 'only' ? [schema.literal] : (schema.options ?? []);
  const least = actions.get('min_value');
  return {
    ...{ name, kind, optional, nullable, choices },
    bits: Math.ceil(Math.log2(Math.max(1, choices.length))),
    least: typeof least === 'number' ? least : Number.NEGATIVE_INFINITY,
    finite: actions.has('finite'),
    item: schema.item && fieldOf(`${name}[]`, schema.item),
  };
}

function numberKind(name: string, actions: ReadonlyMap<string, unknown>): FieldKind {
  if (!actions.has('safe_integer')) return 'number';
  if (name.endsWith('At')) return 'time';
  return actions.get('min_value') === 0 ? 'count' : 'int';
}

const headBits = ({ optional, nullable, kind, bits }: Field): number =>
  Number(optional) + Number(nullable) + (kind === 'flag' ? 1 : bits);

function layoutOf(entries: v.ObjectEntries): Layout {
  const { literal } = entries.type as unknown as { literal: EventType };
  let part: Field[] = [];
  const parts = [part];
  let bits = 0;
  for (const [name, schema] of Object.entries(entries)) {
    if (COMMON.has(name)) continue;
    const field = fieldOf(name, schema as unknown as Schema);
    const { item } = field;
    if (item && (headBits(item) > 0 || item.kind === 'list')) {
      throw new TypeError(`no packing for ${item.name} of ${literal}`);
    }
    bits += headBits(field);
    if (bits > HEAD_BITS) {
      part = [];
      parts.push(part);
      bits = headBits(field);
    }
    part.push(field);
  }
  return { type: literal, parts };
}

/** By the number that stands for a type in bytes: its place in the schema. */
export const LAYOUTS: readonly Layout[] = TraceEvent.options.map(({ entries }) => layoutOf(entries));

export const TYPE_NUMBERS: ReadonlyMap<EventType, number> = new Map(LAYOUTS.map(({ type }, number) => [type, number]));
