// Every scenario told as text, compared exactly. `UPDATE_TRANSCRIPTS=1 npx vitest run test/sim/transcripts` writes them anew.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { atPace, playScenario, SCENARIOS, transcript } from '../../src/sim/index.ts';

const folder = fileURLToPath(new URL('../transcripts/', import.meta.url));

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', (name, scenario) => {
  const told = `${scenario.shows}\n\n${transcript(playScenario(scenario))}`;
  const file = `${folder}${name}.txt`;
  if (process.env.UPDATE_TRANSCRIPTS) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, told);
  }
  expect(existsSync(file), `${name}.txt is missing`).toBe(true);
  expect(told).toBe(readFileSync(file, 'utf8'));
});

test('no transcript is left of a scenario that is gone', () => {
  const names = SCENARIOS.map((scenario) => `${scenario.name}.txt`).sort();
  expect(readdirSync(folder).sort()).toEqual(names);
});

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s, at a fifth of its times',
  (_, scenario) => {
    expect(playScenario(atPace(scenario, 0.2)).length).toBeGreaterThan(10);
  },
);
