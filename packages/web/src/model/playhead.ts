// The time that is looked at: live it follows the bridge some 400 ms behind, held it stands, behind it plays on at its speed.
// It is moved by frames, never runs back by itself, and stays within what is known: startAt <= t <= endAt.

import type { Micros } from '@crows-nest/protocol';
import { clampSpeed } from './speed.ts';

export type Mode = 'live' | 'held' | 'behind';

/** The part of time that is known; a log is one. */
export interface Known {
  readonly startAt: Micros;
  readonly endAt: Micros;
}

/** Off by more than this, it jumps: a page that was asleep does not race through what it missed. */
const JUMP: Micros = 1_500_000;
/** How much faster or slower than the clock a small error is made good. */
const CORRECTION = 0.2;
/** Whoever played on to within this of live is live: what is left is made good gently. */
const ARRIVED: Micros = 50_000;

export class Playhead {
  /** With its fraction: at 1/1000 a frame is 16 µs. */
  #t = 0;
  #mode: Mode = 'live';
  #speed = 1;
  /** Where it will hold by itself; null: nowhere. */
  stopAt: Micros | null = null;
  #frameAt: number | null = null;

  get t(): Micros {
    return Math.floor(this.#t);
  }

  get mode(): Mode {
    return this.#mode;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Puts it at t, at once. What it was waiting for belongs to where it was. */
  set(t: Micros): void {
    this.#t = t;
    this.stopAt = null;
    this.#frameAt = null;
  }

  hold(): void {
    this.#mode = 'held';
    this.stopAt = null;
  }

  /** On from where it is, at its speed. */
  play(): void {
    this.#mode = 'behind';
  }

  goLive(): void {
    this.#mode = 'live';
    this.#speed = 1;
  }

  /** Slower than time itself it falls behind; from live there is nothing ahead to be faster for. */
  setSpeed(speed: number): void {
    const wanted = clampSpeed(speed);
    if (this.#mode === 'live' && wanted < 1) this.#mode = 'behind';
    this.#speed = this.#mode === 'live' ? 1 : wanted;
  }

  /** One frame at `at` (milliseconds of this page); `liveAt` is where live is, null when that is not known yet. */
  advance(at: number, liveAt: Micros | null, known: Known): Micros {
    const elapsed = this.#frameAt === null ? 0 : Math.max(0, at - this.#frameAt) * 1000;
    this.#frameAt = at;
    // The part it stood in was let go: on to where there is something to look at.
    if (this.#t < known.startAt) this.#t = known.startAt;
    if (this.#mode === 'held' || liveAt === null) return this.t;
    const live = this.#mode === 'live';
    const next = live ? this.#follow(elapsed, liveAt) : Math.min(this.#t + elapsed * this.#speed, liveAt);
    const most = Math.min(known.endAt, this.stopAt ?? Number.POSITIVE_INFINITY);
    this.#t = Math.max(this.#t, Math.min(next, most));
    if (this.stopAt !== null && this.#t >= this.stopAt) this.hold();
    else if (!live && this.#speed >= 1 && this.#t >= liveAt - ARRIVED) this.goLive();
    return this.t;
  }

  #follow(elapsed: number, liveAt: Micros): number {
    const error = liveAt - (this.#t + elapsed);
    if (Math.abs(error) > JUMP) return liveAt;
    const most = elapsed * CORRECTION;
    return this.#t + elapsed + Math.max(-most, Math.min(most, error));
  }
}
