import { expect, test } from 'vitest';
import { apply, emptyState, type Fact, ledgerBalances, Recorder, type Rules, type State } from '../../src/index.ts';
import { drawSchedule, World } from '../../src/sim/index.ts';

/** Minutes of simulated life, with every fact numbered, resolved and folded, on a machine that does other things too. */
const PATIENCE_MS = 60_000;
const RULES: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];

/** A drawn run, stopped at each of these times to compare what the trace says with what the machines hold. */
function compare(seed: number, rules: Rules, look: (folded: State, world: World) => void): void {
  const schedule = drawSchedule(seed, rules, 4);
  const recorder = new Recorder();
  const folded = emptyState();
  const onFact = (fact: Fact): void => {
    for (const event of recorder.record(fact)) apply(folded, event);
  };
  const world = new World({ seed, ground: schedule.ground, onFact });
  for (const { at, do: action } of schedule.steps) world.plan(at, action);
  world.plan(schedule.calmAtMs, { type: 'world.calm' });
  for (let ms = 777; ms < schedule.endMs; ms += 1777) {
    world.runUntil(ms * 1000);
    look(folded, world);
  }
}

test.each(RULES)(
  '%s: the list that the trace tells of is the list that the queue holds',
  (rules) => {
    for (let seed = 1; seed <= 8; seed++) {
      compare(seed, rules, (folded, world) => {
        const { state, simpleState } = world.queue;
        const simple = (simpleState?.ready ?? []).map((worker) => ({ worker, expiryAt: null }));
        const held = state ? state.ready.map(({ identity: worker, expiryAt }) => ({ worker, expiryAt })) : simple;
        const told = folded.queue.list.map(({ worker, expiryAt }) => ({ worker, expiryAt }));
        expect(told, `seed ${seed} at ${world.now} µs`).toEqual(held);
      });
    }
  },
  PATIENCE_MS,
);

test(
  'robust: who is at work, and believed until when, is who the queue holds busy',
  () => {
    for (let seed = 1; seed <= 8; seed++) {
      compare(seed, 'robust', (folded, world) => {
        const held = (world.queue.state?.busy ?? [])
          .map(({ identity, expiryAt }) => `${identity} until ${expiryAt}`)
          .sort();
        expect(
          folded.queue.atWork.map((w) => `${w.worker} until ${w.expiryAt}`).sort(),
          `seed ${seed} at ${world.now} µs`,
        ).toEqual(held);
      });
    }
  },
  PATIENCE_MS,
);

test.each(RULES)(
  '%s: liveness and open requests are those of the machines',
  (rules) => {
    for (let seed = 1; seed <= 8; seed++) {
      compare(seed, rules, (folded, world) => {
        for (const [peer, { status, state }] of world.workers) {
          const told = folded.peers[peer]?.liveness;
          if (status === 'running' && state?.phase.name === 'idle')
            expect(told, `${peer}, seed ${seed}`).toBe(state.liveness);
        }
        for (const [peer, { status, state }] of world.clients) {
          if (status !== 'running' || state?.phase.name !== 'waiting') continue;
          expect(folded.peers[peer]?.request, `${peer}, seed ${seed}`).toMatchObject({
            n: state.n,
            attempt: state.phase.attempt,
            timeoutAt: state.phase.timeoutAt,
          });
        }
      });
    }
  },
  PATIENCE_MS,
);

test.each(RULES)(
  '%s: the account of the trace balances, and is the world’s own',
  (rules) => {
    for (let seed = 1; seed <= 8; seed++) {
      compare(seed, rules, (folded, world) => {
        const at = `seed ${seed} at ${world.now} µs`;
        expect(folded.ledger.unexplained, at).toBe(0);
        expect(ledgerBalances(folded), at).toBe(true);
        const { sent, injected, dropped, delivered, lost } = world.ledger;
        expect(folded.ledger, at).toMatchObject({
          sent,
          injected,
          dropped,
          delivered,
          lost,
          inFlight: world.countInFlight(),
        });
      });
    }
  },
  PATIENCE_MS,
);
