// What a page may ask of the bridge: one closed schema and one role a command. A command without a role does not compile [S3] [S4].

import * as v from 'valibot';
import { chance, FAULT_COMMANDS, FaultApply, ms, peer } from './commands-faults.ts';
import type { Refused } from './refusals.ts';
import { MAX_WORKERS } from './timing.ts';

export type AudienceRole = 'presenter' | 'viewer';

const command = <T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.strictObject({ type: v.literal(type), ...entries });

export const Command = v.variant('type', [
  command('worker.add', {
    count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_WORKERS)), 1),
    pattern: v.optional(v.picklist(['paranoid', 'simple']), 'paranoid'),
    dialect: v.optional(v.picklist(['rfc', 'text']), 'text'),
    workMs: v.optional(ms(60_000)),
    crashChance: v.optional(chance),
    overloadChance: v.optional(chance),
    replyFirst: v.optional(v.boolean()),
    quietWhileBusy: v.optional(v.boolean()),
  }),
  command('client.add', {
    everyMs: v.optional(ms(60_000)),
    timeoutMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(50), v.maxValue(60_000))),
    tries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20))),
  }),
  command('client.pace', { peer, everyMs: ms(60_000) }),
  command('peer.remove', { peer }),
  command('link.delay', { link: v.optional(peer), delayMs: ms(10_000), jitterMs: v.optional(ms(5_000), 0) }),
  command('process.kill', { peer }),
  command('process.resume', { peer }),
  command('process.overload', {
    peer,
    ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60_000)), 5000),
  }),
  command('process.restart', { peer, identity: v.optional(v.picklist(['same', 'new']), 'new') }),
  command('queue.configure', {
    rules: v.optional(v.picklist(['listing', 'guide', 'robust', 'simple'])),
    heartbeatIntervalMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(50), v.maxValue(60_000))),
    liveness: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20))),
  }),
  FaultApply,
  ...FAULT_COMMANDS,
  command('heal.all', {}),
]);

export type Command = v.InferOutput<typeof Command>;
/** A command as a page writes it: what has a default may be left out. */
export type CommandRequest = v.InferInput<typeof Command>;
export type CommandType = Command['type'];

/** Who may give which command. A new command has no entry, and then this does not compile. */
export const COMMAND_ROLE: Record<CommandType, AudienceRole> = {
  'worker.add': 'presenter',
  'client.add': 'presenter',
  'client.pace': 'presenter',
  'peer.remove': 'presenter',
  'link.delay': 'presenter',
  'process.kill': 'presenter',
  'process.pause': 'presenter',
  'process.resume': 'presenter',
  'process.overload': 'presenter',
  'process.restart': 'presenter',
  'queue.configure': 'presenter',
  'fault.apply': 'presenter',
  'fault.step': 'presenter',
  'link.profile': 'presenter',
  'link.reset': 'presenter',
  'link.close': 'presenter',
  'message.drop': 'presenter',
  'message.replay': 'presenter',
  'process.stop': 'presenter',
  'process.slow': 'presenter',
  'process.mute': 'presenter',
  'fault.heal': 'presenter',
  'fault.prolong': 'presenter',
  'heal.all': 'presenter',
};

/** Why a command was not carried out. `refused`: it was understood, and `refusal` says why not; `message` is the same in English. */
export type RefusalCode = 'malformed' | 'forbidden' | 'limited' | 'refused' | 'failed';
export type CommandAnswer =
  | { ok: true }
  | {
      ok: false;
      code: RefusalCode;
      message: string;
      refusal?: Refused;
      /** Which of two that are compared. */
      side?: 'a' | 'b';
    };

/** A command from outside, or what is wrong with it in one line. Total: no input throws. */
export function readCommand(input: unknown): { command: Command } | { malformed: string } {
  const parsed = v.safeParse(Command, input);
  if (parsed.success) return { command: parsed.output };
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue);
  return { malformed: `${path ?? 'command'}: ${issue.message}`.slice(0, 200) };
}
