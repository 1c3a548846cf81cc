// What a page may ask of the bridge: one closed schema and one role a command. A command without a role does not compile [S3] [S4].

import * as v from 'valibot';
import { chance, FAULT_COMMANDS, FaultApply, ms, peer } from './commands-faults.ts';
import type { Refused } from './refusals.ts';
import { HEARTBEAT_INTERVAL_MS, HEARTBEAT_LIVENESS, MAX_COMPARED, MAX_WORKERS } from './timing.ts';

export type AudienceRole = 'presenter' | 'viewer';
/** Of two that are compared; one troupe is side A alone. */
export type SideName = 'a' | 'b';

const command = <T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.strictObject({ type: v.literal(type), ...entries });

const integer = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const pattern = v.picklist(['paranoid', 'simple']);
const rules = v.picklist(['listing', 'guide', 'robust', 'simple']);

/** How one side differs from the other. */
const Compared = v.strictObject({
  rules: v.optional(rules, 'listing'),
  heartbeatIntervalMs: v.optional(integer(50, 60_000), HEARTBEAT_INTERVAL_MS),
  liveness: v.optional(integer(1, 20), HEARTBEAT_LIVENESS),
  /** Of its workers. */
  pattern: v.optional(pattern, 'paranoid'),
});
export type Compared = v.InferOutput<typeof Compared>;

export const Command = v.variant('type', [
  command('worker.add', {
    count: v.optional(integer(1, MAX_WORKERS), 1),
    pattern: v.optional(pattern, 'paranoid'),
    dialect: v.optional(v.picklist(['rfc', 'text']), 'text'),
    workMs: v.optional(ms(60_000)),
    crashChance: v.optional(chance),
    overloadChance: v.optional(chance),
    replyFirst: v.optional(v.boolean()),
    quietWhileBusy: v.optional(v.boolean()),
  }),
  command('client.add', {
    everyMs: v.optional(ms(60_000)),
    timeoutMs: v.optional(integer(50, 60_000)),
    tries: v.optional(integer(1, 20)),
  }),
  command('client.pace', { peer, everyMs: ms(60_000) }),
  command('peer.remove', { peer }),
  command('link.delay', { link: v.optional(peer), delayMs: ms(10_000), jitterMs: v.optional(ms(5_000), 0) }),
  command('process.kill', { peer }),
  command('process.resume', { peer }),
  command('process.overload', {
    peer,
    ms: v.optional(integer(1, 60_000), 5000),
  }),
  command('process.restart', { peer, identity: v.optional(v.picklist(['same', 'new']), 'new') }),
  command('queue.configure', {
    rules: v.optional(rules),
    heartbeatIntervalMs: v.optional(integer(50, 60_000)),
    liveness: v.optional(integer(1, 20)),
  }),
  /** In place of what is on: two troupes of as many workers and clients, under the same requests and the same faults. */
  command('comparison.begin', {
    a: Compared,
    b: Compared,
    workers: v.optional(integer(1, MAX_COMPARED.worker), 3),
    clients: v.optional(integer(1, MAX_COMPARED.client), 2),
    workMs: v.optional(ms(60_000)),
    replyFirst: v.optional(v.boolean()),
    quietWhileBusy: v.optional(v.boolean()),
    timeoutMs: v.optional(integer(50, 60_000)),
    /** Of all clients, on one beat. */
    everyMs: v.optional(ms(60_000), 1000),
  }),
  /** Back to one troupe, begun anew. */
  command('comparison.end', {}),
  /** On both sides each client that waits for it begins its next request. */
  command('client.ask', {}),
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
  'client.ask': 'presenter',
  'comparison.begin': 'presenter',
  'comparison.end': 'presenter',
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
      /** Which of two that are compared refused, when it was not both for the same reason. */
      side?: SideName;
      /** The other, if it has done it. */
      doneOn?: SideName;
    };

/** A command from outside, or what is wrong with it in one line. Total: no input throws. */
export function readCommand(input: unknown): { command: Command } | { malformed: string } {
  const parsed = v.safeParse(Command, input);
  if (parsed.success) return { command: parsed.output };
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue);
  return { malformed: `${path ?? 'command'}: ${issue.message}`.slice(0, 200) };
}
