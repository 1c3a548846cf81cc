// The link model: what happens to a whole message between "entered" and "left". Pure and seeded; the tap and the simulator call it.
//
// Theory of operation. A message that enters is given a verdict at once: dropped by a fault, or copies that leave at their times,
// perhaps damaged, perhaps parked until a fault lets them go. Whoever carries it keeps a line (link-line.ts) and does as the
// verdict says. Each fault looks at the messages that reach its stage and picks those that its selector matches; the stages act in a
// fixed order, within a stage by id, so the order in which faults came does not matter [L2]:
//   drop → corrupt → duplicate → bandwidth → delay → reorder → hold → partition      (link-passage.ts)
// Bandwidth comes before the delay, as a sender's wire comes before the way: so a late message holds up nobody at the bottleneck.
// A link keeps its order: nothing leaves before what entered earlier [L1], but for what a fault reorders or parks.

import type { Direction, Kind } from './frames.ts';
import type { DamageDone } from './link-corrupt.ts';
import { type ActiveFault, activate, type CommandName, type FaultSpec } from './link-fault.ts';
import { Passage } from './link-passage.ts';
import { drawDelay } from './link-time.ts';
import { type Stream, stream } from './random.ts';
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

/** When something that is no message leaves (PING, the end of the stream, opaque bytes): in its turn, untouched by faults and jitter. */
export function admitBytes(link: Link, now: Micros, direction: Direction): [Link, dueAt: Micros] {
  const dueAt = Math.max(now + link.delayUs, link.lastDue[direction]);
  return [{ ...link, lastDue: { ...link.lastDue, [direction]: dueAt } }, dueAt];
}
