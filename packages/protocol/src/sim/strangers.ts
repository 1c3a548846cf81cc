// Simple workers where only Paranoid ones belong: a drawn schedule as it was, and a few that do not know what a heartbeat is [SP7].

import type { Schedule, TimedAction } from './action.ts';
import { Dice } from './dice.ts';

/** They come, are restarted and vanish at any time before the calm, drawn from a stream of their own. */
export function withStrangers(schedule: Schedule): Schedule {
  const { seed, calmAtMs } = schedule;
  const dice = new Dice(seed, 'strangers');
  const steps: TimedAction[] = [...schedule.steps];
  const count = dice.between(1, 3);
  for (let i = 1; i <= count; i++) {
    const peer = `simple-${i}`;
    const knobs = { dialect: dice.pick(['rfc', 'text'] as const), workMs: dice.between(0, 250) };
    let at = dice.between(0, Math.floor(calmAtMs / 2));
    steps.push({ at, do: { type: 'worker.add', peer, pattern: 'simple', ...knobs } });
    // READY is said once in a life, so each new life is a new acquaintance.
    for (at += dice.between(500, 20_000); at < calmAtMs; at += dice.between(500, 40_000)) {
      const identity = dice.pick(['new', 'same'] as const);
      steps.push({
        at,
        do: dice.chance(0.8) ? { type: 'process.restart', peer, identity } : { type: 'process.kill', peer },
      });
    }
  }
  return { ...schedule, steps: steps.sort((a, b) => a.at - b.at) };
}
