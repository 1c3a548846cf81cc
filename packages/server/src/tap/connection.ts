// One accepted connection: the peer's leg, the queue's leg, a flow each way, and how they open, greet and close together.
// The end of a side travels behind its last message; what is under way to a side that has ended is lost.

import { connect, type Socket } from 'node:net';
import {
  type Direction,
  type Fact,
  type Frame,
  type Message,
  type Micros,
  property,
  type ReadyItem,
  type Side,
  withProperty,
  writeReady,
  ZMTP_PING_MS,
} from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import type { Parcel } from './delay-line.ts';
import { Flow, type FlowOwner } from './flow.ts';
import type { End, LinkBox, LinkUser, Making } from './link-box.ts';
import { Probe } from './probe.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Who is at the other end of a public tap's connection: its link, and the name to give it if it brought none. */
export interface Guest {
  readonly link: LinkBox;
  readonly fillIdentity?: Frame | undefined;
}

/** What a peer's handshake tells of it; a peer that cannot be read tells nothing. */
export interface Greeting {
  readonly identity: Frame | undefined;
  readonly socketType: string | undefined;
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

/** How long a leg may take to end after it was told the end: ZeroMQ does so at once, unless its process is stopped. */
const HALF_CLOSED_MS = 10_000;

/** Chunks read ahead of the queue's leg, only to notice when the peer gives up. ZeroMQ sends but a few bytes of its greeting. */
const MAX_EARLY = 16;

const sourceOf = { toQueue: 'peer', fromQueue: 'queue' } as const;

export class Connection implements FlowOwner, LinkUser {
  conn = 0;
  isHeld = false;
  readonly #o: ConnectionOptions;
  readonly #peer: Socket;
  #queue: Socket | undefined;
  #flows: Record<Direction, Flow> | undefined;
  /** What the peer said before the queue's leg was up. */
  #early: Uint8Array[] = [];
  #link: LinkBox | undefined;
  #fill: Frame | undefined;
  #leaveLink: (() => void) | undefined;
  #halfClosed: NodeJS.Timeout | undefined;
  #probing: NodeJS.Timeout | undefined;
  #probes: { readonly [E in End]?: Probe } = {};
  readonly #greetings: { [D in Direction]?: { version: string; mechanism: string } } = {};
  /** The queue's handshake, until it is known on which link. */
  #untold: (() => void)[] = [];
  readonly #passed: Record<Direction, boolean> = { toQueue: false, fromQueue: false };
  readonly #gone: Record<End, boolean> = { peer: false, queue: false };
  #opaque: string | undefined;
  #isDone = false;
  #closedBy: End | 'tap' | undefined;

  constructor(peer: Socket, options: ConnectionOptions) {
    this.#o = options;
    this.#peer = peer;
    peer.on('data', (chunk) => {
      if (this.#flows) this.#flows.toQueue.take(chunk);
      else if (this.#early.push(chunk) === MAX_EARLY) peer.pause();
    });
    this.#attach(peer, 'peer');
  }

  open(): void {
    if (this.#o.link) this.#settle({ link: this.#o.link });
    if (this.isHeld || this.#isDone) return; // accepted, and no further until the fault is healed
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#opaque !== undefined ? !this.isHeld : this.#passed.toQueue && this.#passed.fromQueue;
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
    this.#closedBy ??= 'tap';
    this.#flows?.toQueue.sinkEnded();
    this.#flows?.fromQueue.sinkEnded();
    this.#leave('peer');
    this.#leave('queue');
  }

  greeted(direction: Direction, version: string, mechanism: string): void {
    this.#greetings[direction] = { version, mechanism };
  }

  ready(direction: Direction, item: ReadyItem): Pick<Parcel, 'raw' | 'size'> {
    const own = property(item.properties, 'Identity') || undefined;
    const socketType = property(item.properties, 'Socket-Type') ?? '';
    if (direction === 'fromQueue') {
      this.#tell(() => this.#recordGreeted(direction, socketType, own, false));
      return item;
    }
    if (!this.#link) this.#identify({ identity: own, socketType });
    const fill = own === undefined ? this.#fill : undefined;
    this.#recordGreeted(direction, socketType, own ?? fill, fill !== undefined);
    if (fill === undefined) return item;
    const written = writeReady(withProperty(item.properties, 'Identity', fill));
    this.#o.accounts.toQueue.added += written.length - item.size;
    return { raw: [written], size: written.length };
  }

  readyPassed(direction: Direction): void {
    this.#passed[direction] = true;
    if (!this.isOpen) return;
    this.#beginProbing();
    this.#refresh();
  }

  opaqued(reason: string): void {
    if (this.#opaque !== undefined) return;
    this.#opaque = reason;
    const { link } = this;
    this.#o.record({ type: 'connection.opaqued', t: this.#o.now(), link: link.id, conn: this.conn, reason });
    // What one side says can only be read knowing what the other said.
    this.#flows?.toQueue.abandon(reason);
    this.#flows?.fromQueue.abandon(reason);
  }

  ended(direction: Direction): void {
    const sink = direction === 'toQueue' ? this.#queue : this.#peer;
    sink?.end();
    this.#halfClosed ??= setTimeout(() => sink?.destroy(), HALF_CLOSED_MS);
  }

  answered(direction: Direction): void {
    this.#probes[sourceOf[direction]]?.answered();
  }

  /** ZMTP 3.0 has no PING, and who speaks it need not know what to make of one [L12]. */
  #beginProbing(): void {
    const { mayAsk } = this.#o;
    if (!mayAsk || this.#probing || this.#greetings.toQueue?.version === '3.0') return;
    this.#probes = {
      peer: new Probe(() => this.#flows?.fromQueue.ping()),
      queue: new Probe(() => this.#flows?.toQueue.ping()),
    };
    this.#probing = setInterval(() => {
      if (mayAsk('peer')) this.#probes.peer?.tick();
      if (mayAsk('queue')) this.#probes.queue?.tick();
    }, ZMTP_PING_MS);
  }

  // What a fault asks of it

  get opaque(): string | undefined {
    return this.#opaque;
  }

  changed(): void {
    if (this.isHeld) {
      this.#obeyGate();
      if (!this.isHeld && !this.#queue && !this.#isDone) this.#connect();
    }
    this.#refresh();
  }

  released(fault: string): void {
    this.#flows?.toQueue.released(fault);
    this.#flows?.fromQueue.released(fault);
  }

  sever(ends: readonly End[], how: 'reset' | 'close'): void {
    this.#closedBy ??= 'tap';
    for (const end of ends) {
      const [leg, flow] = end === 'peer' ? [this.#peer, this.#flows?.fromQueue] : [this.#queue, this.#flows?.toQueue];
      if (this.#gone[end] || this.#isDone) continue;
      flow?.sinkEnded();
      if (how === 'reset') leg?.resetAndDestroy();
    }
    for (const end of ends) this.#leave(end);
  }

  oldestHeld(fault: string): Parcel | undefined {
    const [one, other] = [this.#flows?.toQueue.oldestHeld(fault), this.#flows?.fromQueue.oldestHeld(fault)];
    return one && other ? ((one.msg ?? 0) < (other.msg ?? 0) ? one : other) : (one ?? other);
  }

  step(parcel: Parcel, fault: string): void {
    this.#flows?.toQueue.step(parcel, fault);
    this.#flows?.fromQueue.step(parcel, fault);
  }

  carries(msg: number): boolean {
    return this.#flows !== undefined && (this.#flows.toQueue.carries(msg) || this.#flows.fromQueue.carries(msg));
  }

  drop(msg: number, fault: string): boolean {
    return (
      this.#flows !== undefined && (this.#flows.toQueue.drop(msg, fault) || this.#flows.fromQueue.drop(msg, fault))
    );
  }

  inject(direction: Direction, frames: Message, making: Making): boolean {
    return this.#flows?.[direction].inject(frames, making) ?? false;
  }

  #attach(socket: Socket, end: End): void {
    // A peer's failure is its end: "close" follows every error.
    socket.on('error', () => {});
    socket.on('end', () => this.#leave(end));
    socket.on('close', () => this.#leave(end));
  }

  #connect(): void {
    const target = this.#o.target();
    if (!target) return this.#refuse('there is no queue');
    const queue = connect({ ...target, noDelay: true, allowHalfOpen: true });
    this.#queue = queue;
    const failed = (error: NodeJS.ErrnoException): void => this.#refuse(error.code ?? error.message);
    queue.once('error', failed);
    queue.once('connect', () => {
      queue.off('error', failed);
      this.#attach(queue, 'queue');
      this.#opened(queue);
    });
  }

  #refuse(reason: string): void {
    if (this.#isDone) return;
    this.#peer.resetAndDestroy(); // a reset, so that the peer's ZeroMQ tries again
    if (this.#link) this.#link.refused(reason);
    else this.#o.onStrangerRefused?.(reason);
    this.#done();
  }

  #opened(queue: Socket): void {
    const { side, accounts, now, nextMsg, record } = this.#o;
    const shared = { side, owner: this, now, nextMsg, record };
    const peer = this.#peer;
    const toQueue = new Flow({ ...shared, direction: 'toQueue', source: peer, sink: queue, account: accounts.toQueue });
    const fromQueue = new Flow({
      ...shared,
      direction: 'fromQueue',
      source: queue,
      sink: peer,
      account: accounts.fromQueue,
    });
    this.#flows = { toQueue, fromQueue };
    this.#link?.accepted();
    if (this.#link) this.#recordOpened(this.#link);
    queue.on('data', (chunk) => fromQueue.take(chunk));
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) toQueue.take(chunk);
    if (early.length >= MAX_EARLY) peer.resume();
  }

  #identify(greeting: Greeting): LinkBox {
    const guest = this.#o.guestFor(greeting);
    this.#settle(guest);
    if (this.#isDone) return guest.link;
    guest.link.accepted();
    this.#recordOpened(guest.link);
    for (const tell of this.#untold) tell();
    this.#untold = [];
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

  #refresh(): void {
    this.#flows?.toQueue.refresh();
    this.#flows?.fromQueue.refresh();
  }

  #tell(tell: () => void): void {
    if (this.#link) tell();
    else this.#untold.push(tell);
  }

  #recordOpened(link: LinkBox): void {
    this.conn = this.#o.nextConn();
    const { side } = this.#o;
    this.#o.record({ type: 'connection.opened', t: this.#o.now(), link: link.id, conn: this.conn, side });
  }

  #recordGreeted(direction: Direction, socketType: string, identity: Frame | undefined, filled: boolean): void {
    const { version, mechanism } = this.#greetings[direction] ?? { version: '', mechanism: '' };
    this.#o.record({
      type: 'connection.greeted',
      t: this.#o.now(),
      link: this.link.id,
      conn: this.conn,
      by: sourceOf[direction],
      version,
      mechanism,
      socketType,
      ...(identity !== undefined && { identity }),
      ...(filled && { filled }),
    });
  }

  /** One leg has ended, or is made to. ZeroMQ never closes half: it neither sends nor reads any more. */
  #leave(end: End): void {
    if (this.#gone[end] || this.#isDone) return;
    this.#gone[end] = true;
    this.#closedBy ??= end;
    const [leg, out, back] =
      end === 'peer'
        ? [this.#peer, this.#flows?.toQueue, this.#flows?.fromQueue]
        : [this.#queue, this.#flows?.fromQueue, this.#flows?.toQueue];
    back?.sinkEnded();
    out?.sourceEnded();
    leg?.destroy();
    if (!this.#flows || (this.#gone.peer && this.#gone.queue)) this.#done();
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    clearTimeout(this.#halfClosed);
    clearInterval(this.#probing);
    this.#leaveLink?.();
    this.#peer.destroy();
    this.#queue?.destroy();
    this.#flows?.toQueue.stop();
    this.#flows?.fromQueue.stop();
    if (this.#link && this.conn > 0) {
      const by = this.#closedBy ?? 'tap';
      this.#o.record({ type: 'connection.closed', t: this.#o.now(), link: this.#link.id, conn: this.conn, by });
    }
    this.#o.onDone();
  }
}
