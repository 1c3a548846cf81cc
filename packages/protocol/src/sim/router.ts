// The queue's ROUTER: messages of all connections in turn, replies by identity, silence for an identity it does not know.

import type { Frame, Message } from '../frames.ts';
import type { Connection } from './connection.ts';
import type { Flight } from './lane.ts';

export class Router {
  readonly #byIdentity = new Map<Frame, Connection>();
  /** Connections with something to read; the next one to be asked is at `#turn`. */
  readonly #waiting: Connection[] = [];
  #turn = 0;
  #renamed = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** A newcomer takes the identity over; what the older connection has delivered stays readable, under a new name [Q10]. */
  attach(connection: Connection): void {
    const older = this.#byIdentity.get(connection.identity);
    this.#byIdentity.set(connection.identity, connection);
    if (!older) return;
    older.formerly = `\0\0\0\0${String.fromCharCode(this.#renamed++ % 256)}`;
    older.close('toQueue');
  }

  /** The connection ended. What it delivered before stays readable. */
  detach(connection: Connection): void {
    if (this.#byIdentity.get(connection.identity) === connection) this.#byIdentity.delete(connection.identity);
  }

  deliver(connection: Connection, flight: Flight): void {
    connection.inbox.push(flight);
    if (connection.inbox.length === 1) this.#waiting.push(connection);
  }

  /** The next message, [identity, …frames], one connection after the other. */
  receive(): Message | undefined {
    if (this.#turn >= this.#waiting.length) this.#turn = 0;
    const connection = this.#waiting[this.#turn];
    const flight = connection?.inbox.shift();
    if (!connection || !flight) return undefined;
    if (connection.inbox.length === 0) this.#waiting.splice(this.#turn, 1);
    else this.#turn++;
    return [connection.formerly ?? connection.identity, ...flight.frames];
  }

  find(identity: Frame): Connection | undefined {
    return this.#byIdentity.get(identity);
  }

  /** Whether something of this identity lies unread. */
  holds(identity: Frame): boolean {
    return this.#waiting.some((connection) => connection.formerly === undefined && connection.identity === identity);
  }

  /** How many messages lie unread: at the frontend, the requests at the door. */
  get unread(): number {
    let unread = 0;
    for (const connection of this.#waiting) unread += connection.inbox.length;
    return unread;
  }

  /** The process is gone, and what was unread dies with it. Returns how many messages that were. */
  clear(): number {
    const { unread } = this;
    for (const connection of this.#waiting.splice(0)) connection.inbox.length = 0;
    this.#byIdentity.clear();
    return unread;
  }
}
