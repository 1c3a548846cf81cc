// What ails processes: lasts on one until it is healed or the process ends. It is kept here, and the process is told what it is to
// feel of all that ails it.

import {
  type Command,
  type EventOf,
  type Fact,
  type Micros,
  type PROCESS_FAULTS,
  UNIMPAIRED,
} from '@crows-nest/protocol';
import { type FaultNumbers, nextFault } from './fault-numbers.ts';
import type { Lasting, Lifetimes } from './lifetimes.ts';
import type { Troupe } from './troupe.ts';

export interface AilmentsOptions {
  readonly troupe: Troupe;
  readonly numbers: FaultNumbers;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>;
type Why = EventOf<'fault.healed'>['why'];

interface Ailment {
  readonly peer: string;
  readonly kind: (typeof PROCESS_FAULTS)[number];
  readonly factor?: number;
  untilAt: Micros | undefined;
}

export class Ailments implements Lasting {
  readonly #o: AilmentsOptions;
  readonly #lifetimes: Lifetimes;
  /** By the fault's name. */
  readonly #all = new Map<string, Ailment>();

  constructor(options: AilmentsOptions, lifetimes: Lifetimes) {
    this.#o = options;
    this.#lifetimes = lifetimes;
  }

  async pause({ peer, ttlMs }: Of<'process.pause'>): Promise<void> {
    const fault = this.#next();
    const begin = (): void => this.#begin(fault, { peer, kind: 'pause', untilAt: this.#lifetimes.untilAt(ttlMs) });
    // Told before the process is: what follows is the fault's doing.
    await this.#o.troupe.own(peer).pause(begin);
  }

  async resume(peer: string): Promise<void> {
    await this.#o.troupe.own(peer).resume(() => this.#end(peer, 'asked', (ailment) => ailment.kind === 'pause'));
  }

  mute({ peer, ttlMs }: Of<'process.mute'>): void {
    const fault = this.#next();
    this.#o.troupe.own(peer).checkBeats();
    this.#begin(fault, { peer, kind: 'mute', untilAt: this.#lifetimes.untilAt(ttlMs) });
    this.#feel(peer);
  }

  slow({ peer, factor, ttlMs }: Of<'process.slow'>): void {
    const fault = this.#next();
    this.#o.troupe.own(peer).checkImpairable();
    this.#begin(fault, { peer, kind: 'slow', factor, untilAt: this.#lifetimes.untilAt(ttlMs) });
    this.#feel(peer);
  }

  has(fault: string): boolean {
    return this.#all.has(fault);
  }

  heal(fault: string, why: Why): void {
    const ailment = this.#all.get(fault);
    if (!ailment) return;
    const { peer, kind } = ailment;
    this.#all.delete(fault);
    this.#o.record({ t: this.#o.now(), type: 'fault.healed', fault, link: peer, kind, why });
    if (why === 'ended') return;
    if (kind === 'pause') this.#o.troupe.find(peer)?.wake();
    else this.#feel(peer);
  }

  healAll(): void {
    for (const fault of [...this.#all.keys()]) this.heal(fault, 'all');
  }

  prolong(fault: string, untilAt: Micros | undefined): void {
    const ailment = this.#all.get(fault);
    if (!ailment) return;
    ailment.untilAt = untilAt;
    this.#tell(fault, ailment);
  }

  /** A process takes with it what lasted on it. */
  processEnded(peer: string): void {
    this.#end(peer, 'ended', () => true);
  }

  get nextEndAt(): Micros {
    let next = Number.POSITIVE_INFINITY;
    for (const { untilAt } of this.#all.values()) next = Math.min(next, untilAt ?? Number.POSITIVE_INFINITY);
    return next;
  }

  expire(now: Micros): void {
    for (const [fault, { untilAt }] of [...this.#all]) {
      if (untilAt !== undefined && untilAt <= now) this.heal(fault, 'expired');
    }
  }

  #begin(fault: string, ailment: Ailment): void {
    this.#all.set(fault, ailment);
    this.#tell(fault, ailment);
    this.#lifetimes.arm();
  }

  #tell(fault: string, { peer: link, kind, factor, untilAt }: Ailment): void {
    this.#o.record({
      ...{ t: this.#o.now(), type: 'fault.applied', fault, link, kind, seed: 0 },
      ...(factor !== undefined && { times: factor }),
      ...(untilAt !== undefined && { untilAt }),
    });
  }

  #end(peer: string, why: Why, which: (ailment: Ailment) => boolean): void {
    for (const [fault, ailment] of [...this.#all]) {
      if (ailment.peer === peer && which(ailment)) this.heal(fault, why);
    }
  }

  #feel(peer: string): void {
    let { mute, slow } = UNIMPAIRED;
    for (const ailment of this.#all.values()) {
      if (ailment.peer !== peer) continue;
      mute ||= ailment.kind === 'mute';
      slow = Math.max(slow, ailment.factor ?? 1);
    }
    this.#o.troupe.find(peer)?.impair({ mute, slow });
  }

  #next(): string {
    return nextFault(this.#o.numbers);
  }
}
