// What is due next, read from the state at t: beats, expiries, retries, the ends of back-offs and of work, deliveries.

import type { Micros, State } from '@crows-nest/protocol';

export const TIMER_KINDS = ['beat', 'expiry', 'retry', 'backOff', 'work', 'delivery'] as const;
export type TimerKind = (typeof TIMER_KINDS)[number];

export interface Timer {
  readonly kind: TimerKind;
  /** Whose it is; null: a worker that is nobody on the stage, or messages of many. */
  readonly peer: string | null;
  /** The identity, for an expiry. */
  readonly worker: string;
  readonly at: Micros;
  /** For deliveries: so many come at about this time, the first of them then. */
  readonly count: number;
  /** An expiry less than a beat away: a healthy worker would have been heard by now. */
  readonly urgent: boolean;
}

/** The strip's ends, ahead of the playhead. */
export const NEAREST: Micros = 10_000;
export const FARTHEST: Micros = 60_000_000;

/** Where on the strip, from 0 to 1, by the logarithm of the time that is left. */
export function placeOf(at: Micros, t: Micros): number {
  const left = Math.max(NEAREST, Math.min(FARTHEST, at - t));
  return Math.log(left / NEAREST) / Math.log(FARTHEST / NEAREST);
}

/** Deliveries closer together than this share of the strip are told as one. */
const GROUP = 1 / 48;

/** `lastBeatAt`: when the queue last sent a beat, up to t; it sends one each interval while somebody is listed. */
export function upcoming(state: State, t: Micros, lastBeatAt: Micros | null): Timer[] {
  const { queue } = state;
  const intervalUs = queue.heartbeatIntervalMs * 1000;
  const timers: Timer[] = [];
  const add = (kind: TimerKind, peer: string | null, at: Micros, more: Partial<Timer> = {}): void => {
    if (at <= t + FARTHEST) timers.push({ kind, peer, worker: '', at, count: 1, urgent: false, ...more });
  };
  const addLater = (kind: TimerKind, peer: string, at: Micros | undefined): void => {
    if (at !== undefined && at > t) add(kind, peer, at);
  };

  if (lastBeatAt !== null) addLater('beat', 'queue', lastBeatAt + intervalUs);
  // An expiry that is overdue is due at once: the queue only has to look.
  for (const { worker, peer, expiryAt } of [...queue.list, ...queue.atWork]) {
    if (expiryAt !== null) add('expiry', peer, expiryAt, { worker, urgent: expiryAt - t < intervalUs });
  }
  for (const { peer, request, backOff, work } of Object.values(state.peers)) {
    addLater('retry', peer, request?.timeoutAt);
    addLater('backOff', peer, backOff?.untilAt);
    addLater('work', peer, work?.untilAt);
  }
  return [...timers, ...deliveries(state, t)].sort((a, b) => a.at - b.at);
}

function deliveries({ messages }: State, t: Micros): Timer[] {
  const due = Object.values(messages)
    .filter(({ leftAt, dueAt }) => leftAt === null && dueAt > t && dueAt <= t + FARTHEST)
    .sort((a, b) => a.dueAt - b.dueAt);
  const groups: Timer[] = [];
  for (const { dueAt, link } of due) {
    const last = groups.at(-1);
    if (last && placeOf(dueAt, t) - placeOf(last.at, t) < GROUP) {
      groups[groups.length - 1] = { ...last, peer: null, count: last.count + 1 };
    } else groups.push({ kind: 'delivery', peer: link, worker: '', at: dueAt, count: 1, urgent: false });
  }
  return groups;
}
