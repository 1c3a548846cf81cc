// Why something has not come: a message, or the beat that was due. Figures in microseconds, sentences are the reader's.

import type { EventOf, FaultKind } from './events.ts';
import type { Direction } from './frames.ts';
import type { PassingKind } from './link-fault.ts';
import type { Micros } from './timing.ts';

/** What keeps a peer from speaking, or from reading. `renamed`: it speaks, under another name. `cutOff`: a fault keeps it from connecting. */
export type Hindrance =
  | 'dead'
  | 'frozen'
  | 'overloaded'
  | 'backingOff'
  /** A fault on the process: it sends no beats, or sends them too late. */
  | 'mute'
  | 'working'
  | 'renamed'
  | 'cutOff'
  | 'disconnected'
  | 'slow';

/** A fault that had a hand in it. */
export interface FaultNamed {
  readonly fault: string;
  /** null: it is not in the trace that is held. */
  readonly kind: FaultKind | EventOf<'fault.struck'>['kind'] | null;
  readonly mode: EventOf<'fault.applied'>['mode'] | null;
  readonly sinceAt: Micros | null;
  /** What alone it acts on. null: everything. */
  readonly only: PassingKind | null;
  /** It struck once, and does not last. */
  readonly once: boolean;
}

/** A message that a fault made another, and where. */
export interface Damaged {
  readonly link: string;
  readonly direction: Direction;
  readonly by: FaultNamed;
}

/** Why one message, or the one that was due, has not come as of the moment of the question. */
export type Absence =
  | {
      readonly how: 'dropped';
      readonly fault: string;
      /** When the fault was applied. null: before the trace that is held. */
      readonly sinceAt: Micros | null;
      /** What the fault drops. null: everything. */
      readonly only: PassingKind | null;
    }
  | { readonly how: 'lost'; readonly cause: EventOf<'message.lost'>['cause']; readonly at: Micros }
  | { readonly how: 'underWay'; readonly sentAt: Micros; readonly dueAt: Micros; readonly slowed: FaultNamed | null }
  /** It stands still on its link. */
  | { readonly how: 'held'; readonly by: FaultNamed; readonly heldAt: Micros }
  /** It lies at its receiver, who did not come to it; `hindrance` null: by nothing but its turn. */
  | {
      readonly how: 'unread';
      readonly by: string;
      readonly arrivedAt: Micros;
      readonly hindrance: Hindrance | null;
      readonly sinceAt: Micros | null;
    }
  /** It was read, and does not count. */
  | {
      readonly how: 'uncounted';
      readonly readAt: Micros;
      readonly why: 'invalid' | 'refused' | 'ignored';
      /** It was not read as it was sent. */
      readonly damaged: FaultNamed | null;
    }
  | { readonly how: 'unsent'; readonly by: string; readonly hindrance: Hindrance; readonly sinceAt: Micros }
  /** The queue beats only for whom it lists, or by robust rules keeps at work. */
  | ({ readonly how: 'unlisted' } & NotListed)
  /** Nothing was due: the last one was sent less than an interval ago. */
  | { readonly how: 'notDue'; readonly lastAt: Micros | null }
  /** A Simple Pirate owes nobody a beat: `of` the queue by its rules [SP5], or of the worker by its pattern. */
  | { readonly how: 'simple'; readonly of: 'queue' | 'worker' }
  | { readonly how: 'unknown' };

/** Why the queue does not have a worker in its list. */
export type Unlisted = 'expired' | 'atWork' | 'queueRestarted' | 'notHeard' | 'refused';

export interface NotListed {
  readonly why: Unlisted;
  readonly at: Micros | null;
  /** What became of the READY that would have listed it, when that is the reason. */
  readonly ready: Absence | null;
}

/** A beat that was due and was not heard. */
export interface MissedBeat {
  readonly dueAt: Micros;
  readonly absence: Absence;
}
