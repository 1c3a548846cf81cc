// The commands that break things, as closed schemas [S4]: each fault takes the parameters that it has, within bounds, and no others.

import * as v from 'valibot';
import { DAMAGES } from './link-corrupt.ts';
import { COMMAND_NAMES, CUTS } from './link-fault.ts';
import { PROFILE_NAMES } from './link-profiles.ts';
import { DISTRIBUTIONS } from './link-time.ts';
import { FAULT_TTL_MS } from './timing.ts';

export const ms = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
export const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** The bridge's own names for peers; anything else is refused before it is looked up. */
export const peer = v.pipe(v.string(), v.maxLength(32), v.regex(/^(queue|(worker|client|guest)-[1-9]\d{0,5})$/));
export const direction = v.picklist(['toQueue', 'fromQueue']);
const kind = v.picklist(['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', 'INVALID']);
const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** How long it lasts; null: until it is healed. */
export const ttlMs = v.optional(v.nullable(whole(100, 3_600_000)), FAULT_TTL_MS);

const few = v.optional(whole(1, 1_000_000));
const which = { direction: v.optional(direction), nth: few, every: few, count: few, probability: v.optional(chance) };
const messages = { ...which, message: v.optional(kind) };
/** Where ZMTP's own heartbeats can be named too. */
const anything = { ...which, message: v.optional(v.picklist([...kind.options, ...COMMAND_NAMES])) };
const late = {
  extraMs: v.optional(ms(10_000)),
  jitterMs: v.optional(ms(5_000)),
  distribution: v.optional(v.picklist(DISTRIBUTIONS)),
};

const fault = <K extends string, E extends v.ObjectEntries>(of: K, entries: E) =>
  v.strictObject({ type: v.literal('fault.apply'), link: peer, kind: v.literal(of), ttlMs, ...entries });

export const FaultApply = v.variant('kind', [
  fault('drop', anything),
  fault('corrupt', { ...messages, mode: v.optional(v.picklist(DAMAGES), 'payload') }),
  fault('duplicate', { ...anything, copies: v.optional(whole(1, 10), 1) }),
  fault('bandwidth', { ...messages, bytesPerSecond: whole(100, 125_000_000) }),
  fault('delay', { ...anything, ...late }),
  fault('reorder', { ...anything, ...late }),
  fault('hold', messages),
  fault('partition', { direction: v.optional(direction), mode: v.optional(v.picklist(CUTS), 'stopped') }),
  fault('hang', {}),
]);

const command = <T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.strictObject({ type: v.literal(type), ...entries });

export const faultId = v.pipe(v.string(), v.regex(/^f[1-9]\d{0,5}$/));
const msg = whole(1, Number.MAX_SAFE_INTEGER);

/** The others: profiles, what strikes once, and what lasts on a process. */
export const FAULT_COMMANDS = [
  /** Null: the link as it is by itself. */
  command('link.profile', { link: peer, profile: v.nullable(v.picklist(PROFILE_NAMES)), ttlMs }),
  command('link.reset', { link: peer }),
  command('link.close', { link: peer }),
  /** One that is on its way now. */
  command('message.drop', { msg }),
  /** An earlier one once more: the last of its direction, or that one. */
  command('message.replay', { link: peer, direction: v.optional(direction), msg: v.optional(msg) }),
  command('process.stop', { peer }),
  command('process.pause', { peer, ttlMs }),
  command('process.slow', { peer, factor: v.optional(v.pipe(v.number(), v.minValue(1.1), v.maxValue(20)), 3), ttlMs }),
  command('process.mute', { peer, ttlMs }),
  command('fault.step', { fault: faultId }),
  command('fault.heal', { fault: faultId }),
  /** From now on it lasts so long; null: until it is healed. */
  command('fault.prolong', { fault: faultId, ttlMs }),
] as const;
