// How one side of a connection came to its end, and what was under way with it.

import type { Micros } from './timing.ts';
import type { FaultNamed } from './why-absence.ts';

/** The end of one side of a connection. */
export type Ending =
  /** `of`: whose process; it ended by itself, or was ended. */
  | { readonly by: 'exit'; readonly of: string; readonly at: Micros }
  /** It opened a new socket, under a new name. */
  | { readonly by: 'newSocket'; readonly of: string; readonly at: Micros; readonly after: 'backOff' | 'timeout' | null }
  /** Another connection came under the same identity, and ROUTER handed it over. */
  | { readonly by: 'handover'; readonly of: string; readonly at: Micros }
  | { readonly by: 'closed'; readonly end: 'peer' | 'queue' | 'tap'; readonly at: Micros }
  | { readonly by: 'fault'; readonly fault: FaultNamed; readonly at: Micros }
  /** REQ throws away what it has not read when it sends again. */
  | { readonly by: 'resend'; readonly of: string; readonly at: Micros }
  /** Nobody was ever connected by that name, as far as the trace goes back. */
  | { readonly by: 'never' }
  | { readonly by: 'unknown' };
