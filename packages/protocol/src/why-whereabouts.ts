// Where a request was: on which leg of its way between client, queue and worker, and what held it there.

import type { Micros } from './timing.ts';
import type { Absence, Damaged, FaultNamed, Hindrance } from './why-absence.ts';

/** Where a request was, as of the moment of the question. */
export type Whereabouts =
  /** It never came onto the link. */
  | { readonly at: 'client'; readonly hindrance: Hindrance; readonly sinceAt: Micros }
  /** On the way between client and queue, or ended there. */
  | { readonly at: 'toQueue'; readonly absence: Absence }
  | {
      readonly at: 'door';
      readonly sinceAt: Micros;
      readonly because: DoorCause;
      readonly becauseSinceAt: Micros | null;
    }
  /** Read by the queue, and with no worker. */
  | { readonly at: 'queue'; readonly how: 'putBack' | 'dropped' | 'invalid' | 'unrouted'; readonly sinceAt: Micros }
  | { readonly at: 'toWorker'; readonly worker: string | null; readonly givenAt: Micros; readonly absence: Absence }
  /** Read by the worker, which has not answered. */
  | {
      readonly at: 'worker';
      readonly worker: string;
      readonly readAt: Micros;
      readonly hindrance: Hindrance | null;
      readonly sinceAt: Micros;
    }
  | { readonly at: 'fromWorker'; readonly worker: string; readonly absence: Absence }
  | {
      readonly at: 'refused';
      readonly worker: string | null;
      readonly refusedAt: Micros;
      readonly reason: string;
      readonly damaged: FaultNamed | null;
    }
  | { readonly at: 'toClient'; readonly worker: string | null; readonly absence: Absence }
  | {
      readonly at: 'unrouted';
      readonly worker: string | null;
      readonly unroutedAt: Micros;
      readonly misaddressed: Damaged | null;
    }
  | { readonly at: 'unknown' };

export type DoorCause = 'nobodyListed' | 'queueDead' | 'queueFrozen' | 'queueOverloaded' | 'behind';
