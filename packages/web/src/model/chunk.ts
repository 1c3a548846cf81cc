// Some thousand facts as bytes: a column of their types and one of their times, which are searched without reading a fact, and their
// fields one after the other, which are read from one of many places on. Also the states that seeks start from. It is written once,
// fact by fact; facts that were read stay at hand while it is warm.

import {
  ByteReader,
  ByteWriter,
  type Micros,
  readFact,
  readTexts,
  type State,
  Texts,
  type TraceEvent,
  TYPE_COUNT,
  typeNumber,
  writeFact,
} from '@crows-nest/protocol';
import { readState, writeState } from './keyframe.ts';

/** In place of a type: no fact, but a state that replaces the one before, after facts were missed. */
export const JUMP = 255;
/** A fact is read from at most so many before it. */
const STRIDE = 8;
/** Times in a chunk are 32 bits. */
const MAX_SPAN: Micros = 2 ** 32;
/** A chunk's own objects, buffers and their headers, about. */
const CHUNK_BYTES = 1500;

export interface Keyframe {
  /** How many of the chunk's facts are in the state. */
  readonly at: number;
  /** Where its bytes begin. */
  readonly place: number;
}

/** While a chunk is written to. */
interface Draft {
  readonly facts: ByteWriter;
  readonly states: ByteWriter;
  readonly texts: Texts;
}

export class Chunk {
  /** The number of its first fact, since the log began and in the trace. */
  readonly first: number;
  readonly firstSeq: number;
  readonly startAt: Micros;
  readonly keyframes: Keyframe[] = [];
  /** How many facts of each type. */
  readonly counts = new Uint16Array(TYPE_COUNT);
  size = 0;
  #types: Uint8Array;
  #times: Uint32Array;
  #places: Uint32Array;
  #draft: Draft | undefined = { facts: new ByteWriter(4096), states: new ByteWriter(), texts: new Texts() };
  #facts = new Uint8Array();
  #states = new Uint8Array();
  #texts = new Uint8Array();
  /** Facts that were read, by place in the chunk, and the texts they are made of; only while it is warm. */
  #read: (TraceEvent | undefined)[] | undefined = [];
  #readTexts: readonly string[] | undefined;

  constructor(first: number, firstSeq: number, startAt: Micros, room: number) {
    this.first = first;
    this.firstSeq = firstSeq;
    this.startAt = startAt;
    this.#types = new Uint8Array(room);
    this.#times = new Uint32Array(room);
    this.#places = new Uint32Array(Math.ceil(room / STRIDE));
  }

  /** All it holds when it is cold. */
  get bytes(): number {
    const columns = this.#types.byteLength + this.#times.byteLength + this.#places.byteLength;
    return CHUNK_BYTES + columns + this.#facts.length + this.#states.length + this.#texts.length;
  }

  /** Whether this fact can be its next one. */
  takes({ seq, t }: TraceEvent): boolean {
    const follows = seq === this.firstSeq + this.size && t >= this.startAt && t - this.startAt < MAX_SPAN;
    return this.#draft !== undefined && follows && this.size < this.#types.length;
  }

  /** Answers how many bytes it took. */
  push(event: TraceEvent): number {
    const { facts, texts } = this.#draft as Draft;
    const before = facts.length;
    const at = this.size++;
    const type = typeNumber(event.type);
    this.#types[at] = type;
    this.#times[at] = event.t - this.startAt;
    if (at % STRIDE === 0) this.#places[at / STRIDE] = before;
    this.counts[type] = (this.counts[type] ?? 0) + 1;
    writeFact(event, facts, texts);
    if (this.#read) this.#read[at] = event;
    return facts.length - before;
  }

  /** This chunk is nothing but a new beginning with this state. */
  jump(state: State): void {
    this.#types[0] = JUMP;
    this.size = 1;
    this.keep(state);
    this.seal();
  }

  /** Keeps the state after the facts so far, to start a seek from. Answers how many bytes it took. */
  keep(state: State): number {
    const { states, texts } = this.#draft as Draft;
    this.keyframes.push({ at: this.size, place: states.length });
    const before = states.length;
    writeState(state, states, texts);
    return states.length - before;
  }

  /** Nothing more is written to it. */
  seal(): void {
    const draft = this.#draft;
    if (!draft) return;
    this.#draft = undefined;
    if (this.size < this.#types.length) {
      this.#types = this.#types.slice(0, this.size);
      this.#times = this.#times.slice(0, this.size);
      this.#places = this.#places.slice(0, Math.ceil(this.size / STRIDE));
    }
    this.#facts = draft.facts.take();
    this.#states = draft.states.take();
    const texts = new ByteWriter();
    draft.texts.write(texts);
    this.#texts = texts.take();
    this.#readTexts = draft.texts.list;
  }

  /** Facts that were read are let go. One that is still written to stays warm. */
  cool(): void {
    if (this.#draft) return;
    this.#read = undefined;
    this.#readTexts = undefined;
  }

  type(at: number): number {
    return this.#types[at] as number;
  }

  time(at: number): Micros {
    return this.startAt + (this.#times[at] as number);
  }

  /** How many of its facts are not later than t. */
  upTo(t: Micros): number {
    const since = t - this.startAt;
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) <= since) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** undefined: there is no fact at this place, but a jump. */
  fact(at: number): TraceEvent | undefined {
    // As long as the chunk at once: an array that begins in its middle would be a slow one.
    this.#read ??= new Array(this.size);
    return this.#read[at] ?? this.#readFrom(at - (at % STRIDE), at, this.#read);
  }

  /** Goes over some facts, and keeps none of them at hand that is not: for what passes over many once. */
  pass(from: number, to: number, see: (event: TraceEvent) => void): void {
    let next = from;
    for (let event = this.#read?.[next]; event && next < to; event = this.#read?.[next]) {
      see(event);
      next++;
    }
    if (next >= to || this.#types[0] === JUMP) return;
    const texts = this.#list();
    const reader = this.#reader(next);
    for (let at = next - (next % STRIDE); at < to; at++) {
      const event = readFact(this.type(at), this.firstSeq + at, this.time(at), reader, texts);
      if (at >= next) see(event);
    }
  }

  /** The last of its keyframes that has no more than so many of its facts. */
  keyframe(at: number): Keyframe | undefined {
    return this.keyframes.findLast((keyframe) => keyframe.at <= at);
  }

  state({ place }: Keyframe): State {
    return readState(new ByteReader(this.#draft?.states.view() ?? this.#states, place), this.#list());
  }

  #readFrom(from: number, to: number, read: (TraceEvent | undefined)[]): TraceEvent | undefined {
    if (this.#types[from] === JUMP) return undefined;
    const texts = this.#list();
    const reader = this.#reader(from);
    for (let at = from; at <= to; at++) {
      const event = readFact(this.type(at), this.firstSeq + at, this.time(at), reader, texts);
      // One that was given out already stays the same.
      read[at] ??= event;
    }
    return read[to];
  }

  #reader(at: number): ByteReader {
    const place = this.#places[Math.floor(at / STRIDE)];
    return new ByteReader(this.#draft?.facts.view() ?? this.#facts, place);
  }

  #list(): readonly string[] {
    this.#readTexts ??= this.#draft?.texts.list ?? readTexts(new ByteReader(this.#texts));
    return this.#readTexts;
  }
}
