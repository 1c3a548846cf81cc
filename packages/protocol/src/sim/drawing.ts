// A schedule while it is drawn: who is there so far, and which steps are planned.

import type { Action, TimedAction, WorkerKnobs } from './action.ts';
import type { Dice } from './dice.ts';

export interface Drawing {
  readonly dice: Dice;
  readonly peers: { readonly workers: string[]; readonly clients: string[] };
  readonly steps: TimedAction[];
  /** Of all workers, how many are Simple ones. */
  readonly simplePart: number;
  faults: number;
  workers: number;
  clients: number;
}

export const add = ({ steps }: Drawing, at: number, action: Action): void => {
  steps.push({ at: Math.round(at), do: action });
};

export const anyPeer = ({ dice, peers }: Drawing): string => dice.pick([...peers.workers, ...peers.clients]);

export function drawKnobs({ dice, simplePart }: Drawing): WorkerKnobs {
  if (simplePart > 0 && dice.chance(simplePart)) {
    return { pattern: 'simple', dialect: dice.pick(['rfc', 'text'] as const), workMs: dice.between(0, 250) };
  }
  const troubled = dice.chance(0.3);
  return {
    dialect: dice.pick(['rfc', 'text'] as const),
    workMs: dice.between(0, 250),
    replyFirst: dice.chance(0.6),
    quietWhileBusy: dice.chance(0.7),
    jitter: dice.chance(0.3),
    crashChance: troubled ? 0.02 : 0,
    overloadChance: troubled ? 0.05 : 0,
  };
}
