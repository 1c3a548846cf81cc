// The reading end of a ZeroMQ socket. A pending receive() cannot be withdrawn, so one message may be in hand
// that the machine does not want yet: it stays here, and from the machine's view it is unread.

import type { Message } from '@crows-nest/protocol';

interface Receiving {
  receive(): Promise<Buffer[]>;
  readonly readable: boolean;
  readonly closed: boolean;
}

export class Inbox {
  readonly #socket: Receiving;
  readonly #ring: () => void;
  #held: Message | undefined;
  #pending: Promise<void> | undefined;

  constructor(socket: Receiving, ring: () => void) {
    this.#socket = socket;
    this.#ring = ring;
  }

  /** The message in hand, if there is one. */
  take(): Message | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** The message in hand, or the next one if it is already in the socket. */
  async takeWaiting(): Promise<Message | undefined> {
    // While a receive is under way the socket must not be asked: its file descriptor is edge-triggered, and asking takes the edge
    // that the receive waits for. It would then wait until yet another message came.
    if (!this.#held && !this.#pending && !this.#socket.closed && this.#socket.readable) {
      this.listen();
      await this.#pending;
    }
    return this.take();
  }

  /** Rings when the next message is in hand. Idempotent: one driver owns the socket, and one receive is under way. */
  listen(): void {
    if (this.#held || this.#pending || this.#socket.closed) return;
    this.#pending = this.#socket.receive().then(
      (frames) => {
        this.#pending = undefined;
        this.#held = frames.map((frame) => frame.toString('latin1'));
        this.#ring();
      },
      (error: unknown) => {
        this.#pending = undefined;
        // Closing a socket rejects its pending receive: that is how a receive ends, not a fault.
        if (!this.#socket.closed) throw error;
      },
    );
  }
}
