// The answers of "why?" as data: tagged causes with their figures in microseconds and counts. Sentences are the reader's.

import type { EventOf, FaultKind, Rules } from './events.ts';
import type { Direction, Kind } from './frames.ts';
import type { PassingKind } from './link-fault.ts';
import type { Micros } from './timing.ts';
import type { Evidence } from './why-trace.ts';

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

/** Where a request was, as of the moment of the question. */
export type Whereabouts =
  /** It never came onto the link. */
  | { readonly at: 'client'; readonly hindrance: Hindrance; readonly sinceAt: Micros }
  /** On the way between client and queue, or ended there. */
  | { readonly at: 'toQueue'; readonly absence: Absence }
  | {
      readonly at: 'door';
      readonly sinceAt: Micros;
      readonly because: DoorCause;
      readonly becauseSinceAt: Micros | null;
    }
  /** Read by the queue, and with no worker. */
  | { readonly at: 'queue'; readonly how: 'putBack' | 'dropped' | 'invalid' | 'unrouted'; readonly sinceAt: Micros }
  | { readonly at: 'toWorker'; readonly worker: string | null; readonly givenAt: Micros; readonly absence: Absence }
  /** Read by the worker, which has not answered. */
  | {
      readonly at: 'worker';
      readonly worker: string;
      readonly readAt: Micros;
      readonly hindrance: Hindrance | null;
      readonly sinceAt: Micros;
    }
  | { readonly at: 'fromWorker'; readonly worker: string; readonly absence: Absence }
  | {
      readonly at: 'refused';
      readonly worker: string | null;
      readonly refusedAt: Micros;
      readonly reason: string;
      readonly damaged: FaultNamed | null;
    }
  | { readonly at: 'toClient'; readonly worker: string | null; readonly absence: Absence }
  | {
      readonly at: 'unrouted';
      readonly worker: string | null;
      readonly unroutedAt: Micros;
      readonly misaddressed: Damaged | null;
    }
  | { readonly at: 'unknown' };

export type DoorCause = 'nobodyListed' | 'queueDead' | 'queueFrozen' | 'queueOverloaded' | 'behind';

export type Cause =
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
      readonly kind: 'message.lost';
      readonly message: Kind;
      readonly link: string;
      readonly direction: Direction;
      readonly n: number | null;
      readonly ending: Ending;
    }
  | {
      readonly kind: 'message.dropped';
      readonly message: Kind;
      readonly link: string;
      readonly direction: Direction;
      readonly n: number | null;
      readonly by: FaultNamed;
    }
  | {
      readonly kind: 'message.held' | 'message.corrupted' | 'message.duplicated';
      readonly message: Kind;
      readonly link: string;
      readonly direction: Direction;
      readonly n: number | null;
      readonly by: FaultNamed;
    }
  | {
      readonly kind: 'message.unrouted';
      readonly message: Kind;
      readonly to: string | null;
      readonly ending: Ending;
      /** The identity is nobody's: a fault made it of whose it was. */
      readonly misaddressed: Damaged | null;
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
    }
  | {
      readonly kind: 'worker.refused';
      readonly worker: string | null;
      readonly known: number;
      readonly by: Kind | null;
    }
  | ({ readonly kind: 'worker.ignored'; readonly worker: string | null } & NotListed)
  | {
      readonly kind: 'message.invalidated';
      readonly by: string;
      readonly from: string | null;
      readonly message: Kind | null;
      readonly reason: string;
      readonly damaged: FaultNamed | null;
    }
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
      readonly kind: 'work.started';
      readonly worker: string;
      readonly client: string | null;
      readonly givenAt: Micros | null;
      readonly forUs: Micros;
    };

export type CauseKind = Cause['kind'];
export type CauseOf<K extends CauseKind> = Extract<Cause, { kind: K }>;

export interface Why {
  readonly cause: Cause;
  readonly evidence: readonly Evidence[];
}

/** How a worker or a client stands at a time, not at a fact. */
export type Standing =
  | {
      readonly kind: 'worker';
      readonly worker: string;
      readonly belief: Belief;
      readonly lastHeardAt: Micros | null;
      readonly missed: readonly MissedBeat[];
      readonly intervalUs: Micros;
      readonly truth: Truth;
    }
  | {
      readonly kind: 'client';
      readonly client: string;
      readonly request: {
        readonly n: number;
        readonly attempt: number;
        readonly sentAt: Micros;
        readonly timeoutAt: Micros;
        readonly where: Whereabouts;
      } | null;
      readonly truth: Truth;
    };

/** What the queue believes of a worker. */
export type Belief =
  /** `expiryAt` null: by `simple` rules it is listed for ever. */
  | { readonly as: 'listed'; readonly place: number; readonly expiryAt: Micros | null }
  /** `expiryAt` null: by these rules it is forgotten until it speaks. */
  | { readonly as: 'atWork'; readonly sinceAt: Micros; readonly expiryAt: Micros | null }
  | { readonly as: 'forgotten'; readonly at: Micros }
  | ({ readonly as: 'unlisted' } & NotListed)
  | { readonly as: 'noQueue'; readonly hindrance: Hindrance; readonly sinceAt: Micros };

/** What a process really does. */
export interface Truth {
  readonly what: 'running' | 'working' | 'frozen' | 'overloaded' | 'dead' | 'backingOff' | 'unknown';
  readonly sinceAt: Micros | null;
  /** When it ends by itself, if that is known. */
  readonly untilAt: Micros | null;
  readonly signal: string | null;
  readonly connected: boolean;
}

export interface WhyState {
  readonly standing: Standing;
  readonly evidence: readonly Evidence[];
}
