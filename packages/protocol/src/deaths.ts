// When the queue is wrong about a worker, and how that ends: the one definition of a death that it notices or misses [B3], and of a
// false death [B4].
//
// A death is a process that ends or is stopped while the queue believes in it by the name it goes by. The queue notices by silence
// alone, when it gives that name up. It misses the death when it stops to believe for another reason: by rules that forget who is
// given a request, or because the queue itself begins anew. And it may be over before anybody noticed: the stopped process runs on,
// or the queue hears a new one by the same name. Then nothing was missed, heartbeats are made to bear that.
// A process that spins is not dead, though as silent as one; its silence is told of all the same, and to give it up is a false death.

import type { Demise, SilenceCause } from './deaths-silence.ts';
import type { Micros } from './timing.ts';

/**
 * How it ended: the queue gave the name up; it stopped to believe without noticing; the worker was there again before;
 * or it cannot be told: facts were missed, or what was stopped was then killed, and goes on as another.
 */
export type DeathEnd = 'noticed' | 'missed' | 'lived' | 'untold';

export interface Death {
  readonly peer: string;
  readonly worker: string;
  readonly cause: Demise;
  /** When its process ended, stopped or hung; or when the queue began to believe in it, if that was later. */
  readonly diedAt: Micros;
  /** Since when it is known as this: one that was stopped and then killed died when it was stopped. */
  readonly fromAt: Micros;
  /** null: not in what is known yet. */
  endedAt: Micros | null;
  end: DeathEnd | null;
}

/** Of the silences of those that do not serve, the ones that count as deaths. */
export const isDeath = ({ cause }: Death): boolean => cause !== 'overloaded';

/** The queue gave a name up. */
export interface Expiry {
  readonly peer: string | null;
  readonly worker: string;
  readonly cause: SilenceCause;
  /**
   * A death it noticed, or a false one, of somebody who is still there [B4]. `neither`: nobody was behind that name any more, though
   * no process had died by it; or a guest, of whose process nothing is known.
   */
  readonly verdict: 'noticed' | 'false' | 'neither';
  readonly at: Micros;
  readonly lastHeardAt: Micros;
  /** When its process ended, stopped or hung, if that is why. */
  readonly diedAt: Micros | null;
  /** The bound: between L beats and one more. */
  readonly liveness: number;
  readonly intervalUs: Micros;
}

/** The queue gave up on somebody who is still there. */
export const isFalseSuspicion = ({ verdict }: Expiry): boolean => verdict === 'false';
