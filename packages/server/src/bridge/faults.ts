// What breaks links and processes, by name: gives each fault its number, its time to live and its end. The links carry theirs
// (tap/link-box.ts); what lasts on a process is kept here, and the process is told. Healing waits for nobody [L7].

import {
  type Command,
  type EventOf,
  FAULT_TTL_MS,
  type Fact,
  type FaultSpec,
  type Micros,
  millis,
  type PROCESS_FAULTS,
  UNIMPAIRED,
} from '@crows-nest/protocol';
import type { LinkBox } from '../tap/link-box.ts';
import { Refusal } from './refusal.ts';
import type { Troupe } from './troupe.ts';

/**
 * A number is taken as soon as a fault is asked for, also when it is refused: so two sides that are asked for the same faults give
 * them the same numbers, whatever has become of each.
 */
export interface FaultNumbers {
  take(): number;
  readonly last: number;
}

export interface FaultsOptions {
  readonly troupe: Troupe;
  /** All links, or the one of this peer. */
  readonly links: () => Iterable<LinkBox>;
  readonly link: (peer: string) => LinkBox | undefined;
  readonly numbers: FaultNumbers;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  /** Of the chances of this fault. */
  readonly seedFor: (name: string) => number;
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>;
type Why = EventOf<'fault.healed'>['why'];

/** Lasts on a process until it is healed or the process ends. */
interface Ailment {
  readonly peer: string;
  readonly kind: (typeof PROCESS_FAULTS)[number];
  readonly factor?: number;
  untilAt: Micros | undefined;
}

export class Faults {
  readonly #o: FaultsOptions;
  readonly #ailments = new Map<string, Ailment>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FaultsOptions) {
    this.#o = options;
  }

  // Links

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

  step(fault: string): void {
    this.#known(fault);
    for (const link of this.#o.links()) if (link.step(fault)) return;
    throw new Refusal({ reason: 'holdsNothing', fault });
  }

  // Processes

  async pause({ peer, ttlMs }: Of<'process.pause'>): Promise<void> {
    const fault = this.#next();
    // Told before the process is: what follows is the fault's doing.
    await this.#o.troupe
      .own(peer)
      .pause(() => this.#ail(fault, { peer, kind: 'pause', untilAt: this.#untilAt(ttlMs) }));
  }

  async resume(peer: string): Promise<void> {
    await this.#o.troupe.own(peer).resume(() => this.#end(peer, 'asked', (ailment) => ailment.kind === 'pause'));
  }

  mute({ peer, ttlMs }: Of<'process.mute'>): void {
    const fault = this.#next();
    this.#o.troupe.own(peer).checkBeats();
    this.#ail(fault, { peer, kind: 'mute', untilAt: this.#untilAt(ttlMs) });
    this.#feel(peer);
  }

  slow({ peer, factor, ttlMs }: Of<'process.slow'>): void {
    const fault = this.#next();
    this.#o.troupe.own(peer).checkImpairable();
    this.#ail(fault, { peer, kind: 'slow', factor, untilAt: this.#untilAt(ttlMs) });
    this.#feel(peer);
  }

  /** Whether it lasts, on a link or process of ours. */
  has(fault: string): boolean {
    if (this.#ailments.has(fault)) return true;
    for (const { link } of this.#o.links()) if (link.faults.some(({ spec }) => spec.id === fault)) return true;
    return false;
  }

  // Healing

  /** Idempotent: what is healed already, or went with its link or process, is no error [L7]. */
  heal(fault: string): void {
    this.#known(fault);
    this.#healOne(fault, 'asked');
  }

  /** Whatever has healed meanwhile has no end to move. */
  prolong({ fault, ttlMs }: Of<'fault.prolong'>): void {
    this.#known(fault);
    const untilAt = this.#untilAt(ttlMs);
    const ailment = this.#ailments.get(fault);
    if (ailment) {
      ailment.untilAt = untilAt;
      this.#tell(fault, ailment);
    }
    for (const link of this.#o.links()) link.prolong(fault, untilAt);
    this.#arm();
  }

  healAll(): void {
    for (const fault of [...this.#ailments.keys()]) this.#cure(fault, 'all');
    for (const link of this.#o.links()) link.heal();
    this.#arm();
  }

  /** To be called with every fact: a process takes with it what lasted on it. */
  readonly notice = (fact: Fact): void => {
    if (fact.type === 'process.exited') this.#end(fact.peer, 'ended', () => true);
  };

  end(): void {
    clearTimeout(this.#timer);
  }

  #begin(link: LinkBox, spec: FaultSpec, ttlMs: number | null): void {
    const untilAt = this.#untilAt(ttlMs);
    link.applyFault({ ...spec, ...(untilAt !== undefined && { untilAt }) });
    this.#arm();
  }

  #ail(fault: string, ailment: Ailment): void {
    this.#ailments.set(fault, ailment);
    this.#tell(fault, ailment);
    this.#arm();
  }

  #tell(fault: string, { peer: link, kind, factor, untilAt }: Ailment): void {
    this.#o.record({
      ...{ t: this.#o.now(), type: 'fault.applied', fault, link, kind, seed: 0 },
      ...(factor !== undefined && { times: factor }),
      ...(untilAt !== undefined && { untilAt }),
    });
  }

  #cure(fault: string, why: Why): void {
    const ailment = this.#ailments.get(fault);
    if (!ailment) return;
    const { peer, kind } = ailment;
    this.#ailments.delete(fault);
    this.#o.record({ t: this.#o.now(), type: 'fault.healed', fault, link: peer, kind, why });
    if (why === 'ended') return;
    if (kind === 'pause') this.#o.troupe.find(peer)?.wake();
    else this.#feel(peer);
  }

  #end(peer: string, why: Why, which: (ailment: Ailment) => boolean): void {
    for (const [fault, ailment] of [...this.#ailments]) {
      if (ailment.peer === peer && which(ailment)) this.#cure(fault, why);
    }
  }

  /** What a process is to feel, of all that ails it. */
  #feel(peer: string): void {
    let { mute, slow } = UNIMPAIRED;
    for (const ailment of this.#ailments.values()) {
      if (ailment.peer !== peer) continue;
      mute ||= ailment.kind === 'mute';
      slow = Math.max(slow, ailment.factor ?? 1);
    }
    this.#o.troupe.find(peer)?.impair({ mute, slow });
  }

  #healOne(fault: string, why: Why): void {
    this.#cure(fault, why);
    for (const link of this.#o.links()) link.heal(fault, why);
  }

  // Time to live [L10]: one timer for all, for the next that ends

  #arm(): void {
    clearTimeout(this.#timer);
    let next = Number.POSITIVE_INFINITY;
    for (const link of this.#o.links())
      for (const { spec } of link.link.faults) next = Math.min(next, spec.untilAt ?? Number.POSITIVE_INFINITY);
    for (const { untilAt } of this.#ailments.values()) next = Math.min(next, untilAt ?? Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(1, Math.ceil((next - this.#o.now()) / 1000));
    this.#timer = setTimeout(this.#expire, waitMs).unref();
  }

  readonly #expire = (): void => {
    const now = this.#o.now();
    for (const link of this.#o.links()) link.expire(now);
    for (const [fault, { untilAt }] of [...this.#ailments]) {
      if (untilAt !== undefined && untilAt <= now) this.#cure(fault, 'expired');
    }
    this.#arm();
  };

  #untilAt(ttlMs: number | null = FAULT_TTL_MS): Micros | undefined {
    return ttlMs === null ? undefined : this.#o.now() + millis(ttlMs);
  }

  #next(): string {
    return `f${this.#o.numbers.take()}`;
  }

  #known(fault: string): void {
    if (Number(fault.slice(1)) > this.#o.numbers.last) throw new Refusal({ reason: 'noFault', fault });
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
