// crowsnest: one entry, the commands by name. Each role is loaded only when it is wanted, so that a worker starts fast.

import { describeFlags, type Flags, UsageError } from './commands/flags.ts';

interface Entry {
  readonly does: string;
  run(args: readonly string[]): Promise<number>;
  flags(): Promise<Flags>;
}

const actors = () => import('./commands/actors.ts');
const COMMANDS: Record<string, Entry> = {
  up: {
    does: 'the whole stage: queue, workers, clients and the page (the default)',
    run: async (args) => (await import('./commands/up.ts')).upCommand(args),
    flags: async () => (await import('./commands/up.ts')).UP_FLAGS,
  },
  queue: {
    does: 'a Paranoid Pirate queue',
    run: async (args) => (await actors()).queueCommand(args),
    flags: async () => (await actors()).QUEUE_FLAGS,
  },
  worker: {
    does: 'a Paranoid Pirate worker',
    run: async (args) => (await actors()).workerCommand(args),
    flags: async () => (await actors()).WORKER_FLAGS,
  },
  client: {
    does: 'a Lazy Pirate client',
    run: async (args) => (await actors()).clientCommand(args),
    flags: async () => (await actors()).CLIENT_FLAGS,
  },
  sim: {
    does: 'many simulated hours, checked against the invariants',
    run: async (args) => (await import('./commands/sim.ts')).simCommand(args),
    flags: async () => (await import('./commands/sim.ts')).SIM_FLAGS,
  },
};

async function help(name: string | undefined): Promise<string> {
  const entry = name === undefined ? undefined : COMMANDS[name];
  if (entry) return `crowsnest ${name}: ${entry.does}\n\n${describeFlags(await entry.flags())}\n`;
  const rows = Object.entries(COMMANDS).map(([key, { does }]) => `  ${key.padEnd(8)}${does}`);
  return `crowsnest [COMMAND] [FLAGS]: the Paranoid Pirate Pattern, live\n\n${rows.join('\n')}\n\ncrowsnest COMMAND --help lists its flags.\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  // Not for people: started by `up`, beside it.
  if (first === 'reaper') {
    const { launchReaper, reap } = await import('./bridge/reaper.ts');
    return rest[0] === 'proper' ? reap() : launchReaper(process.argv[1] ?? '');
  }
  const named = first !== undefined && !first.startsWith('-');
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(await help(named ? first : undefined));
    return 0;
  }
  const entry = COMMANDS[named ? first : 'up'];
  if (!entry)
    throw new UsageError(
      `there is no command "${first?.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)}": see crowsnest --help`,
    );
  return entry.run(named ? rest : args);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`crowsnest: ${error.message}`);
    process.exit(2);
  },
);
