// The throttle of one direction: its sender is paused while too much of what it said is under way, and goes on when half of that has
// left [L8].

import type { Socket } from 'node:net';

/** What a direction holds at most, apart from a single larger message, before its sender is paused [L8]. */
export const MAX_BUFFERED = 4 * 1024 * 1024;
const RESUME_BELOW = MAX_BUFFERED / 2;
/** Node reads at most this much at once: pausing so much earlier keeps the bound. */
const READ_SIZE = 64 * 1024;

export class Throttle {
  readonly #source: Socket;
  #isPaused = false;

  constructor(source: Socket) {
    this.#source = source;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** By the bytes that are under way and those of the message that is still being read; jammed, however few they are. */
  set(held: number, reading: number, isJammed: boolean): void {
    if (this.#isPaused) {
      if (held >= RESUME_BELOW || isJammed) return;
      this.#isPaused = false;
      this.#source.resume();
      return;
    }
    // A message larger than the bound must still come in whole, so a reader that alone is full pauses nobody.
    const isFull = held >= RESUME_BELOW && held + reading > MAX_BUFFERED - READ_SIZE;
    if (!isFull && !isJammed) return;
    this.#isPaused = true;
    this.#source.pause();
  }
}
