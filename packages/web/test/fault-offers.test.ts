// What the forms make of their fields is always a command that the bridge understands, and says what was meant.

import { type FaultParams, type MessageState, readCommand } from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyCommand,
  arrowOf,
  type Draft,
  heldBy,
  kindsFor,
  LASTING,
  needsReading,
  newDraft,
  ONCE,
  onceCommand,
  stepFor,
  WHICH,
} from '../src/model/fault-offers.ts';
import { shareLeft } from '../src/model/fault-time.ts';

const draft: fc.Arbitrary<Draft> = fc
  .record({
    direction: fc.constantFrom('toQueue' as const, 'fromQueue' as const, null),
    which: fc.constantFrom(...WHICH),
    number: fc.option(fc.integer({ min: 1, max: 100 })),
    extraMs: fc.option(fc.integer({ min: 0, max: 10_000 })),
    jitterMs: fc.option(fc.integer({ min: 0, max: 5000 })),
    copies: fc.option(fc.integer({ min: 1, max: 10 })),
    bytesPerSecond: fc.option(fc.integer({ min: 100, max: 125_000_000 })),
    distribution: fc.constantFrom('uniform' as const, 'normal' as const, 'pareto' as const),
    damage: fc.constantFrom('payload' as const, 'type' as const, 'envelope' as const, 'structure' as const),
    cut: fc.constantFrom('stopped' as const, 'jammed' as const, 'refused' as const),
    ttlS: fc.option(fc.integer({ min: 1, max: 3600 })),
    pinned: fc.boolean(),
  })
  .map((part) => ({ ...newDraft(), ...part }));

describe('the form of a fault', () => {
  test('[S4] [L9] makes a command that is understood, of every kind and with every knob', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LASTING),
        fc.constantFrom('worker', 'client'),
        draft,
        fc.nat(),
        (kind, role, of, n) => {
          const kinds = [null, ...kindsFor(kind, role as 'worker' | 'client')];
          const message = kinds[n % kinds.length] ?? null;
          expect(readCommand(applyCommand(kind, 'worker-1', { ...of, message }))).not.toHaveProperty('malformed');
        },
      ),
    );
  });

  test('says what was asked for, and nothing that was not', () => {
    const plain = applyCommand('drop', 'worker-1', newDraft());
    expect(plain).toEqual({ type: 'fault.apply', link: 'worker-1', kind: 'drop', ttlMs: 60_000 });
    const chosen: Draft = {
      ...newDraft(),
      ...{ direction: 'toQueue', message: 'HEARTBEAT', which: 'probability', number: 25, pinned: true },
    };
    expect(applyCommand('drop', 'worker-1', chosen)).toMatchObject({
      ...{ direction: 'toQueue', message: 'HEARTBEAT', probability: 0.25, ttlMs: null },
    } satisfies Partial<FaultParams> & object);
    expect(applyCommand('hang', 'worker-1', chosen)).toEqual({
      ...{ type: 'fault.apply', link: 'worker-1', kind: 'hang', ttlMs: null },
    });
  });

  test('what strikes once is understood as well', () => {
    for (const kind of ONCE) expect(readCommand(onceCommand(kind, 'client-1'))).not.toHaveProperty('malformed');
  });

  test('[L13] an unreadable link is offered the connection alone', () => {
    const left = [...LASTING, ...ONCE].filter((kind) => !needsReading(kind));
    expect(left).toEqual(['partition', 'hang', 'reset', 'close']);
  });
});

test('an arrow points as the picture does: a client stands left of the queue, a worker right of it', () => {
  expect([arrowOf('client', 'toQueue'), arrowOf('worker', 'toQueue'), arrowOf('worker', null)]).toEqual([
    '→',
    '←',
    '↔',
  ]);
});

test('[L10] the ring runs from whole to nothing; pinned, there is none', () => {
  const fault = { appliedAt: 1_000_000, untilAt: 5_000_000 } as Parameters<typeof shareLeft>[0];
  expect([1e6, 2e6, 5e6, 9e6].map((t) => shareLeft(fault, t))).toEqual([1, 0.75, 0, 0]);
  expect(shareLeft({ ...fault, untilAt: null }, 2e6)).toBeNull();
});

test('a step lets the oldest go, and no other says that it can', () => {
  const held = (msg: number, ...by: string[]) => ({ msg, heldBy: by }) as MessageState;
  const messages = { 12: held(12, 'f2'), 7: held(7, 'f2'), 9: held(9) };
  expect(heldBy(messages, 'f2').map(({ msg }) => msg)).toEqual([7, 12]);
  expect([stepFor(messages, 7), stepFor(messages, 12), stepFor(messages, 9)]).toEqual([
    { fault: 'f2', first: true },
    { fault: 'f2', first: false },
    null,
  ]);
});
