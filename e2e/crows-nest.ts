// The built server for a journey: started as a user starts it, ended with the journey. And a page that tells on itself.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import axeSource from 'axe-core';

const ENTRY = fileURLToPath(new URL('../packages/server/dist/main.js', import.meta.url));
const GUESTS = ['--frontend', 'tcp://127.0.0.1:*', '--backend', 'tcp://127.0.0.1:*'];

export class CrowsNest {
  readonly #child: ChildProcess;
  /** Works once, and makes a presenter. */
  readonly launchUrl: string;

  private constructor(child: ChildProcess, launchUrl: string) {
    this.#child = child;
    this.launchUrl = launchUrl;
  }

  /** The page without a token: a viewer's. */
  get viewerUrl(): string {
    return new URL('/', this.launchUrl).href;
  }

  static start(...flags: string[]): Promise<CrowsNest> {
    const child = spawn(
      process.execPath,
      [ENTRY, 'up', '--no-open', '--no-recording', '--port', '0', ...GUESTS, ...flags],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return new Promise((resolve, reject) => {
      let said = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /ready: (\S+)/.exec(said)?.[1];
        if (url) resolve(new CrowsNest(child, url));
      });
      child.once('exit', () => reject(new Error(`the server ended: ${said}`)));
    });
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}

interface Journey {
  /** Flags of `crowsnest up`. */
  flags: string[];
  crowsNest: CrowsNest;
  /** The presenter's page, live. */
  presenter: Page;
}

/** What a page must never do: leave the origin, break the content security policy, or throw. */
function watch(page: Page, origin: string, found: string[]): void {
  page.on('pageerror', (error) => found.push(`threw: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && host !== new URL(origin).host)
      found.push(`left the origin: ${request.url()}`);
  });
}

export const test = base.extend<Journey>({
  flags: [[], { option: true }],
  crowsNest: async ({ flags }, use) => {
    const crowsNest = await CrowsNest.start(...flags);
    await use(crowsNest);
    await crowsNest.end();
  },
  presenter: async ({ page, crowsNest }, use) => {
    const found: string[] = [];
    watch(page, crowsNest.launchUrl, found);
    await page.goto(crowsNest.launchUrl);
    await expect(live(page)).toBeVisible();
    await use(page);
    expect(found).toEqual([]);
  },
});

export { expect };

export const live = (page: Page) => page.getByRole('button', { name: /^LIVE/ });

/** A thing on the stage, by what a screen reader says of it. */
export const onStage = (page: Page, name: RegExp) =>
  page.getByRole('region', { name: 'Stage' }).getByRole('button', { name });

/** Opens the actions of a peer on the stage by keyboard and chooses one. */
export async function act(page: Page, peer: RegExp, action: string | RegExp): Promise<void> {
  await onStage(page, peer).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: action }).click();
}

export const held = (page: Page) => page.getByRole('button', { name: /^PAUSED/ });

export const playhead = (page: Page) => page.getByRole('slider', { name: 'Playhead' });

/** Where the playhead stands, in seconds of what is kept. */
export const time = async (page: Page): Promise<number> => Number(await playhead(page).getAttribute('aria-valuenow'));

/** Keys go to the page, not to what was pressed last. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (const key of keys) await page.keyboard.press(key);
}

/** axe-core's findings. Evaluated in the page, past the content security policy that rightly forbids injected scripts. */
export async function axe(page: Page): Promise<unknown[]> {
  await page.evaluate(axeSource.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => ({ id, where: nodes.slice(0, 3).map((node) => node.html) }));
  });
}

/** Chooses a command by its name in the palette. */
export async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill(words);
  await page.keyboard.press('Enter');
}
