// `crowsnest up`: the whole stage. Prints one line once the page can be opened, and ends with everything that it started.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BACKEND_PORT,
  DEMO_LINK_DELAY_MS,
  FRONTEND_PORT,
  HEARTBEAT_INTERVAL_MS,
  HEARTBEAT_LIVENESS,
  type Side,
} from '@crows-nest/protocol';
import { Bridge } from '../bridge/bridge.ts';
import { openRecording, type RecordingFile, temporaryRecording } from '../bridge/file.ts';
import { type Hub, openHub, PageMissing, PortTaken } from '../hub/hub.ts';
import { choice, endpoint, number, onOff, readFlags, text, UsageError } from './flags.ts';

export const UP_FLAGS = {
  port: number("the page's port; 0: any free one", 0, 65_535, { fallback: 5550 }),
  open: onOff('do not open the browser', true),
  lan: onOff("open the page's port to the local network, for viewers", false),
  workers: number('workers to begin with', 0, 100, { fallback: 3 }),
  clients: number('clients to begin with', 0, 20, { fallback: 1 }),
  rules: choice('rule set of the queue', ['listing', 'guide', 'robust', 'simple'], 'listing'),
  'link-delay': number('delay of each link, each way, in ms', 0, 10_000, { fallback: DEMO_LINK_DELAY_MS }),
  'heartbeat-interval': number('heartbeat interval in ms', 50, 60_000, { fallback: HEARTBEAT_INTERVAL_MS }),
  liveness: number('how many intervals of silence are survived', 1, 20, { fallback: HEARTBEAT_LIVENESS }),
  frontend: endpoint("where guests' clients connect", `tcp://127.0.0.1:${FRONTEND_PORT}`, 'bind'),
  backend: endpoint("where guests' workers connect", `tcp://127.0.0.1:${BACKEND_PORT}`, 'bind'),
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
  const bridge = new Bridge({
    entry: ENTRY,
    queue: { rules: flags.rules, heartbeatIntervalMs: flags['heartbeat-interval'], liveness: flags.liveness },
    linkDelayMs: flags['link-delay'],
    ports,
    complain: (line) => console.error(line),
  });
  const fall = (error: unknown): void => {
    // Our own bug: nothing is left behind, and nothing is hidden [S11].
    bridge.supervisor.killAll();
    console.error(error);
    process.exit(1);
  };
  process.on('uncaughtException', fall);
  process.on('unhandledRejection', fall);
  const ended = untilAskedToEnd();

  let recording: RecordingFile | undefined;
  let hub: Hub | undefined;
  try {
    if (flags.recording || flags.record !== undefined) {
      const path = flags.record ?? temporaryRecording(bridge.startedAt);
      recording = await openRecording(path, bridge.startedAt, (line) => console.error(line));
      bridge.onBatch(recording.write);
      bridge.recording = recording.path;
    }
    // The page first: when its port is taken, nothing has been started in vain.
    hub = await openHub({ port: flags.port, lan: flags.lan, pageDir: PAGE, stage: bridge, onDefect: fall });
    await bridge.start();
    for (let i = 0; i < flags.clients; i++) await bridge.troupe.addClient();
    for (let i = 0; i < flags.workers; i++) await bridge.troupe.addWorker();
  } catch (error) {
    await hub?.close();
    await bridge.end();
    await recording?.end();
    // Of a run that never began there is nothing to keep.
    if (recording && flags.record === undefined) rmSync(dirname(recording.path), { recursive: true });
    throw mistake(error, flags);
  }

  const url = hub.launchUrl();
  console.log(`Crow's Nest ready: ${url}`);
  if (flags.lan) console.log(`For viewers: ${hub.viewUrl()}`);
  if (flags.open) openBrowser(url);
  offerFreshLinks(hub);

  await ended;
  await hub.close();
  await bridge.end();
  await recording?.end();
  if (recording) console.log(`Recorded: ${recording.path}`);
  return 0;
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
