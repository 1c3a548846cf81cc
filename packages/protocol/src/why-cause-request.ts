// Causes of what became of a request, and of its reply.

import type { Micros } from './timing.ts';
import type { FaultNamed, Hindrance } from './why-absence.ts';
import type { Whereabouts } from './why-whereabouts.ts';

export type RequestCause =
  | {
      readonly kind: 'request.dispatched';
      readonly worker: string | null;
      readonly client: string | null;
      readonly attempt: number;
      readonly others: number;
      readonly headSinceAt: Micros | null;
      readonly waitedUs: Micros | null;
      /** What in truth keeps the worker from serving it, unknown to the queue. */
      readonly hindrance: Hindrance | null;
      readonly hinderedSinceAt: Micros | null;
    }
  | {
      readonly kind: 'request.retried' | 'request.abandoned';
      readonly client: string;
      readonly n: number;
      /** The try that timed out. */
      readonly attempt: number;
      readonly waitedUs: Micros;
      readonly where: Whereabouts;
    }
  | {
      readonly kind: 'request.requeued' | 'request.dropped';
      readonly worker: string | null;
      readonly attempt: number;
      readonly because: 'expired' | 'ready' | 'heldTooLong';
      readonly heldUs: Micros | null;
    }
  | {
      readonly kind: 'reply.refused';
      readonly by: string;
      readonly worker: string | null;
      /** What became of the request that it answers. `stranger`: this queue never gave it one. */
      readonly because: 'expired' | 'takenBack' | 'answered' | 'queueRestarted' | 'another' | 'copy' | 'stranger';
      readonly at: Micros | null;
      /** It was not read as it was sent. */
      readonly damaged: FaultNamed | null;
    };
