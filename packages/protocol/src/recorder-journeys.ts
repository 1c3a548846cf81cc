// Of which request a message is a hop [T6]: a request that enters begins a journey, or goes on with its own when it is a retry;
// what follows inherits it from the queue's facts, from what its worker owes, or from the body that only our clients write.

import { readRequestBody } from './frames.ts';
import { type Connection, type FactOf, type Hop, push, remember } from './recorder-connections.ts';

type Entered = FactOf<'message.entered'>;

/** Requests remembered of a worker that never answers. */
const UNANSWERED = 1000;

export class Journeys {
  #count = 0;
  /** `client#number` of our own clients' requests, so that a retry is the same journey. */
  readonly #own = new Map<string, number>();
  /** Of the latest messages, for their copies. */
  readonly #byMsg = new Map<string, Hop>();
  readonly #countOfLink = new Map<string, number>();
  /** By journey: the link on which it began. */
  readonly #begunOn = new Map<string, string>();
  /** By link: requests that its worker got and has not answered. It may answer on the next connection of the same socket. */
  readonly #outstanding = new Map<string, Hop[]>();

  /** What this peer owed is owed no more. */
  forgive(link: string): void {
    this.#outstanding.delete(link);
  }

  /** Whose request it is. */
  clientOf(journey: number): string | undefined {
    return this.#begunOn.get(String(journey));
  }

  /** Heartbeats, READY and what nobody can match are hops of none. */
  hopOf(fact: Entered, connection: Connection): Hop | undefined {
    const hop = fact.copyOf === undefined ? this.#next(fact, connection) : this.#again(fact, fact.copyOf);
    if (hop) remember(this.#byMsg, String(fact.msg), hop);
    return hop;
  }

  /** A copy is of the journey of its original, and takes nothing from those that were sent. */
  #again(fact: Entered, original: number): Hop | undefined {
    const hop = this.#byMsg.get(String(original));
    if (hop && fact.kind === 'REQUEST' && fact.direction === 'fromQueue')
      this.#owe(fact.link, { ...hop, msg: fact.msg });
    return hop;
  }

  #next(fact: Entered, connection: Connection): Hop | undefined {
    const { kind, direction, link } = fact;
    if (kind === 'REQUEST' && direction === 'toQueue') {
      const hop = this.#begin(fact, connection.identity ?? '');
      remember(this.#begunOn, String(hop.journey), link);
      return hop;
    }
    // On a REQ worker's link everything stands behind a delimiter.
    const client = (connection.side === 'backend' && fact.frames[0] === '' ? fact.frames[1] : fact.frames[0]) ?? '';
    if (kind === 'REQUEST') {
      const hop = takeFor(connection.expected, client) ?? this.#byBody(fact, client);
      if (hop) this.#owe(link, { ...hop, msg: fact.msg });
      return hop;
    }
    if (kind !== 'REPLY') return undefined;
    if (direction === 'fromQueue') return connection.expected.shift() ?? this.#byBody(fact, client);
    return takeFor(this.#outstanding.get(link) ?? [], client) ?? this.#byBody(fact, client);
  }

  #begin(fact: Entered, client: string): Hop {
    const body = bodyOf(fact);
    if (!body) {
      const n = (this.#countOfLink.get(fact.link) ?? 0) + 1;
      this.#countOfLink.set(fact.link, n);
      return { msg: undefined, journey: ++this.#count, n, client };
    }
    const own = `${body.c}#${body.n}`;
    const journey = this.#own.get(own) ?? ++this.#count;
    remember(this.#own, own, journey);
    return { msg: undefined, journey, n: body.n, client };
  }

  #owe(link: string, hop: Hop): void {
    push(this.#outstanding, link, hop);
    const hops = this.#outstanding.get(link);
    if (hops && hops.length > UNANSWERED) hops.shift();
  }

  /** What the queue did last before it was killed or frozen it could not tell. Our own clients' requests are known by their bodies. */
  #byBody(fact: Entered, client: string): Hop | undefined {
    const body = bodyOf(fact);
    const journey = body && this.#own.get(`${body.c}#${body.n}`);
    return journey === undefined ? undefined : { msg: undefined, journey, n: body?.n, client };
  }
}

const bodyOf = ({ frames, frameCount }: Entered): ReturnType<typeof readRequestBody> =>
  frames.length === frameCount ? readRequestBody(frames.at(-1) ?? '') : undefined;

/** Takes the first hop for this client; the ones before it never came, and stay for the connection's end to explain. */
function takeFor(hops: Hop[], client: string): Hop | undefined {
  const at = hops.findIndex((hop) => hop.client === client);
  return at < 0 ? undefined : hops.splice(at, 1)[0];
}
