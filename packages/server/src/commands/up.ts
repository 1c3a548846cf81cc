// `crowsnest up`: the whole stage. Prints one line once the page can be opened, and ends with everything that it started.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BACKEND_PORT,
  type Compared,
  DEMO_LINK_DELAY_MS,
  FRONTEND_PORT,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  MAX_COMPARED,
  type Side,
} from '@crows-nest/protocol';
import { temporaryRecording } from '../bridge/file.ts';
import { Programme } from '../bridge/programme.ts';
import { Refusal } from '../bridge/refusal.ts';
import { type Hub, openHub, PageMissing, PortTaken } from '../hub/hub.ts';
import { choice, endpoint, number, onOff, readFlags, text, UsageError, type Values } from './flags.ts';

const RULES = ['listing', 'guide', 'robust', 'simple'] as const;
const PATTERNS = ['paranoid', 'simple'] as const;

export const UP_FLAGS = {
  port: number("the page's port; 0: any free one", 0, 65_535, { fallback: 5550 }),
  open: onOff('do not open the browser', true),
  lan: onOff("open the page's port to the local network, for viewers", false),
  workers: number('workers to begin with', 0, 100, { fallback: 3 }),
  clients: number('clients to begin with', 0, 20, { fallback: 1 }),
  rules: choice('rule set of the queue', RULES, 'listing'),
  pattern: choice('pattern of the workers', PATTERNS, 'paranoid'),
  'link-delay': number('delay of each link, each way, in ms', 0, 10_000, { fallback: DEMO_LINK_DELAY_MS }),
  'heartbeat-interval': number('heartbeat interval in ms', 50, 60_000, { fallback: HEARTBEAT_INTERVAL_MS }),
  liveness: number('how many intervals of silence are survived', 1, 20, { fallback: HEARTBEAT_LIVENESS }),
  against: choice('begin with a comparison (A/B): B is the same, with these rules', RULES, undefined),
  'against-pattern': choice('a comparison: B with workers of this pattern', PATTERNS, undefined),
  'against-interval': number<number | undefined>('a comparison: B with this heartbeat interval in ms', 50, 60_000),
  'against-liveness': number<number | undefined>('a comparison: B with this liveness', 1, 20),
  frontend: endpoint(
    "where guests' clients connect, while nothing is compared",
    `tcp://127.0.0.1:${FRONTEND_PORT}`,
    'bind',
  ),
  backend: endpoint(
    "where guests' workers connect, while nothing is compared",
    `tcp://127.0.0.1:${BACKEND_PORT}`,
    'bind',
  ),
  record: text<string | undefined>('FILE', 'record to this file, not to a temporary one', undefined, /^[^\0]+$/),
  recording: onOff('keep no recording', true),
};

/** Both are the same file when it is not bundled; either way it is the entry beside this chunk. */
const ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../../web/dist/', import.meta.url));

export async function upCommand(args: readonly string[]): Promise<number> {
  const flags = readFlags(UP_FLAGS, args);
  const ports: Record<Side, number> = {
    frontend: loopbackPort('frontend', flags.frontend),
    backend: loopbackPort('backend', flags.backend),
  };
  const sides = sidesOf(flags);
  const isTemporary = flags.recording && flags.record === undefined;
  const record = isTemporary ? temporaryRecording(new Date().toISOString()) : flags.record;
  const programme = new Programme({
    entry: ENTRY,
    ...sides,
    company: { clients: flags.clients, workers: flags.workers },
    linkDelayMs: flags['link-delay'],
    ports,
    record,
    say: (line) => console.log(line),
    complain: (line) => console.error(line),
  });
  const fall = (error: unknown): void => {
    // Our own bug: nothing is left behind, and nothing is hidden [S11].
    programme.killAll();
    console.error(error);
    process.exit(1);
  };
  process.on('uncaughtException', fall);
  process.on('unhandledRejection', fall);
  const ended = untilAskedToEnd();

  let hub: Hub | undefined;
  try {
    await programme.record();
    // The page first: when its port is taken, nothing has been started in vain.
    hub = await openHub({ port: flags.port, lan: flags.lan, pageDir: PAGE, stage: programme, onDefect: fall });
    await programme.start();
  } catch (error) {
    await hub?.close();
    await programme.discard();
    if (isTemporary && record !== undefined) rmSync(dirname(record), { recursive: true });
    throw mistake(error, flags);
  }

  const url = hub.launchUrl();
  console.log(`Crow's Nest ready: ${url}`);
  if (flags.lan) console.log(`For viewers: ${hub.viewUrl()}`);
  if (flags.open) openBrowser(url);
  offerFreshLinks(hub);

  await ended;
  await hub.close();
  await programme.end();
  for (const path of programme.recorded) console.log(`Recorded: ${path}`);
  return 0;
}

/** The one troupe, and the other when it begins with two. */
function sidesOf(flags: Values<typeof UP_FLAGS>): { troupe: Compared; against: Compared | undefined } {
  const { rules, liveness, pattern } = flags;
  const troupe: Compared = { rules, liveness, pattern, heartbeatIntervalMs: flags['heartbeat-interval'] };
  const other = {
    rules: flags.against,
    pattern: flags['against-pattern'],
    liveness: flags['against-liveness'],
    heartbeatIntervalMs: flags['against-interval'],
  };
  if (Object.values(other).every((knob) => knob === undefined)) return { troupe, against: undefined };
  for (const role of ['worker', 'client'] as const) {
    const most = MAX_COMPARED[role];
    if (flags[`${role}s`] > most) throw new UsageError(`--${role}s takes at most ${most} in a comparison`);
  }
  return {
    troupe,
    against: {
      rules: other.rules ?? rules,
      pattern: other.pattern ?? pattern,
      liveness: other.liveness ?? liveness,
      heartbeatIntervalMs: other.heartbeatIntervalMs ?? troupe.heartbeatIntervalMs,
    },
  };
}

/** The guests' taps stay on loopback in every mode [S1]. */
function loopbackPort(name: Side, at: string): number {
  const { host, port } = /^tcp:\/\/(?<host>.*):(?<port>\d+|\*)$/.exec(at)?.groups ?? {};
  if (host !== '127.0.0.1' && host !== 'localhost') {
    throw new UsageError(`--${name} takes an address on this machine, like tcp://127.0.0.1:5555, not "${at}"`);
  }
  return port === '*' ? 0 : Number(port);
}

function mistake(
  error: unknown,
  flags: { frontend: string; backend: string; record: string | undefined; port: number },
): unknown {
  if (error instanceof PortTaken) {
    return new UsageError(
      `port ${flags.port} is taken: end what listens there (another Crow's Nest?), or choose another with --port`,
    );
  }
  if (error instanceof Refusal) return new UsageError(error.message);
  if (error instanceof PageMissing) return new UsageError('the page is not built: run npm start in the project once');
  const { code, syscall, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (syscall === 'open')
    return new UsageError(
      `--record ${path}: ${code === 'EEXIST' ? 'there is such a file already' : 'it cannot be written'}`,
    );
  if (code === 'EADDRINUSE') {
    const flag = flags.frontend.endsWith(`:${port}`) ? 'frontend' : 'backend';
    return new UsageError(
      `port ${port} is taken: end what listens there, or choose another with --${flag} tcp://127.0.0.1:PORT`,
    );
  }
  if (code === 'EACCES') return new UsageError(`port ${port ?? flags.port} may not be bound: choose one above 1023`);
  return error;
}

const untilAskedToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

/** A link works once; who needs another one presses Enter. */
function offerFreshLinks(hub: Hub): void {
  if (!process.stdin.isTTY) return;
  console.log('Press Enter for a fresh presenter link, Ctrl-C to end.');
  process.stdin.on('data', () => console.log(hub.launchUrl()));
  process.stdin.unref();
}

/** Best effort: the link stands in the terminal anyway. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  if (command === 'xdg-open' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const browser = spawn(command ?? '', args, { stdio: 'ignore', detached: true });
  browser.on('error', () => {});
  browser.unref();
}
