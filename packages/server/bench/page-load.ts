// What 20,000 facts a second cost a page: ours, over a real hub, and beside it in the same run one as it would be written first.

import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { FLOOD, simulate } from '../../web/bench/runs.ts';
import { openHub } from '../src/hub/hub.ts';
import { serveBenchPages } from './bench-pages.ts';
import { askObject, type Browser, type MainThread, measure, openTab } from './chromium.ts';
import { LoadStage } from './load-stage.ts';

const PAGE = process.env.BENCH_PAGE ?? fileURLToPath(new URL('../../../web/dist', import.meta.url));
const WARM_UP_MS = 4000;
const MEASURED_MS = 10_000;
/** The naive page is given less: it needs longer to work it off. */
const NAIVE_MS = 5000;
const SETTLE_MS = 2500;
/** How long a page may take for what it was sent, after the last of it. */
const PATIENCE_MS = 60_000;

interface Loaded {
  readonly thread: MainThread;
  readonly factsPerSecond: number;
  readonly sent: number;
  readonly received: number;
  /** How long it went on with what it had been sent. */
  readonly behindMs: number;
}

interface Held {
  readonly nextSeq: number;
  readonly size: number;
  readonly bytes: number;
  readonly gaps: number;
  readonly firstSeq: number;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function loadOurs(browser: Browser, run: ReturnType<typeof simulate>): Promise<Loaded> {
  const stage = new LoadStage(run);
  const hub = await openHub({ port: 0, lan: false, pageDir: PAGE, stage });
  const open = await openTab(browser, hub.viewUrl());
  await wait(WARM_UP_MS);
  const before = stage.played;
  const stop = await measure(open);
  await wait(MEASURED_MS);
  const thread = await stop();
  const factsPerSecond = (stage.played - before) / thread.seconds;
  stage.stop();
  await wait(SETTLE_MS);
  const held = await askObject<Held>(
    open.cdp,
    ['stateAt', 'nextSeq', 'droppedBefore', 'gaps'],
    `(log) => ({
      nextSeq: log.nextSeq, size: log.size, bytes: log.bytes, gaps: log.gaps.length,
      firstSeq: log.between(log.startAt - 1, log.endAt)[0].seq,
    })`,
  );
  await open.tab.close();
  await hub.close();
  // Everything from its first fact to the stage's last: what came before was in its snapshot.
  const sent = stage.lastSeq + 1 - held.firstSeq;
  const received = held.gaps === 0 && held.nextSeq === stage.lastSeq + 1 ? held.size : 0;
  return { thread, factsPerSecond, sent, received, behindMs: 0 };
}

async function loadNaive(browser: Browser, run: ReturnType<typeof simulate>): Promise<Loaded> {
  const stage = new LoadStage(run);
  const { server, url } = await serveBenchPages();
  const io = new Server(server, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  let sent = 0;
  stage.onBatch(({ events }) => {
    if (io.engine.clientsCount === 0) return;
    for (const event of events) io.emit('fact', event);
    sent += events.length;
  });
  const open = await openTab(browser, `${url}naive.html`);
  const stop = await measure(open);
  const before = sent;
  await wait(NAIVE_MS);
  stage.stop();
  const factsPerSecond = (sent - before) / (NAIVE_MS / 1000);
  const stoppedAt = performance.now();
  const done = open.tab.waitForFunction(`window.received.facts >= ${sent}`).catch(() => undefined);
  await Promise.race([done, wait(PATIENCE_MS)]);
  const behindMs = performance.now() - stoppedAt;
  const thread = await stop();
  const received = await open.tab.evaluate<number>('window.received.facts');
  await open.tab.close();
  await io.close();
  return { thread, factsPerSecond, sent, received, behindMs };
}

function line(name: string, { thread, sent, received, behindMs }: Loaded): string {
  const { frames, seconds, scriptMs, taskMs } = thread;
  const each = (ms: number): string => (frames === 0 ? 'no frame' : `${(ms / frames).toFixed(2)} ms`);
  const missing = sent === received ? 'all of them' : `${sent - received} missing`;
  const behind = behindMs > 0 ? `, the last ${(behindMs / 1000).toFixed(1)} s after it was sent` : '';
  return (
    `  ${name.padEnd(6)} script ${each(scriptMs)} a frame, main thread ${each(taskMs)} a frame, ` +
    `${(frames / seconds).toFixed(0)} frames/s; ${received} facts of ${sent}: ${missing}${behind}`
  );
}

export async function pageLoad(browser: Browser, say: (line: string) => void): Promise<void> {
  const run = simulate(FLOOD);
  const ours = await loadOurs(browser, run);
  say(
    `${Math.round(ours.factsPerSecond)} facts/s of 20 workers and 8 clients to a page in Chromium (bar: script 6 ms a frame)`,
  );
  say(line('ours', ours));
  say(line('naive', await loadNaive(browser, run)));
}
