// How a worker or a client of ours differs from the usual one: the same words for the bridge and for the simulator.

import type { Pattern } from './events.ts';
import type { Dialect } from './frames.ts';

/** A Simple worker has a dialect and a length of work, and no more. */
export interface WorkerKnobs {
  readonly pattern?: Pattern | undefined;
  readonly dialect?: Dialect | undefined;
  readonly workMs?: number | undefined;
  readonly crashChance?: number | undefined;
  readonly overloadChance?: number | undefined;
  readonly replyFirst?: boolean | undefined;
  readonly quietWhileBusy?: boolean | undefined;
  /** Full jitter of its back-offs. */
  readonly jitter?: boolean | undefined;
}

export interface ClientKnobs {
  readonly everyMs?: number | undefined;
  /** It asks when it is told to. */
  readonly led?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly tries?: number | undefined;
  readonly requests?: number | undefined;
}
