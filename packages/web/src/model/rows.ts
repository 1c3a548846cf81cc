// The wire log's rows: the messages up to the playhead that pass the filter. Live, only what is new is looked at.

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
  rows: WireRow[] = [];
  #upTo: Micros = Number.NEGATIVE_INFINITY;
  #generation = -1;
  #startAt: Micros = Number.NEGATIVE_INFINITY;
  #filter: WireFilter | undefined;

  /** True when the rows are not the same as before. The filter is compared by identity. */
  update(log: TraceLog, t: Micros, filter: WireFilter): boolean {
    const before = this.rows.length;
    const first = this.rows[0];
    if (filter !== this.#filter || log.generation !== this.#generation) this.#begin(log, filter);
    if (log.startAt > this.#startAt) this.#forgetBefore(log.startAt);
    if (t < this.#upTo) this.#forgetAfter(t);
    for (const event of log.between(this.#upTo, t, ENTERED))
      if (this.#fits(event, filter)) this.rows.push(event as WireRow);
    this.#upTo = t;
    return this.rows.length !== before || this.rows[0] !== first;
  }

  #begin(log: TraceLog, filter: WireFilter): void {
    this.rows = [];
    this.#filter = filter;
    this.#generation = log.generation;
    this.#upTo = Number.NEGATIVE_INFINITY;
    this.#startAt = log.startAt;
  }

  #fits(event: { type: string }, filter: WireFilter): boolean {
    if (event.type !== 'message.entered') return false;
    const { kind, link } = event as WireRow;
    return filter.kinds.has(kind) && (filter.peer === null || filter.peer === link);
  }

  #forgetBefore(startAt: Micros): void {
    this.#startAt = startAt;
    const kept = this.rows.findIndex((row) => row.t > startAt);
    this.rows.splice(0, kept < 0 ? this.rows.length : kept);
  }

  #forgetAfter(t: Micros): void {
    while ((this.rows.at(-1)?.t ?? t) > t) this.rows.pop();
  }
}
