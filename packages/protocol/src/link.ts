// The link model: what happens to a whole message between "entered" and "left". Pure and seeded; the tap and the simulator call it.
//
// Theory of operation. A message that enters is given a verdict at once: dropped by a fault, or copies that leave at their times,
// perhaps damaged, perhaps parked until a fault lets them go. Whoever carries it keeps a line (link-line.ts) and does as the
// verdict says. Each fault looks at the messages that reach its stage and picks those that its selector matches; the stages act in a
// fixed order, within a stage by id, so the order in which faults came does not matter [L2]:
//   drop → corrupt → duplicate → bandwidth → delay → reorder → hold → partition
// Bandwidth comes before the delay, as a sender's wire comes before the way: so a late message holds up nobody at the bottleneck.
// A link keeps its order: nothing leaves before what entered earlier [L1], but for what a fault reorders or parks.

import type { Direction, Kind } from './frames.ts';
import type { Damage, DamageDone } from './link-corrupt.ts';
import {
  type ActiveFault,
  activate,
  type CommandName,
  type FaultSpec,
  type LinkFaultKind,
  strike,
} from './link-fault.ts';
import { PROFILES, type Profile, stallMs } from './link-profiles.ts';
import { type Distribution, drawDelay, serialise } from './link-time.ts';
import { nextUnit, nextWord, type Stream, stream } from './random.ts';
import { type Micros, millis } from './timing.ts';

/** One link's state, plain data: it outlives every connection over it [L5]. */
export interface Link {
  readonly delayUs: Micros;
  readonly jitterUs: Micros;
  readonly random: Stream;
  /** By id, so that applying A then B equals B then A [L2]. */
  readonly faults: readonly ActiveFault[];
  /** When the last message admitted in each direction leaves: order is kept by never leaving before it [L1]. */
  readonly lastDue: Readonly<Record<Direction, Micros>>;
}

/** One of what comes of a message. The first is the message itself; the others say which fault made them. */
export interface Copy {
  readonly dueAt: Micros;
  readonly by?: string;
}

/** What becomes of an admitted message: it leaves, or it is dropped by a fault. */
export type Verdict =
  | {
      readonly pass: true;
      readonly copies: readonly [Copy, ...Copy[]];
      /** In this order, to the message and so to each copy of it. */
      readonly damages: readonly DamageDone[];
      /** The faults that have parked it and its copies. */
      readonly heldBy: readonly string[];
      /** The faults that made it late. */
      readonly slowedBy: readonly string[];
    }
  | { readonly pass: false; readonly fault: string };

export const makeLink = (delayMs: number, jitterMs: number, seed: number): Link => ({
  delayUs: millis(delayMs),
  jitterUs: millis(jitterMs),
  random: stream(seed, 'link'),
  faults: [],
  lastDue: { toQueue: 0, fromQueue: 0 },
});

/** Messages already under way keep the delay they entered with; later ones never overtake them. */
export const setDelay = (link: Link, delayMs: number, jitterMs = 0): Link => ({
  ...link,
  delayUs: millis(delayMs),
  jitterUs: millis(jitterMs),
});

export function applyFault(link: Link, spec: FaultSpec): Link {
  const others = link.faults.filter((f) => f.spec.id !== spec.id);
  const faults = [...others, activate(spec)].sort((a, b) => (a.spec.id < b.spec.id ? -1 : 1));
  return { ...link, faults };
}

/** Idempotent: healing what is not there changes nothing [L7]. */
export const healFault = (link: Link, id: string): Link =>
  link.faults.some((f) => f.spec.id === id) ? { ...link, faults: link.faults.filter((f) => f.spec.id !== id) } : link;

/** With another end, or none; what it has seen and drawn stays. */
export const prolongFault = (link: Link, id: string, untilAt: Micros | undefined): Link => ({
  ...link,
  faults: link.faults.map((f) => (f.spec.id === id ? { ...f, spec: { ...f.spec, untilAt } } : f)),
});

export const healAll = (link: Link): Link => (link.faults.length === 0 ? link : { ...link, faults: [] });

/** The faults whose time has come by `now`. */
export const expired = ({ faults }: Link, now: Micros): string[] =>
  faults.filter(({ spec }) => spec.untilAt !== undefined && spec.untilAt <= now).map(({ spec }) => spec.id);

const NOTHING: readonly never[] = [];

/** Takes one whole message in at `now` and says what becomes of it. `size`: of all its frames' bodies. */
export function admit(
  link: Link,
  now: Micros,
  direction: Direction,
  kind: Kind | CommandName,
  size = 0,
): [Link, Verdict] {
  const isMessage = kind !== 'PING' && kind !== 'PONG';
  if (link.faults.length === 0) {
    const [delayUs, random] = drawDelay(link.random, link.delayUs, isMessage ? link.jitterUs : 0);
    const dueAt = Math.max(now + delayUs, link.lastDue[direction]);
    return [
      { ...link, random, lastDue: { ...link.lastDue, [direction]: dueAt } },
      { pass: true, copies: [{ dueAt }], damages: NOTHING, heldBy: NOTHING, slowedBy: NOTHING },
    ];
  }
  const passage = new Passage(link, now, direction, kind, size);
  return [passage.link, passage.verdict];
}

interface FoundProfile extends Profile {
  readonly fault: ActiveFault;
}

/** One message on its way through the stages; it works on a copy of the link. */
class Passage {
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

// Partitions

const cuts = ({ spec: { kind, selector } }: ActiveFault, direction: Direction): boolean =>
  kind === 'partition' && (selector.direction ?? direction) === direction;

/** The first fault that takes what goes this way and is no message (PING, opaque bytes, the end of the stream), or keeps it back. */
export const cutBy = ({ faults }: Link, direction: Direction): FaultSpec | undefined =>
  faults.find((fault) => cuts(fault, direction))?.spec;

/** What a new connection meets: it is refused, or accepted and then left in silence; undefined: it comes through. */
export function gate({ faults }: Link): { readonly fault: string; readonly refuses: boolean } | undefined {
  let held: string | undefined;
  for (const { spec } of faults) {
    if (spec.kind === 'partition' && spec.mode === 'refused' && spec.selector.direction !== 'fromQueue') {
      return { fault: spec.id, refuses: true };
    }
    // TCP needs both ways to connect, so that one of them cut is enough.
    if (spec.kind === 'partition' || spec.kind === 'hang') held ??= spec.id;
  }
  return held === undefined ? undefined : { fault: held, refuses: false };
}

/** Which ends a fault resets when it comes: those of the side that is to see it. */
export function severs({ kind, mode, selector }: FaultSpec): readonly ('peer' | 'queue')[] {
  if (kind === 'hang') return ['peer', 'queue'];
  if (kind !== 'partition' || mode !== 'refused') return [];
  if (selector.direction === undefined) return ['peer', 'queue'];
  return selector.direction === 'toQueue' ? ['peer'] : ['queue'];
}

/** When something that is no message leaves (PING, the end of the stream, opaque bytes): in its turn, untouched by faults and jitter. */
export function admitBytes(link: Link, now: Micros, direction: Direction): [Link, dueAt: Micros] {
  const dueAt = Math.max(now + link.delayUs, link.lastDue[direction]);
  return [{ ...link, lastDue: { ...link.lastDue, [direction]: dueAt } }, dueAt];
}
