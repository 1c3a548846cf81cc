// All facts that are held, in chunks, and the states between them that a seek starts from: it reads one and applies what follows.
// Facts are numbered here from the first one ever pushed, so that numbers stay good when the oldest chunk goes. A jump has a number too.

import type { EventType, Micros, State, TraceEvent } from '@crows-nest/protocol';
import { apply, copyState, emptyState } from '@crows-nest/protocol';
import { countIn, findIn, has, maskOf, matches } from './by-type.ts';
import { Chunk, JUMP } from './chunk.ts';

export interface ChunkSizes {
  readonly chunkFacts: number;
  /** How far apart keyframes are; further, where states are large. */
  readonly keyframeFacts: number;
}

/** Chunks whose facts are at hand as objects: about what a busy second and the views of it ask for. */
const WARM = 8;
/** A fact as an object, about; and what its columns and its message's take of the log. */
const OBJECT_BYTES = 110;
const COLUMN_BYTES = 10;
/** Keyframes take at most one part of so many of all; within a chunk they are rarer, so that chunks begin with one. */
const SHARE = { atStart: 3, within: 6 };

export class Chunks {
  readonly #sizes: ChunkSizes;
  #chunks: Chunk[] = [];
  /** The state before the oldest fact that is held. */
  #base: State = emptyState();
  /** The number of the next fact. */
  #end = 0;
  #jumps: number[] = [];
  #sealedBytes = 0;
  /** Of the newest keyframe: before which fact, its bytes, and those of the facts since. */
  #keyframe = { index: 0, bytes: 0, since: 0 };
  /** Warm ones, the one used last is last. */
  #warm: Chunk[] = [];

  constructor(sizes: ChunkSizes) {
    this.#sizes = sizes;
  }

  /** Begins again with `base` as the state before the first fact. */
  clear(base: State): void {
    this.#chunks = [];
    this.#base = base;
    this.#end = 0;
    this.#jumps = [];
    this.#sealedBytes = 0;
    this.#keyframe = { index: 0, bytes: 0, since: 0 };
    this.#warm = [];
  }

  get count(): number {
    return this.#chunks.length;
  }

  /** How many facts are held. */
  get size(): number {
    return this.#end - this.first - this.#jumps.length;
  }

  /** What all of this takes, warm chunks as if they were full. */
  get bytes(): number {
    return this.#sealedBytes + (WARM + 1) * this.#sizes.chunkFacts * OBJECT_BYTES;
  }

  /** The number of the oldest fact. */
  get first(): number {
    return this.#chunks[0]?.first ?? this.#end;
  }

  get end(): number {
    return this.#end;
  }

  get base(): State {
    return this.#base;
  }

  /** `before` is the state before this fact. */
  push(event: TraceEvent, before: State): void {
    let chunk = this.#chunks.at(-1);
    if (!chunk?.takes(event)) chunk = this.#open(event.seq, event.t, this.#sizes.chunkFacts);
    if (this.#isDue(chunk)) {
      const bytes = chunk.keep(before);
      this.#keyframe = { index: this.#end, bytes, since: 0 };
    }
    this.#keyframe.since += chunk.push(event) + COLUMN_BYTES;
    this.#end++;
  }

  /** Facts were missed: it goes on from this state. */
  jump(state: State): void {
    this.#jumps.push(this.#end);
    this.#open(state.seq + 1, state.t, 1).jump(state);
    this.#end++;
  }

  /** Lets the oldest chunk go. `leaving` is called while its facts can still be read, with the state after them. */
  shift(leaving: (base: State, first: number) => void): void {
    const next = this.#chunks[1];
    if (!next) return;
    const base = this.stateBefore(next.first);
    leaving(base, next.first);
    const gone = this.#chunks.shift();
    this.#sealedBytes -= gone?.bytes ?? 0;
    this.#warm = this.#warm.filter((chunk) => chunk !== gone);
    this.#jumps = this.#jumps.filter((index) => index >= next.first);
    this.#base = base;
  }

  /** A state of the caller's own. */
  stateBefore(index: number): State {
    const { state, index: from } = this.keyframeFor(index);
    return this.advance(state, from, index);
  }

  /** The nearest keyframe from which fact number `index` is reached; a state of the caller's own. */
  keyframeFor(index: number): { state: State; index: number } {
    for (let at = this.#chunkWith((chunk) => chunk.first <= index); at >= 0; at--) {
      const chunk = this.#chunks[at] as Chunk;
      const keyframe = chunk.keyframe(index - chunk.first);
      if (keyframe) return { state: this.#touch(chunk).state(keyframe), index: chunk.first + keyframe.at };
    }
    return { state: copyState(this.#base), index: this.first };
  }

  /** Moves a state on over these facts: in place, but for a jump, after which it is another. */
  advance(state: State, from: number, to: number): State {
    let now = state;
    this.visit(
      from,
      to,
      (event) => apply(now, event),
      (after) => {
        now = after;
      },
    );
    return now;
  }

  /** The number of the first fact later than t. */
  after(t: Micros): number {
    const chunk = this.#chunks[this.#chunkWith(({ startAt }) => startAt <= t)];
    return chunk ? chunk.first + chunk.upTo(t) : this.first;
  }

  time(index: number): Micros {
    const chunk = this.#at(index);
    return chunk.time(index - chunk.first);
  }

  fact(index: number): TraceEvent | undefined {
    const chunk = this.#at(index);
    return this.#touch(chunk).fact(index - chunk.first);
  }

  /** The fact with this number in the trace. */
  numbered(seq: number): TraceEvent | undefined {
    const chunk = this.#chunks[this.#chunkWith(({ firstSeq }) => firstSeq <= seq)];
    return chunk && seq < chunk.firstSeq + chunk.size ? this.#touch(chunk).fact(seq - chunk.firstSeq) : undefined;
  }

  /** Every fact from one number up to before another, and every jump between them. */
  visit(from: number, to: number, see: (event: TraceEvent) => void, jump: (after: State) => void): void {
    this.#spans(from, to, (chunk, start, stop) => {
      this.#touch(chunk).pass(start, stop, see);
      if (chunk.type(0) === JUMP) for (const keyframe of chunk.keyframes) jump(chunk.state(keyframe));
    });
  }

  slice(from: number, to: number, types?: readonly EventType[]): TraceEvent[] {
    const found: TraceEvent[] = [];
    const mask = types && maskOf(types);
    this.#spans(from, to, (chunk, start, stop) => {
      for (let at = start; at < stop; at++) {
        if (matches(chunk, at, mask)) found.push(this.#touch(chunk).fact(at) as TraceEvent);
      }
    });
    return found;
  }

  countOf(from: number, to: number, types?: readonly EventType[]): number {
    if (!types) return to - from - this.#jumps.filter((index) => index >= from && index < to).length;
    let count = 0;
    this.#spans(from, to, (chunk, start, stop) => {
      count += countIn(chunk, start, stop, types);
    });
    return count;
  }

  /** The number of the first of these facts, or of the last. −1: none. */
  find(from: number, to: number, types: readonly EventType[] | undefined, last: boolean): number {
    const mask = types && maskOf(types);
    let at = this.#chunkWith(({ first }) => first <= (last ? to - 1 : from));
    for (at = Math.max(0, at); at >= 0 && at < this.#chunks.length; at += last ? -1 : 1) {
      const chunk = this.#chunks[at] as Chunk;
      const start = Math.max(0, from - chunk.first);
      const stop = Math.min(chunk.size, to - chunk.first);
      const found = has(chunk, types) ? findIn(chunk, start, stop, mask, last) : -1;
      if (found >= 0) return chunk.first + found;
      if (last ? chunk.first <= from : chunk.first + chunk.size >= to) return -1;
    }
    return -1;
  }

  #open(seq: number, t: Micros, room: number): Chunk {
    const sealed = this.#chunks.at(-1);
    if (sealed) {
      sealed.seal();
      this.#sealedBytes += sealed.bytes;
      this.#touch(sealed);
    }
    const chunk = new Chunk(this.#end, seq, t, room);
    this.#chunks.push(chunk);
    return this.#touch(chunk);
  }

  #isDue(chunk: Chunk): boolean {
    const { index, bytes, since } = this.#keyframe;
    if (this.#end - index < this.#sizes.keyframeFacts) return false;
    return since >= bytes * (chunk.size === 0 ? SHARE.atStart : SHARE.within);
  }

  #touch(chunk: Chunk): Chunk {
    if (this.#warm.at(-1) === chunk) return chunk;
    this.#warm = this.#warm.filter((other) => other !== chunk);
    this.#warm.push(chunk);
    if (this.#warm.length > WARM) this.#warm.shift()?.cool();
    return chunk;
  }

  #at(index: number): Chunk {
    return this.#chunks[this.#chunkWith(({ first }) => first <= index)] as Chunk;
  }

  /** The chunks of a row of facts, each with the part of it that is meant. */
  #spans(from: number, to: number, see: (chunk: Chunk, start: number, stop: number) => void): void {
    const begin = this.#chunkWith(({ first }) => first <= from);
    for (let at = Math.max(0, begin); at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at] as Chunk;
      if (chunk.first >= to) return;
      see(chunk, Math.max(0, from - chunk.first), Math.min(chunk.size, to - chunk.first));
    }
  }

  /** The last chunk for which `holds`, which holds for a run of chunks from the oldest on. −1: for none. */
  #chunkWith(holds: (chunk: Chunk) => boolean): number {
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
