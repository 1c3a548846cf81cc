// How each lane was, from the stage's own reading of it: taken when the facts of one time are all in, for the lanes they touched,
// and at the times at which a reading turns by itself. So the diagram agrees with the stage at every t.

import { emptyState, type Micros, type PeerState, type State } from '@crows-nest/protocol';
import { readWorker, type Truth, turnsAt, type WorkerIndex } from '../stage/truth.ts';
import { ABSENT, beliefOf, codeOf, codeOfReading, truthOf } from './code.ts';
import type { Lane } from './lane.ts';
import type { SpanDetail } from './spans.ts';

/** For one worker at a time: it is looked for, nothing is put in order first. */
class Lookup implements WorkerIndex {
  readonly list: WorkerIndex['list'];
  readonly atWork: WorkerIndex['atWork'];
  readonly listing: WorkerIndex['listing'];
  state: State;

  constructor(state: State) {
    this.state = state;
    this.list = entriesOf(() => this.state.queue.list);
    this.atWork = entriesOf(() => this.state.queue.atWork);
    this.listing = { has: (link) => isListing(this.state, link) };
  }
}

const entriesOf = (list: () => readonly { worker: string; peer: string | null }[]): WorkerIndex['list'] => ({
  byWorker: { get: (worker) => found(list().findIndex((entry) => entry.worker === worker)) },
  byPeer: { get: (peer) => found(list().findLastIndex((entry) => entry.peer === peer)) },
});

const found = (at: number): number | undefined => (at < 0 ? undefined : at);

function isListing({ messages }: State, link: string): boolean {
  for (const id in messages) {
    const message = messages[id];
    if (message?.link === link && message.direction === 'toQueue' && message.kind !== 'HEARTBEAT') return true;
  }
  return false;
}

/** Of a queue or a client: nobody believes anything of it. */
function ownTruth({ left, process }: PeerState): Truth {
  if (left || process?.status === 'exited') return 'dead';
  if (process === null) return 'unknown';
  return process.status === 'paused' ? 'frozen' : process.status === 'overloaded' ? 'overloaded' : 'running';
}

export class Readings {
  #touched: Lane[] = [];
  /** No reading turns before this. */
  #nextTurnAt = Number.POSITIVE_INFINITY;
  readonly #lookup = new Lookup(emptyState());

  touch(lane: Lane | undefined, seq: number): void {
    if (!lane) return;
    if (lane.touchedBy === null) this.#touched.push(lane);
    lane.touchedBy = seq;
  }

  /** What comes and goes on its link matters only to a worker that could be listed and is not. */
  touchUnlisted(lane: Lane | undefined, seq: number): void {
    if (lane?.role !== 'worker') return;
    const code = lane.spans.code(lane.spans.count - 1);
    if (lane.touchedBy !== null || (truthOf(code) === 'running' && beliefOf(code) === 'none')) this.touch(lane, seq);
  }

  /** Whether `settle` would have anything to say of times up to t. */
  pending(t: Micros): boolean {
    return this.#touched.length > 0 || this.#nextTurnAt <= t;
  }

  /** `state` holds from `at` until after `to`: what was touched is read at `at`, what turns by `to` at its time. */
  settle(lanes: Iterable<Lane>, state: State, at: Micros, to: Micros): void {
    for (const lane of this.#touched) {
      this.#take(lane, state, at, lane.touchedBy);
      lane.touchedBy = null;
    }
    this.#touched.length = 0;
    if (this.#nextTurnAt > to) return;
    this.#nextTurnAt = Number.POSITIVE_INFINITY;
    for (const lane of lanes) {
      while (lane.turnAt <= to) this.#take(lane, state, lane.turnAt, null);
      this.#nextTurnAt = Math.min(this.#nextTurnAt, lane.turnAt);
    }
  }

  /** A fact came at a time up to which it had been settled already. */
  unsettle(lanes: Iterable<Lane>, t: Micros): void {
    for (const lane of lanes) {
      if (lane.spans.startAt(lane.spans.count - 1) < t) continue;
      lane.spans.cut(t);
      this.touch(lane, -1);
    }
  }

  #take(lane: Lane, state: State, t: Micros, by: number | null): void {
    const peer = state.peers[lane.peer];
    const seq = by === null || by < 0 ? null : by;
    lane.turnAt = Number.POSITIVE_INFINITY;
    if (!peer) return lane.spans.begin(t, ABSENT, seq, undefined);
    if (lane.role !== 'worker') return lane.spans.begin(t, codeOf(ownTruth(peer)), seq, undefined);
    this.#lookup.state = state;
    const reading = readWorker(state, peer, t, this.#lookup);
    lane.turnAt = turnsAt(state, peer, reading, t);
    this.#nextTurnAt = Math.min(this.#nextTurnAt, lane.turnAt);
    let detail: SpanDetail | undefined;
    if (reading.parted) detail = { partedSince: reading.parted.since };
    if (reading.truth === 'reconnecting' && peer.backOff) detail = { ...detail, waitMs: peer.backOff.waitMs };
    lane.spans.begin(t, codeOfReading(reading), seq, detail);
  }
}
