// A/B with real processes: two troupes, one clock, the same requests and the same faults.

import type { CommandRequest, EventType, Figure, TraceEvent } from '@crows-nest/protocol';
import { readCommand } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Comparison, MAX_WORKERS_A_SIDE, type SideKnobs, type SideName } from '../src/bridge/comparison.ts';
import { DEMO_QUEUE } from '../src/bridge/troupe.ts';
import { ENTRY } from './live.ts';

let comparison: Comparison;
let facts: Record<SideName, TraceEvent[]>;
let looks: Set<() => void>;
afterEach(() => comparison?.end());

async function open(a: Partial<SideKnobs['queue']> & Pick<SideKnobs, 'worker'>, b: typeof a): Promise<void> {
  facts = { a: [], b: [] };
  looks = new Set();
  const complaints: string[] = [];
  const side = ({ worker, ...queue }: typeof a): SideKnobs => ({ queue: { ...DEMO_QUEUE, ...queue }, worker });
  const complain = (line: string): void => void complaints.push(line);
  comparison = new Comparison({ entry: ENTRY, sides: { a: side(a), b: side(b) }, linkDelayMs: 1, complain, seed: 7 });
  for (const name of ['a', 'b'] as const) {
    comparison.sides[name].onBatch(({ events }) => {
      facts[name].push(...events);
      for (const look of [...looks]) look();
    });
  }
  await comparison.start();
}

async function order(request: CommandRequest): Promise<void> {
  const read = readCommand(request);
  if ('malformed' in read) throw new Error(read.malformed);
  const answer = await comparison.carryOut(read.command);
  if (!answer.ok) throw new Error(answer.message);
}

/** Waits for the facts of both sides. */
function until(isSo: () => boolean, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`did not come: ${what}\n${JSON.stringify(figures())}`)), 45_000);
    const look = (): void => {
      if (!isSo()) return;
      clearTimeout(late);
      looks.delete(look);
      resolve();
    };
    looks.add(look);
    look();
  });
}

const count = (side: SideName, type: EventType): number => facts[side].filter((event) => event.type === type).length;
const both = (type: EventType, times: number): Promise<void> =>
  until(() => count('a', type) >= times && count('b', type) >= times, `${times} × ${type} on both sides`);

function figures(): Partial<Record<Figure, readonly (number | null)[]>> {
  return Object.fromEntries(comparison.table().map(({ figure, a, b }) => [figure, [a, b]]));
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
        comparison.ask();
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
      comparison.ask();
      await both('request.answered', n);
    }
    const table = figures();
    expect(table.detected).toEqual([1, 0]);
    expect(table.undetected).toEqual([0, 1]);
    expect(table.retried).toEqual([0, 1]);
    expect(table.sentToNobody).toEqual([0, 1]);
  });

  it('the clients keep one beat; what is of one side, or too much for one machine, is refused', async () => {
    await open({ rules: 'listing' }, { rules: 'robust' });
    await order({ type: 'worker.add', workMs: 1 });
    await order({ type: 'client.add' });
    comparison.pace(50);
    await both('request.answered', 5);
    comparison.pace(null);
    await expect(order({ type: 'queue.configure', rules: 'guide' })).rejects.toThrow('choose a side');
    await expect(order({ type: 'message.drop', msg: 1 })).rejects.toThrow('of one side');
    await expect(order({ type: 'process.kill', peer: 'worker-7' })).rejects.toThrow('A: there is no worker-7');
    expect(await comparison.carryOut({ type: 'process.kill', peer: 'worker-7' })).toMatchObject({
      ...{ side: 'a', refusal: { reason: 'gone', peer: 'worker-7' } },
    });
    await expect(order({ type: 'worker.add', count: MAX_WORKERS_A_SIDE })).rejects.toThrow('no more fit');
    await comparison.configure('b', { rules: 'guide' });
    await until(() => count('b', 'queue.started') === 2, 'the queue of B begins anew');
    expect(comparison.sides.b.trace.state.queue.rules).toBe('guide');
    expect(count('a', 'queue.started')).toBe(1);
  });
});
