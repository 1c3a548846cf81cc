import { expect, test } from 'vitest';
import { drawSchedule, MACHINES, runSchedule, withStrangers } from '../../src/sim/index.ts';
import { PLANTS } from './plants.ts';
import { SIMPLE_PLANTS } from './plants-simple.ts';

const MOST_SEEDS = 1000;
const MINUTES = 6;

// A rare coincidence takes some hundred runs to come about.
const PATIENCE_MS = 120_000;

test.each([...PLANTS, ...SIMPLE_PLANTS].map((plant) => [plant.name, plant] as const))(
  'seen: %s',
  (_, { rules, strangers, plant }) => {
    const machines = plant(MACHINES);
    for (let seed = 1; seed <= MOST_SEEDS; seed++) {
      const drawn = drawSchedule(seed, rules, MINUTES);
      const violation = runSchedule(strangers ? withStrangers(drawn) : drawn, { machines });
      if (violation) return;
    }
    expect.fail(`not seen in ${MOST_SEEDS} seeds`);
  },
  PATIENCE_MS,
);
