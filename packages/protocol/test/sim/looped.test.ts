// A looped run is one trace: it folds as well as the run itself, round after round.

import { expect, test } from 'vitest';
import { apply, emptyState, ledgerBalances } from '../../src/index.ts';
import { LoopedRun } from '../../src/sim/index.ts';
import { simulated } from '../packing-facts.ts';

test('its numbers and times go on, its ledger adds up, and nothing piles up from round to round', () => {
  const run = simulated(5, 3, 20);
  const looped = new LoopedRun(run);
  const state = emptyState();
  const most = { messages: 0, connections: 0 };
  const sizes: (typeof most)[] = [];
  for (let round = 0; round < 4; round++) {
    for (const event of looped.take(run.length)) {
      expect(event.seq).toBe(state.seq + 1);
      expect(event.t).toBeGreaterThanOrEqual(state.t);
      apply(state, event);
      most.messages = Math.max(most.messages, Object.keys(state.messages).length);
      most.connections = Math.max(most.connections, Object.keys(state.connections).length);
    }
    expect(ledgerBalances(state)).toBe(true);
    sizes.push({ ...most });
  }
  expect(sizes.at(-1)).toEqual(sizes[0]);
});
