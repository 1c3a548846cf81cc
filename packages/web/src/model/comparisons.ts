// Ready-made comparisons: what differs between the sides, and the requests that make it show. As data, so that the form shows them
// and a person can go on from there.

import type { CommandRequest } from '@crows-nest/protocol';

export type ComparisonRequest = Extract<CommandRequest, { type: 'comparison.begin' }>;

// Beats while it works, and more requests than workers: what the guide's rules take for being free.
const BUSY = {
  type: 'comparison.begin',
  workers: 2,
  clients: 3,
  workMs: 1500,
  replyFirst: false,
  quietWhileBusy: false,
  timeoutMs: 20_000,
  everyMs: 6000,
} as const satisfies Partial<ComparisonRequest>;

export const COMPARISONS = {
  doubleDispatch: { ...BUSY, a: { rules: 'listing' }, b: { rules: 'guide' } },
  robust: { ...BUSY, a: { rules: 'robust' }, b: { rules: 'guide' } },
  simple: {
    type: 'comparison.begin',
    a: { rules: 'listing', pattern: 'paranoid' },
    b: { rules: 'simple', pattern: 'simple' },
    workers: 3,
    clients: 2,
    workMs: 500,
    everyMs: 2500,
  },
  liveness: {
    type: 'comparison.begin',
    a: { liveness: 3 },
    b: { liveness: 1 },
    workers: 3,
    clients: 2,
    workMs: 500,
    everyMs: 2500,
  },
} as const satisfies Record<string, ComparisonRequest>;

export type ComparisonName = keyof typeof COMPARISONS;
export const COMPARISON_NAMES = Object.keys(COMPARISONS) as readonly ComparisonName[];
