// How long the queue believes in the dead: fifty real kills of idle workers.

import { millis } from '@crows-nest/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Live, openLive } from './live.ts';

const WORKERS = 25;
const ROUNDS = 2;
const INTERVAL_MS = 1000;
const LIVENESS = 3;
/** What the poll loop, the kernel and a shared machine may add. */
const LATE_MS = 150;

let live: Live;
beforeAll(async () => {
  live = await openLive({ workers: WORKERS, queue: { heartbeatIntervalMs: INTERVAL_MS, liveness: LIVENESS } });
});
afterAll(() => live.close());

describe('detection of a killed idle worker', () => {
  it(`[Q6] ${WORKERS * ROUNDS} of ${WORKERS * ROUNDS} kills: out of the list between L·I and (L+1)·I + ${LATE_MS} ms after it was last heard`, async () => {
    const silences: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await live.untilState((l) => l.state.queue.list.length === WORKERS, 'all workers listed');
      const from = live.events.at(-1)?.seq ?? 0;
      const peers = Object.values(live.state.peers)
        .filter((peer) => peer.role === 'worker')
        .map((peer) => peer.peer);
      // Spread over an interval by the beats themselves: each dies after the next one heard of it, or right now.
      await Promise.all(
        peers.map(async (peer, i) => {
          if (i % 2 === 0) await live.until({ type: 'worker.refreshed', workerPeer: peer }, from);
          await live.do({ type: 'process.kill', peer });
        }),
      );
      for (const workerPeer of peers) {
        const expired = await live.until({ type: 'worker.expired', workerPeer }, from);
        silences.push(expired.t - expired.lastHeardAt);
      }
      expect(live.state.queue.list).toEqual([]);
      if (round < ROUNDS - 1) await live.do({ type: 'heal.all' });
    }
    expect(silences).toHaveLength(WORKERS * ROUNDS);
    console.log(
      `silence before expiry, ms: least ${Math.min(...silences) / 1000}, most ${Math.max(...silences) / 1000}`,
    );
    expect(Math.min(...silences)).toBeGreaterThanOrEqual(millis(LIVENESS * INTERVAL_MS));
    expect(Math.max(...silences)).toBeLessThanOrEqual(millis((LIVENESS + 1) * INTERVAL_MS + LATE_MS));
  });
});
