// The taps ask by ZMTP's own PING whether a process is there, and keep the answer to themselves: a busy process gives one, by its
// socket's own thread, a stopped one does not [L12]. Not libzmq's heartbeats: those abort the process that has them when a connection
// ends whose reading was stopped (libzmq #4364).

import { millis, writePing, ZMTP_PING_MS } from '@crows-nest/protocol';
import type { End } from './link-box.ts';

/** By this a PONG is known as the answer to one of ours; at most 16 bytes. */
export const PROBE_CONTEXT = "crow's nest";
/** Without a time to live: whoever is asked expects nothing of us. */
export const PROBE = writePing(0, PROBE_CONTEXT);

/** An unanswered one is repeated only so often: who is stopped must not find a heap of them. */
const REPEAT_MS = 5 * ZMTP_PING_MS;

/** Asks one end of a connection, each second while it answers. */
class Probe {
  readonly #ask: () => void;
  #unansweredMs: number | undefined;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** To be called each ZMTP_PING_MS. */
  tick(): void {
    if (this.#unansweredMs !== undefined) {
      this.#unansweredMs += ZMTP_PING_MS;
      if (this.#unansweredMs < REPEAT_MS) return;
    }
    this.#unansweredMs = 0;
    this.#ask();
  }

  answered(): void {
    this.#unansweredMs = undefined;
  }
}

/** Asks both ends of a connection, whenever each may be asked, until it is stopped. */
export class Probes {
  readonly #probes: Readonly<Record<End, Probe>>;
  readonly #timer: NodeJS.Timeout;

  constructor(mayAsk: (end: End) => boolean, ask: (end: End) => void) {
    this.#probes = { peer: new Probe(() => ask('peer')), queue: new Probe(() => ask('queue')) };
    this.#timer = setInterval(() => {
      if (mayAsk('peer')) this.#probes.peer.tick();
      if (mayAsk('queue')) this.#probes.queue.tick();
    }, ZMTP_PING_MS);
  }

  answered(end: End): void {
    this.#probes[end].answered();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Peers by each of their connections; the queue by one of all that share this, each second. */
export function askInTurn(now: () => number): (end: End) => boolean {
  let askedAt = Number.NEGATIVE_INFINITY;
  return (end) => {
    if (end === 'peer') return true;
    if (now() - askedAt < millis(ZMTP_PING_MS)) return false;
    askedAt = now();
    return true;
  };
}

/** Who floods the queue must not leave a PING behind the flood: over a public tap only the peer is asked. */
export const askPeers = (end: End): boolean => end === 'peer';
