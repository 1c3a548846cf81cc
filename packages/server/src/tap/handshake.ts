// The handshake of a connection as the trace has it: what each end says of itself, from its greeting to its READY. What the queue
// says before it is known on which link waits; who brought no identity is given the one that its link has for it.

import {
  type Direction,
  type Fact,
  type Frame,
  type Micros,
  property,
  type ReadyItem,
  withProperty,
  writeReady,
} from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import type { Parcel } from './delay-line.ts';
import type { FlowOwner } from './flow.ts';
import type { End, LinkBox } from './link-box.ts';

/** What a peer's handshake tells of it; a peer that cannot be read tells nothing. */
export interface Greeting {
  readonly identity: Frame | undefined;
  readonly socketType: string | undefined;
}

/** Who is at the other end of a public tap's connection: its link, and the name to give it if it brought none. */
export interface Guest {
  readonly link: LinkBox;
  readonly fillIdentity?: Frame | undefined;
}

export interface HandshakeOptions {
  readonly owner: Pick<FlowOwner, 'conn' | 'link' | 'knownLink'>;
  /** Of what goes to the queue. */
  readonly account: Account;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
}

/** Whose word it is that goes this way. */
export const sourceOf: Readonly<Record<Direction, End>> = { toQueue: 'peer', fromQueue: 'queue' };

export class Handshake {
  readonly #o: HandshakeOptions;
  readonly #greetings: { [D in Direction]?: { version: string; mechanism: string } } = {};
  readonly #passed: Record<Direction, boolean> = { toQueue: false, fromQueue: false };
  /** The queue's part, until it is known on which link. */
  #untold: (() => void)[] = [];

  constructor(options: HandshakeOptions) {
    this.#o = options;
  }

  /** Both READYs have passed. */
  get isOver(): boolean {
    return this.#passed.toQueue && this.#passed.fromQueue;
  }

  /** Of ZMTP, as the peer speaks it. */
  get peerVersion(): string | undefined {
    return this.#greetings.toQueue?.version;
  }

  greeted(direction: Direction, version: string, mechanism: string): void {
    this.#greetings[direction] = { version, mechanism };
  }

  /** The peer's READY, to be passed on, with the identity that is to be filled in if it brought none. */
  peerReady(item: ReadyItem, identity: Frame | undefined): Pick<Parcel, 'raw' | 'size'> {
    const own = identityIn(item);
    const fill = own === undefined ? identity : undefined;
    this.#tell('toQueue', item, own ?? fill, fill !== undefined);
    if (fill === undefined) return item;
    const written = writeReady(withProperty(item.properties, 'Identity', fill));
    this.#o.account.added += written.length - item.size;
    return { raw: [written], size: written.length };
  }

  queueReady(item: ReadyItem): void {
    const tell = (): void => this.#tell('fromQueue', item, identityIn(item), false);
    if (this.#o.owner.knownLink) tell();
    else this.#untold.push(tell);
  }

  /** The link is known by now. */
  tellUntold(): void {
    for (const tell of this.#untold) tell();
    this.#untold = [];
  }

  passed(direction: Direction): void {
    this.#passed[direction] = true;
  }

  #tell(direction: Direction, item: ReadyItem, identity: Frame | undefined, filled: boolean): void {
    const { owner, now, record } = this.#o;
    const { version, mechanism } = this.#greetings[direction] ?? { version: '', mechanism: '' };
    record({
      type: 'connection.greeted',
      t: now(),
      link: owner.link.id,
      conn: owner.conn,
      by: sourceOf[direction],
      version,
      mechanism,
      socketType: socketTypeIn(item),
      ...(identity !== undefined && { identity }),
      ...(filled && { filled }),
    });
  }
}

export const greetingIn = (item: ReadyItem): Greeting => ({
  identity: identityIn(item),
  socketType: socketTypeIn(item),
});

const identityIn = ({ properties }: ReadyItem): Frame | undefined => property(properties, 'Identity') || undefined;

const socketTypeIn = ({ properties }: ReadyItem): string => property(properties, 'Socket-Type') ?? '';
