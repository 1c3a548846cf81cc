// One leg of a connection: the socket of one end, with the flow of what that end says and the flow of what it is told.
// ZeroMQ never closes half: a leg that ends neither speaks nor listens any more, and what is under way to it is lost.

import type { Socket } from 'node:net';
import type { Flow } from './flow.ts';

/** How long a leg may take to end after it was told the end: ZeroMQ does so at once, unless its process is stopped. */
const HALF_CLOSED_MS = 10_000;

/** Chunks read ahead of the other leg, only to notice when this one gives up. ZeroMQ sends but a few bytes of its greeting. */
const MAX_EARLY = 16;

export class Leg {
  readonly socket: Socket;
  readonly #left: () => void;
  #says: Flow | undefined;
  #hears: Flow | undefined;
  /** What it said before the other leg was up. */
  #early: Uint8Array[] = [];
  #finishing: NodeJS.Timeout | undefined;
  #isGone = false;

  /** `left` is called once, when it has ended or was made to; not when it was dropped. */
  constructor(socket: Socket, left: () => void) {
    this.socket = socket;
    this.#left = left;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** To be called as soon as the socket is connected. */
  listen(): void {
    const { socket } = this;
    socket.on('data', (chunk) => {
      if (this.#says) this.#says.take(chunk);
      else if (this.#early.push(chunk) === MAX_EARLY) socket.pause();
    });
    // A peer's failure is its end: "close" follows every error.
    socket.on('error', () => {});
    socket.on('end', () => this.leave());
    socket.on('close', () => this.leave());
  }

  /** The other leg is up. */
  join(says: Flow, hears: Flow): void {
    this.#says = says;
    this.#hears = hears;
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) says.take(chunk);
    if (early.length >= MAX_EARLY) this.socket.resume();
  }

  /** Asks by PING whether it is there. */
  ask(): void {
    this.#hears?.ping();
  }

  /** It was told the end, and is to end itself. */
  finish(): void {
    this.socket.end();
    this.#finishing ??= setTimeout(() => this.socket.destroy(), HALF_CLOSED_MS);
  }

  /** It has ended, or is made to. What it said whole is on its way, and the end travels behind. */
  leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#hears?.sinkEnded();
    this.#says?.sourceEnded();
    this.socket.destroy();
    this.#left();
  }

  /** Nothing reaches it any more, while it is still to leave: as after a crash, if it is reset. */
  cut(how: 'reset' | 'close'): void {
    if (this.#isGone) return;
    this.#hears?.sinkEnded();
    if (how === 'reset') this.socket.resetAndDestroy();
  }

  /** It goes with its connection. */
  drop(): void {
    this.#isGone = true;
    clearTimeout(this.#finishing);
    this.socket.destroy();
  }
}
