// A/B: the table of what came of each of two troupes under the same requests and faults, and where they differ.

import type { Account } from './account.ts';
import type { Micros } from './timing.ts';

export const FIGURES = [
  'asked',
  'answered',
  'open',
  'lost',
  'retried',
  'executedTwice',
  'doubleDispatches',
  'sentToNobody',
  'detected',
  'detectionMeanMs',
  'detectionMostMs',
  'undetected',
  'falseDeaths',
] as const;
export type Figure = (typeof FIGURES)[number];

/** Figures of which more is neither better nor worse. */
const NEUTRAL: ReadonlySet<Figure> = new Set(['asked', 'open', 'detected']);

export interface Difference {
  readonly figure: Figure;
  /** null: nothing happened that would give it. */
  readonly a: number | null;
  readonly b: number | null;
  readonly better: 'a' | 'b' | null;
}

/** The table: each figure of both sides, and which did better by it. */
export function compare(a: Account, b: Account): Difference[] {
  const [ofA, ofB] = [figures(a), figures(b)];
  return FIGURES.map((figure) => ({ figure, a: ofA[figure], b: ofB[figure], better: betterOf(figure, ofA, ofB) }));
}

function betterOf(figure: Figure, ofA: Figures, ofB: Figures): Difference['better'] {
  const [a, b] = [ofA[figure], ofB[figure]];
  if (NEUTRAL.has(figure) || a === null || b === null || a === b) return null;
  return figure === 'answered' ? (a > b ? 'a' : 'b') : a < b ? 'a' : 'b';
}

type Figures = Readonly<Record<Figure, number | null>>;

function figures(account: Account): Figures {
  const { asked, answered, lost, untold, retried, executedTwice, doubleDispatches, sentToNobody } = account;
  const { detected, detectionUs, undetected, falseDeaths } = account;
  const inMs = (us: Micros): number | null => (detected === 0 ? null : us / 1000);
  return {
    ...{
      asked,
      answered,
      open: asked - answered - lost - untold,
      lost,
      retried,
      executedTwice,
      doubleDispatches,
      sentToNobody,
    },
    ...{ detected, undetected, falseDeaths },
    detectionMeanMs: inMs(detectionUs.sum / Math.max(1, detected)),
    detectionMostMs: inMs(detectionUs.most),
  };
}
