// Causes of what happened to a connection or to a process.

import type { Micros } from './timing.ts';
import type { FaultNamed } from './why-absence.ts';
import type { Ending } from './why-ending.ts';

export type ProcessCause =
  | { readonly kind: 'connection.closed'; readonly link: string; readonly ending: Ending }
  | {
      readonly kind: 'connection.refused';
      readonly link: string;
      readonly reason: string;
      readonly queue: 'dead' | 'frozen' | 'starting' | 'running';
      /** The fault that refuses it, whatever the queue does. */
      readonly by: FaultNamed | null;
      readonly sinceAt: Micros | null;
    }
  | { readonly kind: 'connection.opaqued'; readonly link: string; readonly reason: string }
  /** `by` null: no fault is known to keep it stopped. */
  | { readonly kind: 'process.paused'; readonly peer: string; readonly by: FaultNamed | null }
  | {
      readonly kind: 'process.exited';
      readonly peer: string;
      readonly because: 'crashed' | 'restarted' | 'removed' | 'killed' | 'stopped' | 'failed';
      readonly code: number | null;
      readonly signal: string | null;
    };
