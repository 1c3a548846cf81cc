// Batches as they come off the wire: facts in an unbroken row, or one count more of what could not be read [S4].
// After a batch that cannot be read, or a hole in the row, nothing is let through until it is said what comes next.

import { type Micros, type PackedBatch, type TraceEvent, unpack } from '@crows-nest/protocol';

export interface ReadBatch {
  readonly events: readonly TraceEvent[];
  /** 0: not told. */
  readonly now: Micros;
  /** 1 when this was not what it should have been. */
  readonly malformed: 0 | 1;
}

/** Total: no input throws. */
export class BatchReader {
  /** The number of the next fact. null: something was missed. */
  #next: number | null = null;

  /** A snapshot came: the next fact bears this number; null: none is to come. */
  expect(seq: number | null): void {
    this.#next = seq;
  }

  read(input: unknown): ReadBatch {
    if (this.#next === null) return { events: [], now: 0, malformed: 0 };
    const { packed, now } = (typeof input === 'object' && input !== null ? input : {}) as Partial<PackedBatch>;
    const unpacked = unpack(bytesOf(packed));
    const inRow = unpacked.ok && (unpacked.events[0]?.seq ?? this.#next) === this.#next;
    if (!inRow || !Number.isSafeInteger(now)) {
      this.#next = null;
      return { events: [], now: 0, malformed: 1 };
    }
    this.#next += unpacked.events.length;
    return { events: unpacked.events, now: now as number, malformed: 0 };
  }
}

/** Nothing, when it is none: an empty block is no block. */
function bytesOf(input: unknown): Uint8Array {
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (input instanceof Uint8Array) return input;
  return new Uint8Array();
}
