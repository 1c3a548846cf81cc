// Facts for the tests of packing: any that fit the schemas, made from the schemas themselves, and those of a simulated run.

import fc from 'fast-check';
import { type Fact, Recorder, TraceEvent } from '../src/index.ts';
import { World } from '../src/sim/index.ts';

interface Schema {
  readonly type: string;
  readonly pipe?: readonly { readonly type: string }[];
  readonly options?: readonly unknown[];
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly literal?: unknown;
}

const anyText = fc.oneof(
  fc.constantFrom('', 'worker-1', 'queue', '\u0000\u0001', '\ud800', 'Zähler', '心跳'),
  fc.string({ unit: 'binary' }),
);
const safe = fc.oneof(
  fc.integer({ min: -70, max: 20_000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
);
const size = safe.map((n) => Math.abs(n));
const least = Number.MIN_SAFE_INTEGER;

function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const actions = schema.pipe?.map(({ type }) => type) ?? [];
  switch (schema.type) {
    case 'string':
      return anyText;
    case 'boolean':
      return fc.boolean();
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
      return fc.constantFrom(...(schema.options ?? []));
    case 'array':
      return fc.array(arbitraryOf(schema.item as Schema), { maxLength: 6 });
    case 'nullable':
      return fc.option(arbitraryOf(schema.wrapped as Schema), { nil: null });
    case 'optional':
      return fc.option(arbitraryOf(schema.wrapped as Schema), { nil: undefined });
    case 'number':
      if (actions.includes('safe_integer'))
        return actions.includes('min_value') ? size : fc.oneof(safe, fc.constant(least));
      if (actions.includes('finite'))
        return fc.oneof(size, fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }));
      return fc.double({ noNaN: true });
  }
  throw new TypeError(`no arbitrary for ${schema.type}`);
}

const anyFact = fc.oneof(
  ...TraceEvent.options.map(({ entries }) =>
    fc.record(
      Object.fromEntries(Object.entries(entries).map(([name, schema]) => [name, arbitraryOf(schema as Schema)])),
    ),
  ),
) as unknown as fc.Arbitrary<TraceEvent>;

/** Consecutive numbers, as a recorder gives them; times as they come, also backwards. */
export const anyFacts: fc.Arbitrary<TraceEvent[]> = fc
  .tuple(fc.nat(), fc.array(anyFact, { maxLength: 30 }))
  .map(([first, facts]) => facts.map((fact, i) => ({ ...fact, seq: first + i })));

/** Without the fields that are `undefined`: those are absent in a trace. */
export const defined = (events: readonly TraceEvent[]): TraceEvent[] =>
  events.map((event) => Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as never);

export function simulated(workers: number, clients: number, seconds: number, seed = 5): TraceEvent[] {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const ground = {
    rules: 'robust',
    ...{ heartbeatIntervalMs: 1000, liveness: 3, delayMs: 20, jitterMs: 10 },
    ...{ reconnectInitialMs: 1000, reconnectMaxMs: 32_000 },
  } as const;
  const onFact = (fact: Fact): void => {
    events.push(...recorder.record(fact));
  };
  const world = new World({ seed, ground, onFact });
  for (let i = 1; i <= workers; i++) {
    world.plan(i * 23, {
      type: 'worker.add',
      ...{ peer: `worker-${i}`, workMs: 200, crashChance: 0.02, overloadChance: 0.01 },
    });
  }
  for (let i = 1; i <= clients; i++) world.plan(i * 61, { type: 'client.add', peer: `client-${i}`, everyMs: 40 });
  const drop = { id: 'f1', kind: 'drop', selector: { kind: 'HEARTBEAT', probability: 0.3 }, seed: 1 } as const;
  world.plan(seconds * 300, { type: 'fault.apply', link: 'worker-1', fault: drop });
  world.plan(seconds * 400, { type: 'process.kill', peer: 'worker-2' });
  world.plan(seconds * 500, { type: 'process.pause', peer: 'worker-1' });
  world.plan(seconds * 700, { type: 'heal.all' });
  world.runUntil(seconds * 1e6);
  return events;
}
