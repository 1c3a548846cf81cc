// What goes wrong between the two patterns, and what the lack of heartbeats costs: watched in the simulator.

import { expect, test } from 'vitest';
import { fold, ledgerBalances, type TraceEvent } from '../../src/index.ts';
import { playScenario, SCENARIOS } from '../../src/sim/index.ts';

function play(name: string): TraceEvent[] {
  const scenario = SCENARIOS.find((s) => s.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  return playScenario(scenario);
}
const of = <T extends TraceEvent['type']>(events: readonly TraceEvent[], type: T) =>
  events.filter((event): event is Extract<TraceEvent, { type: T }> => event.type === type);

test('[SP7] a Simple worker hangs up at the first heartbeat, for good, and is purged', () => {
  const events = play('simple-worker-paranoid-queue');
  const beat = of(events, 'message.entered').find((e) => e.kind === 'HEARTBEAT' && e.link === 'worker-1');
  const closed = of(events, 'connection.closed').find((e) => e.link === 'worker-1');
  expect(closed?.by).toBe('peer');
  expect(of(events, 'message.lost').map((e) => e.msg)).toContain(beat?.msg);
  expect(of(events, 'connection.opened').filter((e) => e.link === 'worker-1')).toHaveLength(1);
  expect(of(events, 'worker.expired').map((e) => e.workerPeer)).toContain('worker-3');
  expect(of(events, 'worker.listed').filter((e) => e.workerPeer === 'worker-3')).toHaveLength(1);
});

test('[SP8] a Paranoid worker is listed once more for each heartbeat, hears none, and leaves its old names listed', () => {
  const events = play('paranoid-worker-simple-queue');
  const first = of(events, 'worker.opened')[0]?.identity;
  expect(of(events, 'worker.listed').filter((e) => e.worker === first)).toHaveLength(3);
  expect(of(events, 'message.entered').filter((e) => e.direction === 'fromQueue')).toEqual([]);
  expect(of(events, 'message.unrouted').map((e) => e.identity)).toContain(first);
  expect(of(events, 'request.answered')).toEqual([]);
  const state = fold(events);
  expect(state.queue.list.map(({ worker }) => worker).filter((worker) => worker === first)).toHaveLength(2);
  expect(state.queue.list.every(({ expiryAt }) => expiryAt === null)).toBe(true);
});

test('[SP4] a dead idle worker costs its client one timeout', () => {
  const answered = of(play('simple-dead-worker'), 'request.answered')[0];
  expect(answered?.attempt).toBe(2);
});

test('[SP6] after a restart of the queue a Simple worker is connected and yet unknown', () => {
  const state = fold(play('simple-queue-restart'));
  expect(state.peers['worker-1']?.link.conn).not.toBeNull();
  expect(state.queue.list).toEqual([]);
  expect(state.peers['worker-1']?.liveness).toBeNull();
});

test.each(SCENARIOS.filter(({ name }) => name.includes('simple')).map(({ name }) => [name]))(
  '[T4] %s: the ledger adds up',
  (name) => {
    expect(ledgerBalances(fold(play(name)))).toBe(true);
  },
);
