// What time it is at the bridge, estimated from the batches: each says the trace's time and arrives a little late.
// The batch that was least late tells most, and is believed for a while; all arithmetic, no timers.

import type { Micros } from '@crows-nest/protocol';

/** How long a prompt batch is believed before later, slower ones may correct it: clocks drift, routes change. */
const MEMORY_MS = 10_000;

export class BridgeClock {
  #samples: { at: number; offset: number }[] = [];

  /** `now` is the bridge's time in a batch that arrived at `at` (milliseconds of this page). */
  observe(now: Micros, at: number): void {
    const offset = now - at * 1000;
    // Only a later and better sample can ever matter more than an older one, so those that it beats go.
    this.#samples = this.#samples.filter((s) => s.offset > offset && s.at > at - MEMORY_MS);
    this.#samples.push({ at, offset });
  }

  reset(): void {
    this.#samples = [];
  }

  /** null: nothing was heard yet. */
  now(at: number): Micros | null {
    const best = this.#samples.find((s) => s.at > at - MEMORY_MS) ?? this.#samples.at(-1);
    return best ? Math.round(best.offset + at * 1000) : null;
  }
}
