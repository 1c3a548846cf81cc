// A/B with real processes: two troupes, one clock, the same requests and the same faults.

import type { CommandRequest, EventOf, EventType, Figure, SideName, TraceEvent } from '@crows-nest/protocol';
import { Accountant, compare, MAX_COMPARED, readCommand } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_QUEUE } from '../src/bridge/actor-args.ts';
import { Comparison, type SideKnobs } from '../src/bridge/comparison.ts';
import { ENTRY } from './live.ts';
import { RawGuest } from './raw-guest.ts';
import { Waiting } from './waiting.ts';

let comparison: Comparison;
let facts: Record<SideName, TraceEvent[]>;
let waiting: Waiting;
let accountants: Record<SideName, Accountant>;
afterEach(() => comparison?.end());

async function open(a: Partial<SideKnobs['queue']> & Pick<SideKnobs, 'worker'>, b: typeof a): Promise<void> {
  facts = { a: [], b: [] };
  waiting = new Waiting(() => JSON.stringify(figures()));
  accountants = { a: new Accountant(), b: new Accountant() };
  const complaints: string[] = [];
  const side = ({ worker, ...queue }: typeof a): SideKnobs => ({ queue: { ...DEMO_QUEUE, ...queue }, worker });
  const complain = (line: string): void => void complaints.push(line);
  comparison = new Comparison({ entry: ENTRY, sides: { a: side(a), b: side(b) }, linkDelayMs: 1, complain, seed: 7 });
  for (const name of ['a', 'b'] as const) {
    comparison.sides[name].onBatch(({ events }) => {
      facts[name].push(...events);
      accountants[name].read(events);
      waiting.look();
    });
  }
  await comparison.start();
}

async function order(request: CommandRequest, side: SideName = 'a'): Promise<void> {
  const read = readCommand(request);
  if ('malformed' in read) throw new Error(read.malformed);
  const answer = await comparison.carryOut(read.command, side);
  if (!answer.ok) throw new Error(answer.message);
}

/** Waits for the facts of both sides. */
const until = (isSo: () => boolean, what: string): Promise<void> => waiting.until(isSo, what);

const count = (side: SideName, type: EventType): number => facts[side].filter((event) => event.type === type).length;
const both = (type: EventType, times: number): Promise<void> =>
  until(() => count('a', type) >= times && count('b', type) >= times, `${times} × ${type} on both sides`);

function figures(): Partial<Record<Figure, readonly (number | null)[]>> {
  return Object.fromEntries(
    compare(accountants.a.settled, accountants.b.settled).map(({ figure, a, b }) => [figure, [a, b]]),
  );
}

describe('[B2] two real troupes side by side', () => {
  // Works first, and beats meanwhile: what the guide's rules take for being free.
  const knobs = { workMs: 1500, replyFirst: false, quietWhileBusy: false };

  it.each(['listing', 'robust'] as const)(
    "the guide's double dispatch, and its absence in %s, under the same requests at the same moments",
    async (rules) => {
      const beats = { heartbeatIntervalMs: 250, liveness: 3 };
      await open({ rules: 'guide', ...beats }, { rules, ...beats });
      await order({ type: 'worker.add', count: 2, ...knobs });
      for (let i = 0; i < 3; i++) await order({ type: 'client.add', timeoutMs: 20_000 });
      await both('worker.listed', 2);
      await both('client.opened', 3);
      for (let round = 1; round <= 2; round++) {
        await order({ type: 'client.ask' });
        await both('request.answered', 3 * round);
      }
      const table = figures();
      expect(table.asked).toEqual([6, 6]);
      expect(table.answered).toEqual([6, 6]);
      expect(table.doubleDispatches?.[0]).toBeGreaterThan(0);
      expect(table.doubleDispatches?.[1]).toBe(0);
      const begun = (side: SideName) =>
        new Map(facts[side].flatMap((e) => (e.type === 'request.sent' ? [[`${e.peer} ${e.n}`, e.t] as const] : [])));
      const [ofA, ofB] = [begun('a'), begun('b')];
      expect([...ofA.keys()].sort()).toEqual([...ofB.keys()].sort());
      const apart = [...ofA].map(([request, t]) => Math.abs(t - (ofB.get(request) ?? 0)) / 1000);
      console.log(`${rules}: requests begin at most ${Math.max(...apart).toFixed(1)} ms apart`);
      expect(Math.max(...apart)).toBeLessThan(500);
    },
  );

  it('the same faults, with the same numbers and seeds; Simple against Paranoid: one notices a death, the other never does', async () => {
    const beats = { heartbeatIntervalMs: 250, liveness: 3 };
    await open({ rules: 'listing', ...beats }, { rules: 'simple', ...beats, worker: { pattern: 'simple' } });
    await order({ type: 'worker.add', count: 2, workMs: 10 });
    await order({ type: 'client.add', timeoutMs: 1000 });
    await both('worker.listed', 2);
    await order({ type: 'fault.apply', link: 'worker-2', kind: 'delay', extraMs: 5, probability: 0.5 });
    await both('fault.applied', 1);
    const [faultA, faultB] = (['a', 'b'] as const).map((side) =>
      facts[side].find((event) => event.type === 'fault.applied'),
    );
    expect(faultA).toMatchObject({ fault: 'f1', seed: (faultB as { seed: number }).seed });
    await order({ type: 'process.kill', peer: 'worker-1' });
    await both('process.exited', 1);
    await until(() => count('a', 'worker.expired') === 1, 'the Paranoid queue has noticed');
    for (let n = 1; n <= 2; n++) {
      await order({ type: 'client.ask' });
      await both('request.answered', n);
    }
    const table = figures();
    expect(table.detected).toEqual([1, 0]);
    expect(table.undetected).toEqual([0, 1]);
    expect(table.retried).toEqual([0, 1]);
    expect(table.sentToNobody).toEqual([0, 1]);
  });

  it('[B6] the clients keep one beat, and tell it; without rest they still ask together', async () => {
    await open({ rules: 'listing' }, { rules: 'robust' });
    await order({ type: 'worker.add', count: 2, workMs: 1 });
    await order({ type: 'client.add' });
    await order({ type: 'client.add' });
    await both('client.opened', 2);
    await order({ type: 'client.pace', peer: 'client-2', everyMs: 50 });
    await both('client.paced', 2);
    for (const side of ['a', 'b'] as const)
      expect(facts[side].flatMap((e) => (e.type === 'client.paced' ? [[e.peer, e.everyMs]] : [])).sort()).toEqual([
        ['client-1', 50],
        ['client-2', 50],
      ]);
    await both('request.answered', 10);
    await expect(order({ type: 'client.pace', peer: 'worker-1', everyMs: 5 })).rejects.toThrow('only a client');
    await expect(order({ type: 'client.pace', peer: 'client-9', everyMs: 5 })).rejects.toThrow('there is no client-9');
    await order({ type: 'client.pace', peer: 'client-1', everyMs: 0 });
    const answered = Math.max(count('a', 'request.answered'), count('b', 'request.answered'));
    await both('request.answered', answered + 8);
    // Nobody is a whole round ahead.
    expect(Math.abs(count('a', 'request.sent') - count('b', 'request.sent'))).toBeLessThanOrEqual(4);
    // Who is frozen is not waited for, and who comes later joins in.
    await order({ type: 'process.pause', peer: 'client-2' });
    await order({ type: 'client.add', everyMs: 7 });
    await until(
      () =>
        (['a', 'b'] as const).every((side) =>
          ['client-1', 'client-3'].every(
            (peer) => facts[side].filter((e) => e.type === 'request.answered' && e.peer === peer).length > 2,
          ),
        ),
      'the others are answered',
    );
    expect(comparison.sides.b.trace.state.peers['client-3']?.everyMs).toBe(0);
  });

  it('[B7] what is of one side goes to the side that it was given on; what does not fit is refused before any of it is done', async () => {
    await open({ rules: 'listing' }, { rules: 'robust' });
    await order({ type: 'worker.add', workMs: 1 });
    await order({ type: 'client.add' });
    await both('worker.listed', 1);
    await order({ type: 'queue.configure', rules: 'guide' }, 'b');
    await until(() => count('b', 'queue.started') === 2, 'the queue of B begins anew');
    expect(comparison.sides.b.trace.state.queue.rules).toBe('guide');
    expect(count('a', 'queue.started')).toBe(1);
    await expect(order({ type: 'message.drop', msg: 999 }, 'b')).rejects.toThrow('B: message 999 is on no link');
    await expect(order({ type: 'process.kill', peer: 'worker-7' })).rejects.toThrow(/^there is no worker-7$/);
    const { worker, client } = MAX_COMPARED;
    await expect(order({ type: 'worker.add', count: worker })).rejects.toThrow(`at most ${worker} workers`);
    await Promise.all(Array.from({ length: client - 1 }, () => order({ type: 'client.add' })));
    await expect(order({ type: 'client.add' })).rejects.toThrow(`at most ${client} clients`);
    expect(comparison.sides.a.troupe.present('worker')).toBe(1);
    expect(comparison.sides.b.troupe.present('client')).toBe(client);
  });

  it('[B7] a fault that one side refuses keeps its number on both, and one that is on one side alone is stepped and healed there', async () => {
    await open({ rules: 'listing', heartbeatIntervalMs: 100 }, { rules: 'listing', heartbeatIntervalMs: 100 });
    await order({ type: 'worker.add', count: 3, workMs: 1 });
    await order({ type: 'client.add' });
    await both('worker.listed', 3);
    // The sides come to differ: of one of them there is no worker 3 any more.
    await comparison.sides.b.troupe.remove('worker-3');
    const hold = { type: 'fault.apply', kind: 'hold', direction: 'toQueue' } as const;
    await order({ ...hold, link: 'worker-1' });
    await expect(order({ ...hold, link: 'worker-3' })).rejects.toThrow(/^B: there is no worker-3; done on A$/);
    await order({ type: 'link.reset', link: 'worker-2' });
    await expect(order({ type: 'message.replay', link: 'worker-9' }, 'b')).rejects.toThrow('B: there is no worker-9');
    await expect(order({ ...hold, link: 'worker-8' })).rejects.toThrow(/^there is no worker-8$/);
    await order({ type: 'process.mute', peer: 'worker-2' });
    const given = (side: SideName) =>
      facts[side].flatMap((e) =>
        e.type === 'fault.applied' || e.type === 'fault.struck' ? [`${e.fault} ${e.link}`] : [],
      );
    await until(() => given('a').length === 4 && given('b').length === 3, 'all are told');
    expect(given('a')).toEqual(['f1 worker-1', 'f2 worker-3', 'f3 worker-2', 'f6 worker-2']);
    expect(given('b')).toEqual(['f1 worker-1', 'f3 worker-2', 'f6 worker-2']);
    const seeds = (side: SideName) =>
      facts[side].flatMap((e) => (e.type === 'fault.applied' && e.fault === 'f1' ? [e.seed] : []));
    expect(seeds('a')).toEqual(seeds('b'));

    const released = (side: SideName, fault: string): EventOf<'message.released'>[] =>
      facts[side].filter((e) => e.type === 'message.released' && e.fault === fault) as EventOf<'message.released'>[];
    const isHolding = (side: SideName, fault: string): boolean =>
      Object.values(comparison.sides[side].trace.state.messages).some((m) => m.heldBy.includes(fault));
    await until(() => isHolding('a', 'f1') && isHolding('b', 'f1') && isHolding('a', 'f2'), 'beats are held');
    await order({ type: 'fault.step', fault: 'f1' });
    await order({ type: 'fault.step', fault: 'f2' }, 'b');
    await until(
      () => released('a', 'f1').length === 1 && released('b', 'f1').length === 1 && released('a', 'f2').length === 1,
      'one of each is let go',
    );
    await order({ type: 'fault.heal', fault: 'f2' }, 'b');
    await order({ type: 'fault.heal', fault: 'f2' });
    await expect(order({ type: 'fault.heal', fault: 'f7' })).rejects.toThrow(/^there is no fault f7$/);
  });

  it('[B7] a guest stays of its side, wherever an order to it is given', async () => {
    await open({ rules: 'listing' }, { rules: 'listing' });
    const guests: RawGuest[] = [];
    const visit = (side: SideName): Promise<void> => {
      const guest = new RawGuest(comparison.sides[side].guests.ports.backend);
      guests.push(guest);
      return guest.greet(1, 'DEALER');
    };
    const isThere = (side: SideName): boolean => comparison.sides[side].trace.state.peers['guest-1'] !== undefined;
    const resets = (side: SideName): number =>
      facts[side].filter((e) => e.type === 'fault.struck' && e.kind === 'reset' && e.link === 'guest-1').length;
    const reset = { type: 'link.reset', link: 'guest-1' } as const;
    try {
      await visit('b');
      await until(() => isThere('b'), 'the guest of B is here');
      await order(reset, 'a');
      await until(() => resets('b') === 1, 'it was found there');
      await visit('a');
      await until(() => isThere('a'), 'the guest of A is here');
      // Two of one name: each is meant on its own side.
      await order(reset, 'a');
      await until(() => resets('a') === 1, 'its own');
      expect(resets('b')).toBe(1);
    } finally {
      for (const guest of guests) guest.end();
    }
  });
});
