// Facts in chunks, each with the state before its first fact: a seek copies one keyframe and applies at most one chunk.
// Facts are numbered here from the first one ever pushed, so that numbers stay good when the oldest chunk goes.

import type { Micros, State, TraceEvent } from '@crows-nest/protocol';
import { copyState, emptyState } from '@crows-nest/protocol';

interface Chunk {
  readonly first: number;
  readonly keyframe: State;
  readonly events: TraceEvent[];
}

export class Chunks {
  readonly #chunkEvents: number;
  #chunks: Chunk[] = [];

  constructor(chunkEvents: number) {
    this.#chunkEvents = chunkEvents;
    this.clear(emptyState());
  }

  /** Begins again with `base` as the state before the first fact. */
  clear(base: State): void {
    this.#chunks = [{ first: 0, keyframe: base, events: [] }];
  }

  get count(): number {
    return this.#chunks.length;
  }

  get size(): number {
    return this.end - this.#oldest.first;
  }

  /** The number after the newest fact's. */
  get end(): number {
    return this.#newest.first + this.#newest.events.length;
  }

  /** The state before the oldest fact that is held. */
  get base(): State {
    return this.#oldest.keyframe;
  }

  get #oldest(): Chunk {
    return this.#chunks[0] as Chunk;
  }

  get #newest(): Chunk {
    return this.#chunks[this.#chunks.length - 1] as Chunk;
  }

  /** `before` is the state before this fact; it is copied when a new chunk begins. */
  push(event: TraceEvent, before: State): void {
    if (this.#newest.events.length >= this.#chunkEvents) {
      this.#chunks.push({ first: this.end, keyframe: copyState(before), events: [] });
    }
    this.#newest.events.push(event);
  }

  shift(): readonly TraceEvent[] {
    return this.#chunks.shift()?.events ?? [];
  }

  /** The number of the first fact later than t. */
  after(t: Micros): number {
    const chunk = this.#chunks[this.#chunkBefore((c) => (c.events[0]?.t ?? Number.POSITIVE_INFINITY) <= t)];
    if (!chunk) return this.#oldest.first;
    let low = 0;
    let high = chunk.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((chunk.events[middle] as TraceEvent).t <= t) low = middle + 1;
      else high = middle;
    }
    return chunk.first + low;
  }

  /** The nearest keyframe from which fact number `index` is reached. */
  keyframeFor(index: number): { state: State; index: number } {
    const chunk = this.#chunks[this.#chunkBefore((c) => c.first <= index)] ?? this.#oldest;
    return { state: chunk.keyframe, index: chunk.first };
  }

  slice(from: number, to: number): TraceEvent[] {
    const found: TraceEvent[] = [];
    this.each(from, to, (event) => found.push(event));
    return found;
  }

  each(from: number, to: number, visit: (event: TraceEvent) => void): void {
    for (
      let at = Math.max(
        0,
        this.#chunkBefore((c) => c.first <= from),
      );
      at < this.#chunks.length;
      at++
    ) {
      const { first, events } = this.#chunks[at] as Chunk;
      if (first >= to) return;
      const stop = Math.min(events.length, to - first);
      for (let i = Math.max(0, from - first); i < stop; i++) visit(events[i] as TraceEvent);
    }
  }

  /** The last chunk for which `holds`, which holds for a run of chunks from the oldest on. −1: for none. */
  #chunkBefore(holds: (chunk: Chunk) => boolean): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#chunks[middle] as Chunk)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
