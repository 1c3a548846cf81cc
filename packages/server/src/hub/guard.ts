// Between the door and the audience: who gets a seat, one try a connection [S3], and how much each connection may send [S5].

import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { EntryRefusal } from '@crows-nest/protocol';
import type { Io, Page } from './audience.ts';
import { addressOf, isLoopback, namesOrigin, type Refusal } from './door.ts';
import { enter } from './entry.ts';
import { type Limits, openBucket, openBuckets } from './limits.ts';
import { countBacklog, cutSoon, dismiss } from './seat.ts';
import type { Tally } from './tally.ts';
import type { Tokens } from './tokens.ts';

type Conn = Page['conn'];

export interface GuardOptions {
  readonly io: Io;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly tally: Tally;
}

export interface Guard {
  /** Why there is no room for another connection from there. */
  full(request: IncomingMessage): Refusal | undefined;
}

export function guard({ io, tokens, limits, tally }: GuardOptions): Guard {
  const failures = openBuckets(limits.failures);
  const tried = new WeakSet<Conn>();
  const pages = new WeakMap<Conn, Page>();
  const backlogs = new WeakMap<Conn, () => number>();

  io.engine.on('connection', (conn: Conn) => {
    backlogs.set(conn, countBacklog(conn));
    conn.once('close', () => cutSoon(conn));
    const packets = openBucket(limits.packets);
    let flooded = false;
    const count = () => {
      if (flooded || packets.take()) return;
      flooded = true;
      tally.flooded++;
      const page = pages.get(conn);
      page?.emit('goodbye', { code: 'limited', message: 'Too much was sent from here.' });
      page?.disconnect();
      dismiss(conn);
    };
    conn.on('packet', count);
    // A WebSocket's own pings are answered below engine.io, which never sees them.
    const { socket } = conn.transport as unknown as { socket: EventEmitter };
    socket.on('ping', count);
    socket.on('pong', count);
  });

  io.use((page, next) => {
    const { conn } = page;
    const refuse = (code: EntryRefusal, message: string) => {
      tally.notEntered++;
      next(Object.assign(new Error(message), { data: { code } }));
      // After the refusal is on its way: one connection is one try.
      setImmediate(() => dismiss(conn));
    };
    const address = addressOf(conn.request);
    if (tried.has(conn)) return refuse('limited', 'One try a connection.');
    tried.add(conn);
    const visitor = { local: isLoopback(address), browser: namesOrigin(conn.request) };
    const entry = enter(tokens, visitor, page.handshake.auth);
    if ('refused' in entry) {
      const mayFail = failures(address).take();
      return mayFail ? refuse(entry.refused, entry.message) : refuse('limited', 'Too many tries: wait a moment.');
    }
    pages.set(conn, page);
    page.data = {
      ...entry,
      commands: openBucket(limits.commands),
      backlog: backlogs.get(conn) ?? (() => 0),
      cut: () => conn.request.socket.destroy(),
    };
    next();
  });

  return {
    full(request) {
      const address = addressOf(request);
      const local = isLoopback(address);
      if (io.engine.clientsCount >= limits.pages - (local ? 0 : limits.keptForThisMachine)) {
        return { status: 503, message: 'There is no room for another page.' };
      }
      // This machine is never locked out: its wrong tokens are refused one by one.
      if (!local && failures(address).isEmpty()) return { status: 429, message: 'Too many tries: wait a moment.' };
      return undefined;
    },
  };
}
