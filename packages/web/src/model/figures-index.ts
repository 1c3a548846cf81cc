// What the figures are counted from: a column of times for each thing that happens, and the levels of what holds.
// It learns every fact once, in well under a microsecond, and is as long as the log's window; all before any t can be asked.

import {
  apply,
  atTheDoor,
  copyState,
  emptyState,
  type Micros,
  type State,
  type TraceEvent,
} from '@crows-nest/protocol';
import { Column, Steps } from './figures-columns.ts';
import { Deaths } from './figures-deaths.ts';
import type { LogObserver } from './log.ts';

export const LOSS_CAUSES = ['fault', 'connection', 'process', 'buffer', 'router'] as const;
export type LossCause = (typeof LOSS_CAUSES)[number];

/** What happens, by the name of its column. */
export type Counted = 'requests' | 'replies' | 'beatsToQueue' | 'beatsFromQueue' | 'retried' | 'abandoned' | LossCause;
/** What holds. */
export type Held = 'waiting' | 'listed' | 'atWork' | 'workers';

const COUNTED: readonly Counted[] = [
  ...(['requests', 'replies', 'beatsToQueue', 'beatsFromQueue', 'retried', 'abandoned'] as const),
  ...LOSS_CAUSES,
];
const HELD: readonly Held[] = ['waiting', 'listed', 'atWork', 'workers'];

const fill = <K extends string, V>(keys: readonly K[], make: () => V): Readonly<Record<K, V>> =>
  Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>;

export class FiguresIndex implements LogObserver {
  readonly counts = fill(COUNTED, () => new Column());
  readonly roundTrips = new Column(true);
  readonly levels = fill(HELD, () => new Steps());
  readonly deaths = new Deaths();
  /** What happened before this is not known. */
  heldFrom: Micros = 0;
  /** The fold itself, over the few facts that move the levels: what counts as listed is said in one place. */
  #some: State = emptyState();

  /** When the queue last sent a beat, up to t. */
  lastBeatAt(t: Micros): Micros | null {
    const sent = this.counts.beatsFromQueue.upTo(t);
    return sent === 0 ? null : this.counts.beatsFromQueue.timeOf(sent - 1);
  }

  begin(state: State, gap: boolean): void {
    this.#some = copyState({ ...state, messages: {}, faults: {} });
    this.deaths.begin(state, gap);
    const { waiting, listed, atWork, workers } = this.levels;
    // After a gap it goes on: what was counted before stays true, and what holds is what the state says.
    if (!gap) {
      this.heldFrom = state.t;
      for (const column of [...Object.values(this.counts), this.roundTrips]) column.clear();
      for (const steps of Object.values(this.levels)) steps.clear();
    }
    waiting.set(state.t, atTheDoor(state).length);
    listed.set(state.t, state.queue.list.length);
    atWork.set(state.t, state.queue.atWork.length);
    workers.set(state.t, this.#workers());
  }

  forget(t: Micros): void {
    this.heldFrom = t;
    for (const kept of [...Object.values(this.counts), ...Object.values(this.levels)]) kept.forget(t);
    this.roundTrips.forget(t);
    this.deaths.forget(t);
  }

  learn(event: TraceEvent, before: State): void {
    const { t } = event;
    this.deaths.learn(event, before);
    switch (event.type) {
      case 'message.entered':
        if (event.kind === 'HEARTBEAT') {
          this.counts[event.direction === 'toQueue' ? 'beatsToQueue' : 'beatsFromQueue'].push(t);
        } else if (event.kind === 'REQUEST' && event.direction === 'toQueue') this.counts.requests.push(t);
        else if (event.kind === 'REPLY' && event.direction === 'fromQueue') this.counts.replies.push(t);
        break;
      case 'message.left':
        if (isRequestOf(before, event.msg)) this.levels.waiting.set(t, this.levels.waiting.last + 1);
        break;
      case 'message.read':
        this.#ended(t, before, event.msg);
        break;
      case 'message.dropped':
        this.counts.fault.push(t);
        this.#ended(t, before, event.msg);
        break;
      case 'message.lost':
        this.counts[event.cause].push(t);
        this.#ended(t, before, event.msg);
        break;
      case 'message.unrouted':
        this.counts.router.push(t);
        break;
      case 'request.answered':
        this.roundTrips.push(t, event.roundTripUs);
        break;
      case 'request.retried':
        this.counts.retried.push(t);
        break;
      case 'request.abandoned':
        this.counts.abandoned.push(t);
        break;
      case 'peer.joined':
      case 'peer.left':
        this.#moved(event);
        this.levels.workers.set(t, this.#workers());
        break;
      case 'process.started':
      case 'process.exited':
      case 'queue.started':
      case 'worker.listed':
      case 'worker.expired':
      case 'request.dispatched':
      case 'request.requeued':
      case 'reply.forwarded':
      case 'connection.opened':
      case 'connection.greeted':
      case 'connection.closed':
        this.#moved(event);
        break;
    }
  }

  /** A request that had been waiting at the door does not wait any more. */
  #ended(t: Micros, before: State, msg: number | undefined): void {
    if (msg === undefined || (before.messages[msg]?.leftAt ?? null) === null) return;
    if (isRequestOf(before, msg)) this.levels.waiting.set(t, this.levels.waiting.last - 1);
  }

  #moved(event: TraceEvent): void {
    apply(this.#some, event);
    const { list, atWork } = this.#some.queue;
    this.levels.listed.set(event.t, list.length);
    this.levels.atWork.set(event.t, atWork.length);
  }

  #workers(): number {
    return Object.values(this.#some.peers).filter((peer) => peer.role === 'worker' && !peer.left).length;
  }
}

/** What a client sent to the queue: that is what waits at its door. */
function isRequestOf({ messages, peers }: State, msg: number): boolean {
  const message = messages[msg];
  return message?.direction === 'toQueue' && peers[message.link]?.role === 'client';
}
