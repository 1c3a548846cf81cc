// Who is on stage at time t and where: the arrangement of now, blended with the ones before for 300 ms of event time.

import type { Micros, PeerState, State, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import { type Curve, makeCurve } from './curve.ts';
import { type Arrangement, arrange, type Place } from './layout.ts';
import { easeOut, mix } from './mix.ts';

export const LAYOUT_CHANGE_US = 300_000;

export interface Members {
  workers: string[];
  clients: string[];
}

export interface Placement {
  arrangement: Arrangement;
  members: Members;
  places: Map<string, Place & { alpha: number }>;
}

export function membersOf(state: State): Members {
  const workers: string[] = [];
  const clients: string[] = [];
  for (const peer of Object.values(state.peers)) {
    if (peer.role === 'worker') workers.push(peer.peer);
    else if (peer.role === 'client') clients.push(peer.peer);
  }
  return { workers, clients };
}

interface Change {
  t: Micros;
  members: Members;
}

const isChange = (event: TraceEvent): boolean => event.type === 'peer.joined' || event.type === 'peer.left';

/**
 * The memberships since 300 ms before t, oldest first, each with the time it began.
 * Asks the log for an earlier state, so it must be called before the state at t is asked for.
 */
export function recentChanges(log: Log, t: Micros): { before: Members; events: TraceEvent[] } | null {
  const events = log.between(t - LAYOUT_CHANGE_US, t).filter(isChange);
  const first = events[0];
  if (!first || first.t - 1 < log.startAt) return null;
  return { before: membersOf(log.stateAt(first.t - 1)), events };
}

function follow(before: Members, events: readonly TraceEvent[], now: Members): Change[] {
  const changes: Change[] = [{ t: Number.NEGATIVE_INFINITY, members: before }];
  const staying = new Set([...now.workers, ...now.clients]);
  let { workers, clients } = before;
  for (const event of events) {
    if (event.type === 'peer.joined') {
      if (event.role === 'worker' && !workers.includes(event.peer)) workers = [...workers, event.peer];
      if (event.role === 'client' && !clients.includes(event.peer)) clients = [...clients, event.peer];
    } else if (event.type === 'peer.left' && !staying.has(event.peer)) {
      // Whoever left with messages still under way keeps its place for now.
      workers = workers.filter((id) => id !== event.peer);
      clients = clients.filter((id) => id !== event.peer);
    }
    const last = changes[changes.length - 1];
    if (last && last.t === event.t) last.members = { workers, clients };
    else changes.push({ t: event.t, members: { workers, clients } });
  }
  return changes;
}

/** Blends every number of `from` into `to`; what is not a number is taken from `to`. */
function blend<T extends object>(from: T, to: T, share: number): T {
  const result = { ...to } as Record<string, unknown>;
  for (const [key, value] of Object.entries(from)) {
    const other = result[key];
    if (typeof value === 'number' && typeof other === 'number') result[key] = mix(value, other, share);
  }
  return result as T;
}

function placesOf(arrangement: Arrangement, members: Members): Map<string, Place & { alpha: number }> {
  const places = new Map<string, Place & { alpha: number }>();
  const add = (ids: readonly string[], slots: readonly Place[]): void => {
    ids.forEach((id, i) => {
      const slot = slots[i];
      if (slot) places.set(id, { ...slot, alpha: 1 });
    });
  };
  add(members.workers, arrangement.workers);
  add(members.clients, arrangement.clients);
  return places;
}

export function place(
  state: State,
  recent: ReturnType<typeof recentChanges>,
  t: Micros,
  view: { width: number; height: number; reducedMotion: boolean },
): Placement {
  const members = membersOf(state);
  const slots = (m: Members): Arrangement => arrange(view.width, view.height, m.workers.length, m.clients.length);
  const arrangement = slots(members);
  if (recent === null || view.reducedMotion) return { arrangement, members, places: placesOf(arrangement, members) };
  // Blending over every change in turn is continuous: a change begins with weight 0 and leaves the window with weight 1.
  const changes = follow(recent.before, recent.events, members);
  let now: Placement | null = null;
  for (const change of changes) {
    const target = change === changes[changes.length - 1] ? members : change.members;
    const next = slots(target);
    const places = placesOf(next, target);
    const share = easeOut((t - change.t) / LAYOUT_CHANGE_US);
    if (now !== null && share < 1) {
      const before: Placement = now;
      for (const [id, to] of places) {
        const from = before.places.get(id);
        places.set(id, from ? blend(from, to, share) : { ...to, alpha: share });
      }
      const shown = blend(before.arrangement, next, share);
      shown.queue = blend(before.arrangement.queue, next.queue, share);
      shown.door = blend(before.arrangement.door, next.door, share);
      now = { arrangement: shown, members: target, places };
    } else now = { arrangement: next, members: target, places };
  }
  return now ?? { arrangement, members, places: placesOf(arrangement, members) };
}

/** Share of a link from the queue's end at which its curve ends before the worker's glyph. */
const glyphGap = (scale: number): number => 50 * scale + 4;

const CURVES = new WeakMap<Arrangement, Map<string, Curve>>();

/** Curves are tabulated when the layout changes, not with every frame. */
function kept(arrangement: Arrangement, key: string, make: () => Curve): Curve {
  let curves = CURVES.get(arrangement);
  if (!curves) {
    curves = new Map();
    CURVES.set(arrangement, curves);
  }
  let curve = curves.get(key);
  if (!curve) {
    curve = make();
    curves.set(key, curve);
  }
  return curve;
}

/** The path between a peer and the queue, drawn from left to right: client to door, or queue to worker. */
export function linkCurve({ arrangement, places }: Placement, peer: PeerState): Curve | undefined {
  const at = places.get(peer.peer);
  if (!at) return undefined;
  const { x, y, scale, portX, portY } = at;
  return kept(arrangement, `${peer.role} ${portX} ${portY} ${x} ${y} ${scale}`, () => {
    if (peer.role === 'client') return makeCurve(x + 28 * scale + 1, y, portX, portY);
    if (arrangement.form !== 'grid') return makeCurve(portX, portY, x - glyphGap(scale), y);
    return makeCurve(portX, portY, arrangement.trunkX - 10, y, x - glyphGap(scale) - 6);
  });
}

/** The trunk of a row of workers, from the queue to the last of them. */
export function trunkCurve({ arrangement, places }: Placement, row: readonly string[]): Curve | undefined {
  const first = places.get(row[0] ?? '');
  const last = places.get(row[row.length - 1] ?? '');
  if (!first || !last) return undefined;
  const key = `trunk ${first.portX} ${first.portY} ${last.x} ${first.y}`;
  return kept(arrangement, key, () => makeCurve(first.portX, first.portY, arrangement.trunkX - 10, first.y, last.x));
}
