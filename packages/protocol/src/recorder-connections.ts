// Who is connected under which name, and what stands on each connection unread: what the recorder pairs facts against.
// A socket outlives its connection, and a name may pass from one to the next, so a closed one is kept while it may still be read from.

import type { EventType, Fact } from './events.ts';
import type { Direction, Side } from './frames.ts';

export type FactOf<T extends EventType> = Extract<Fact, { type: T }>;

/** A request under way: what its next hop inherits. */
export interface Hop {
  readonly msg: number | undefined;
  readonly journey: number | undefined;
  readonly n: number | undefined;
  /** The client's identity, the first frame on a worker's link. */
  readonly client: string;
}

interface Waiting {
  readonly msg: number;
  readonly direction: Direction;
  readonly journey: number | undefined;
  readonly n: number | undefined;
  left: boolean;
}

export interface Connection {
  readonly conn: number;
  readonly link: string;
  readonly side: Side;
  identity: string | undefined;
  open: boolean;
  /** Another connection greeted under its identity while it stood: what it delivered before is read under an unknown name. */
  takenOver: boolean;
  /** Entered and not ended, in order of entry, both directions. */
  readonly waiting: Waiting[];
  /** What the queue said that it sent here and that has not entered the link yet. */
  readonly expected: Hop[];
}

/** Names and numbers remembered after their connection is gone: bounded, the oldest go first. */
const REMEMBERED = 10_000;

export class Connections {
  /** Open connections, and closed ones that the queue may still read from. */
  readonly #all = new Map<number, Connection>();
  /** By side and identity, oldest first: a taken-over identity may have messages of its old connection left. */
  readonly #byIdentity = new Map<string, Connection[]>();
  /** Whose an identity was, after its connections are forgotten: the queue may speak of it for a while (an expiry). */
  readonly #formerly = new Map<string, string>();
  /** By link, oldest first. */
  readonly #byLink = new Map<string, Connection[]>();

  get(conn: number): Connection | undefined {
    return this.#all.get(conn);
  }

  /** A copy: they may be swept while one goes through them. */
  all(): Connection[] {
    return [...this.#all.values()];
  }

  /** In place: who sweeps while going through them goes through a copy. */
  of(link: string): readonly Connection[] {
    return this.#byLink.get(link) ?? [];
  }

  open({ conn, link, side }: FactOf<'connection.opened'>): void {
    const fresh = { identity: undefined, open: true, takenOver: false, waiting: [], expected: [] };
    const connection: Connection = { conn, link, side, ...fresh };
    this.#all.set(conn, connection);
    push(this.#byLink, link, connection);
  }

  greet({ conn, by, link, identity }: FactOf<'connection.greeted'>): void {
    const connection = this.#all.get(conn);
    if (!connection || by !== 'peer' || identity === undefined) return;
    const name = key(connection.side, identity);
    connection.identity = identity;
    for (const older of this.#byIdentity.get(name) ?? []) older.takenOver ||= older.open;
    push(this.#byIdentity, name, connection);
    remember(this.#formerly, name, link);
  }

  /** Forgets a closed connection once nothing of it can still be read. */
  sweep(connection: Connection): void {
    if (connection.open || connection.waiting.length > 0) return;
    this.#all.delete(connection.conn);
    pull(this.#byLink, connection.link, connection);
    if (connection.identity !== undefined)
      pull(this.#byIdentity, key(connection.side, connection.identity), connection);
  }

  openFor(side: Side, identity: string): Connection | undefined {
    return this.#byIdentity.get(key(side, identity))?.findLast((c) => c.open);
  }

  /** What the queue may be reading from when it names this identity, the likeliest first. */
  readBy(side: Side, identity: string): Connection[] {
    return this.#byIdentity.get(key(side, identity))?.filter((c) => !c.takenOver) ?? this.#orphans(side);
  }

  peerOf(side: Side, identity: string): string | undefined {
    return this.#byIdentity.get(key(side, identity))?.at(-1)?.link ?? this.#formerly.get(key(side, identity));
  }

  /**
   * ROUTER renames a connection whose identity was taken over, and what it still reads from it comes under an unknown name. It may
   * have done so to one that the tap saw closed first.
   */
  #orphans(side: Side): Connection[] {
    const older = this.all().filter((c) => c.side === side && (c.takenOver || !c.open));
    return older.sort((a, b) => Number(b.takenOver) - Number(a.takenOver));
  }
}

const key = (side: Side, identity: string): string => `${side}:${identity}`;

export function remember<T>(map: Map<string, T>, at: string, value: T): void {
  map.set(at, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}

export function push<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (list) list.push(value);
  else map.set(at, [value]);
}

function pull<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (!list) return;
  list.splice(list.indexOf(value), 1);
  if (list.length === 0) map.delete(at);
}
