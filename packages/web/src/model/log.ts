// The page's copy of the trace: append-only, read at any time t, bounded to a window of the newest facts.
// The picture is a function of this and t alone [V1], so nothing here depends on what is on screen.

import type { EventOf, EventType, Micros, Snapshot, State, TraceEvent } from '@crows-nest/protocol';
import { apply, copyState, emptyState } from '@crows-nest/protocol';
import { Chunks } from './chunks.ts';
import { Cursors } from './cursors.ts';
import { type Fate, Fates } from './fates.ts';

export type { Fate } from './fates.ts';

export interface Log {
  readonly startAt: Micros;
  readonly endAt: Micros;
  /** Callers do not mutate it, and do not keep it beyond their turn: the next call may move it on in place. */
  stateAt(t: Micros): State;
  /** from < e.t <= to, in order; only those of `types` when given, and then the others cost next to nothing. */
  between(from: Micros, to: Micros, types?: readonly EventType[]): readonly TraceEvent[];
  /** How many `between` would give; without `types` it costs two searches. */
  count(from: Micros, to: Micros, types?: readonly EventType[]): number;
  /** The fact with this number, if it is held. */
  event(seq: number): TraceEvent | undefined;
  /** The next time later than t at which something happened, of `types` when given. null: none. */
  timeAfter(t: Micros, types?: readonly EventType[]): Micros | null;
  timeBefore(t: Micros, types?: readonly EventType[]): Micros | null;
  /** Of the whole log, so also what happens to the message later than the time one looks at. */
  fate(msg: number): Fate | undefined;
  entered(msg: number): EventOf<'message.entered'> | undefined;
  /** The hops of one request's journey, in the order they were sent [T6]. */
  journey(journey: number): readonly EventOf<'message.entered'>[];
}

/** Something that learns of every fact once, in order: an index for a view of its own. */
export interface LogObserver {
  /** What was learnt is void: `state` is the one before the first fact to come. Also after facts were missed: then `gap` is true. */
  begin(state: State, gap: boolean): void;
  /** `before` is the state before this fact; not to be kept. */
  learn(event: TraceEvent, before: State): void;
  /** Facts up to and including time t are no longer held. */
  forget(t: Micros): void;
}

/** About 400 k facts: minutes of a burst, hours of a demo. */
export const WINDOW_EVENTS = 400_000;

export class TraceLog implements Log {
  startAt: Micros = 0;
  endAt: Micros = 0;
  /** Facts before this time were dropped to keep the window. null: nothing is missing. */
  droppedBefore: Micros | null = null;
  /** Changes with every reset, so that a view that keeps rows knows to begin again. */
  generation = 0;

  readonly #windowEvents: number;
  readonly #observers = new Set<LogObserver>();
  #fates = new Fates();
  #tail: State = emptyState();
  #chunks: Chunks;
  #cursors: Cursors;

  constructor(windowEvents = WINDOW_EVENTS, chunkEvents = 4096) {
    this.#windowEvents = windowEvents;
    this.#chunks = new Chunks(chunkEvents);
    this.#cursors = new Cursors(this.#chunks);
    this.reset({ state: emptyState(), now: 0 });
  }

  /** How many facts are held. */
  get size(): number {
    return this.#chunks.size;
  }

  /** The next fact to come bears this number, unless some were missed. */
  get nextSeq(): number {
    return this.#tail.seq + 1;
  }

  reset({ state, now }: Snapshot): void {
    this.generation++;
    this.startAt = state.t;
    this.endAt = Math.max(now, state.t);
    this.droppedBefore = null;
    this.#tail = copyState(state);
    this.#chunks.clear(copyState(state));
    this.#cursors.clear();
    this.#fates = new Fates();
    for (const message of Object.values(state.messages)) this.#fates.adopt(message);
    for (const observer of this.#observers) observer.begin(this.#tail, false);
  }

  /** Facts in order, and the time up to which the trace is now complete. */
  append(events: readonly TraceEvent[], now: Micros): void {
    for (const event of events) {
      // A fact that was seen already, after a reconnect, is not told twice.
      if (event.seq <= this.#tail.seq) continue;
      this.#fates.record(event, this.#tail);
      for (const observer of this.#observers) observer.learn(event, this.#tail);
      this.#chunks.push(event, this.#tail);
      apply(this.#tail, event);
    }
    this.endAt = Math.max(this.endAt, this.#tail.t, now);
    while (this.#chunks.size > this.#windowEvents && this.#chunks.count > 1) this.#dropOldest();
  }

  stateAt(t: Micros): State {
    return this.#cursors.stateAt(t);
  }

  between(from: Micros, to: Micros, types?: readonly EventType[]): readonly TraceEvent[] {
    const all = this.#chunks.slice(this.#chunks.after(from), this.#chunks.after(to));
    return types ? all.filter((event) => types.includes(event.type)) : all;
  }

  count(from: Micros, to: Micros, types?: readonly EventType[]): number {
    return types ? this.between(from, to, types).length : this.#chunks.after(to) - this.#chunks.after(from);
  }

  event(seq: number): TraceEvent | undefined {
    return this.between(this.startAt - 1, this.endAt).find((event) => event.seq === seq);
  }

  timeAfter(t: Micros, types?: readonly EventType[]): Micros | null {
    return this.between(t, this.endAt, types)[0]?.t ?? null;
  }

  timeBefore(t: Micros, types?: readonly EventType[]): Micros | null {
    return this.between(this.startAt, t - 1, types).at(-1)?.t ?? null;
  }

  /** Tells it everything that is held, then everything to come. Returns what ends that. */
  observe(observer: LogObserver): () => void {
    const state = copyState(this.#chunks.base);
    observer.begin(state, false);
    for (const event of this.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) {
      observer.learn(event, state);
      apply(state, event);
    }
    this.#observers.add(observer);
    return () => {
      this.#observers.delete(observer);
    };
  }

  fate(msg: number): Fate | undefined {
    return this.#fates.fate(msg);
  }

  entered(msg: number): EventOf<'message.entered'> | undefined {
    return this.#fates.entered(msg);
  }

  journey(journey: number): readonly EventOf<'message.entered'>[] {
    return this.#fates.journey(journey);
  }

  #dropOldest(): void {
    const dropped = this.#chunks.shift();
    this.#fates.forget(dropped);
    this.#cursors.clear();
    this.startAt = this.#chunks.base.t;
    this.droppedBefore = this.startAt;
    for (const observer of this.#observers) observer.forget(this.startAt);
  }
}
