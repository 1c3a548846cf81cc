// The link model: what happens to a whole message between "entered" and "left". Pure and seeded; the tap and the simulator call it.
// Stages act in a fixed order, whatever order the faults came in: drop, delay, partition gate [L2].

import type { Direction, Kind } from './frames.ts';
import { nextUnit, type Stream, stream } from './random.ts';
import { type Micros, millis } from './timing.ts';

/** Which messages a fault acts on. Every part given must match. */
export interface Selector {
  readonly direction?: Direction | undefined;
  readonly kind?: Kind | undefined;
  /** Only the nth matching message, counted from 1. */
  readonly nth?: number | undefined;
  /** At most this many hits. */
  readonly count?: number | undefined;
  /** Chance of a hit, 0 to 1, drawn from the fault's own stream [L3]. */
  readonly probability?: number | undefined;
}

export type FaultKind = 'drop' | 'delay' | 'partition';

/** A fault as asked for. `extraMs` and `jitterMs` belong to delay; a partition discards at message boundaries (Jepsen's "stopped"). */
export interface FaultSpec {
  readonly id: string;
  readonly kind: FaultKind;
  readonly selector: Selector;
  readonly seed: number;
  readonly extraMs?: number | undefined;
  readonly jitterMs?: number | undefined;
}

interface ActiveFault {
  readonly spec: FaultSpec;
  readonly random: Stream;
  readonly matched: number;
  readonly hits: number;
}

/** One link's state, plain data: it outlives every connection over it [L5]. */
export interface Link {
  readonly delayUs: Micros;
  readonly jitterUs: Micros;
  readonly random: Stream;
  readonly faults: readonly ActiveFault[];
  /** When the last message admitted in each direction leaves: order is kept by never leaving before it [L1]. */
  readonly lastDue: Readonly<Record<Direction, Micros>>;
}

/** What becomes of an admitted message: it leaves at `dueAt`, or it is dropped by a fault. */
export type Verdict =
  | { readonly pass: true; readonly dueAt: Micros }
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
  const fault: ActiveFault = { spec, random: stream(spec.seed, spec.id), matched: 0, hits: 0 };
  return { ...link, faults: [...others, fault] };
}

/** Idempotent: healing what is not there changes nothing [L7]. */
export const healFault = (link: Link, id: string): Link =>
  link.faults.some((f) => f.spec.id === id) ? { ...link, faults: link.faults.filter((f) => f.spec.id !== id) } : link;

export const healAll = (link: Link): Link => (link.faults.length === 0 ? link : { ...link, faults: [] });

/** Uniform jitter about the delay, never below zero. */
function draw(random: Stream, delayUs: Micros, jitterUs: Micros): [Micros, Stream] {
  if (jitterUs === 0) return [delayUs, random];
  const [unit, rest] = nextUnit(random);
  return [Math.max(0, Math.round(delayUs + (unit * 2 - 1) * jitterUs)), rest];
}

/** Whether this fault takes the message, and the fault after it has looked. */
function strike(fault: ActiveFault, direction: Direction, kind: Kind): [hit: boolean, after: ActiveFault] {
  const { selector } = fault.spec;
  if (selector.direction !== undefined && selector.direction !== direction) return [false, fault];
  if (selector.kind !== undefined && selector.kind !== kind) return [false, fault];
  const matched = fault.matched + 1;
  if (selector.nth !== undefined && matched !== selector.nth) return [false, { ...fault, matched }];
  if (selector.count !== undefined && fault.hits >= selector.count) return [false, { ...fault, matched }];
  if (selector.probability !== undefined) {
    const [unit, random] = nextUnit(fault.random);
    if (unit >= selector.probability) return [false, { ...fault, matched, random }];
    return [true, { ...fault, matched, random, hits: fault.hits + 1 }];
  }
  return [true, { ...fault, matched, hits: fault.hits + 1 }];
}

const STAGES: readonly FaultKind[] = ['drop', 'delay', 'partition'];

/** Takes one whole message in at `now` and says what becomes of it. */
export function admit(link: Link, now: Micros, direction: Direction, kind: Kind): [Link, Verdict] {
  let [delayUs, random] = draw(link.random, link.delayUs, link.jitterUs);
  let faults = link.faults;
  if (faults.length > 0) {
    const after = [...faults];
    for (const stage of STAGES) {
      // By id, not by age, so that applying A then B equals B then A [L2].
      const order = after.map((_, i) => i).filter((i) => after[i]?.spec.kind === stage);
      order.sort((a, b) => ((after[a]?.spec.id ?? '') < (after[b]?.spec.id ?? '') ? -1 : 1));
      for (const i of order) {
        const fault = after[i];
        if (!fault) continue;
        const [hit, next] = strike(fault, direction, kind);
        after[i] = next;
        if (!hit) continue;
        if (stage !== 'delay') {
          return [
            { ...link, random, faults: after },
            { pass: false, fault: fault.spec.id },
          ];
        }
        const [extra, rest] = draw(next.random, millis(fault.spec.extraMs ?? 0), millis(fault.spec.jitterMs ?? 0));
        after[i] = { ...next, random: rest };
        delayUs += extra;
      }
    }
    faults = after;
  }
  const dueAt = Math.max(now + delayUs, link.lastDue[direction]);
  const lastDue = { ...link.lastDue, [direction]: dueAt };
  return [
    { ...link, random, faults, lastDue },
    { pass: true, dueAt },
  ];
}

/** Whether a partition takes everything that goes this way; without a direction, whether everything both ways. */
export function isPartitioned(link: Link, direction?: Direction): boolean {
  if (direction === undefined) return isPartitioned(link, 'toQueue') && isPartitioned(link, 'fromQueue');
  return link.faults.some(({ spec: { kind, selector } }) => {
    const { nth, count, probability } = selector;
    const choosy = [selector.kind, nth, count, probability].some((part) => part !== undefined);
    return kind === 'partition' && !choosy && (selector.direction ?? direction) === direction;
  });
}

/** When something that is no message leaves (PING, the end of the stream, opaque bytes): in its turn, untouched by faults and jitter. */
export function admitBytes(link: Link, now: Micros, direction: Direction): [Link, dueAt: Micros] {
  const dueAt = Math.max(now + link.delayUs, link.lastDue[direction]);
  return [{ ...link, lastDue: { ...link.lastDue, [direction]: dueAt } }, dueAt];
}
