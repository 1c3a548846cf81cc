// How long a link takes: delays with jitter of three shapes, as netem has them, and the time that bytes need through a bottleneck.
// Only arithmetic that every engine rounds alike, so that a seed gives the same microseconds everywhere.

import { nextUnit, type Stream } from './random.ts';
import type { Micros } from './timing.ts';

/** `uniform`: within the jitter. `normal`: the jitter is its standard deviation. `pareto`: the same, with a long tail of late ones. */
export const DISTRIBUTIONS = ['uniform', 'normal', 'pareto'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** No draw is further out than this many jitters: a tail without end would be an outage and no jitter. */
const FURTHEST = 10;

/** Mean and standard deviation of Pareto's distribution of shape 4: 4/3, and the root of 2/9. */
const PARETO_MEAN = 4 / 3;
const PARETO_DEVIATION = Math.sqrt(2) / 3;

/** A delay about its mean, never below zero, and the stream after it. */
export function drawDelay(
  random: Stream,
  delayUs: Micros,
  jitterUs: Micros,
  distribution: Distribution = 'uniform',
): [Micros, Stream] {
  if (jitterUs === 0) return [delayUs, random];
  const [offset, rest] = OFFSETS[distribution](random);
  return [Math.max(0, Math.round(delayUs + Math.min(offset, FURTHEST) * jitterUs)), rest];
}

const OFFSETS: Record<Distribution, (random: Stream) => [offset: number, rest: Stream]> = {
  uniform(random) {
    const [unit, rest] = nextUnit(random);
    return [unit * 2 - 1, rest];
  },
  /** Four uniform ones together (Irwin and Hall): near enough to a bell, and bounded by itself at 3.5. */
  normal(random) {
    let sum = 0;
    let rest = random;
    for (let i = 0; i < 4; i++) {
      const [unit, next] = nextUnit(rest);
      sum += unit;
      rest = next;
    }
    return [(sum - 2) * Math.sqrt(3), rest];
  },
  /** Shape 4, because two square roots are exact where a power is not. */
  pareto(random) {
    const [unit, rest] = nextUnit(random);
    return [(1 / Math.sqrt(Math.sqrt(1 - unit)) - PARETO_MEAN) / PARETO_DEVIATION, rest];
  },
};

/** How long so many bytes are on the way through a bottleneck. */
export const serialise = (bytes: number, bytesPerSecond: number): Micros =>
  Math.ceil((bytes / bytesPerSecond) * 1_000_000);
