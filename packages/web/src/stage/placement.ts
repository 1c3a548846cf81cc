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
  /** Whoever stands on the stage, also those that are fading. */
  places: Map<string, Place>;
  /** In a grid: the row, and so the trunk, of each worker. */
  rows: Map<string, number>;
  /** Those that have just gone, as they were: their places fade. */
  departed: Map<string, PeerState>;
}

export function membersOf(state: State): Members {
  const workers: string[] = [];
  const clients: string[] = [];
  for (const id in state.peers) {
    const role = state.peers[id]?.role;
    if (role === 'worker') workers.push(id);
    else if (role === 'client') clients.push(id);
  }
  return { workers, clients };
}

interface Change {
  t: Micros;
  members: Members;
}

export interface Changes {
  before: Members;
  /** Peers of then that have left by now, or are about to. */
  leaving: Map<string, PeerState>;
  events: readonly TraceEvent[];
}

/** A peer that left stays while messages of its own are under way; for so long it is looked after. */
const LINGERS_US = 30_000_000;
const ENDINGS = ['message.left', 'message.read', 'message.dropped', 'message.lost'] as const;

/**
 * Who was on stage 300 ms before t, and what has changed that since. null: nothing.
 * Asks the log for an earlier state, so it must be called before the state at t is asked for.
 */
export function recentChanges(log: Log, t: Micros): Changes | null {
  const from = t - LAYOUT_CHANGE_US;
  const events = log.between(from, t, ['peer.joined', 'peer.left']);
  if (events.length === 0 && log.count(t - LINGERS_US, t, ['peer.left']) === 0) return null;
  if (from < log.startAt) return null;
  const state = log.stateAt(from);
  const leaving = new Map<string, PeerState>();
  const left = new Set(events.flatMap((event) => (event.type === 'peer.left' ? [event.peer] : [])));
  for (const peer of Object.values(state.peers)) {
    if (peer.left || left.has(peer.peer)) leaving.set(peer.peer, { ...structuredClone(peer), left: true });
  }
  if (events.length === 0 && leaving.size === 0) return null;
  return { before: membersOf(state), leaving, events };
}

/** When each of those that have gone went: as it left, or with the end of its last message. */
function goneAt(log: Log, t: Micros, { leaving, events }: Changes, staying: ReadonlySet<string>): Map<string, Micros> {
  const gone = new Map<string, Micros>();
  for (const id of leaving.keys()) if (!staying.has(id)) gone.set(id, t - LAYOUT_CHANGE_US);
  if (gone.size === 0) return gone;
  for (const event of log.between(t - LAYOUT_CHANGE_US, t, ENDINGS)) {
    if ('link' in event && gone.has(event.link)) gone.set(event.link, event.t);
    else if (event.type === 'message.read' && event.msg !== undefined) {
      const link = log.entered(event.msg)?.link;
      if (link !== undefined && gone.has(link)) gone.set(link, event.t);
    }
  }
  for (const event of events) {
    if (event.type === 'peer.left' && gone.has(event.peer))
      gone.set(event.peer, Math.max(event.t, gone.get(event.peer) ?? 0));
  }
  return gone;
}

function follow(log: Log, t: Micros, changes: Changes, now: Members): Change[] {
  const staying = new Set([...now.workers, ...now.clients]);
  const steps: { t: Micros; joined?: { peer: string; role: string }; gone?: string }[] = [];
  for (const event of changes.events) if (event.type === 'peer.joined') steps.push({ t: event.t, joined: event });
  for (const [gone, at] of goneAt(log, t, changes, staying)) steps.push({ t: at, gone });
  steps.sort((a, b) => a.t - b.t);
  let { workers, clients } = changes.before;
  const found: Change[] = [{ t: Number.NEGATIVE_INFINITY, members: changes.before }];
  for (const step of steps) {
    const { joined, gone } = step;
    if (joined?.role === 'worker' && !workers.includes(joined.peer)) workers = [...workers, joined.peer];
    if (joined?.role === 'client' && !clients.includes(joined.peer)) clients = [...clients, joined.peer];
    if (gone !== undefined) {
      workers = workers.filter((id) => id !== gone);
      clients = clients.filter((id) => id !== gone);
    }
    found.push({ t: step.t, members: { workers, clients } });
  }
  return found;
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

function placesOf(arrangement: Arrangement, members: Members): Map<string, Place> {
  const places = new Map<string, Place>();
  const add = (ids: readonly string[], slots: readonly Place[]): void => {
    ids.forEach((id, i) => {
      const slot = slots[i];
      if (slot) places.set(id, slot);
    });
  };
  add(members.workers, arrangement.workers);
  add(members.clients, arrangement.clients);
  return places;
}

const rowsOf = ({ form, columns }: Arrangement, { workers }: Members): Map<string, number> =>
  new Map(form === 'grid' ? workers.map((id, i) => [id, Math.floor(i / columns)]) : []);

export interface Room {
  width: number;
  height: number;
  presentation: boolean;
  reducedMotion: boolean;
}

export function place(log: Log, state: State, changes: Changes | null, t: Micros, room: Room): Placement {
  const members = membersOf(state);
  const slots = (m: Members): Arrangement =>
    arrange(room.width, room.height, m.workers.length, m.clients.length, room.presentation);
  const arrangement = slots(members);
  const rows = rowsOf(arrangement, members);
  const still: Placement = {
    arrangement,
    members,
    places: placesOf(arrangement, members),
    rows,
    departed: new Map(),
  };
  if (changes === null || room.reducedMotion) return still;
  // Blending over every change in turn is continuous: a change begins with weight 0 and leaves the window with weight 1.
  let now: Pick<Placement, 'arrangement' | 'places'> | null = null;
  const steps = follow(log, t, changes, members);
  for (const change of steps) {
    const target = change === steps[steps.length - 1] ? members : change.members;
    const next = slots(target);
    const places = placesOf(next, target);
    const share = easeOut((t - change.t) / LAYOUT_CHANGE_US);
    now =
      now !== null && share < 1 ? blended(now, { arrangement: next, places }, share) : { arrangement: next, places };
  }
  if (now === null) return still;
  const departed = new Map([...changes.leaving].filter(([id]) => now.places.has(id) && !state.peers[id]));
  return { ...now, members, rows, departed };
}

function blended(
  before: Pick<Placement, 'arrangement' | 'places'>,
  { arrangement: next, places }: Pick<Placement, 'arrangement' | 'places'>,
  share: number,
): Pick<Placement, 'arrangement' | 'places'> {
  for (const [id, to] of places) {
    const from = before.places.get(id);
    places.set(id, from ? blend(from, to, share) : { ...to, alpha: share });
  }
  for (const [id, from] of before.places) {
    if (!places.has(id)) places.set(id, { ...from, alpha: from.alpha * (1 - share) });
  }
  const arrangement = blend(before.arrangement, next, share);
  arrangement.queue = blend(before.arrangement.queue, next.queue, share);
  arrangement.door = blend(before.arrangement.door, next.door, share);
  return { arrangement, places };
}

/** Share of a link from the queue's end at which its curve ends before the worker's glyph. */
const glyphGap = (scale: number): number => 50 * scale + 4;

const CURVES = new WeakMap<Place, Curve>();
const TRUNKS = new WeakMap<Place, { lastX: number; curve: Curve }>();

/** The path between a peer and the queue, drawn from left to right: client to door, or queue to worker. Made once a place. */
export function linkCurve({ arrangement, places }: Placement, peer: PeerState): Curve | undefined {
  const at = places.get(peer.peer);
  if (!at) return undefined;
  const known = CURVES.get(at);
  if (known) return known;
  const { x, y, scale, portX, portY } = at;
  const straightFrom = arrangement.trunkX - 10;
  const curve =
    peer.role === 'client'
      ? makeCurve(x + 28 * scale + 1, y, portX, portY)
      : arrangement.form === 'grid'
        ? makeCurve(portX, portY, straightFrom, y, x - glyphGap(scale) - 6)
        : makeCurve(portX, portY, x - glyphGap(scale), y);
  CURVES.set(at, curve);
  return curve;
}

/** The trunk of a row of workers, from the queue to the last of them. */
export function trunkCurve({ arrangement, places }: Placement, row: readonly string[]): Curve | undefined {
  const first = places.get(row[0] ?? '');
  const last = places.get(row[row.length - 1] ?? '');
  if (!first || !last) return undefined;
  const known = TRUNKS.get(first);
  if (known?.lastX === last.x) return known.curve;
  const curve = makeCurve(first.portX, first.portY, arrangement.trunkX - 10, first.y, last.x);
  TRUNKS.set(first, { lastX: last.x, curve });
  return curve;
}
