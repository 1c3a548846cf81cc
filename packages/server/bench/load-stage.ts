// A stage that plays a simulated run in its own time, over and over, as the bridge would: a batch every 33 ms.

import {
  apply,
  type Batch,
  type CommandAnswer,
  emptyState,
  type SideName,
  type Snapshots,
  type TraceEvent,
} from '@crows-nest/protocol';
import { LoopedRun } from '@crows-nest/protocol/sim';
import type { Stage } from '../src/hub/stage.ts';

const BATCH_MS = 33;
const AT_ONCE = 1000;

export class LoadStage implements Stage {
  readonly #looped: LoopedRun;
  readonly #state = emptyState();
  readonly #listeners = new Set<(batch: Batch, side: SideName) => void>();
  readonly #beganAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #next: TraceEvent[] = [];
  readonly recordings = [];
  /** Facts played while somebody listened. */
  played = 0;

  constructor(run: readonly TraceEvent[]) {
    this.#looped = new LoopedRun(run);
    this.#timer = setInterval(() => this.#play(), BATCH_MS);
  }

  get lastSeq(): number {
    return this.#state.seq;
  }

  snapshots = (): Snapshots => ({ a: { state: this.#state, now: this.#now() } });

  onBatch(listener: (batch: Batch, side: SideName) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onAnew = (): (() => void) => () => {};

  carryOut = (): Promise<CommandAnswer> =>
    Promise.resolve({ ok: false, code: 'refused', message: 'it is a recording, so to say' });

  stop(): void {
    clearInterval(this.#timer);
  }

  #now(): number {
    return Math.round((performance.now() - this.#beganAt) * 1000);
  }

  #play(): void {
    const now = this.#now();
    const events: TraceEvent[] = [];
    for (;;) {
      if (this.#next.length === 0) this.#next = this.#looped.take(AT_ONCE).reverse();
      if ((this.#next.at(-1)?.t ?? 0) > now) break;
      const event = this.#next.pop() as TraceEvent;
      apply(this.#state, event);
      events.push(event);
    }
    this.played += events.length;
    for (const listener of this.#listeners) listener({ events, now }, 'a');
  }
}
