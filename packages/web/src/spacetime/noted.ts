// Facts that are marks in the diagram: each a thing that happened to one process, said in a word or two.

import type {
  Direction,
  EventOf,
  EventType,
  FaultKind,
  Kind,
  Micros,
  PassingKind,
  TraceEvent,
} from '@crows-nest/protocol';

export type NoteKind =
  | 'killed'
  | 'exited'
  | 'crashed'
  | 'frozen'
  | 'resumed'
  | 'overloaded'
  | 'recovered'
  | 'started'
  | 'left'
  | 'backedOff'
  | 'expired'
  | 'requeued'
  | 'gaveUp'
  | 'abandoned'
  | 'unrouted'
  | 'faultApplied'
  | 'faultStruck'
  | 'faultHealed';

export interface Note {
  readonly t: Micros;
  readonly seq: number;
  readonly lane: number;
  readonly kind: NoteKind;
  /** The request's number. */
  readonly journey?: number | undefined;
  /** A signal's name, or an exit code. */
  readonly end?: string | undefined;
  readonly waitMs?: number | undefined;
  /** Of an expiry: how many beats of which length were missed. */
  readonly beats?: number | undefined;
  readonly beatMs?: number | undefined;
  readonly fault?: {
    kind: FaultKind;
    mode?: EventOf<'fault.applied'>['mode'];
    message?: PassingKind | undefined;
    direction?: Direction | undefined;
  };
  readonly struck?: EventOf<'fault.struck'>['kind'] | undefined;
  readonly message?: Kind | undefined;
}

type Said = { peer: string | undefined; kind: NoteKind } & Omit<Note, 't' | 'seq' | 'lane' | 'kind'>;

/** What the diagram says of a fact, and at whose lane; undefined: nothing. */
export function noteOf(event: TraceEvent, queue: { liveness: number; heartbeatIntervalMs: number }): Said | undefined {
  switch (event.type) {
    case 'process.exited': {
      const { peer, code, signal } = event;
      return { peer, kind: signal ? 'killed' : 'exited', end: signal ?? (code === null ? undefined : String(code)) };
    }
    case 'worker.backedOff':
      return { peer: event.peer, kind: 'backedOff', waitMs: event.waitMs };
    case 'worker.expired':
      return {
        ...{ peer: event.workerPeer, kind: 'expired' },
        ...{ beats: queue.liveness, beatMs: queue.heartbeatIntervalMs },
      };
    case 'request.requeued':
      return { peer: event.workerPeer ?? event.peer, kind: 'requeued', journey: event.journey };
    case 'request.dropped':
      return { peer: event.peer, kind: 'gaveUp', journey: event.journey };
    case 'request.abandoned':
      return { peer: event.peer, kind: 'abandoned', journey: event.n };
    case 'message.unrouted':
      return { peer: event.peer, kind: 'unrouted', journey: event.journey, message: event.kind };
    case 'fault.applied': {
      const { link, kind, mode, message, direction } = event;
      // A process that is stopped is noted as such.
      if (kind === 'pause') return undefined;
      return { peer: link, kind: 'faultApplied', fault: { kind, mode, message, direction } };
    }
    case 'fault.struck':
      return { peer: event.link, kind: 'faultStruck', struck: event.kind };
    case 'fault.healed':
      return event.kind === 'pause' ? undefined : { peer: event.link, kind: 'faultHealed' };
    case 'process.started':
    case 'process.paused':
    case 'process.resumed':
    case 'process.overloaded':
    case 'process.recovered':
    case 'worker.crashed':
    case 'peer.left':
      return { peer: event.peer, kind: PLAIN[event.type] };
  }
  return undefined;
}

const PLAIN = {
  'process.started': 'started',
  'process.paused': 'frozen',
  'process.resumed': 'resumed',
  'process.overloaded': 'overloaded',
  'process.recovered': 'recovered',
  'worker.crashed': 'crashed',
  'peer.left': 'left',
} as const satisfies Partial<Record<EventType, NoteKind>>;

/** Harm, or what ends it: the louder half of the notes. */
export const isHarm = (kind: NoteKind): boolean => HARM.has(kind);
const HARM = new Set<NoteKind>([
  'killed',
  'crashed',
  'expired',
  'unrouted',
  'gaveUp',
  'abandoned',
  'faultApplied',
  'faultStruck',
]);
