// The moments one looks for on the time bar: faults, deaths, expiries, losses. Learnt from the log once, bounded in number:
// when there are too many, those of a kind that lie close together become one that counts them. None is left out silently.

import type { Micros, State, TraceEvent } from '@crows-nest/protocol';
import type { LogObserver } from './log.ts';

export type MarkerKind =
  | 'defect'
  | 'kill'
  | 'crash'
  | 'freeze'
  | 'overload'
  | 'fault'
  | 'expiry'
  | 'loss'
  | 'abandoned'
  | 'backOff'
  | 'resume'
  | 'healed'
  | 'ready';

export interface Marker {
  readonly t: Micros;
  readonly kind: MarkerKind;
  /** The peer or link it happened to, when it was one. */
  readonly peer: string | null;
  readonly count: number;
}

type Found = readonly [kind: MarkerKind, peer: string | null];

function kindOf(event: TraceEvent): Found | null {
  switch (event.type) {
    case 'fault.applied':
    case 'fault.struck':
    case 'fault.healed':
      // A process that is stopped is told of as such.
      if (event.kind === 'pause') return null;
      return [event.type === 'fault.healed' ? 'healed' : 'fault', event.link];
    case 'process.exited':
      // One that ended by itself, or was asked to, is no mark.
      return event.signal === 'SIGKILL' ? ['kill', event.peer] : null;
    case 'worker.crashed':
      return ['crash', event.peer];
    case 'process.paused':
      return ['freeze', event.peer];
    case 'process.resumed':
      return ['resume', event.peer];
    case 'process.overloaded':
      return ['overload', event.peer];
    case 'worker.expired':
      return ['expiry', event.workerPeer ?? null];
    case 'worker.backedOff':
      return ['backOff', event.peer];
    case 'worker.listed':
      return event.by === 'READY' ? ['ready', event.workerPeer ?? null] : null;
    case 'request.abandoned':
      return ['abandoned', event.peer];
    case 'message.dropped':
    case 'message.lost':
      return ['loss', event.link];
    case 'message.unrouted':
      return ['loss', event.workerPeer ?? event.clientPeer ?? null];
    default:
      return null;
  }
}

export const MOST_MARKERS = 4000;
/** Losses come in showers; the first of each quarter of a second stands for them. */
const SHOWER: Micros = 250_000;

export class Markers implements LogObserver {
  list: Marker[] = [];
  /** Changes with the list. */
  version = 0;
  /** Those of a kind that fall into one such slot are one. */
  #slot: Micros = SHOWER;
  #unexplained = 0;
  readonly #most: number;

  constructor(most = MOST_MARKERS) {
    this.#most = most;
  }

  /** After a gap what was learnt before it still holds. */
  begin(state: State, gap: boolean): void {
    if (!gap) {
      this.list = [];
      this.#slot = SHOWER;
    }
    this.#unexplained = state.ledger.unexplained;
    this.version++;
  }

  learn(event: TraceEvent, before: State): void {
    if (before.ledger.unexplained > this.#unexplained) {
      this.#unexplained = before.ledger.unexplained;
      this.#add(before.t, 'defect', null);
    }
    const found = kindOf(event);
    if (found) this.#add(event.t, ...found);
  }

  forget(t: Micros): void {
    const kept = this.#indexAfter(t);
    if (kept === 0) return;
    this.list.splice(0, kept);
    this.version++;
  }

  /** The newest before t, the oldest after it. */
  before(t: Micros): Marker | undefined {
    return this.list[this.#indexAfter(t - 1) - 1];
  }

  after(t: Micros): Marker | undefined {
    return this.list[this.#indexAfter(t)];
  }

  #add(t: Micros, kind: MarkerKind, peer: string | null): void {
    this.version++;
    if (kind === 'loss' || this.#slot > SHOWER) {
      for (let i = this.list.length - 1; i >= 0; i--) {
        const last = this.list[i];
        if (!last || !sameSlot(last.t, t, this.#slot)) break;
        if (last.kind !== kind) continue;
        this.list[i] = merged(last, peer, 1);
        return;
      }
    }
    this.list.push({ t, kind, peer, count: 1 });
    while (this.list.length > this.#most) this.#thin();
  }

  /** Twice as coarse; what is left is in the order of time still. */
  #thin(): void {
    this.#slot *= 2;
    const kept: Marker[] = [];
    const open = new Map<MarkerKind, number>();
    let slot = Number.NaN;
    for (const marker of this.list) {
      const own = Math.floor(marker.t / this.#slot);
      if (own !== slot) open.clear();
      slot = own;
      const at = open.get(marker.kind);
      const first = at === undefined ? undefined : kept[at];
      if (at !== undefined && first) kept[at] = merged(first, marker.peer, marker.count);
      else open.set(marker.kind, kept.push(marker) - 1);
    }
    this.list = kept;
  }

  #indexAfter(t: Micros): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.list[middle]?.t ?? 0) <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const sameSlot = (a: Micros, b: Micros, slot: Micros): boolean => Math.floor(a / slot) === Math.floor(b / slot);

const merged = (first: Marker, peer: string | null, count: number): Marker => ({
  ...first,
  peer: first.peer === peer ? peer : null,
  count: first.count + count,
});
