// The common beat of the clients that are compared: at each one every client on both sides begins a request. By a beat of 0 they ask
// without rest, yet together: the next round begins as soon as each has its answer or has given up, on both sides.

import { type Micros, millis, type PeerState, type State } from '@crows-nest/protocol';

/** Faster than this there is nothing to see, and the orders alone would keep the machine busy. */
const MIN_BEAT_MS = 20;
/** What came of a round is not known sooner: facts settle first. */
const MIN_ROUND_MS = 300;

export interface MetronomeOptions {
  readonly ask: () => void;
  /** Of both sides, as they are now. */
  readonly states: readonly State[];
  readonly now: () => Micros;
}

/** Of a client that was asked: which process, and how many requests it was done with by then. */
interface Asked {
  readonly pid: number;
  readonly done: number;
}

export class Metronome {
  readonly #o: MetronomeOptions;
  readonly #asked = new Map<PeerState, Asked>();
  #timer: NodeJS.Timeout | undefined;
  #isRestless = false;
  #askedAt: Micros = 0;

  constructor(options: MetronomeOptions) {
    this.#o = options;
  }

  /** null: no beat. */
  pace(everyMs: number | null): void {
    clearInterval(this.#timer);
    this.#isRestless = everyMs === 0;
    if (everyMs === null || everyMs === 0) return;
    this.#timer = setInterval(this.ask, Math.max(MIN_BEAT_MS, everyMs));
  }

  readonly ask = (): void => {
    this.#askedAt = this.#o.now();
    this.#asked.clear();
    for (const { peers } of this.#o.states)
      for (const peer of Object.values(peers))
        if (peer.role === 'client' && peer.process)
          this.#asked.set(peer, { pid: peer.process.pid, done: peer.answered + peer.abandoned });
    this.#o.ask();
  };

  /** To be called when facts have come in. */
  readonly look = (): void => {
    if (!this.#isRestless || this.#o.now() - this.#askedAt < millis(MIN_ROUND_MS)) return;
    for (const [peer, asked] of this.#asked) if (!isDone(peer, asked)) return;
    this.ask();
  };
}

/** Nobody waits for the dead and the frozen, nor for what a process that has gone was asked. */
function isDone({ process, answered, abandoned }: PeerState, asked: Asked): boolean {
  if (process?.pid !== asked.pid || process.status === 'exited' || process.status === 'paused') return true;
  return answered + abandoned > asked.done;
}
