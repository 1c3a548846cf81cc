// One interface over the live bridge, a recording and a simulation: the rest of the page never knows which it has.

import type {
  AudienceRole,
  CommandAnswer,
  CommandRequest,
  EntryRefusal,
  Micros,
  SideName,
  Snapshots,
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
  /** Who this page is, and where each side of the run is recorded, if it may know. */
  role(role: AudienceRole, recordings?: readonly string[]): void;
  snapshot(snapshots: Snapshots): void;
  /** Well-formed facts of one side only, the time up to which they are complete, and how many were not well-formed. */
  batch(events: readonly TraceEvent[], now: Micros, malformed: number, side: SideName): void;
}

/** Why a command did not reach a bridge that answers. */
export type Unsent = 'disconnected' | 'unanswered' | 'recorded';
export type Answer = CommandAnswer | { readonly ok: false; readonly code: Unsent; readonly message: string };

export interface Source {
  readonly kind: 'live' | 'recorded' | 'simulated';
  open(sink: Sink): void;
  close(): void;
  /** Always answers: a command that cannot be sent is refused with a reason. `side` is the one it is given on. */
  command(request: CommandRequest, side: SideName): Promise<Answer>;
}
