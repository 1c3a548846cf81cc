// The account at any time is the one that somebody would come to who reads all facts up to then, and no later one [B5] [V1].

import {
  type Account,
  Accountant,
  COUNTS,
  compare,
  type EventType,
  emptyAccount,
  emptyState,
  FIGURES,
  type Figure,
  fold,
  KEPT_DETECTIONS,
  type State,
  type TraceEvent,
} from '@crows-nest/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AccountIndex } from '../src/model/account-index.ts';
import { type LogWindow, TraceLog } from '../src/model/log.ts';
import { ACCOUNT_RUNS, slowAccount, slowAccountOver } from './account-worlds.ts';

const PATIENCE_MS = 120_000;
const endOf = (events: readonly TraceEvent[]): number => events.at(-1)?.t ?? 0;
/** By number, so that a counterexample can be read. */
const aRun = fc.nat(ACCOUNT_RUNS.length - 1);
const runOf = (run: number): readonly TraceEvent[] => ACCOUNT_RUNS[run] ?? [];
const aShare = fc.double({ min: 0, max: 1, noNaN: true });
const shares = (most: number) => fc.array(aShare, { minLength: 1, maxLength: most });

function observed(window: Partial<LogWindow> = {}) {
  const log = new TraceLog(window);
  const index = new AccountIndex();
  log.observe(index);
  return { log, index };
}

const openOf = (account: Account) => compare(account, account).find(({ figure }) => figure === 'open')?.a;

/** What moved a figure can be gone to. */
function expectHeld(log: TraceLog, index: AccountIndex): void {
  for (const figure of FIGURES) {
    for (const { seq, t } of index.momentsOf(figure, Number.NEGATIVE_INFINITY, log.endAt)) {
      expect([figure, seq, log.event(seq)?.t]).toEqual([figure, seq, t]);
    }
  }
}

/** At that share of the facts, and not of the time: more happens there. */
const timeOf = (events: readonly TraceEvent[], share: number): number =>
  events[Math.min(events.length - 1, Math.floor(share * events.length))]?.t ?? 0;

test('the runs have everything that is counted, several times', () => {
  const ends = ACCOUNT_RUNS.map((events) => slowAccount(events, endOf(events)));
  for (const count of COUNTS) {
    expect([count, Math.max(...ends.map((account) => account[count]))]).toEqual([
      count,
      expect.toSatisfy((n) => n > 1),
    ]);
  }
  expect(Math.max(...ends.map(({ detected }) => detected))).toBeGreaterThan(KEPT_DETECTIONS);
});

describe('the account', () => {
  test('[B5] at any time, asked in any order, is that of the facts up to then', { timeout: PATIENCE_MS }, () => {
    fc.assert(
      fc.property(aRun, shares(8), (run, asked) => {
        const events = runOf(run);
        const { log, index } = observed();
        log.append(events, endOf(events));
        for (const share of asked) {
          for (const t of [timeOf(events, share), timeOf(events, share) - 1]) {
            expect(index.accountAt(t), `at ${t}`).toEqual(slowAccount(events, t));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('[B5] is afterwards what it was live', { timeout: PATIENCE_MS }, () => {
    fc.assert(
      fc.property(aRun, fc.integer({ min: 40, max: 900 }), aShare, (run, batch, back) => {
        const events = runOf(run);
        const { log, index } = observed();
        const seen: [t: number, account: object][] = [];
        for (let i = 0; i < events.length; i += batch) {
          const facts = events.slice(i, i + batch);
          log.append(facts, 0);
          // Of the last time of a batch more may come.
          const t = endOf(facts) - 1;
          seen.push([t, index.accountAt(t)]);
          index.accountAt(back * t);
        }
        for (const [t, account] of seen.toReversed()) expect(index.accountAt(t), `at ${t}`).toEqual(account);
        const [t, account] = seen[Math.floor(back * (seen.length - 1))] ?? [0, {}];
        expect(account, `at ${t}`).toEqual(slowAccount(events, t));
      }),
      { numRuns: 40 },
    );
  });

  test('[B5] [T8] goes on over a gap, and counts from where it joins', { timeout: PATIENCE_MS }, () => {
    const cuts = fc.tuple(aShare, aShare, aShare).map((cut) => cut.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(aRun, cuts, shares(6), (run, cut, asked) => {
        const events = runOf(run);
        // It joins after a facts, misses those from b to c; the run is known by its first fact.
        const [a = 1, b = 1, c = 1] = cut.map((share) => 1 + Math.floor(share * (events.length - 1)));
        const before = (fact: number): State => fold(events.slice(0, fact));
        const { log, index } = observed();
        log.reset({ state: before(a), now: 0 });
        log.append(events.slice(a, b), 0);
        log.reset({ state: before(c), now: 0 });
        log.append(events.slice(c), 0);
        expect([index.heldFrom, log.gaps.length]).toEqual([before(a).t, c > b ? 1 : 0]);
        const parts: [State, TraceEvent[]][] =
          c > b
            ? [
                [before(a), events.slice(a, b)],
                [before(c), events.slice(c)],
              ]
            : [[before(a), events.slice(a)]];
        for (const share of [0, ...asked, 1]) {
          const t = timeOf(events.slice(a - 1), share);
          expect(index.accountAt(t), `at ${t}`).toEqual(slowAccountOver(parts, t));
        }
        const asking = Object.values(fold(events).peers).filter(({ role, request }) => role === 'client' && request);
        expect(openOf(index.accountAt(endOf(events)))).toBe(asking.length);
        expectHeld(log, index);
      }),
      { numRuns: 60 },
    );
  });

  test('[B5] forgets nothing of what it counted when the log lets facts go', { timeout: PATIENCE_MS }, () => {
    fc.assert(
      fc.property(aRun, fc.integer({ min: 300, max: 1500 }), shares(6), (run, windowFacts, asked) => {
        const events = runOf(run);
        const { log, index } = observed({ windowFacts, chunkFacts: 128, keyframeFacts: 64 });
        for (let i = 0; i < events.length; i += 500) log.append(events.slice(i, i + 500), 0);
        expect(log.droppedBefore).toBeGreaterThan(0);
        for (const share of [0, ...asked, 1]) {
          const t = Math.round(log.startAt + share * (endOf(events) - log.startAt));
          expect(index.accountAt(t), `at ${t}`).toEqual(slowAccount(events, t));
        }
        expect(index.accountAt(log.startAt - 1)).toEqual(index.accountAt(log.startAt));
        expectHeld(log, index);
      }),
      { numRuns: 30 },
    );
  });

  test('starts again with another run', () => {
    const [other = [], , one = []] = ACCOUNT_RUNS;
    const { log, index } = observed({ windowFacts: 1000, chunkFacts: 128, keyframeFacts: 64 });
    log.append(one, 0);
    expect(index.accountAt(endOf(one)).detected).toBeGreaterThan(1);
    log.reset({ state: emptyState(), now: 0 });
    expect(index.accountAt(endOf(one))).toEqual(emptyAccount());
    log.append(other, 0);
    expect(index.accountAt(endOf(other))).toEqual(slowAccount(other, endOf(other)));
  });
});

/** Of each fact by which a figure became another, in order. */
function movesOf(events: readonly TraceEvent[]): Record<Figure, number[]> {
  const accountant = new Accountant();
  const figures = () => compare(accountant.account, accountant.account).map(({ a }) => a);
  const moves = Object.fromEntries(FIGURES.map((figure): [Figure, number[]] => [figure, []])) as Record<
    Figure,
    number[]
  >;
  let before = figures();
  for (const event of events) {
    accountant.read([event]);
    const after = figures();
    for (const [i, figure] of FIGURES.entries()) if (before[i] !== after[i]) moves[figure].push(event.seq);
    before = after;
  }
  return moves;
}

const SHOWN_BY: Partial<Record<Figure, EventType>> = {
  doubleDispatches: 'request.dispatched',
  executedTwice: 'work.started',
  sentToNobody: 'message.unrouted',
  lost: 'request.abandoned',
  retried: 'request.retried',
  detected: 'worker.expired',
  falseDeaths: 'worker.expired',
};

describe('the moments of a figure', () => {
  test.each([...ACCOUNT_RUNS.keys()])('of run %i are the facts that moved it, newest last', (run) => {
    const events = runOf(run);
    const { log, index } = observed();
    log.append(events, 0);
    const moves = movesOf(events);
    // A stopped worker that is killed, or a request given up for the next, moves two things at once.
    const mayCancel: readonly Figure[] = ['open', 'undetected', 'detectionMeanMs'];
    for (const figure of FIGURES) {
      const seqs = index.momentsOf(figure, Number.NEGATIVE_INFINITY, endOf(events)).map(({ seq }) => seq);
      expect(seqs.toSorted((a, b) => a - b)).toEqual(seqs);
      if (mayCancel.includes(figure)) expect(seqs).toEqual(expect.arrayContaining(moves[figure]));
      else expect([figure, seqs]).toEqual([figure, moves[figure]]);
      const type = SHOWN_BY[figure];
      if (type) expect(new Set([type, ...seqs.map((seq) => log.event(seq)?.type)])).toEqual(new Set([type]));
    }
  });

  test('of a stretch of time are those in it', () => {
    const [events = []] = ACCOUNT_RUNS;
    const { log, index } = observed();
    log.append(events, 0);
    const all = index.momentsOf('answered', -1, endOf(events));
    const [from, to] = [all[3]?.t ?? 0, all[9]?.t ?? 0];
    expect(index.momentsOf('answered', from, to)).toEqual(all.filter(({ t }) => t > from && t <= to));
    expect(index.momentsOf('answered', from, to).length).toBeGreaterThan(3);
    expect(index.momentsOf('answered', to, from)).toEqual([]);
  });
});
