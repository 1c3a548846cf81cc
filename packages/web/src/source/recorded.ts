// A recording as a source, or two side by side: the same facts, read from files piece by piece, with no bridge behind them. Nothing
// of them is trusted: each line is checked, one that is no fact is counted and left out, and the rest is read [T5] [S8].

import { type BadLine, type CommandRequest, emptyState, RecordingReader, type SideName } from '@crows-nest/protocol';
import type { Answer, Sink, Source } from './source.ts';

/** Larger files are for tools that do not hold a window of them in memory. */
const MAX_BYTES = 2 * 1024 ** 3;
/** Bad lines whose number is kept; of a file that is no recording at all, more than enough. */
const BAD_KEPT = 1000;

export interface Reading {
  readonly events: number;
  readonly bad: readonly BadLine[];
  /** Why it could not be read to its end. */
  readonly failed?: string;
}

export class RecordedSource implements Source {
  readonly kind = 'recorded';
  /** Resolves when all was read. */
  readonly done: Promise<Reading>;
  readonly #a: Blob;
  readonly #b: Blob | undefined;
  #tell: (reading: Reading) => void = () => {};
  #isOpen = false;

  constructor(a: Blob, b?: Blob) {
    this.#a = a;
    this.#b = b;
    this.done = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  open(sink: Sink): void {
    this.#isOpen = true;
    sink.phase({ phase: 'open' });
    sink.role('viewer');
    const beginning = { state: emptyState(), now: 0 };
    sink.snapshot({ a: beginning, ...(this.#b && { b: beginning }) });
    void this.#readAll(sink).then(this.#tell);
  }

  close(): void {
    this.#isOpen = false;
  }

  command(_: CommandRequest): Promise<Answer> {
    return Promise.resolve({ ok: false, code: 'recorded', message: 'a recording cannot be changed' });
  }

  async #readAll(sink: Sink): Promise<Reading> {
    const a = await this.#read(this.#a, sink, 'a');
    if (!this.#b || a.failed !== undefined) return a;
    const b = await this.#read(this.#b, sink, 'b');
    return { ...b, events: Math.min(a.events, b.events), bad: [...a.bad, ...b.bad] };
  }

  async #read(file: Blob, sink: Sink, side: SideName): Promise<Reading> {
    if (file.size > MAX_BYTES) return { events: 0, bad: [], failed: 'the file is too large' };
    const reader = new RecordingReader();
    const bad: BadLine[] = [];
    let count = 0;
    const hand = (events: ReturnType<RecordingReader['read']>): void => {
      count += events.length;
      const malformed = reader.bad.splice(0);
      bad.push(...malformed.slice(0, BAD_KEPT - bad.length));
      sink.batch(events, events.at(-1)?.t ?? 0, malformed.length, side);
    };
    try {
      // A piece at a time: between two of them the page draws.
      const pieces = file.stream().pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
        if (!this.#isOpen) return { events: count, bad };
        hand(reader.read(piece.value));
      }
      hand(reader.end());
    } catch (error) {
      return { events: count, bad, failed: error instanceof Error ? error.message : String(error) };
    }
    return { events: count, bad };
  }
}
