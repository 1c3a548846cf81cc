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
const NAIVE_MS = 3000;
const SETTLE_MS = 2500;
/** How long a page may take for what it was sent, after the last of it. */
const PATIENCE_MS = 60_000;

interface Loaded {
  /** undefined: the page did not answer any more. */
  readonly thread: MainThread | undefined;
  /** How long it was sent facts. */
  readonly loadMs: number;
  readonly sent: number;
  readonly received: number;
  /** How long it went on with what it had been sent. undefined: longer than one waits. */
  readonly behindMs: number | undefined;
}

interface Held {
  readonly nextSeq: number;
  readonly size: number;
  readonly bytes: number;
  readonly gaps: number;
  readonly firstSeq: number;
}

/** What comes of it, or undefined when it takes too long or comes to nothing. */
const within = <T>(ms: number, coming: Promise<T>): Promise<T | undefined> =>
  Promise.race([coming.catch(() => undefined), wait(ms).then(() => undefined)]);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function loadOurs(browser: Browser, run: ReturnType<typeof simulate>): Promise<Loaded> {
  const stage = new LoadStage(run);
  const hub = await openHub({ port: 0, lan: false, pageDir: PAGE, stage });
  const open = await openTab(browser, hub.viewUrl());
  const openedAt = performance.now();
  await wait(WARM_UP_MS);
  const stop = await measure(open);
  await wait(MEASURED_MS);
  const thread = await stop();
  stage.stop();
  const loadMs = performance.now() - openedAt;
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
  return { thread, loadMs, sent, received, behindMs: 0 };
}

async function loadNaive(browser: Browser, run: ReturnType<typeof simulate>): Promise<Loaded> {
  const stage = new LoadStage(run);
  const { server, url } = await serveBenchPages();
  const io = new Server(server, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  let sent = 0;
  let sending = false;
  stage.onBatch(({ events }) => {
    if (!sending) return;
    for (const event of events) io.emit('fact', event);
    sent += events.length;
  });
  const open = await openTab(browser, `${url}naive.html`);
  const stop = await measure(open);
  // Not before it is read for the first time: under load it may not answer at all.
  sending = true;
  const sendingAt = performance.now();
  await wait(NAIVE_MS);
  stage.stop();
  const loadMs = performance.now() - sendingAt;
  const stoppedAt = performance.now();
  const all = open.tab.waitForFunction(`window.received.facts >= ${sent}`).then(() => performance.now() - stoppedAt);
  const behindMs = await within(PATIENCE_MS, all);
  const thread = await within(PATIENCE_MS, stop());
  const received = (await within(PATIENCE_MS, open.tab.evaluate<number>('window.received.facts'))) ?? 0;
  await within(PATIENCE_MS, open.tab.close());
  await io.close();
  return { thread, loadMs, sent, received, behindMs };
}

function line(name: string, { thread, loadMs, sent, received, behindMs }: Loaded): string {
  const missing = sent === received ? 'all of them' : `${sent - received} missing`;
  const taken = behindMs === undefined ? 0 : received / (loadMs + behindMs);
  const behind =
    behindMs === 0
      ? ''
      : `, the last ${behindMs === undefined ? 'still to come' : `${(behindMs / 1000).toFixed(1)} s after it was sent`}`;
  const { frames, seconds, scriptMs, taskMs } = thread ?? { frames: 0, seconds: 1, scriptMs: 0, taskMs: 0 };
  const each = (ms: number): string => (frames === 0 ? 'not measured' : `${(ms / frames).toFixed(2)} ms`);
  return (
    `  ${name.padEnd(6)} script ${each(scriptMs)} a frame, main thread ${each(taskMs)} a frame, ` +
    `${(frames / seconds).toFixed(0)} frames/s; ${received} facts of ${sent}, ${missing}${behind}: ${Math.round(taken * 1000)} a second`
  );
}

export async function pageLoad(browser: Browser, say: (line: string) => void): Promise<void> {
  const run = simulate(FLOOD);
  const ours = await loadOurs(browser, run);
  say('20,000 facts a second of 20 workers and 8 clients to a page in Chromium (bar: script 6 ms a frame)');
  say(line('ours', ours));
  say(line('naive', await loadNaive(browser, run)));
}
