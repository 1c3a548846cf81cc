// A Chromium to measure in, driven by the Playwright of the journeys; and what is asked of it.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Cdp {
  // biome-ignore lint/suspicious/noExplicitAny: what a command answers is as the protocol says
  send(command: string, parameters?: object): Promise<any>;
}

export interface Tab {
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  waitForFunction(expression: string): Promise<unknown>;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  context(): { newCDPSession(tab: Tab): Promise<Cdp> };
  close(): Promise<void>;
}

export interface Browser {
  newPage(options: { viewport: { width: number; height: number } }): Promise<Tab>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser>; executablePath(): string };
}

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** undefined: there is none on this machine. */
export async function openChromium(): Promise<Browser | undefined> {
  const require = createRequire(new URL('../../../../e2e/package.json', import.meta.url));
  const { chromium } = require('@playwright/test') as Playwright;
  const paths = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    chromium.executablePath(),
  ];
  const executablePath = paths.find((path) => path && existsSync(path));
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: ARGS });
}

export async function openTab(browser: Browser, url: string): Promise<{ tab: Tab; cdp: Cdp }> {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  tab.on('pageerror', (error) => console.log(`  the page: ${error.message}`));
  const cdp = await tab.context().newCDPSession(tab);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await tab.goto(url);
  await tab.evaluate(
    'window.frames_ = 0; requestAnimationFrame(function f() { window.frames_++; requestAnimationFrame(f); })',
  );
  return { tab, cdp };
}

export interface MainThread {
  readonly frames: number;
  readonly seconds: number;
  /** Milliseconds of the main thread's own CPU. */
  readonly scriptMs: number;
  readonly taskMs: number;
}

/** Begins to measure; what it answers ends that. It waits for the page, however far behind that is. */
export async function measure(open: { tab: Tab; cdp: Cdp }): Promise<() => Promise<MainThread>> {
  const before = await read(open);
  return async () => {
    const after = await read(open);
    return {
      frames: after.frames - before.frames,
      seconds: (after.at - before.at) / 1000,
      scriptMs: (after.script - before.script) * 1000,
      taskMs: (after.task - before.task) * 1000,
    };
  };
}

async function read({ tab, cdp }: { tab: Tab; cdp: Cdp }) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const value = (name: string): number =>
    (metrics as { name: string; value: number }[]).find((metric) => metric.name === name)?.value ?? 0;
  const frames = await tab.evaluate<number>('window.frames_');
  return { at: performance.now(), frames, script: value('ScriptDuration'), task: value('TaskDuration') };
}

/** Of everything on the page's heap the first that has these names: a way to ask the page itself, with nothing put there for it. */
export async function askObject<T>(cdp: Cdp, names: readonly string[], answer: string): Promise<T> {
  const prototype = await cdp.send('Runtime.evaluate', { expression: 'Object.prototype' });
  const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: prototype.result.objectId });
  const { result } = await cdp.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    returnByValue: true,
    functionDeclaration: `function () {
      const names = ${JSON.stringify(names)};
      for (const it of this) {
        if (Object.getPrototypeOf(it) !== Object.prototype && names.every((name) => name in it)) return (${answer})(it);
      }
    }`,
  });
  await cdp.send('Runtime.releaseObject', { objectId: objects.objectId });
  return result.value as T;
}
