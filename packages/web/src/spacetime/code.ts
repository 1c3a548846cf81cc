// One byte says how a lane is: what its process really does, whether the queue believes in it, and how the two have parted.

import type { Truth, WorkerReading } from '../stage/truth.ts';

/** `none`: it was not there. */
export const TRUTHS = ['none', 'running', 'busy', 'frozen', 'overloaded', 'dead', 'reconnecting', 'unknown'] as const;
/** `atWork`: by robust rules the queue goes on believing in a worker that it gave a request. */
export const BELIEFS = ['none', 'listed', 'atWork'] as const;
export const PARTINGS = ['none', 'believed', 'unlisted', 'idle'] as const;

export type LaneTruth = (typeof TRUTHS)[number];
export type Belief = (typeof BELIEFS)[number];
export type Parting = (typeof PARTINGS)[number];

/** Nothing there: no process, no belief. */
export const ABSENT = 0;

export const codeOf = (truth: Truth, belief: Belief = 'none', parting: Parting = 'none'): number =>
  TRUTHS.indexOf(truth) | (BELIEFS.indexOf(belief) << 3) | (PARTINGS.indexOf(parting) << 5);

export const codeOfReading = ({ truth, entry, believedUntil, parted }: WorkerReading): number =>
  codeOf(truth, entry ? 'listed' : believedUntil !== null ? 'atWork' : 'none', parted?.how ?? 'none');

export const truthOf = (code: number): LaneTruth => TRUTHS[code & 7] as LaneTruth;
export const beliefOf = (code: number): Belief => BELIEFS[(code >> 3) & 3] as Belief;
export const partingOf = (code: number): Parting => PARTINGS[(code >> 5) & 3] as Parting;
