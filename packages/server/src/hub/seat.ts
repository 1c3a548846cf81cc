// One page's connection: its role, what is unsent on it, and how it is ended. Kept in socket.io's `data` of that page.

import type { AudienceRole } from '@crows-nest/protocol';
import type { Socket } from 'socket.io';
import type { Bucket } from './limits.ts';

/** Long enough for the last words to leave; after that nothing more is read from a page that was sent away. */
const LAST_WORDS_MS = 250;

type Conn = Socket['conn'];

export interface Seat {
  role: AudienceRole;
  session: string;
  commands: Bucket;
  /** Bytes that were sent to this page and that its connection has not taken. */
  backlog: () => number;
  /** Ends the connection at once; a page that is still there will connect again. */
  cut: () => void;
}

/**
 * Counts what waits on a connection. engine.io hands the socket everything it holds when it flushes, so what it holds is what was
 * created since; what the socket holds it says itself.
 */
export function countBacklog(conn: Conn): () => number {
  let held = 0;
  conn.on('packetCreate', ({ data }: { data?: unknown }) => {
    held += 1 + (typeof data === 'string' ? data.length : ArrayBuffer.isView(data) ? data.byteLength : 0);
  });
  conn.on('flush', () => {
    held = 0;
  });
  return () => held + conn.request.socket.writableLength;
}

/** Closes when what was said has left, and cuts it after a moment in any case: a page can refuse to take its leave. */
export function dismiss(conn: Conn): void {
  conn.close();
  cutSoon(conn);
}

/** A WebSocket waits half a minute for its peer to close as well; a connection that is over here is over sooner. */
export function cutSoon(conn: Conn): void {
  setTimeout(() => conn.request.socket.destroy(), LAST_WORDS_MS).unref();
}
