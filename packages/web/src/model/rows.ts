// The wire log's rows: the messages up to the playhead that pass the filter, by their numbers alone; the log has the rest.
// Live, only what is new is looked at.

import type { EventOf, Kind, Micros } from '@crows-nest/protocol';
import type { TraceLog } from './log.ts';

export type WireRow = EventOf<'message.entered'>;

export interface WireFilter {
  /** Shown kinds. */
  readonly kinds: ReadonlySet<Kind>;
  /** Only this peer's link. null: all. */
  readonly peer: string | null;
}

const ENTERED = ['message.entered'] as const;

export class WireRows {
  #log: TraceLog | undefined;
  #msgs: number[] = [];
  #upTo: Micros = Number.NEGATIVE_INFINITY;
  #generation = -1;
  #startAt: Micros = Number.NEGATIVE_INFINITY;
  #filter: WireFilter | undefined;

  get count(): number {
    return this.#msgs.length;
  }

  row(index: number): WireRow | undefined {
    const msg = this.#msgs[index];
    return msg === undefined ? undefined : this.#log?.entered(msg);
  }

  /** From the first to before the last of these. */
  slice(from: number, to: number): WireRow[] {
    return this.#msgs.slice(from, to).flatMap((msg) => this.#log?.entered(msg) ?? []);
  }

  indexOf(msg: number): number {
    return this.#msgs.indexOf(msg);
  }

  /** True when the rows are not the same as before. The filter is compared by identity. */
  update(log: TraceLog, t: Micros, filter: WireFilter): boolean {
    const before = this.#msgs.length;
    const first = this.#msgs[0];
    if (filter !== this.#filter || log !== this.#log || log.generation !== this.#generation) this.#begin(log, filter);
    if (log.startAt > this.#startAt) this.#forgetBefore(log.startAt);
    if (t < this.#upTo) this.#msgs.length = this.#after(t);
    for (const event of log.between(this.#upTo, t, ENTERED)) {
      if (event.type === 'message.entered' && fits(event, filter)) this.#msgs.push(event.msg);
    }
    this.#upTo = t;
    return this.#msgs.length !== before || this.#msgs[0] !== first;
  }

  #begin(log: TraceLog, filter: WireFilter): void {
    this.#log = log;
    this.#msgs = [];
    this.#filter = filter;
    this.#generation = log.generation;
    this.#upTo = Number.NEGATIVE_INFINITY;
    this.#startAt = log.startAt;
  }

  #forgetBefore(startAt: Micros): void {
    this.#startAt = startAt;
    this.#msgs.splice(0, this.#after(startAt));
  }

  /** The index of the first row later than t: what the log no longer holds is earlier than anything. */
  #after(t: Micros): number {
    let low = 0;
    let high = this.#msgs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.row(middle)?.t ?? Number.NEGATIVE_INFINITY) <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const fits = ({ kind, link }: WireRow, filter: WireFilter): boolean =>
  filter.kinds.has(kind) && (filter.peer === null || filter.peer === link);
