// A recording: NDJSON, a header with the version and then one fact a line [T5]. Pure: text in, events out; files are the server's.

import * as v from 'valibot';
import { TRACE_VERSION, TraceEvent } from './events.ts';

export const RecordingHeader = v.object({
  recording: v.literal("Crow's Nest"),
  version: v.literal(TRACE_VERSION),
  startedAt: v.string(),
});
export type RecordingHeader = v.InferOutput<typeof RecordingHeader>;

/** A line that could not be read: its number from 1, and why. */
export interface BadLine {
  readonly line: number;
  readonly why: string;
}

export const writeHeader = (startedAt: string): string =>
  `${JSON.stringify({ recording: "Crow's Nest", version: TRACE_VERSION, startedAt })}\n`;

export const writeEvent = (event: TraceEvent): string => `${JSON.stringify(event)}\n`;

/** No line of ours is longer; a longer one is not parsed, so that a bomb costs a length comparison. */
const MAX_LINE = 1_000_000;

/**
 * Reads a recording piece by piece. What cannot be read is reported with its line, and the rest is read: bad input loses nothing else.
 * Total: no input throws.
 */
export class RecordingReader {
  header: RecordingHeader | undefined;
  readonly bad: BadLine[] = [];
  #rest = '';
  #line = 0;
  #lastSeq = -1;

  /** The events of all lines that this text completes. */
  read(text: string): TraceEvent[] {
    const pieces = text.split('\n');
    const events: TraceEvent[] = [];
    for (const [i, piece] of pieces.entries()) {
      // Of a line that is too long anyway, no more is kept than shows it.
      if (this.#rest.length <= MAX_LINE) this.#rest += piece.slice(0, MAX_LINE + 1);
      if (i === pieces.length - 1) break;
      const line = this.#rest;
      this.#rest = '';
      events.push(...this.#readLine(line));
    }
    return events;
  }

  /** The last line, when it does not end in a line feed (a recording that was cut off). */
  end(): TraceEvent[] {
    const last = this.#rest;
    this.#rest = '';
    return last === '' ? [] : this.#readLine(last);
  }

  #readLine(line: string): TraceEvent[] {
    this.#line++;
    if (line.trim() === '') return [];
    if (line.length > MAX_LINE) return this.#reject('the line is too long');
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.#reject('not JSON');
    }
    if (!this.header) {
      const header = v.safeParse(RecordingHeader, value);
      if (!header.success) return this.#reject(`not a header of version ${TRACE_VERSION}`);
      this.header = header.output;
      return [];
    }
    const event = v.safeParse(TraceEvent, value);
    if (!event.success) return this.#reject(`${v.getDotPath(event.issues[0]) ?? 'event'}: ${event.issues[0].message}`);
    if (event.output.seq <= this.#lastSeq) return this.#reject(`fact ${event.output.seq} comes after ${this.#lastSeq}`);
    this.#lastSeq = event.output.seq;
    return [event.output];
  }

  #reject(why: string): TraceEvent[] {
    this.bad.push({ line: this.#line, why });
    return [];
  }
}
