// How a worker or a client stands at a time, not at a fact: what the queue believes of it, and what is true.

import type { Micros } from './timing.ts';
import type { Hindrance, MissedBeat, NotListed } from './why-absence.ts';
import type { Evidence } from './why-trace.ts';
import type { Whereabouts } from './why-whereabouts.ts';

export type Standing =
  | {
      readonly kind: 'worker';
      readonly worker: string;
      readonly belief: Belief;
      readonly lastHeardAt: Micros | null;
      readonly missed: readonly MissedBeat[];
      readonly intervalUs: Micros;
      readonly truth: Truth;
    }
  | {
      readonly kind: 'client';
      readonly client: string;
      readonly request: {
        readonly n: number;
        readonly attempt: number;
        readonly sentAt: Micros;
        readonly timeoutAt: Micros;
        readonly where: Whereabouts;
      } | null;
      readonly truth: Truth;
    };

/** What the queue believes of a worker. */
export type Belief =
  /** `expiryAt` null: by `simple` rules it is listed for ever. */
  | { readonly as: 'listed'; readonly place: number; readonly expiryAt: Micros | null }
  /** `expiryAt` null: by these rules it is forgotten until it speaks. */
  | { readonly as: 'atWork'; readonly sinceAt: Micros; readonly expiryAt: Micros | null }
  | { readonly as: 'forgotten'; readonly at: Micros }
  | ({ readonly as: 'unlisted' } & NotListed)
  | { readonly as: 'noQueue'; readonly hindrance: Hindrance; readonly sinceAt: Micros };

/** What a process really does. */
export interface Truth {
  readonly what: 'running' | 'working' | 'frozen' | 'overloaded' | 'dead' | 'backingOff' | 'unknown';
  readonly sinceAt: Micros | null;
  /** When it ends by itself, if that is known. */
  readonly untilAt: Micros | null;
  readonly signal: string | null;
  readonly connected: boolean;
}

export interface WhyState {
  readonly standing: Standing;
  readonly evidence: readonly Evidence[];
}
