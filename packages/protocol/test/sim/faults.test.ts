// The faults in the simulated world: each has a scenario, each is counted, and the account holds through all of them.

import { describe, expect, test } from 'vitest';
import {
  apply,
  CUTS,
  DAMAGES,
  type EventOf,
  emptyState,
  fold,
  LINK_FAULTS,
  ledgerBalances,
  PROCESS_FAULTS,
  PROFILES,
  type TraceEvent,
} from '../../src/index.ts';
import { atPace, playScenario, SCENARIOS, type Scenario } from '../../src/sim/index.ts';

const scenario = (name: string): Scenario => {
  const found = SCENARIOS.find((one) => one.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};
const played = (name: string): TraceEvent[] => playScenario(scenario(name));

describe('the scenarios', () => {
  const applied = SCENARIOS.flatMap((one) => playScenario(one)).filter(
    (e): e is EventOf<'fault.applied'> | EventOf<'fault.struck'> =>
      e.type === 'fault.applied' || e.type === 'fault.struck',
  );

  test('[L9] [P6] have each fault of the catalogue at least once', () => {
    const kinds = new Set<string>(applied.map(({ kind }) => kind));
    for (const kind of [...LINK_FAULTS, ...PROCESS_FAULTS, 'replay', 'reset', 'close']) expect(kinds).toContain(kind);
    const modes = new Set(applied.map((e) => (e.type === 'fault.applied' ? e.mode : undefined)));
    for (const mode of [...DAMAGES, ...CUTS]) expect(modes).toContain(mode);
    const ways = applied.flatMap((e) =>
      e.type === 'fault.applied' && e.kind === 'partition' && e.mode === 'refused' ? [e.direction] : [],
    );
    expect(new Set(ways)).toEqual(new Set([undefined, 'toQueue', 'fromQueue']));
  });

  test.each(SCENARIOS.map((one) => [one.name, one] as const))(
    '[T3] [T4] %s: the account holds at every fact',
    (_, one) => {
      const state = emptyState();
      for (const event of playScenario(atPace(one, 0.5))) {
        apply(state, event);
        if (!ledgerBalances(state)) expect.fail(`${JSON.stringify(state.ledger)} after ${JSON.stringify(event)}`);
      }
      expect(state.ledger.injected).toBeLessThanOrEqual(state.ledger.sent);
    },
  );
});

describe('the state', () => {
  /** As it is after the last fact of this type. */
  const upTo = (events: readonly TraceEvent[], type: TraceEvent['type']) =>
    fold(events.slice(0, events.findLastIndex((e) => e.type === type) + 1));

  test('[T2] knows each fault with its parameters, its end and its hits', () => {
    const events = played('fault-of-limited-time');
    const at = events.find((e) => e.type === 'fault.applied');
    const before = fold(
      events.slice(
        0,
        events.findIndex((e) => e.type === 'fault.healed'),
      ),
    );
    expect(before.faults.f1).toEqual({
      ...{ fault: 'f1', link: 'worker-1', level: 'link', kind: 'partition', direction: 'toQueue', message: null },
      params: { mode: 'stopped' },
      ...{ appliedAt: at?.t, untilAt: (at?.t ?? 0) + 1_500_000, hits: 1 },
    });
    expect(fold(events).faults).toEqual({});
  });

  test('[T2] knows what is held, and what was let go', () => {
    const events = played('reply-held');
    const held = upTo(events, 'message.held');
    expect(Object.values(held.messages).flatMap(({ heldBy }) => heldBy)).toEqual(['f1']);
    const released = upTo(events, 'message.released');
    expect(Object.values(released.messages).flatMap(({ heldBy }) => heldBy)).toEqual([]);
    expect(released.faults.f1?.hits).toBe(1);
  });

  test('[T2] knows what was damaged, what was made, and what was late', () => {
    const damaged = upTo(played('address-damaged'), 'message.corrupted');
    expect(Object.values(damaged.messages).map(({ damage }) => damage)).toContain('envelope');
    // A reply for nobody leaves its residue with whom it was for.
    const unrouted = upTo(played('address-damaged'), 'message.unrouted');
    expect(unrouted.peers['client-1']?.residues).toMatchObject([{ kind: 'REPLY', cause: 'router', count: 1 }]);
    const copied = upTo(played('request-duplicated'), 'message.duplicated');
    expect(Object.values(copied.messages).filter(({ copyOf }) => copyOf !== null)).toHaveLength(1);
    expect(copied.ledger.injected).toBe(1);
    const slow = played('narrow-link');
    expect(fold(slow).faults.f1?.hits).toBe(2);
    expect(slow.some((e) => e.type === 'message.entered' && e.slowedBy?.[0] === 'f1')).toBe(true);
    expect(PROFILES.satellite.delayMs).toBeGreaterThan(200);
  });

  test('[T6] a copy is of the journey of its original', () => {
    const events = played('request-duplicated');
    const hops = events.filter((e): e is EventOf<'message.entered'> => e.type === 'message.entered' && e.n === 1);
    const copy = hops.find((e) => e.copyOf !== undefined);
    expect(copy).toMatchObject({ kind: 'REQUEST', direction: 'fromQueue', journey: 1 });
    expect(hops.filter((e) => e.kind === 'REPLY' && e.link === 'worker-1').map((e) => e.journey)).toEqual([1, 1]);
  });

  test('[L12] a frozen process answers no PING, a busy one does', () => {
    const last = (name: string): [ping: number, pong: number] => {
      const { lastPingAt, lastPongAt } = upTo(played(name), 'worker.expired').peers['worker-1'] ?? {};
      return [lastPingAt ?? 0, lastPongAt ?? 0];
    };
    const [asked, answered] = last('overloaded-worker');
    expect(answered).toBeGreaterThan(asked - 1_000_000);
    const [askedFrozen, answeredFrozen] = last('frozen-worker-returns');
    expect(askedFrozen).toBeGreaterThan(answeredFrozen + 2_000_000);
  });
});
