// The time that is looked at: live it follows the bridge some 400 ms behind, held it stands, resumed it plays on from where it stood.
// It is moved by frames and never runs back by itself, nor past what is known.

import type { Micros } from '@crows-nest/protocol';

export type Mode = 'live' | 'held' | 'behind';

/** Off by more than this, it jumps: a page that was asleep does not race through what it missed. */
const JUMP: Micros = 1_500_000;
/** How much faster or slower than the clock a small error is made good. */
const CORRECTION = 0.2;

export class Playhead {
  t: Micros = 0;
  mode: Mode = 'live';
  #frameAt: number | null = null;

  /** Puts it at t, at once: the start of a log. */
  set(t: Micros): void {
    this.t = t;
    this.#frameAt = null;
  }

  /** One frame at `at` (milliseconds of this page); `target` is where live is, null when that is not known yet. */
  advance(at: number, target: Micros | null, endAt: Micros): Micros {
    const elapsed = this.#frameAt === null ? 0 : Math.max(0, at - this.#frameAt) * 1000;
    this.#frameAt = at;
    if (this.mode === 'held' || target === null) return this.t;
    const next = this.mode === 'live' ? this.#follow(elapsed, target) : this.t + elapsed;
    this.t = Math.max(this.t, Math.min(Math.round(next), endAt));
    // Played on into the present: from here on it is live again.
    if (this.mode === 'behind' && this.t >= target) this.mode = 'live';
    return this.t;
  }

  #follow(elapsed: number, target: Micros): number {
    const error = target - (this.t + elapsed);
    if (Math.abs(error) > JUMP) return target;
    const most = elapsed * CORRECTION;
    return this.t + elapsed + Math.max(-most, Math.min(most, error));
  }
}
