// Runs of the simulator with everything that moves a figure of the account, and the account kept slowly, fact by fact.

import {
  type Account,
  Accountant,
  AccountBook,
  apply,
  copyAccount,
  copyState,
  type Fact,
  Recorder,
  type Rules,
  type State,
  TRACE_VERSION,
  type TraceEvent,
} from '@crows-nest/protocol';
import { type Action, drawSchedule, type TimedAction, World } from '@crows-nest/protocol/sim';

/** Drawn trouble, and what the drawing has no word for: links that delay so long that last words come after deaths. */
function run(
  seed: number,
  rules: Rules,
  more: readonly (readonly [seconds: number, action: Action])[] = [],
): TraceEvent[] {
  const events: TraceEvent[] = [];
  const recorder = new Recorder();
  const onFact = (fact: Fact): void => {
    events.push(...recorder.record(fact));
  };
  const startedAt = `seed ${seed}`;
  onFact({ t: 0, type: 'run.started', version: TRACE_VERSION, startedAt, source: 'simulated' });
  const { ground, steps } = drawSchedule(seed, rules, 3);
  const world = new World({ seed, ground: { ...ground, delayMs: 60 + (seed % 3) * 90 }, onFact });
  const added: TimedAction[] = more.map(([at, action]) => ({ at: at * 1000, do: action }));
  for (const { at, do: action } of [...steps, ...added]) world.plan(at, action);
  world.runUntil(70e6);
  return events;
}

/** Clients that give up, are killed and started anew; workers stopped and then killed, or killed and soon back by the same name. */
const HARSH = [
  [4, { type: 'client.add', peer: 'client-8', everyMs: 300, timeoutMs: 700, tries: 2 }],
  [5, { type: 'client.add', peer: 'client-9', everyMs: 250, timeoutMs: 500, tries: 1 }],
  [6, { type: 'worker.add', peer: 'worker-8', workMs: 900, replyFirst: false, quietWhileBusy: false }],
  [6, { type: 'worker.add', peer: 'worker-9', workMs: 1500, replyFirst: false, quietWhileBusy: false }],
  [20, { type: 'process.pause', peer: 'worker-8' }],
  [21, { type: 'process.kill', peer: 'worker-8' }],
  [22, { type: 'process.restart', peer: 'worker-8', identity: 'same' }],
  [25, { type: 'process.kill', peer: 'client-8' }],
  [26, { type: 'process.restart', peer: 'client-8' }],
  [30, { type: 'process.kill', peer: 'worker-9' }],
  [36, { type: 'process.restart', peer: 'worker-9' }],
  [44, { type: 'process.pause', peer: 'worker-9' }],
  [50, { type: 'process.resume', peer: 'worker-9' }],
  [55, { type: 'process.overload', peer: 'worker-8', ms: 6000 }],
  [60, { type: 'peer.remove', peer: 'client-9' }],
] as const;

/** More deaths than an account keeps. */
const DYING = Array.from({ length: 12 }, (_, i) => `dying-${i}`).flatMap((peer): [number, Action][] => [
  [1, { type: 'worker.add', peer }],
  ...Array.from({ length: 10 }, (_, n): [number, Action][] => [
    [4 + 6 * n, { type: 'process.kill', peer }],
    [8 + 6 * n, { type: 'process.restart', peer }],
  ]).flat(),
]);

const RULES: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];
export const ACCOUNT_RUNS: readonly (readonly TraceEvent[])[] = [
  ...RULES.map((rules, i) => run(41 + i, rules, HARSH)),
  ...RULES.slice(0, 3).map((rules, i) => run(90 + i, rules)),
  run(50, 'listing', DYING),
];

/** By somebody who reads it all anew. */
export const slowAccount = (events: readonly TraceEvent[], t: number): Account =>
  new Accountant().read(events.filter((event) => event.t <= t)).settled;

/** The same for facts with a gap: those before it, the state it ends in, those after it. */
export function slowAccountOver(parts: readonly (readonly [State, readonly TraceEvent[]])[], t: number): Account {
  const book = new AccountBook();
  for (const [from, events] of parts) {
    if (from.t > t) break;
    const state = copyState(from);
    book.begin(state);
    for (const event of events) {
      if (event.t > t) break;
      book.learn(event, state);
      apply(state, event);
    }
  }
  return copyAccount(book.account);
}
