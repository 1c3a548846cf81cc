// Large pictures: nothing is counted twice or lost in a flood, and whoever leaves fades before going.

import { copyState, type MessageState } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { scene } from '../src/stage/scene.ts';
import { eventsOf, logOf, VIEW } from './stage-world.ts';

const T = 3e6;
const calm = logOf(eventsOf({ workers: 3, clients: 2, everyMs: 5000, seconds: 4 }), 4);

/** The calm run with so many more requests on the first client's link. */
function flooded(count: number): TraceLog {
  const state = copyState(calm.stateAt(T));
  const conn = state.peers['client-1']?.link.conn ?? 0;
  for (let i = 0; i < count; i++) {
    const enteredAt = T - 400_000 + Math.round((i / count) * 400_000);
    const message: MessageState = {
      msg: 1_000_000 + i,
      link: 'client-1',
      conn,
      direction: 'toQueue',
      kind: 'REQUEST',
      journey: null,
      n: i,
      enteredAt,
      dueAt: enteredAt + 900_000,
      leftAt: null,
      ghost: false,
      copyOf: null,
      damage: null,
      heldBy: [],
    };
    state.messages[message.msg] = message;
  }
  const log = new TraceLog();
  log.reset({ state, now: T + 1000 });
  return log;
}

describe('a flood on one link', () => {
  test('is drawn in as few marks as its slots, and every message is in one of them', () => {
    for (const count of [3, 60, 5000, 50_000]) {
      const { counts, beads, messages } = scene(flooded(count), T, VIEW);
      expect(counts.singles + counts.beaded + counts.hidden).toBe(counts.onLinks);
      expect(counts.onLinks).toBeGreaterThanOrEqual(count);
      expect(beads.reduce((sum, bead) => sum + bead.count, 0)).toBe(counts.beaded);
      if (count > 1000) expect(beads.length + messages.length).toBeLessThan(40);
    }
  });

  test('says what a bead is', () => {
    const said = (count: number): string =>
      scene(flooded(count), T, VIEW)
        .notes.texts.flatMap(({ runs }) => runs.map((run) => run.text))
        .join(' ');
    expect(said(5000)).toContain('1 dot = n messages');
    expect(said(0)).not.toContain('1 dot');
  });

  test('does not swallow the chosen message: its ring shows where it is', () => {
    const view = { ...VIEW, selection: { type: 'message', msg: 1_002_500 } } as const;
    const { rings } = scene(flooded(5000), T, view);
    expect(rings.filter(({ token }) => token === 'text')).toHaveLength(1);
  });
});

describe('whoever leaves', () => {
  const steps = [
    [3, { type: 'peer.remove', peer: 'worker-2' }],
    [3.1, { type: 'peer.remove', peer: 'client-1' }],
  ] as const;
  const events = eventsOf({ workers: 4, clients: 2, everyMs: 300, seconds: 7, steps });
  const log = logOf(events, 7);
  /** Alphas of a peer's glyph, every 10 ms. */
  const alphas = (peer: string, view = VIEW): number[] => {
    const found: number[] = [];
    for (let t = 2.9e6; t < 6.9e6; t += 10_000) {
      const made = scene(log, t, view);
      const mark = [...made.workers, ...made.clients].find((one) => one.peer === peer);
      found.push(mark?.alpha ?? 0);
    }
    return found;
  };

  test.each(['worker-2', 'client-1'])('%s fades in small steps, and then is gone', (peer) => {
    const found = alphas(peer);
    expect(found[0]).toBe(1);
    expect(found.at(-1)).toBe(0);
    for (let i = 1; i < found.length; i++) {
      const step = (found[i - 1] ?? 0) - (found[i] ?? 0);
      expect(step).toBeGreaterThanOrEqual(0);
      expect(step).toBeLessThan(0.2);
    }
  });

  test('goes at once where motion is reduced', () => {
    expect(new Set(alphas('worker-2', { ...VIEW, reducedMotion: true }))).toEqual(new Set([1, 0]));
  });
});
