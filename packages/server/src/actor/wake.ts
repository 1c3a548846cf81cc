// Where a driver waits: for whatever rings, or for its one deadline. One timer a process, moved only when the deadline moves.

import type { Micros } from '@crows-nest/protocol';
import type { Clock } from './clock.ts';

/** Later than any scheduler: the process did not run. */
const LATE_US: Micros = 100_000;
const CATCH_UP_MS = 10;

export class Wake {
  readonly #clock: Clock;
  #rung = false;
  #resume: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerAt: Micros | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something happened: the current wait ends, or the next one does not begin. */
  readonly ring = (): void => {
    this.#rung = true;
    this.#resume?.();
  };

  /** Resolves when something rang or `at` has come, never before. What has arrived meanwhile has rung by then. */
  async until(at: Micros | undefined): Promise<void> {
    if (!this.#rung) {
      this.#arm(at);
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
      this.#resume = undefined;
    }
    this.#rung = false;
    if (at === undefined || this.#clock() < at) return;
    // Timers come before messages in a turn of the event loop, so that one that is due would overtake what has arrived: nobody is
    // to be given up for silence before what they said is read. After a stop of the whole process, a suspended laptop or a long
    // GC, the socket's own thread has to catch up as well, and nothing tells when it has.
    if (this.#clock() - at > LATE_US) await new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS));
    await new Promise((resolve) => setImmediate(resolve));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = undefined;
  }

  #arm(at: Micros | undefined): void {
    if (at === this.#timerAt) return;
    this.stop();
    if (at === undefined) return;
    this.#timerAt = at;
    // Rounded up: a timer that fires early would find nothing due and spin until the deadline.
    const ms = Math.max(0, Math.ceil((at - this.#clock()) / 1000));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#timerAt = undefined;
      this.ring();
    }, ms);
  }
}
