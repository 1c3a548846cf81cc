// A fault on a link, as data: what it does, which messages it acts on, and how it picks them. Its chances come from its own
// seeded stream [L3], so that no other fault disturbs them.

import type { Direction, Kind } from './frames.ts';
import type { Damage } from './link-corrupt.ts';
import type { ProfileName } from './link-profiles.ts';
import type { Distribution } from './link-time.ts';
import { nextUnit, type Stream, stream } from './random.ts';
import type { Micros } from './timing.ts';

/** ZMTP's own heartbeats. They are no messages: only a fault that names one of them acts on it, and a partition on all. */
export const COMMAND_NAMES = ['PING', 'PONG'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];
/** What passes over a link, by its kind. */
export type PassingKind = Kind | CommandName;

/** Which messages a fault acts on. Every part given must match. */
export interface Selector {
  readonly direction?: Direction | undefined;
  readonly kind?: PassingKind | undefined;
  /** Only the nth matching message, counted from 1. */
  readonly nth?: number | undefined;
  /** Each so-manieth matching message. */
  readonly every?: number | undefined;
  /** At most this many hits. */
  readonly count?: number | undefined;
  /** Chance of a hit, 0 to 1, drawn from the fault's own stream [L3]. */
  readonly probability?: number | undefined;
}

export const LINK_FAULTS = [
  'drop',
  'corrupt',
  'duplicate',
  'bandwidth',
  'delay',
  'reorder',
  'profile',
  'hold',
  'partition',
  'hang',
] as const;
export type LinkFaultKind = (typeof LINK_FAULTS)[number];

/**
 * How a partition looks. `stopped`: what comes is discarded, the end of a connection hidden (Jepsen's word). `jammed`: all of it
 * waits. `refused`: that side sees its connection reset and new ones refused, the other sees silence.
 */
export const CUTS = ['stopped', 'jammed', 'refused'] as const;
export type Cut = (typeof CUTS)[number];

/** A fault as asked for. Which parameters belong to which kind is told by the commands' schemas. */
export interface FaultSpec {
  readonly id: string;
  readonly kind: LinkFaultKind;
  readonly selector: Selector;
  readonly seed: number;
  /** When it heals by itself; never when not given. */
  readonly untilAt?: Micros | undefined;
  /** Of corrupt, default `payload`; of partition, default `stopped`. */
  readonly mode?: Damage | Cut | undefined;
  /** Of duplicate: how many more there are of a message, default 1. */
  readonly copies?: number | undefined;
  /** Of delay and reorder: on top of the link's own delay. */
  readonly extraMs?: number | undefined;
  readonly jitterMs?: number | undefined;
  readonly distribution?: Distribution | undefined;
  readonly bytesPerSecond?: number | undefined;
  readonly profile?: ProfileName | undefined;
}

/** A fault on a link, and what it has seen. */
export interface ActiveFault {
  readonly spec: FaultSpec;
  readonly random: Stream;
  readonly matched: number;
  readonly hits: number;
  /** Of a bottleneck: when the last message is through it. */
  readonly freeAt: Readonly<Record<Direction, Micros>>;
}

export const activate = (spec: FaultSpec): ActiveFault => ({
  spec,
  random: stream(spec.seed, spec.id),
  matched: 0,
  hits: 0,
  freeAt: { toQueue: 0, fromQueue: 0 },
});

const isCommand = (kind: PassingKind): boolean => kind === 'PING' || kind === 'PONG';

/** What a fault of this kind can do nothing to is not counted as a match either. */
function canStrike({ kind, mode }: FaultSpec, struck: PassingKind): boolean {
  if (kind === 'hold') return !isCommand(struck);
  if (kind !== 'corrupt') return true;
  if (isCommand(struck)) return false;
  const hasEnvelope = struck === 'REQUEST' || struck === 'REPLY';
  if (mode === 'type') return !hasEnvelope;
  return mode === 'structure' || hasEnvelope;
}

/** Whether this fault takes the message, and the fault after it has looked. */
export function strike(
  fault: ActiveFault,
  direction: Direction,
  kind: PassingKind,
): [hit: boolean, after: ActiveFault] {
  const { selector } = fault.spec;
  if (selector.direction !== undefined && selector.direction !== direction) return [false, fault];
  if (selector.kind === undefined ? isCommand(kind) : selector.kind !== kind) return [false, fault];
  if (!canStrike(fault.spec, kind)) return [false, fault];
  const matched = fault.matched + 1;
  if (selector.nth !== undefined && matched !== selector.nth) return [false, { ...fault, matched }];
  if (selector.every !== undefined && matched % selector.every !== 0) return [false, { ...fault, matched }];
  if (selector.count !== undefined && fault.hits >= selector.count) return [false, { ...fault, matched }];
  if (selector.probability !== undefined) {
    const [unit, random] = nextUnit(fault.random);
    if (unit >= selector.probability) return [false, { ...fault, matched, random }];
    return [true, { ...fault, matched, random, hits: fault.hits + 1 }];
  }
  return [true, { ...fault, matched, hits: fault.hits + 1 }];
}
