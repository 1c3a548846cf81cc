// A seeded stream that moves on when it is used: for the world and its schedules, which are no machines.

import { nextUnit, type Stream, stream } from '../random.ts';

export class Dice {
  #stream: Stream;

  constructor(seed: number, name: string) {
    this.#stream = stream(seed, name);
  }

  /** In [0, 1). */
  unit(): number {
    const [unit, rest] = nextUnit(this.#stream);
    this.#stream = rest;
    return unit;
  }

  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.unit() * from.length)] as T;
  }

  word(): number {
    return this.between(0, 0xffff_ffff);
  }
}
