// A link while the bridge runs: the pure model in a box, shared by all connections over it, so that faults outlive a reconnect [L5].
// Whatever is done to it is a fact, is done at once, and waits for no peer [L7].

import {
  admit,
  admitBytes,
  applyFault,
  type CommandName,
  cutBy,
  type Direction,
  type EventOf,
  expired,
  type Fact,
  type FaultSpec,
  gate,
  healFault,
  type Kind,
  type Link,
  type Message,
  type Micros,
  makeLink,
  prolongFault,
  setDelay,
  severs,
  type Verdict,
} from '@crows-nest/protocol';
import type { Parcel } from './delay-line.ts';
import { type Kept, KeptMessages } from './kept.ts';

export interface LinkBoxOptions {
  /** The peer's stable name in the trace: its link has the same. */
  readonly id: string;
  readonly delayMs: number;
  readonly jitterMs?: number;
  readonly seed: number;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
}

export type End = 'peer' | 'queue';

/** Made by a fault, of which message. */
export interface Making {
  readonly of: number;
  readonly fault: string;
}

/** What is on its way over a connection, as its link sees it. */
export interface Carrier {
  /** A fault was healed: what it held goes on. */
  released(fault: string): void;
  oldestHeld(fault: string): Parcel | undefined;
  step(parcel: Parcel, fault: string): void;
  carries(msg: number): boolean;
  /** Drops a message that is on its way; whether it was. */
  drop(msg: number, fault: string): boolean;
  /** Sends a message that nobody sent; whether it could. */
  inject(direction: Direction, frames: Message, making: Making): boolean;
}

/** A connection, as its link sees it. */
export interface LinkUser {
  /** Why its bytes cannot be read, if they cannot. */
  readonly opaque: string | undefined;
  /** None before it reaches the queue. */
  readonly flows: Carrier | undefined;
  /** A fault came or went. */
  changed(): void;
  /** Ends these legs at once. */
  sever(ends: readonly End[], how: 'reset' | 'close'): void;
}

export class LinkBox {
  readonly id: string;
  readonly #now: () => Micros;
  readonly #record: (fact: Fact) => void;
  /** One for each live connection, oldest first. */
  readonly #users = new Set<LinkUser>();
  readonly #kept = new KeptMessages();
  #link: Link;
  #isRefusing = false;

  constructor(options: LinkBoxOptions) {
    this.id = options.id;
    this.#now = options.now;
    this.#record = options.record;
    const { delayMs, jitterMs = 0 } = options;
    this.#link = makeLink(delayMs, jitterMs, options.seed);
    this.#record({ type: 'link.delayed', t: this.#now(), link: this.id, delayMs, jitterMs });
  }

  get link(): Link {
    return this.#link;
  }

  /** Why the bytes of its connection cannot be read, if there is one and they cannot. */
  get opaque(): string | undefined {
    return [...this.#users].at(-1)?.opaque;
  }

  admit(now: Micros, direction: Direction, kind: Kind | CommandName, size = 0): Verdict {
    const [link, verdict] = admit(this.#link, now, direction, kind, size);
    this.#link = link;
    return verdict;
  }

  /** When bytes that are no message leave: undisturbed by faults and jitter, but in their turn. */
  admitBytes(now: Micros, direction: Direction): Micros {
    const [link, dueAt] = admitBytes(this.#link, now, direction);
    this.#link = link;
    return dueAt;
  }

  /** The partition that takes or keeps what goes this way and is no message. */
  cutBy(direction: Direction): FaultSpec | undefined {
    return cutBy(this.#link, direction);
  }

  /** What a new connection meets, when it does not simply come through. */
  gate(): ReturnType<typeof gate> {
    return gate(this.#link);
  }

  /** A connection came to nothing. Of a row of refusals only the first is told: the peer tries again every 100 ms. */
  refused(reason: string): void {
    if (!this.#isRefusing) this.#record({ type: 'connection.refused', t: this.#now(), link: this.id, reason });
    this.#isRefusing = true;
  }

  accepted(): void {
    this.#isRefusing = false;
  }

  setDelay(delayMs: number, jitterMs = 0): void {
    this.#link = setDelay(this.#link, delayMs, jitterMs);
    this.#record({ type: 'link.delayed', t: this.#now(), link: this.id, delayMs, jitterMs });
  }

  applyFault(spec: FaultSpec): void {
    this.#link = applyFault(this.#link, spec);
    this.#tell(spec);
    const ends = severs(spec);
    for (const user of [...this.#users]) {
      if (ends.length > 0) user.sever(ends, 'reset');
      user.changed();
    }
  }

  /** Gives a fault another end, if it is on this link. */
  prolong(fault: string, untilAt: Micros | undefined): void {
    this.#link = prolongFault(this.#link, fault, untilAt);
    for (const { spec } of this.#link.faults) if (spec.id === fault) this.#tell(spec);
  }

  /** Heals one fault, or all. Idempotent, at once, and it waits for no peer [L7]. */
  heal(fault?: string, why: EventOf<'fault.healed'>['why'] = fault === undefined ? 'all' : 'asked'): void {
    const healed = this.#link.faults.filter(({ spec }) => fault === undefined || spec.id === fault);
    if (healed.length === 0) return;
    for (const { spec } of healed) {
      const { id, kind } = spec;
      this.#link = healFault(this.#link, id);
      this.#record({ type: 'fault.healed', t: this.#now(), fault: id, link: this.id, kind, why });
      for (const user of this.#users) user.flows?.released(id);
    }
    for (const user of [...this.#users]) user.changed();
  }

  /** Heals what has had its time [L10]. */
  expire(now: Micros): void {
    for (const fault of expired(this.#link, now)) this.heal(fault, 'expired');
  }

  /** Lets one message go, the one that the fault has kept for longest. Whether there was one. */
  step(fault: string): boolean {
    let first: { flows: Carrier; parcel: Parcel } | undefined;
    for (const { flows } of this.#users) {
      const parcel = flows?.oldestHeld(fault);
      if (flows && parcel && (parcel.msg ?? 0) < (first?.parcel.msg ?? Number.POSITIVE_INFINITY))
        first = { flows, parcel };
    }
    if (first?.parcel.msg === undefined) return false;
    this.#record({ type: 'message.released', t: this.#now(), link: this.id, msg: first.parcel.msg, fault });
    first.flows.step(first.parcel, fault);
    return true;
  }

  /** Whether this message is on its way here. */
  carries(msg: number): boolean {
    return [...this.#users].some(({ flows }) => flows?.carries(msg));
  }

  drop(msg: number, fault: string): void {
    this.#strike(fault, 'drop', msg);
    for (const { flows } of this.#users) if (flows?.drop(msg, fault)) return;
  }

  /** A message that can be sent again: the last of its direction, or the one of that number. */
  recall(direction: Direction | undefined, msg: number | undefined): ReturnType<KeptMessages['recall']> {
    return this.#kept.recall(direction, msg);
  }

  /** Sends a copy of it over the newest connection. Whether there is one. */
  replay(direction: Direction, { msg, frames }: Kept, fault: string): boolean {
    if (!frames || this.#users.size === 0) return false;
    this.#strike(fault, 'replay', msg);
    return [...this.#users].toReversed().some(({ flows }) => flows?.inject(direction, frames, { of: msg, fault }));
  }

  /** Ends its connections: as a crash would, or in order. */
  breakOff(kind: 'reset' | 'close', fault: string): void {
    this.#strike(fault, kind);
    for (const user of [...this.#users]) user.sever(['peer', 'queue'], kind);
  }

  /** So that it can be sent again. */
  keep(direction: Direction, msg: number, frames: Message | undefined): void {
    this.#kept.keep(direction, msg, frames);
  }

  /** Until the returned function is called. */
  join(user: LinkUser): () => void {
    // Nothing is under way on an idle link, so there is no order to keep: a long delay of the past must not hold up the next peer.
    if (this.#users.size === 0) this.#link = { ...this.#link, lastDue: { toQueue: 0, fromQueue: 0 } };
    this.#users.add(user);
    return () => {
      this.#users.delete(user);
    };
  }

  #tell({ id, kind, selector, seed, copies: times, ...params }: FaultSpec): void {
    const { kind: message, ...which } = selector;
    const detail = given({ ...which, message, times, ...params });
    this.#record({ type: 'fault.applied', t: this.#now(), fault: id, link: this.id, kind, seed, ...detail });
  }

  #strike(fault: string, kind: EventOf<'fault.struck'>['kind'], msg?: number): void {
    this.#record({
      type: 'fault.struck',
      t: this.#now(),
      fault,
      link: this.id,
      kind,
      ...(msg !== undefined && { msg }),
    });
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that hold undefined: a fact has them or has them not. */
function given<T extends object>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>;
}
