// Causes of what happened to a worker: by the queue's judgement of it, and by its own of the queue.

import type { EventOf, Rules } from './events.ts';
import type { Kind } from './frames.ts';
import type { Micros } from './timing.ts';
import type { Absence, MissedBeat, NotListed } from './why-absence.ts';

export type WorkerCause =
  | {
      readonly kind: 'worker.expired';
      /** null: a name that ROUTER made up for what a taken-over connection had left. */
      readonly worker: string | null;
      readonly busy: boolean;
      readonly lastHeardAt: Micros;
      readonly lastKind: Kind | null;
      readonly allowedUs: Micros;
      readonly intervalUs: Micros;
      readonly beats: readonly MissedBeat[];
      /** The name is nobody's: what it said last was read after another connection had taken its identity over. */
      readonly ghost: boolean;
    }
  | {
      readonly kind: 'liveness.lost';
      readonly worker: string;
      readonly left: number;
      readonly sinceAt: Micros | null;
      readonly beats: readonly MissedBeat[];
      /** Why nothing else came. null: what is in `beats` is all there was to come. */
      readonly silence: Absence | null;
    }
  | {
      readonly kind: 'worker.backedOff';
      readonly worker: string;
      readonly waitMs: number;
      readonly polls: number;
      readonly sinceAt: Micros | null;
      readonly beats: readonly MissedBeat[];
      readonly silence: Absence | null;
    }
  | {
      readonly kind: 'liveness.restored';
      readonly worker: string;
      readonly by: Kind | null;
      readonly silentUs: Micros | null;
    }
  | {
      readonly kind: 'worker.listed';
      readonly worker: string | null;
      readonly by: EventOf<'worker.listed'>['by'];
      readonly rules: Rules;
      readonly sentAt: Micros | null;
      readonly places: number;
    }
  | {
      readonly kind: 'worker.refused';
      readonly worker: string | null;
      readonly known: number;
      readonly by: Kind | null;
    }
  | ({ readonly kind: 'worker.ignored'; readonly worker: string | null } & NotListed)
  | {
      readonly kind: 'work.started';
      readonly worker: string;
      readonly client: string | null;
      readonly givenAt: Micros | null;
      readonly forUs: Micros;
    };
