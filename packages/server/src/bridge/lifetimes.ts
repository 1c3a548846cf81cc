// The time that faults have to live [L10]: one timer for all, for the next that ends.

import { FAULT_TTL_MS, type Micros, millis } from '@crows-nest/protocol';

/** Faults that last until some time. */
export interface Lasting {
  /** When the next of them ends; infinite, when none does by itself. */
  readonly nextEndAt: Micros;
  /** Ends those that have had their time. */
  expire(now: Micros): void;
}

export class Lifetimes {
  readonly #now: () => Micros;
  #all: readonly Lasting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => Micros) {
    this.#now = now;
  }

  watch(...all: readonly Lasting[]): void {
    this.#all = all;
  }

  /** When what begins now is to end; null: never by itself. */
  untilAt(ttlMs: number | null = FAULT_TTL_MS): Micros | undefined {
    return ttlMs === null ? undefined : this.#now() + millis(ttlMs);
  }

  /** To be called when one has begun or has another end. */
  arm(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#all.map(({ nextEndAt }) => nextEndAt));
    if (next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(1, Math.ceil((next - this.#now()) / 1000));
    this.#timer = setTimeout(this.#ring, waitMs).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  readonly #ring = (): void => {
    const now = this.#now();
    for (const lasting of this.#all) lasting.expire(now);
    this.arm();
  };
}
