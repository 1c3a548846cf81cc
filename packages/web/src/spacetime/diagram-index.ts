// What the diagram is drawn from, fed by the log fact by fact: lanes with their spans, messages, notes, counts, and the silences.
// It holds nothing but what follows from the facts and is never changed by looking, but for readings that were still due.

import type { Kind, Micros, State, TraceEvent } from '@crows-nest/protocol';
import { emptyState } from '@crows-nest/protocol';
import type { Log, LogObserver } from '../model/log.ts';
import { ABSENT } from './code.ts';
import { Crossings } from './crossings.ts';
import { type Lane, laneOf, laneOfState } from './lane.ts';
import { type Note, noteOf } from './noted.ts';
import { type Cut, Quiet } from './quiet.ts';
import { Readings } from './readings.ts';
import { Tally } from './tally.ts';

export class DiagramIndex implements LogObserver {
  lanes = new Map<string, Lane>();
  crossings = new Crossings();
  notes: Note[] = [];
  tally = new Tally();
  quiet = new Quiet(0);
  /** When facts are missing. */
  missed: Cut[] = [];
  #readings = new Readings();
  #nextLane = 0;
  #lastAt: Micros = Number.NEGATIVE_INFINITY;
  #settledTo: Micros = Number.NEGATIVE_INFINITY;

  constructor() {
    this.begin(emptyState(), false);
  }

  /** For a look at what it costs. */
  get bytes(): number {
    let bytes = this.crossings.bytes + this.tally.bytes + this.quiet.bytes + 80 * this.notes.length;
    for (const { spans } of this.lanes.values()) bytes += spans.bytes;
    return bytes;
  }

  /** After a gap in the facts what was learnt stays: the log goes on holding it. */
  begin(state: State, gap: boolean): void {
    if (gap) this.#skip(state);
    else this.#clear(state);
    this.#enterAll(state);
    for (const lane of this.lanes.values()) this.#readings.touch(lane, -1);
    this.#lastAt = state.t;
    this.#readings.settle(this.lanes.values(), state, state.t, state.t);
  }

  learn(event: TraceEvent, before: State): void {
    const { t } = event;
    if (t <= this.#settledTo) this.#unsettle(t);
    const gap = this.missed.at(-1);
    // Missed were also the facts between the last one and this.
    if (gap && gap.to <= gap.from) this.missed[this.missed.length - 1] = { from: gap.from, to: t };
    if (t > this.#lastAt) {
      if (this.#readings.pending(t - 1)) this.#readings.settle(this.lanes.values(), before, this.#lastAt, t - 1);
      this.#lastAt = t;
    }
    if (!this.#message(event, before)) {
      this.quiet.disturb(t);
      this.#peer(event);
      this.#touch(event, before);
      const said = noteOf(event, before.queue);
      const lane = said?.peer === undefined ? undefined : this.lanes.get(said.peer);
      // The first start of a process is no news: its lane begins there.
      const first = event.type === 'process.started' && !before.peers[event.peer]?.process;
      if (said && lane && !first) {
        const { peer, ...note } = said;
        this.notes.push({ t, seq: event.seq, lane: lane.id, ...note });
      }
    }
  }

  forget(t: Micros): void {
    this.crossings.forget(t);
    this.tally.forget(t);
    this.quiet.forget(t);
    this.missed = this.missed.filter((gap) => gap.to > t);
    const kept = this.notes.findIndex((note) => note.t > t);
    this.notes.splice(0, kept < 0 ? this.notes.length : kept);
    for (const lane of this.lanes.values()) {
      lane.spans.forget(t);
      if (lane.leftAt !== null && lane.leftAt <= t) this.lanes.delete(lane.peer);
    }
  }

  /** Readings that facts have not brought about yet, up to t: nothing happened between the last fact and then. */
  settle(log: Log, t: Micros): void {
    if (t < this.#lastAt || !this.#readings.pending(t)) return;
    this.#readings.settle(this.lanes.values(), log.stateAt(this.#lastAt), this.#lastAt, t);
    this.#settledTo = Math.max(this.#settledTo, t);
  }

  #clear(state: State): void {
    this.lanes = new Map();
    this.crossings = new Crossings();
    this.notes = [];
    this.missed = [];
    this.tally = new Tally();
    this.quiet = new Quiet(state.t);
    this.#readings = new Readings();
    this.#nextLane = 0;
    this.#settledTo = Number.NEGATIVE_INFINITY;
  }

  /** Facts are missing from the last one to `state`: how anything was in between nobody knows. */
  #skip(state: State): void {
    const from = this.#lastAt;
    this.missed.push({ from, to: state.t });
    this.quiet.skip(state.t);
    for (const lane of this.lanes.values()) {
      if (state.t > from) lane.spans.begin(from, ABSENT, null, undefined);
      if (lane.leftAt === null && !state.peers[lane.peer]) lane.leftAt = state.t;
    }
    for (const msg of this.crossings.openMessages()) {
      if (!state.messages[msg]) this.crossings.end(msg, 'missed', from);
    }
  }

  #enterAll(state: State): void {
    for (const peer of Object.values(state.peers)) {
      const known = this.lanes.get(peer.peer);
      if (known) known.delayUs = 1000 * peer.link.delayMs;
      else this.lanes.set(peer.peer, laneOfState(this.#nextLane++, peer, state.t));
    }
    const underWay = Object.values(state.messages).sort((a, b) => a.enteredAt - b.enteredAt || a.msg - b.msg);
    for (const { msg, link, kind, direction, enteredAt, dueAt, leftAt, copyOf, damage, heldBy } of underWay) {
      const lane = this.lanes.get(link);
      if (!lane || this.crossings.kindOf(msg) !== undefined) continue;
      this.crossings.enter(msg, lane.id, kind, direction === 'toQueue', enteredAt, dueAt);
      if (leftAt !== null) this.crossings.leave(msg, leftAt);
      if (copyOf !== null) this.crossings.tamper(msg, 'copy');
      if (damage !== null) this.crossings.tamper(msg, 'damaged');
      if (heldBy.length > 0) this.crossings.tamper(msg, 'held');
    }
  }

  #unsettle(t: Micros): void {
    this.#readings.unsettle(this.lanes.values(), t);
    this.#settledTo = t - 1;
  }

  /** Facts of messages, and what follows from a beat. false: it is another fact. */
  #message(event: TraceEvent, before: State): boolean {
    const { t } = event;
    switch (event.type) {
      case 'message.entered': {
        const lane = this.lanes.get(event.link);
        if (!lane) return true;
        const toQueue = event.direction === 'toQueue';
        // A fault takes a message as it enters: without it, it would have been due after the link's delay.
        const dueAt = event.dueAt > t ? event.dueAt : t + lane.delayUs;
        this.crossings.enter(event.msg, lane.id, event.kind, toQueue, t, dueAt);
        if (event.copyOf !== undefined) this.crossings.tamper(event.msg, 'copy');
        if (event.kind === 'HEARTBEAT') this.tally.add('beat', t);
        else {
          if (event.kind === 'REQUEST' && toQueue) this.tally.add('request', t);
          if (event.kind === 'REPLY' && !toQueue) this.tally.add('reply', t);
          this.quiet.disturb(t);
          if (toQueue) this.#readings.touchUnlisted(lane, event.seq);
        }
        return true;
      }
      case 'message.corrupted':
        this.crossings.tamper(event.msg, 'damaged');
        this.#disturbUnlessBeat(this.crossings.kindOf(event.msg), t);
        return true;
      case 'message.held':
        this.crossings.tamper(event.msg, 'held');
        this.#disturbUnlessBeat(this.crossings.kindOf(event.msg), t);
        return true;
      case 'message.duplicated':
      case 'message.released':
        return true;
      case 'command.passed':
      case 'command.dropped':
        // ZMTP asks for itself: no actor hears of it.
        return true;
      case 'message.left': {
        const kind = this.crossings.kindOf(event.msg);
        this.crossings.leave(event.msg, t);
        const lane = this.lanes.get(event.link);
        // What a guest does with it cannot be known: handed over is its end.
        if (lane?.guest && before.messages[event.msg]?.direction === 'fromQueue')
          this.crossings.end(event.msg, 'delivered', t);
        this.#disturbUnlessBeat(kind, t);
        return true;
      }
      case 'message.read': {
        if (event.msg === undefined) return true;
        const message = before.messages[event.msg];
        this.crossings.end(event.msg, 'read', t);
        if (message && message.kind !== 'HEARTBEAT') {
          this.quiet.disturb(t);
          if (message.direction === 'toQueue') this.#readings.touchUnlisted(this.lanes.get(message.link), event.seq);
        }
        return true;
      }
      case 'message.dropped':
      case 'message.lost':
        this.crossings.end(event.msg, event.type === 'message.lost' ? 'lost' : 'dropped', t);
        this.tally.add('loss', t);
        this.quiet.disturb(t);
        this.#readings.touchUnlisted(this.lanes.get(event.link), event.seq);
        return true;
      case 'liveness.lost':
      case 'liveness.restored':
        // They come and go with single beats; when it runs out, the worker backs off.
        return true;
      case 'worker.refreshed':
        // A list that goes on as it was changes no reading; a worker at work may be believed in anew.
        if (before.queue.atWork.some((w) => w.worker === event.worker && w.expiryAt === null))
          this.#touch(event, before);
        return true;
    }
    return false;
  }

  #disturbUnlessBeat(kind: Kind | undefined, t: Micros): void {
    if (kind !== undefined && kind !== 'HEARTBEAT') this.quiet.disturb(t);
  }

  #peer(event: TraceEvent): void {
    if (event.type === 'peer.joined') {
      const known = this.lanes.get(event.peer);
      if (known) Object.assign(known, { name: event.name, joinedAt: event.t, leftAt: null });
      else this.lanes.set(event.peer, laneOf(this.#nextLane++, event));
      return;
    }
    const lane =
      'link' in event ? this.lanes.get(event.link) : 'peer' in event ? this.lanes.get(event.peer) : undefined;
    if (!lane) return;
    if (event.type === 'peer.left') lane.leftAt = event.t;
    else if (event.type === 'link.delayed') lane.delayUs = event.delayMs * 1000;
  }

  /** Whose reading this fact may change. */
  #touch(event: TraceEvent, before: State): void {
    const { seq } = event;
    // What the queue does to one worker, by name: of a worker that nobody knows, everybody is asked.
    if ('worker' in event) {
      const lane = event.workerPeer === undefined ? undefined : this.lanes.get(event.workerPeer);
      if (lane) this.#readings.touch(lane, seq);
      if (!lane || before.peers[lane.peer]?.identity !== event.worker) {
        for (const other of this.lanes.values()) {
          if (!lane || before.peers[other.peer]?.identity === event.worker) this.#readings.touch(other, seq);
        }
      }
      const oldest = event.type === 'worker.expired' ? before.queue.forgotten[0]?.peer : null;
      if (oldest) this.#readings.touch(this.lanes.get(oldest), seq);
      return;
    }
    const id = 'link' in event ? event.link : 'peer' in event ? event.peer : undefined;
    const lane = id === undefined ? undefined : this.lanes.get(id);
    if (!lane) return;
    this.#readings.touch(lane, seq);
    // What becomes of the queue concerns all of them.
    if (lane.role === 'queue' && QUEUE_WIDE.has(event.type)) {
      for (const other of this.lanes.values()) this.#readings.touch(other, seq);
    }
  }
}

const QUEUE_WIDE = new Set([
  'process.started',
  'process.exited',
  'process.paused',
  'process.resumed',
  'process.overloaded',
  'process.recovered',
  'queue.started',
  'peer.left',
]);
