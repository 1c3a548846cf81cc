// One accepted connection: the peer's leg, the queue's leg and a flow each way, over the link that is its own or that its peer's
// greeting settles. The end of a side travels behind its last message.

import { connect, type Socket } from 'node:net';
import type { Direction, Fact, Frame, Micros, ReadyItem, Side } from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import type { Parcel } from './delay-line.ts';
import type { FlowOwner } from './flow.ts';
import { Flows } from './flows.ts';
import { type Greeting, type Guest, greetingIn, Handshake, sourceOf } from './handshake.ts';
import { Leg } from './leg.ts';
import type { End, LinkBox, LinkUser } from './link-box.ts';
import { Probes } from './probe.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  readonly side: Side;
  readonly target: () => Endpoint | undefined;
  readonly link: LinkBox | undefined;
  /** Settles the link, once the peer has greeted, of a connection that was given none. */
  readonly guestFor: (greeting: Greeting) => Guest;
  readonly accounts: Readonly<Record<Direction, Account>>;
  readonly now: () => Micros;
  readonly nextMsg: () => number;
  readonly nextConn: () => number;
  readonly record: (fact: Fact) => void;
  /** Whether this connection may ask that end now, by PING, whether it is there; by default it asks nobody. */
  readonly mayAsk?: ((end: End) => boolean) | undefined;
  /** It came to nothing before its peer could be known. */
  readonly onStrangerRefused?: ((reason: string) => void) | undefined;
  readonly onDone: () => void;
}

export class Connection implements FlowOwner, LinkUser {
  conn = 0;
  isHeld = false;
  readonly #o: ConnectionOptions;
  readonly #handshake: Handshake;
  readonly #peer: Leg;
  #queue: Leg | undefined;
  #flows: Flows | undefined;
  #link: LinkBox | undefined;
  /** The identity of a guest that brings none. */
  #fill: Frame | undefined;
  #leaveLink: (() => void) | undefined;
  #probes: Probes | undefined;
  #opaque: string | undefined;
  #isDone = false;
  #closedBy: End | 'tap' | undefined;

  constructor(peer: Socket, options: ConnectionOptions) {
    this.#o = options;
    this.#handshake = new Handshake({ ...options, owner: this, account: options.accounts.toQueue });
    this.#peer = new Leg(peer, () => this.#left('peer'));
    this.#peer.listen();
  }

  open(): void {
    if (this.#o.link) this.#settle({ link: this.#o.link });
    if (this.isHeld || this.#isDone) return; // accepted, and no further until the fault is healed
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#opaque !== undefined ? !this.isHeld : this.#handshake.isOver;
  }

  get link(): LinkBox {
    return this.#link ?? this.#identify({ identity: undefined, socketType: undefined });
  }

  get knownLink(): LinkBox | undefined {
    return this.#link;
  }

  buffered(direction: Direction): number {
    return this.#flows?.[direction].buffered ?? 0;
  }

  /** Ends both legs at once; whatever is under way is lost. */
  end(): void {
    this.sever(['peer', 'queue'], 'close');
  }

  // What its flows tell it

  greeted(direction: Direction, version: string, mechanism: string): void {
    this.#handshake.greeted(direction, version, mechanism);
  }

  ready(direction: Direction, item: ReadyItem): Pick<Parcel, 'raw' | 'size'> {
    if (direction === 'fromQueue') {
      this.#handshake.queueReady(item);
      return item;
    }
    if (!this.#link) this.#identify(greetingIn(item));
    // Refused by its link as soon as that was known: nothing was opened, so nobody was greeted.
    return this.#isDone ? item : this.#handshake.peerReady(item, this.#fill);
  }

  readyPassed(direction: Direction): void {
    this.#handshake.passed(direction);
    if (!this.isOpen) return;
    this.#beginProbing();
    this.#flows?.refresh();
  }

  opaqued(reason: string): void {
    if (this.#opaque !== undefined) return;
    this.#opaque = reason;
    const { link } = this;
    if (this.#isDone) return;
    this.#o.record({ type: 'connection.opaqued', t: this.#o.now(), link: link.id, conn: this.conn, reason });
    this.#flows?.abandon(reason);
  }

  ended(direction: Direction): void {
    this.#leg(direction === 'toQueue' ? 'queue' : 'peer')?.finish();
  }

  answered(direction: Direction): void {
    this.#probes?.answered(sourceOf[direction]);
  }

  // What a fault asks of it

  get opaque(): string | undefined {
    return this.#opaque;
  }

  get flows(): Flows | undefined {
    return this.#flows;
  }

  changed(): void {
    if (this.isHeld) {
      this.#obeyGate();
      if (!this.isHeld && !this.#queue && !this.#isDone) this.#connect();
    }
    this.#flows?.refresh();
  }

  sever(ends: readonly End[], how: 'reset' | 'close'): void {
    this.#closedBy ??= 'tap';
    for (const end of ends) this.#leg(end)?.cut(how);
    for (const end of ends) {
      const leg = this.#leg(end);
      if (leg) leg.leave();
      else this.#left(end);
    }
  }

  // How it comes about, and how it ends

  #connect(): void {
    const target = this.#o.target();
    if (!target) return this.#refuse('there is no queue');
    const socket = connect({ ...target, noDelay: true, allowHalfOpen: true });
    const queue = new Leg(socket, () => this.#left('queue'));
    this.#queue = queue;
    const failed = (error: NodeJS.ErrnoException): void => this.#refuse(error.code ?? error.message);
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      queue.listen();
      this.#opened(queue);
    });
  }

  #opened(queue: Leg): void {
    const { side, accounts, now, nextMsg, record } = this.#o;
    const legs = { peer: this.#peer.socket, queue: queue.socket };
    const flows = new Flows({ side, accounts, now, nextMsg, record, owner: this, ...legs });
    const { toQueue, fromQueue } = flows;
    this.#flows = flows;
    if (this.#link) this.#recordOpened(this.#link);
    queue.join(fromQueue, toQueue);
    this.#peer.join(toQueue, fromQueue);
  }

  #identify(greeting: Greeting): LinkBox {
    const guest = this.#o.guestFor(greeting);
    this.#settle(guest);
    if (this.#isDone) return guest.link;
    this.#recordOpened(guest.link);
    this.#handshake.tellUntold();
    return guest.link;
  }

  #settle({ link, fillIdentity }: Guest): void {
    this.#link = link;
    this.#fill = fillIdentity;
    this.#leaveLink = link.join(this);
    this.#obeyGate();
  }

  /** A fault may refuse this connection, hold it where it is, or let it go on. */
  #obeyGate(): void {
    const gate = this.#link?.gate();
    if (gate?.refuses) this.#refuse(gate.fault);
    else this.isHeld = gate !== undefined;
  }

  #recordOpened(link: LinkBox): void {
    link.accepted();
    this.conn = this.#o.nextConn();
    const { side } = this.#o;
    this.#o.record({ type: 'connection.opened', t: this.#o.now(), link: link.id, conn: this.conn, side });
  }

  /** ZMTP 3.0 has no PING, and who speaks it need not know what to make of one [L12]. */
  #beginProbing(): void {
    const { mayAsk } = this.#o;
    if (!mayAsk || this.#probes || this.#handshake.peerVersion === '3.0') return;
    this.#probes = new Probes(mayAsk, (end) => this.#leg(end)?.ask());
  }

  #refuse(reason: string): void {
    if (this.#isDone) return;
    this.#peer.socket.resetAndDestroy(); // a reset, so that the peer's ZeroMQ tries again
    if (this.#link) this.#link.refused(reason);
    else this.#o.onStrangerRefused?.(reason);
    this.#done();
  }

  /** One leg has ended; one alone, when the other was not yet up. */
  #left(end: End): void {
    this.#closedBy ??= end;
    if (!this.#flows || (this.#peer.isGone && this.#queue?.isGone)) this.#done();
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#probes?.stop();
    this.#leaveLink?.();
    this.#peer.drop();
    this.#queue?.drop();
    this.#flows?.stop();
    if (this.#link && this.conn > 0) {
      const by = this.#closedBy ?? 'tap';
      this.#o.record({ type: 'connection.closed', t: this.#o.now(), link: this.#link.id, conn: this.conn, by });
    }
    this.#o.onDone();
  }

  #leg(end: End): Leg | undefined {
    return end === 'peer' ? this.#peer : this.#queue;
  }
}
