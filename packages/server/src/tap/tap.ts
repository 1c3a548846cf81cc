// A tap: the listening end of a link, the only place that knows TCP. Peers connect to it as if it were the queue;
// it carries each connection on to the queue's real endpoint, as the link's model has it.

import { createServer } from 'node:net';
import type { Direction, Fact, Micros, Side } from '@crows-nest/protocol';
import { type Accounts, type Balance, openAccount } from './accounts.ts';
import { Connection, type Endpoint } from './connection.ts';
import type { Greeting, Guest } from './handshake.ts';
import type { End, LinkBox } from './link-box.ts';

export interface TapOptions {
  readonly side: Side;
  /** On 127.0.0.1; 0 takes any free port. */
  readonly port: number;
  /** Where the queue is bound at this moment, if it is. */
  readonly target: () => Endpoint | undefined;
  /** An actor's own tap: one link for all its connections. A public tap: asked for each, once its peer has greeted. */
  readonly link: LinkBox | ((greeting: Greeting) => Guest);
  readonly now: () => Micros;
  readonly nextMsg: () => number;
  readonly nextConn: () => number;
  readonly record: (fact: Fact) => void;
  /** Of a public tap: somebody was turned away, and nobody knows who. */
  readonly onStrangerRefused?: ((reason: string) => void) | undefined;
  /** Whether a connection may ask that end now, by PING, whether it is there; by default none asks anybody. */
  readonly mayAsk?: ((end: End) => boolean) | undefined;
}

export interface Tap {
  readonly port: number;
  /** Ends the connections over this link, or all; the peers will connect again. */
  dropConnections(link?: string): void;
  accounts(): Accounts;
  /** Ends everything; resolves when the port is free. */
  close(): Promise<void>;
}

/** Per tap: far above what the stage shows, far below what a process may open. */
const MAX_CONNECTIONS = 512;

/** Rejects with the system's error when the port is taken. */
export async function openTap(options: TapOptions): Promise<Tap> {
  const { link } = options;
  const ownLink = typeof link === 'function' ? undefined : link;
  const guestFor = typeof link === 'function' ? link : (): Guest => ({ link });
  const totals = { toQueue: openAccount(), fromQueue: openAccount() };
  const connections = new Set<Connection>();

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (peer) => {
    const onDone = (): void => {
      connections.delete(connection);
    };
    const shared = { ...options, link: ownLink, guestFor, accounts: totals, onDone };
    const connection = new Connection(peer, shared);
    connections.add(connection);
    connection.open();
  });
  server.maxConnections = MAX_CONNECTIONS;

  const balance = (direction: Direction): Balance => {
    let buffered = 0;
    for (const connection of connections) buffered += connection.buffered(direction);
    return { ...totals[direction], buffered };
  };
  const dropConnections = (id?: string): void => {
    for (const connection of [...connections])
      if (id === undefined || connection.knownLink?.id === id) connection.end();
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject);
      // Accepting failed (too many open files): that peer tries again.
      server.on('error', () => {});
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    dropConnections,
    accounts: () => ({ toQueue: balance('toQueue'), fromQueue: balance('fromQueue') }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        dropConnections();
      }),
  };
}
