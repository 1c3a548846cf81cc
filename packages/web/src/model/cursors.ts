// A few states kept at the times that were last asked for, and moved on in place: live, a frame costs only its new facts.
// A longer step gets a state of its own, so that a view that looks at two times in one frame does not see one become the other.

import type { Micros, State } from '@crows-nest/protocol';
import { copyState } from '@crows-nest/protocol';
import type { Chunks } from './chunks.ts';

interface Cursor {
  state: State;
  /** The number of the first fact that is not in the state. */
  index: number;
  askedAt: Micros;
}

const KEPT = 4;
/** About six frames: further than this is a different look, not the same one moving on. */
const STEP: Micros = 100_000;

export class Cursors {
  readonly #chunks: Chunks;
  /** The one used last is last. */
  #cursors: Cursor[] = [];

  constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  clear(): void {
    this.#cursors = [];
  }

  /** Facts before this number are no longer held: what would have to go over them does not go on. */
  forget(before: number): void {
    this.#cursors = this.#cursors.filter(({ index }) => index >= before);
  }

  stateAt(t: Micros): State {
    const index = this.#chunks.after(t);
    const cursor = this.#near(t, index) ?? this.#begin(index);
    cursor.state = this.#chunks.advance(cursor.state, cursor.index, index);
    cursor.index = index;
    cursor.askedAt = t;
    this.#cursors = this.#cursors.filter((c) => c !== cursor);
    this.#cursors.push(cursor);
    if (this.#cursors.length > KEPT) this.#cursors.shift();
    return cursor.state;
  }

  #near(t: Micros, index: number): Cursor | undefined {
    let best: Cursor | undefined;
    for (const cursor of this.#cursors) {
      const reaches = cursor.index <= index && Math.abs(t - cursor.askedAt) <= STEP;
      if (reaches && (!best || cursor.index >= best.index)) best = cursor;
    }
    return best;
  }

  #begin(index: number): Cursor {
    const keyframe = this.#chunks.keyframeFor(index);
    let best: Cursor | undefined;
    for (const cursor of this.#cursors) {
      if (cursor.index <= index && cursor.index > (best?.index ?? keyframe.index)) best = cursor;
    }
    if (best) return { state: copyState(best.state), index: best.index, askedAt: 0 };
    return { ...keyframe, askedAt: 0 };
  }
}
