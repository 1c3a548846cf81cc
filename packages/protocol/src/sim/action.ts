// What can be done to a world, as data: the same words as the bridge's commands, with the peers named.
// A schedule is a list of these with their times; a scenario is a list of these with what each one waits for.

import type { EventType, Rules } from '../events.ts';
import type { Direction, Frame } from '../frames.ts';
import type { ClientKnobs, WorkerKnobs as KnownWorkerKnobs } from '../knobs.ts';
import type { FaultSpec } from '../link-fault.ts';

export type { ClientKnobs };

export interface WorkerKnobs extends KnownWorkerKnobs {
  readonly fixedIdentity?: Frame | undefined;
}

export type Action =
  | ({ readonly type: 'worker.add'; readonly peer: string } & WorkerKnobs)
  | ({ readonly type: 'client.add'; readonly peer: string } & ClientKnobs)
  | { readonly type: 'client.pace'; readonly peer: string; readonly everyMs: number }
  /** To one that is led: begin a request. */
  | { readonly type: 'client.ask'; readonly peer: string }
  /** An orderly stop; the peer leaves the stage. */
  | { readonly type: 'peer.remove'; readonly peer: string }
  | { readonly type: 'process.kill'; readonly peer: string }
  /** An orderly stop; the peer stays on the stage. */
  | { readonly type: 'process.stop'; readonly peer: string }
  | { readonly type: 'process.pause'; readonly peer: string; readonly ttlMs?: number | undefined }
  | { readonly type: 'process.resume'; readonly peer: string }
  | { readonly type: 'process.overload'; readonly peer: string; readonly ms: number }
  /** Kills it if it lives, and starts it again. `identity: 'same'` is for workers. */
  | { readonly type: 'process.restart'; readonly peer: string; readonly identity?: 'same' | 'new' | undefined }
  | { readonly type: 'link.delay'; readonly link: string; readonly delayMs: number; readonly jitterMs: number }
  /** `fault.heal` takes these by their name too. */
  | {
      readonly type: 'process.mute';
      readonly peer: string;
      readonly fault: string;
      readonly ttlMs?: number | undefined;
    }
  | {
      readonly type: 'process.slow';
      readonly peer: string;
      readonly factor: number;
      readonly fault: string;
      readonly ttlMs?: number | undefined;
    }
  | {
      readonly type: 'fault.apply';
      readonly link: string;
      readonly fault: FaultSpec;
      readonly ttlMs?: number | undefined;
    }
  | { readonly type: 'fault.heal'; readonly link: string; readonly fault: string }
  | { readonly type: 'fault.step'; readonly link: string; readonly fault: string }
  /** The one that entered this link last. */
  | { readonly type: 'message.drop'; readonly link: string }
  /** A copy of the last one of that direction. */
  | { readonly type: 'message.replay'; readonly link: string; readonly direction: Direction }
  | { readonly type: 'link.reset'; readonly link: string }
  | { readonly type: 'link.close'; readonly link: string }
  | { readonly type: 'heal.all' }
  /** The world recovers: all is healed and resumed, the queue and at least one worker live, nobody makes trouble any more. */
  | { readonly type: 'world.calm' };

/** A step of a schedule, at a time of the run in milliseconds. */
export interface TimedAction {
  readonly at: number;
  readonly do: Action;
}

/** Constants of a run that all its processes share. */
export interface Ground {
  readonly rules: Rules;
  readonly heartbeatIntervalMs: number;
  readonly liveness: number;
  readonly maxWorkers?: number | undefined;
  readonly answerWithinMs?: number | undefined;
  readonly reconnectInitialMs: number;
  readonly reconnectMaxMs: number;
  readonly delayMs: number;
  readonly jitterMs: number;
}

/** A whole run as data: from this and nothing else its every microsecond follows. */
export interface Schedule {
  readonly seed: number;
  readonly ground: Ground;
  readonly steps: readonly TimedAction[];
  /** When the faults end and the quiet tail begins: `world.calm` is done then. */
  readonly calmAtMs: number;
  readonly endMs: number;
}

/** A fact to wait for: of this type, and about this peer, whether as its speaker, its link, its worker or its client. */
export interface Condition {
  readonly fact: EventType;
  readonly peer?: string | undefined;
  /** How many such facts; default 1. */
  readonly times?: number | undefined;
}
