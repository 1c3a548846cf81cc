// Figures computed by looking at every fact and every state, slowly: what the index must agree with.

import { apply, atTheDoor, emptyState, type State, type TraceEvent } from '@crows-nest/protocol';
import { startsOf } from '../src/model/figures.ts';
import { eventsOf, type Plan, TROUBLE } from './stage-world.ts';

export const CALM: Plan = { workers: 4, clients: 2, seconds: 12 };
export const CROWD: Plan = {
  workers: 60,
  clients: 8,
  everyMs: 90,
  workMs: 250,
  seconds: 9,
  steps: [
    [4.1, { type: 'process.pause', peer: 'worker-17' }],
    [4.2, { type: 'process.kill', peer: 'worker-35' }],
    [4.6, { type: 'process.overload', peer: 'worker-47', ms: 4500 }],
    [5, { type: 'process.kill', peer: 'worker-9' }],
  ],
};

export const RUNS: Readonly<Record<string, readonly TraceEvent[]>> = {
  calm: eventsOf(CALM),
  trouble: eventsOf(TROUBLE),
  crowd: eventsOf(CROWD),
};

const is = (test: (event: TraceEvent) => boolean) => test;
const entered = (kind: string, direction: string) =>
  is((e) => e.type === 'message.entered' && e.kind === kind && e.direction === direction);

const COUNTED = {
  requests: entered('REQUEST', 'toQueue'),
  replies: entered('REPLY', 'fromQueue'),
  beatsToQueue: entered('HEARTBEAT', 'toQueue'),
  beatsFromQueue: entered('HEARTBEAT', 'fromQueue'),
  retried: is((e) => e.type === 'request.retried'),
  abandoned: is((e) => e.type === 'request.abandoned'),
  fault: is((e) => e.type === 'message.dropped'),
  connection: is((e) => e.type === 'message.lost' && e.cause === 'connection'),
  process: is((e) => e.type === 'message.lost' && e.cause === 'process'),
  buffer: is((e) => e.type === 'message.lost' && e.cause === 'buffer'),
  router: is((e) => e.type === 'message.unrouted'),
};

const HELD = {
  waiting: (state: State) => atTheDoor(state).length,
  listed: (state: State) => state.queue.list.length,
  atWork: (state: State) => state.queue.atWork.length,
  workers: (state: State) => Object.values(state.peers).filter((p) => p.role === 'worker' && !p.left).length,
};
type Name = keyof typeof HELD;

/** The levels after each time at which anything happened. */
function track(events: readonly TraceEvent[]): { t: number; held: Record<Name, number> }[] {
  const state = emptyState();
  const tracked: { t: number; held: Record<Name, number> }[] = [];
  for (const [i, event] of events.entries()) {
    apply(state, event);
    if (events[i + 1]?.t === event.t) continue;
    const held = Object.fromEntries(Object.entries(HELD).map(([name, of]) => [name, of(state)]));
    tracked.push({ t: event.t, held: held as Record<Name, number> });
  }
  return tracked;
}

export function slowFigures(all: readonly TraceEvent[], t: number, windowUs: number) {
  const events = all.filter((event) => event.t <= t);
  const tracked = track(events);
  const width = windowUs / 60;
  const starts = startsOf(t, windowUs);
  const between = (from: number, to: number) => events.filter((e) => e.t > from && e.t <= to);
  const counts = (pick: (e: TraceEvent) => boolean, from: number, to: number) => between(from, to).filter(pick).length;
  const records = <T>(of: (pick: (e: TraceEvent) => boolean) => T) =>
    Object.fromEntries(Object.entries(COUNTED).map(([name, pick]) => [name, of(pick)]));
  const trips = (from: number, to: number) => {
    const sorted = between(from, to)
      .flatMap((e) => (e.type === 'request.answered' ? [e.roundTripUs] : []))
      .sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    // The smallest sample that at least this share of all are not above.
    const nearest = (share: number) => sorted.find((x) => sorted.filter((y) => y <= x).length >= share * sorted.length);
    return { count: sorted.length, p50: nearest(0.5), p99: nearest(0.99) };
  };
  const heldAt = (name: Name, at: number) => tracked.findLast((entry) => entry.t <= at)?.held[name] ?? 0;
  const level = (name: Name, from: number, to: number) => {
    const values = [heldAt(name, from)];
    for (const entry of tracked) if (entry.t > from && entry.t <= to) values.push(entry.held[name]);
    return { min: Math.min(...values), max: Math.max(...values), last: values.at(-1) };
  };
  const names = Object.keys(HELD) as Name[];
  return {
    counts: records((pick) => starts.map((at) => counts(pick, at, at + width))),
    total: records((pick) => counts(pick, t - windowUs, t)),
    lastSecond: records((pick) => counts(pick, t - 1e6, t)),
    levels: Object.fromEntries(names.map((name) => [name, starts.map((at) => level(name, at, at + width))])),
    now: Object.fromEntries(names.map((name) => [name, heldAt(name, t)])),
    roundTrips: starts.map((at) => trips(at, at + width)),
    allRoundTrips: trips(t - windowUs, t),
  };
}
