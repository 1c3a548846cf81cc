// One interface over the live bridge, a recording and a simulation: the rest of the page never knows which it has.

import type {
  AudienceRole,
  CommandAnswer,
  CommandRequest,
  EntryRefusal,
  Micros,
  Snapshot,
  TraceEvent,
} from '@crows-nest/protocol';

export type Connection =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open' }
  | { readonly phase: 'reconnecting' }
  | { readonly phase: 'refused'; readonly reason: string; readonly code?: EntryRefusal };

/** Where a source puts what it has. */
export interface Sink {
  phase(connection: Connection): void;
  /** Who this page is, and where the run is recorded, if it may know. */
  role(role: AudienceRole, recording?: string): void;
  snapshot(snapshot: Snapshot): void;
  /** Well-formed facts only, the time up to which they are complete, and how many were not well-formed. */
  batch(events: readonly TraceEvent[], now: Micros, malformed: number): void;
}

/** Why a command did not reach a bridge that answers. */
export type Unsent = 'disconnected' | 'unanswered' | 'recorded';
export type Answer = CommandAnswer | { readonly ok: false; readonly code: Unsent; readonly message: string };

export interface Source {
  readonly kind: 'live' | 'recorded' | 'simulated';
  open(sink: Sink): void;
  close(): void;
  /** Always answers: a command that cannot be sent is refused with a reason. */
  command(request: CommandRequest): Promise<Answer>;
}
