// What could have influenced an event, and what it could influence: through messages, and within a process through time.
// One sweep in the order of sending finds when influence first reaches each lane, one in the order of reading when it last left.

import type { Micros } from '@crows-nest/protocol';

export interface Passing {
  readonly from: number;
  readonly to: number;
  readonly sentAt: Micros;
  /** Infinite: it was never read, so it told nobody anything. */
  readonly readAt: Micros;
}

export interface Cone {
  readonly lane: number;
  readonly t: Micros;
  /** From when on each lane may know of it. */
  readonly after: ReadonlyMap<number, Micros>;
  /** Until when what happened at each lane may have led to it. */
  readonly before: ReadonlyMap<number, Micros>;
}

export function coneOf(lane: number, t: Micros, passings: readonly Passing[]): Cone {
  const after = new Map([[lane, t]]);
  const before = new Map([[lane, t]]);
  const bySending = [...passings].sort((a, b) => a.sentAt - b.sentAt);
  for (const { from, to, sentAt, readAt } of bySending) {
    const knows = after.get(from);
    if (knows === undefined || sentAt < knows || readAt === Number.POSITIVE_INFINITY) continue;
    after.set(to, Math.min(after.get(to) ?? Number.POSITIVE_INFINITY, readAt));
  }
  const byReading = [...passings].sort((a, b) => b.readAt - a.readAt);
  for (const { from, to, sentAt, readAt } of byReading) {
    const counts = before.get(to);
    if (counts === undefined || readAt > counts) continue;
    before.set(from, Math.max(before.get(from) ?? Number.NEGATIVE_INFINITY, sentAt));
  }
  return { lane, t, after, before };
}

/** Whether what happened there and then is part of it. */
export const inCone = ({ after, before }: Cone, lane: number, t: Micros): boolean =>
  t <= (before.get(lane) ?? Number.NEGATIVE_INFINITY) || t >= (after.get(lane) ?? Number.POSITIVE_INFINITY);

/** Whether a message carries influence: towards the event, or away from it. */
export const carries = ({ after, before }: Cone, { from, to, sentAt, readAt }: Passing): boolean =>
  readAt <= (before.get(to) ?? Number.NEGATIVE_INFINITY) || sentAt >= (after.get(from) ?? Number.POSITIVE_INFINITY);
