// Silences: how long a worker was silent until the queue gave up on it, and what was really the matter.
// What a death is, and which of them the queue noticed, is said in the protocol package; here they are kept for any time.

import { type Death, DeathWatch, type Expiry, type Micros, type State, type TraceEvent } from '@crows-nest/protocol';

export class Deaths {
  #expiries: Expiry[] = [];
  #deaths: Death[] = [];
  readonly #watch = new DeathWatch({
    began: (death) => this.#deaths.push(death),
    expired: (expiry) => this.#expiries.push(expiry),
  });

  /** After a gap, how those deaths ended that were open is not known. */
  begin(state: State, gap: boolean): void {
    if (!gap) {
      this.#expiries = [];
      this.#deaths = [];
    }
    this.#watch.begin(state);
  }

  learn(event: TraceEvent, before: State): void {
    this.#watch.learn(event, before);
  }

  /** from < at <= to. */
  expiries(from: Micros, to: Micros): Expiry[] {
    return this.#expiries.filter(({ at }) => at > from && at <= to);
  }

  /** Deaths that the queue, at t, has not noticed and may still. */
  unnoticed(t: Micros): Death[] {
    return this.#deaths.filter(({ fromAt, endedAt }) => fromAt <= t && (endedAt === null || endedAt > t));
  }

  /** Deaths that the queue never learnt of, whether it missed them or they were over before; from < end <= to. */
  missed(from: Micros, to: Micros): Death[] {
    return this.#deaths.filter(
      ({ end, endedAt }) =>
        (end === 'missed' || end === 'lived') && endedAt !== null && endedAt > from && endedAt <= to,
    );
  }

  forget(t: Micros): void {
    this.#expiries = this.#expiries.filter(({ at }) => at > t);
    this.#deaths = this.#deaths.filter(({ endedAt }) => endedAt === null || endedAt > t);
  }
}
