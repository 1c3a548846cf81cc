// What breaks links, as it is asked for. The links themselves carry it (tap/link-box.ts).

import type { Command, EventOf, FaultSpec, Micros } from '@crows-nest/protocol';
import type { LinkBox } from '../tap/link-box.ts';
import { checkKnown, type FaultNumbers, nextFault } from './fault-numbers.ts';
import type { Lasting, Lifetimes } from './lifetimes.ts';
import { Refusal } from './refusal.ts';

export interface LinkFaultsOptions {
  /** All links, or the one of this peer. */
  readonly links: () => Iterable<LinkBox>;
  readonly link: (peer: string) => LinkBox | undefined;
  readonly numbers: FaultNumbers;
  /** Of the chances of this fault. */
  readonly seedFor: (name: string) => number;
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

export class LinkFaults implements Lasting {
  readonly #o: LinkFaultsOptions;
  readonly #lifetimes: Lifetimes;

  constructor(options: LinkFaultsOptions, lifetimes: Lifetimes) {
    this.#o = options;
    this.#lifetimes = lifetimes;
  }

  apply(command: Of<'fault.apply'>): void {
    const id = this.#next();
    const { type: _, link: peer, kind, ttlMs, ...rest } = command;
    const link = this.#link(peer);
    const { direction, message, nth, every, count, probability, ...params } = { ...NO_SELECTOR, ...rest };
    const isOfConnection = kind === 'partition' || kind === 'hang';
    if (link.opaque !== undefined && !isOfConnection) {
      throw new Refusal({ reason: 'unreadable', link: peer, why: link.opaque });
    }
    const selector = { direction, kind: message, nth, every, count, probability };
    this.#begin(link, { id, kind, selector, seed: this.#o.seedFor(id), ...params }, ttlMs);
  }

  /** A link has one profile at a time. */
  profile({ link: peer, profile, ttlMs }: Of<'link.profile'>): void {
    const id = profile === null ? undefined : this.#next();
    const link = this.#link(peer);
    for (const { spec } of link.link.faults) if (spec.kind === 'profile') link.heal(spec.id, 'asked');
    if (id === undefined || profile === null) return;
    this.#begin(link, { id, kind: 'profile', selector: {}, seed: this.#o.seedFor(id), profile }, ttlMs);
  }

  /** Ends a link's connections. */
  breakOff(peer: string, kind: 'reset' | 'close'): void {
    const id = this.#next();
    this.#link(peer).breakOff(kind, id);
  }

  dropMessage(msg: number): void {
    const id = this.#next();
    for (const link of this.#o.links()) if (link.carries(msg)) return link.drop(msg, id);
    throw new Refusal({ reason: 'notOnLink', msg });
  }

  replay({ link: peer, direction, msg }: Of<'message.replay'>): void {
    const id = this.#next();
    const link = this.#link(peer);
    const found = link.recall(direction, msg);
    if (!found)
      throw new Refusal(msg === undefined ? { reason: 'nothingSent', link: peer } : { reason: 'tooLongAgo', msg });
    if (found.kept.frames === undefined) throw new Refusal({ reason: 'tooLarge' });
    if (!link.replay(found.direction, found.kept, id)) throw new Refusal({ reason: 'notConnected', link: peer });
  }

  /** Lets one message go that the fault has kept. */
  step(fault: string): void {
    checkKnown(this.#o.numbers, fault);
    for (const link of this.#o.links()) if (link.step(fault)) return;
    throw new Refusal({ reason: 'holdsNothing', fault });
  }

  has(fault: string): boolean {
    for (const { link } of this.#o.links()) if (link.faults.some(({ spec }) => spec.id === fault)) return true;
    return false;
  }

  heal(fault: string, why: EventOf<'fault.healed'>['why']): void {
    for (const link of this.#o.links()) link.heal(fault, why);
  }

  healAll(): void {
    for (const link of this.#o.links()) link.heal();
  }

  prolong(fault: string, untilAt: Micros | undefined): void {
    for (const link of this.#o.links()) link.prolong(fault, untilAt);
  }

  get nextEndAt(): Micros {
    let next = Number.POSITIVE_INFINITY;
    for (const link of this.#o.links())
      for (const { spec } of link.link.faults) next = Math.min(next, spec.untilAt ?? Number.POSITIVE_INFINITY);
    return next;
  }

  expire(now: Micros): void {
    for (const link of this.#o.links()) link.expire(now);
  }

  #begin(link: LinkBox, spec: FaultSpec, ttlMs: number | null): void {
    const untilAt = this.#lifetimes.untilAt(ttlMs);
    link.applyFault({ ...spec, ...(untilAt !== undefined && { untilAt }) });
    this.#lifetimes.arm();
  }

  #next(): string {
    return nextFault(this.#o.numbers);
  }

  #link(peer: string): LinkBox {
    const link = this.#o.link(peer);
    if (link) return link;
    throw new Refusal({ reason: peer === 'queue' ? 'noLink' : 'gone', peer });
  }
}

/** Of a kind that takes everything. */
const NO_SELECTOR = {
  direction: undefined,
  message: undefined,
  nth: undefined,
  every: undefined,
  count: undefined,
  probability: undefined,
};
