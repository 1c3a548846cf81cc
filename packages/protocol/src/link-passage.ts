// One message on its way through the stages of link.ts, in their order; each asks its faults, and the copy of the link that it leaves
// behind is the link of the next message.

import type { Direction, Kind } from './frames.ts';
import type { Copy, Link, Verdict } from './link.ts';
import type { Damage, DamageDone } from './link-corrupt.ts';
import { type ActiveFault, type CommandName, type FaultSpec, type LinkFaultKind, strike } from './link-fault.ts';
import { cuts } from './link-gate.ts';
import { PROFILES, type Profile, stallMs } from './link-profiles.ts';
import { type Distribution, drawDelay, serialise } from './link-time.ts';
import { nextUnit, nextWord, type Stream } from './random.ts';
import { type Micros, millis } from './timing.ts';

interface FoundProfile extends Profile {
  readonly fault: ActiveFault;
}

export class Passage {
  readonly verdict: Verdict;
  readonly #faults: ActiveFault[];
  readonly #link: Link;
  readonly #direction: Direction;
  readonly #kind: Kind | CommandName;
  #random: Stream;
  #lastDue: Link['lastDue'];
  readonly #slowedBy: string[] = [];

  constructor(link: Link, now: Micros, direction: Direction, kind: Kind | CommandName, size: number) {
    this.#link = link;
    this.#faults = [...link.faults];
    this.#direction = direction;
    this.#kind = kind;
    this.#random = link.random;
    this.#lastDue = link.lastDue;
    this.verdict = this.#pass(now, size);
  }

  get link(): Link {
    return { ...this.#link, random: this.#random, faults: this.#faults, lastDue: this.#lastDue };
  }

  #pass(now: Micros, size: number): Verdict {
    // Whatever the faults do, the link's own jitter is drawn: they must not disturb it [L3].
    const isMessage = this.#kind !== 'PING' && this.#kind !== 'PONG';
    const [ownDelay, random] = drawDelay(this.#random, this.#link.delayUs, isMessage ? this.#link.jitterUs : 0);
    this.#random = random;
    const dropped = this.#first('drop');
    if (dropped !== undefined) return { pass: false, fault: dropped };

    const damages: DamageDone[] = [];
    this.#each('corrupt', ({ spec, random: from }) => {
      const [word, rest] = nextWord(from);
      damages.push({ fault: spec.id, mode: (spec.mode ?? 'payload') as Damage, word });
      return { random: rest };
    });
    const makers: string[] = [];
    this.#each('duplicate', ({ spec }) => {
      for (let i = 0; i < (spec.copies ?? 1); i++) makers.push(spec.id);
      return {};
    });
    const profile = this.#profile();
    // Stands at the bottlenecks once for each copy.
    const through = [undefined, ...makers].map((by) => ({ by, at: now }));
    this.#each('bandwidth', (fault) => this.#bottleneck(fault, fault.spec.bytesPerSecond ?? 0, size, through));
    if (profile) this.#change(profile.fault, this.#bottleneck(profile.fault, profile.bytesPerSecond, size, through));
    const delayUs = this.#delay(ownDelay, profile);
    const behindUs = this.#reordered();
    const copies = through.map(({ by, at }): Copy => {
      const inTurn = Math.max(at + delayUs, this.#lastDue[this.#direction]);
      // One that is to be overtaken keeps nobody waiting.
      if (behindUs === undefined) this.#lastDue = { ...this.#lastDue, [this.#direction]: inTurn };
      const dueAt = inTurn + (behindUs ?? 0);
      return by === undefined ? { dueAt } : { dueAt, by };
    });

    const heldBy: string[] = [];
    this.#each('hold', ({ spec }) => {
      heldBy.push(spec.id);
      return {};
    });
    for (const fault of this.#faults) {
      if (!cuts(fault, this.#direction)) continue;
      if (fault.spec.mode === 'jammed') heldBy.push(fault.spec.id);
      else if (fault.spec.mode !== 'refused') return { pass: false, fault: fault.spec.id };
    }
    return { pass: true, copies: copies as [Copy, ...Copy[]], damages, heldBy, slowedBy: this.#slowedBy };
  }

  /** Asks the faults of a stage; those that strike are changed by what `act` returns. */
  #each(stage: LinkFaultKind, act: (fault: ActiveFault) => Partial<ActiveFault>): void {
    for (let i = 0; i < this.#faults.length; i++) {
      const fault = this.#faults[i] as ActiveFault;
      if (fault.spec.kind !== stage) continue;
      const [hit, after] = strike(fault, this.#direction, this.#kind);
      this.#faults[i] = hit ? { ...after, ...act(after) } : after;
    }
  }

  /** The first fault of a stage to strike; those behind it do not see the message. */
  #first(stage: LinkFaultKind): string | undefined {
    for (let i = 0; i < this.#faults.length; i++) {
      const fault = this.#faults[i] as ActiveFault;
      if (fault.spec.kind !== stage) continue;
      const [hit, after] = strike(fault, this.#direction, this.#kind);
      this.#faults[i] = after;
      if (hit) return fault.spec.id;
    }
    return undefined;
  }

  #change({ spec }: ActiveFault, part: Partial<ActiveFault>): void {
    const at = this.#faults.findIndex((f) => f.spec.id === spec.id);
    this.#faults[at] = { ...(this.#faults[at] as ActiveFault), ...part };
  }

  /** A link has one profile: of several, the last by id. */
  #profile(): FoundProfile | undefined {
    let found: FoundProfile | undefined;
    this.#each('profile', (fault) => {
      const profile = fault.spec.profile && PROFILES[fault.spec.profile];
      if (profile) found = { ...profile, fault };
      return {};
    });
    return found;
  }

  #bottleneck(
    { spec, freeAt }: ActiveFault,
    bytesPerSecond: number,
    size: number,
    through: { at: Micros }[],
  ): Partial<ActiveFault> {
    if (bytesPerSecond <= 0) return {};
    let free = freeAt[this.#direction];
    for (const copy of through) {
      free = Math.max(copy.at, free) + serialise(size, bytesPerSecond);
      copy.at = free;
    }
    this.#slowedBy.push(spec.id);
    return { freeAt: { ...freeAt, [this.#direction]: free } };
  }

  #delay(ownDelay: Micros, profile: FoundProfile | undefined): Micros {
    let delayUs = ownDelay;
    if (profile) {
      const { fault, delayMs, jitterMs, distribution, loss } = profile;
      const [drawn, random] = drawDelay(fault.random, millis(delayMs), millis(jitterMs), distribution);
      const [unit, rest] = nextUnit(random);
      delayUs = drawn + (unit < loss ? millis(stallMs(profile)) : 0);
      this.#change(fault, { random: rest });
    }
    this.#each('delay', ({ spec, random: from }) => {
      const [extra, rest] = extraDelay(spec, from);
      delayUs += extra;
      this.#slowedBy.push(spec.id);
      return { random: rest };
    });
    return delayUs;
  }

  /** How far behind its place it falls; undefined: it keeps it. */
  #reordered(): Micros | undefined {
    let behind: Micros | undefined;
    this.#each('reorder', ({ spec, random: from }) => {
      const [extra, rest] = extraDelay(spec, from);
      behind = (behind ?? 0) + extra;
      this.#slowedBy.push(spec.id);
      return { random: rest };
    });
    return behind;
  }
}

const extraDelay = ({ extraMs, jitterMs, distribution }: FaultSpec, random: Stream): [Micros, Stream] =>
  drawDelay(random, millis(extraMs ?? 0), millis(jitterMs ?? 0), distribution as Distribution | undefined);
