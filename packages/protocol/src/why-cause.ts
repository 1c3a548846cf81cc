// The answers of "why?" as data: tagged causes with their figures in microseconds and counts. Sentences are the reader's.

import type { MessageCause } from './why-cause-message.ts';
import type { ProcessCause } from './why-cause-process.ts';
import type { RequestCause } from './why-cause-request.ts';
import type { WorkerCause } from './why-cause-worker.ts';
import type { Evidence } from './why-trace.ts';

export type * from './why-absence.ts';
export type * from './why-ending.ts';
export type * from './why-standing.ts';
export type * from './why-whereabouts.ts';

export type Cause = WorkerCause | RequestCause | MessageCause | ProcessCause;

export type CauseKind = Cause['kind'];
export type CauseOf<K extends CauseKind> = Extract<Cause, { kind: K }>;

export interface Why {
  readonly cause: Cause;
  readonly evidence: readonly Evidence[];
}
