// The live trace: facts come in from many processes, wait a moment for stragglers, and leave in order of time, numbered and paired.

import {
  apply,
  type Batch,
  emptyState,
  type Fact,
  type Micros,
  millis,
  Recorder,
  type Snapshot,
  type State,
  type TraceEvent,
} from '@crows-nest/protocol';

/** How long a fact waits for earlier ones from other processes. A fact that comes later still is recorded as of now. */
const SETTLE_MS = 200;
const BATCH_MS = 33;

export class Trace {
  readonly #now: () => Micros;
  readonly #recorder = new Recorder();
  readonly #state: State = emptyState();
  readonly #listeners = new Set<(batch: Batch) => void>();
  readonly #timer: NodeJS.Timeout;
  #pending: Fact[] = [];
  #settledAt: Micros = 0;

  constructor(now: () => Micros) {
    this.#now = now;
    this.#timer = setInterval(() => this.settle(this.#now() - millis(SETTLE_MS)), BATCH_MS);
  }

  /** What the trace so far amounts to. Not to be changed by the reader. */
  get state(): State {
    return this.#state;
  }

  readonly record = (fact: Fact): void => {
    this.#pending.push(fact);
  };

  snapshot(): Snapshot {
    return { state: this.#state, now: this.#settledAt };
  }

  onBatch(listener: (batch: Batch) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Records everything up to `until`, and tells that nothing earlier will come. */
  settle(until: Micros): void {
    // Stable: what one process said in one moment keeps its order.
    const pending = this.#pending.sort((a, b) => a.t - b.t);
    let due = 0;
    while (due < pending.length && (pending[due]?.t ?? 0) <= until) due++;
    this.#pending = pending.slice(due);
    const events: TraceEvent[] = [];
    for (let i = 0; i < due; i++) {
      const fact = pending[i];
      if (fact) events.push(...this.#recorder.record(fact));
    }
    for (const event of events) apply(this.#state, event);
    this.#settledAt = Math.max(this.#settledAt, until, this.#state.t);
    const batch: Batch = { events, now: this.#settledAt };
    for (const listener of this.#listeners) listener(batch);
  }

  /** Records what is left and stops. */
  end(): void {
    clearInterval(this.#timer);
    this.settle(this.#now());
  }
}
