// What the design claims of the three rule sets, shown by counting over the same runs.

import { describe, expect, test } from 'vitest';
import type { Rules } from '../../src/index.ts';
import {
  drawSchedule,
  INVARIANTS,
  type InvariantName,
  Invariants,
  MACHINES,
  type Machines,
  type Schedule,
  World,
} from '../../src/sim/index.ts';

const EXPIRED: InvariantName = 'no request goes to an expired worker';
const FALSE_DEATH: InvariantName = 'nobody is declared dead whose message lies unread';

/** How often something happened over these runs that no rule of `robust` lets happen. */
function count(invariant: InvariantName, schedules: readonly Schedule[], machines: Machines = MACHINES): number {
  let times = 0;
  for (const schedule of schedules) {
    const invariants = new Invariants();
    const world = new World({ seed: schedule.seed, ground: schedule.ground, watcher: invariants, machines });
    invariants.watch(world);
    for (const { at, do: action } of schedule.steps) world.plan(at, action);
    world.runUntil(schedule.endMs * 1000);
    times += invariants.counts.get(invariant) ?? 0;
  }
  return times;
}

/** The queue freezes for five seconds out of every twenty; in each freeze a worker dies and another is started. */
function freezes(rules: Rules): Schedule[] {
  return [1, 2, 3, 4, 5].map((seed) => {
    const { ground } = drawSchedule(seed, rules, 1);
    const steps: Schedule['steps'][number][] = [
      { at: 0, do: { type: 'worker.add', peer: 'worker-1', workMs: 100 } },
      { at: 0, do: { type: 'worker.add', peer: 'worker-2', workMs: 100 } },
      { at: 0, do: { type: 'worker.add', peer: 'worker-3', workMs: 100 } },
      { at: 0, do: { type: 'client.add', peer: 'client-1', everyMs: 700 } },
    ];
    for (let at = 10_000; at < 200_000; at += 20_000) {
      steps.push({ at, do: { type: 'process.pause', peer: 'queue' } });
      steps.push({ at: at + 200, do: { type: 'process.kill', peer: 'worker-1' } });
      steps.push({ at: at + 6000, do: { type: 'process.resume', peer: 'queue' } });
      steps.push({ at: at + 8000, do: { type: 'process.restart', peer: 'worker-1' } });
    }
    return { seed, ground: { ...ground, rules }, steps, calmAtMs: 220_000, endMs: 200_000 };
  });
}

describe('when the queue freezes', () => {
  test("the guide's order gives requests to workers that have expired", () => {
    expect(count(EXPIRED, freezes('guide'))).toBeGreaterThan(0);
    expect(count(EXPIRED, freezes('listing'))).toBeGreaterThan(0);
  });

  test('[QR1] draining, purging and then dispatching gives none', () => {
    expect(count(EXPIRED, freezes('robust'))).toBe(0);
  });

  test('[QR1] purging first declares workers dead whose beats lie unread; draining first nobody', () => {
    const purgeFirst: Machines = {
      ...MACHINES,
      queue: {
        ...MACHINES.queue,
        turn: () => ['tick', { take: 'backend', most: 10_000 }, { take: 'frontend', most: 10_000 }],
      },
    };
    const listing = (machines: Machines): number => count(FALSE_DEATH, freezes('listing'), machines);
    expect(listing(purgeFirst)).toBeGreaterThan(0);
    expect(count(FALSE_DEATH, freezes('robust'))).toBe(0);
  });
});

test('[QG2] a worker that beats while it works is given a second request by guide, never by robust', () => {
  const asked = (rules: Rules): Schedule[] =>
    freezes(rules).map((schedule) => ({
      ...schedule,
      steps: [
        { at: 0, do: { type: 'worker.add', peer: 'worker-1', replyFirst: false, quietWhileBusy: false, workMs: 2200 } },
        { at: 0, do: { type: 'client.add', peer: 'client-1', everyMs: 700 } },
        { at: 0, do: { type: 'client.add', peer: 'client-2', everyMs: 700 } },
      ],
    }));
  const TWICE: InvariantName = 'a worker has at most one outstanding request';
  expect(count(TWICE, asked('guide'))).toBeGreaterThan(0);
  expect(count(TWICE, asked('robust'))).toBe(0);
});

test('every invariant names the rule sets it holds for', () => {
  for (const rules of Object.values(INVARIANTS)) expect(rules.length).toBeGreaterThan(0);
});
