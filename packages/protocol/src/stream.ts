// What the hub and a page say to each other over socket.io. A snapshot first, then batches of consecutive facts; of one troupe, or of
// each of two that are compared.

import type { AudienceRole, CommandAnswer, CommandRequest, SideName } from './commands.ts';
import type { TraceEvent } from './events.ts';
import type { State } from './state.ts';

/** How far behind the wire the live picture runs, so that a flight's end is known when it is drawn. */
export const BROADCAST_DELAY_MS = 400;

export interface Welcome {
  readonly role: AudienceRole;
  /** For this tab to come back with the same role; given in exchange for a launch token. */
  readonly session: string;
  /** Where this run is recorded, a file for each side, for the presenter alone: what the page lets go of is there. */
  readonly recordings?: readonly string[];
}

/** The whole state after fact number `state.seq`, at bridge time `now` (microseconds). What follows starts at the next fact. */
export interface Snapshot {
  readonly state: State;
  readonly now: number;
}

/** Of all that is on; their clocks are one. Without a `b` nothing is compared. */
export interface Snapshots {
  readonly a: Snapshot;
  readonly b?: Snapshot;
}

/** Consecutive facts. `now` is the time up to which the trace is complete, so time goes on when nothing happens. */
export interface Batch {
  readonly events: readonly TraceEvent[];
  readonly now: number;
}

/** A batch as it goes over the wire: its facts as one block of bytes, made by `pack`. */
export interface PackedBatch {
  readonly packed: Uint8Array | ArrayBuffer;
  readonly now: number;
  readonly side: SideName;
}

export interface FromHub {
  /** Said again when another run begins, which has other recordings. */
  welcome: (welcome: Welcome) => void;
  /** Also sent again to a page that fell behind, and when another run begins: it replaces everything the page holds from there on. */
  snapshot: (snapshots: Snapshots) => void;
  batch: (batch: PackedBatch) => void;
  /** The last thing said to a page that is disconnected for what it did; socket.io does not connect it again by itself. */
  goodbye: (why: { readonly code: 'limited'; readonly message: string }) => void;
}

export interface ToHub {
  /** `side` is the one it was given on; what can be done to both is done to both. */
  command: (command: CommandRequest, side: SideName, answer: (answer: CommandAnswer) => void) => void;
}

/** socket.io's `auth`: what the page has of these, or nothing for a viewer on this machine. */
export interface Credentials {
  /** From `#launch=`: makes a presenter, once. */
  readonly launch?: string;
  /** From an earlier welcome. */
  readonly session?: string;
  /** From `#view=`: what a viewer elsewhere on the LAN needs. */
  readonly view?: string;
}

/** `data.code` of socket.io's `connect_error`. `bad-token` also stands for a session of an earlier run: drop it and try without. */
export type EntryRefusal = 'used-launch' | 'bad-token' | 'needs-token' | 'elsewhere' | 'limited';
