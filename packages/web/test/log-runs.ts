// Small runs for the log's tests: traces that a recorder could have made, and where to look into them.

import { fold, type State, TRACE_VERSION, type TraceEvent } from '@crows-nest/protocol';
import fc from 'fast-check';

/** Steps of a small run; the times between them may be zero, as real ones are. */
const step = fc.record({
  gap: fc.constantFrom(0, 0, 1, 900, 120_000),
  what: fc.constantFrom(
    'enter',
    'enter',
    'enter',
    'enter',
    'leave',
    'leave',
    'read',
    'drop',
    'lose',
    'list',
    'join',
    'pace',
  ),
  pick: fc.nat(6),
});

const GUEST = 'worker-3';

/** A trace that the recorder could have made: numbered, in order, each message with at most one end. */
export function trace(steps: readonly { gap: number; what: string; pick: number }[]): TraceEvent[] {
  const events: TraceEvent[] = [];
  const living: { msg: number; link: string; toGuest: boolean; left: boolean }[] = [];
  let t = 1000;
  let msg = 0;
  const add = (fact: object) => events.push({ seq: events.length, t, ...fact } as TraceEvent);
  add({ type: 'run.started', version: TRACE_VERSION, startedAt: '2026-01-01T00:00:00.000Z', source: 'simulated' });
  for (let i = 1; i <= 3; i++)
    add({
      type: 'peer.joined',
      peer: `worker-${i}`,
      role: 'worker',
      guest: `worker-${i}` === GUEST,
      name: `worker ${i}`,
    });
  for (const { gap, what, pick } of steps) {
    t += gap;
    const link = `worker-${1 + (pick % 3)}`;
    const at = pick % Math.max(1, living.length);
    const chosen = living[at];
    const over = (fact: object) => {
      living.splice(at, 1);
      add(fact);
    };
    if (what === 'join')
      add({ type: 'peer.joined', peer: `client-${pick + 1}`, role: 'client', guest: false, name: 'client' });
    else if (what === 'pace') add({ type: 'client.paced', peer: 'client-1', everyMs: pick });
    else if (what === 'list')
      add({ type: 'worker.listed', peer: 'queue', worker: link, expiryAt: t + 3_000_000, by: 'READY' });
    else if (what === 'enter' || !chosen) {
      const direction = pick % 2 === 0 ? 'toQueue' : 'fromQueue';
      const frames = { kind: 'HEARTBEAT', frames: ['HEARTBEAT'], sizes: [9], frameCount: 1 };
      living.push({ msg, link, toGuest: link === GUEST && direction === 'fromQueue', left: false });
      add({
        type: 'message.entered',
        link,
        conn: 1,
        msg: msg++,
        direction,
        dueAt: t + 250_000,
        journey: pick,
        ...frames,
      });
    } else if (what === 'leave' && !chosen.left) {
      const left = { type: 'message.left', link: chosen.link, msg: chosen.msg };
      chosen.left = true;
      // Handed to a guest is its end.
      if (chosen.toGuest) over(left);
      else add(left);
    } else if (what === 'drop') over({ type: 'message.dropped', link: chosen.link, msg: chosen.msg, fault: 'f1' });
    else if (what === 'lose') over({ type: 'message.lost', link: chosen.link, msg: chosen.msg, cause: 'connection' });
    else over({ type: 'message.read', peer: 'queue', msg: chosen.msg });
  }
  return events;
}

export const runs = fc.record({
  steps: fc.array(step, { maxLength: 120, size: 'max' }),
  chunk: fc.integer({ min: 1, max: 20 }),
  seeks: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 12 }),
});

export const upTo = (events: readonly TraceEvent[], t: number): State => fold(events.filter((event) => event.t <= t));
export const timesOf = (events: readonly TraceEvent[], seeks: readonly number[]) => {
  const end = (events.at(-1)?.t ?? 0) + 1;
  return seeks.map((seek) => Math.round((seek / 10_000) * end));
};
