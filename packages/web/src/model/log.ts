// The page's copy of the trace: append-only, read at any time t, bounded to a window of the newest facts. Kept as packed bytes, and
// facts are read out of them when asked for. The picture is a function of this and t alone [V1], so nothing here depends on the screen.

import type { EventOf, EventType, Micros, Snapshot, State, TraceEvent } from '@crows-nest/protocol';
import { apply, copyState, emptyState } from '@crows-nest/protocol';
import { type ChunkSizes, Chunks } from './chunks.ts';
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

/** What is kept at most, in facts and in bytes, and how it is cut. */
export interface LogWindow extends ChunkSizes {
  readonly windowFacts: number;
  readonly windowBytes: number;
}

/** About two million facts: minutes of a flood, a day of a demo. */
export const LOG_WINDOW: LogWindow = {
  windowFacts: 4_000_000,
  windowBytes: 58_000_000,
  chunkFacts: 4096,
  keyframeFacts: 512,
};

/** Facts between these times were missed. */
export interface Gap {
  readonly from: Micros;
  readonly to: Micros;
}

let generations = 0;

export class TraceLog implements Log {
  startAt: Micros = 0;
  endAt: Micros = 0;
  /** Facts before this time were dropped to keep the window. null: nothing is missing. */
  droppedBefore: Micros | null = null;
  /** What was missed of what is held, oldest first: in a gap the state is the last that was known before it. */
  gaps: readonly Gap[] = [];
  /** Changes with every reset, and no two logs have the same, so that a view that keeps rows knows to begin again. */
  generation = 0;

  readonly #window: LogWindow;
  readonly #observers = new Set<LogObserver>();
  readonly #chunks: Chunks;
  readonly #fates: Fates;
  readonly #cursors: Cursors;
  #tail: State = emptyState();

  constructor(window: Partial<LogWindow> = {}) {
    this.#window = { ...LOG_WINDOW, ...window };
    this.#chunks = new Chunks(this.#window);
    this.#fates = new Fates(this.#chunks);
    this.#cursors = new Cursors(this.#chunks);
    this.#begin({ state: emptyState(), now: 0 });
  }

  /** How many facts are held. */
  get size(): number {
    return this.#chunks.size;
  }

  /** The next fact to come bears this number, unless some were missed. */
  get nextSeq(): number {
    return this.#tail.seq + 1;
  }

  /** What all of it takes in memory, about. */
  get bytes(): number {
    return this.#chunks.bytes + this.#fates.bytes;
  }

  /** A snapshot: of the run that is held, it goes on from there, with a gap if facts were missed; of another, all begins anew. */
  reset(snapshot: Snapshot): void {
    const { state, now } = snapshot;
    const sameRun = state.startedAt !== null && state.startedAt === this.#tail.startedAt;
    if (!sameRun || state.seq < this.#tail.seq) return this.#begin(snapshot);
    if (state.seq > this.#tail.seq) this.#jump(state);
    this.endAt = Math.max(this.endAt, now, state.t);
    this.#keepWindow();
  }

  /** Facts in order, and the time up to which the trace is now complete. */
  append(events: readonly TraceEvent[], now: Micros): void {
    for (const event of events) {
      // A fact that was seen already, after a reconnect, is not told twice.
      if (event.seq <= this.#tail.seq) continue;
      if (event.seq > this.nextSeq && this.#tail.seq >= 0) this.#miss(event.t);
      const fact = this.#chunks.end;
      this.#chunks.push(event, this.#tail);
      this.#fates.record(event, this.#tail, fact);
      for (const observer of this.#observers) observer.learn(event, this.#tail);
      apply(this.#tail, event);
    }
    this.endAt = Math.max(this.endAt, this.#tail.t, now);
    this.#keepWindow();
  }

  stateAt(t: Micros): State {
    return this.#cursors.stateAt(t);
  }

  between(from: Micros, to: Micros, types?: readonly EventType[]): readonly TraceEvent[] {
    return this.#chunks.slice(this.#chunks.after(from), this.#chunks.after(to), types);
  }

  count(from: Micros, to: Micros, types?: readonly EventType[]): number {
    return from < to ? this.#chunks.countOf(this.#chunks.after(from), this.#chunks.after(to), types) : 0;
  }

  event(seq: number): TraceEvent | undefined {
    return this.#chunks.numbered(seq);
  }

  timeAfter(t: Micros, types?: readonly EventType[]): Micros | null {
    return this.#timeOf(this.#chunks.find(this.#chunks.after(t), this.#chunks.end, types, false));
  }

  timeBefore(t: Micros, types?: readonly EventType[]): Micros | null {
    return this.#timeOf(this.#chunks.find(this.#chunks.first, this.#chunks.after(t - 1), types, true));
  }

  /** Tells it everything that is held, then everything to come. Returns what ends that. */
  observe(observer: LogObserver): () => void {
    let state = copyState(this.#chunks.base);
    observer.begin(state, false);
    const learn = (event: TraceEvent) => {
      if (event.seq > state.seq + 1 && state.seq >= 0) observer.begin(state, true);
      observer.learn(event, state);
      apply(state, event);
    };
    this.#chunks.visit(this.#chunks.first, this.#chunks.end, learn, (after) => {
      state = after;
      observer.begin(state, true);
    });
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

  #begin({ state, now }: Snapshot): void {
    this.generation = ++generations;
    this.startAt = state.t;
    this.endAt = Math.max(now, state.t);
    this.droppedBefore = null;
    this.gaps = [];
    this.#tail = copyState(state);
    this.#chunks.clear(copyState(state));
    this.#cursors.clear();
    this.#fates.clear();
    for (const message of Object.values(state.messages)) this.#fates.adopt(message);
    for (const observer of this.#observers) observer.begin(this.#tail, false);
  }

  /** It goes on from a state some facts later. */
  #jump(state: State): void {
    this.#fates.jump(this.#tail, state, this.#chunks.end);
    this.#chunks.jump(state);
    const from = this.#tail.t;
    this.#tail = copyState(state);
    this.#miss(state.t, from);
  }

  #miss(to: Micros, from: Micros = this.#tail.t): void {
    this.gaps = [...this.gaps, { from, to }];
    for (const observer of this.#observers) observer.begin(this.#tail, true);
  }

  #timeOf(fact: number): Micros | null {
    return fact < 0 ? null : this.#chunks.time(fact);
  }

  #keepWindow(): void {
    const { windowFacts, windowBytes } = this.#window;
    while (this.#chunks.count > 1 && (this.#chunks.size > windowFacts || this.bytes > windowBytes)) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#chunks.shift((base, first) => this.#fates.forget(base, first));
    this.#cursors.forget(this.#chunks.first);
    this.startAt = this.#chunks.base.t;
    this.droppedBefore = this.startAt;
    this.gaps = this.gaps.filter(({ to }) => to > this.startAt);
    for (const observer of this.#observers) observer.forget(this.startAt);
  }
}
