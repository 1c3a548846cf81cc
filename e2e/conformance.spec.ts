// A guest that misbehaves is judged by what it puts on the wire, and shown so; our own worker beside it keeps to everything.

import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { Page } from '@playwright/test';
import { axe, test as base, expect, onStage } from './crows-nest.ts';

interface Socket {
  connect(endpoint: string): void;
  send(frame: string): Promise<void>;
  close(): void;
}
/** libzmq for Node, as the server has it. */
const { Dealer } = createRequire(new URL('../packages/server/package.json', import.meta.url))('zeromq') as {
  Dealer: new (options: { linger: number }) => Socket;
};

/** Where guests that are workers come in: a port that was free a moment ago. */
function freeBackend(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => resolve(`tcp://127.0.0.1:${port}`));
    });
  });
}

const test = base.extend<{ backend: string }>({
  backend: async ({ browserName: _ }, use) => use(await freeBackend()),
  flags: async ({ backend }, use) => use(['--backend', backend, '--workers', '2', '--clients', '1']),
});

const inspector = (page: Page) => page.getByRole('tabpanel', { name: 'Inspector' });
const summary = (page: Page) => inspector(page).locator('summary', { hasText: 'Conformance' });
const statement = (page: Page, text: RegExp) =>
  inspector(page).getByRole('listitem').filter({ hasText: text }).filter({ hasText: 'RFC' });

/** A raw guest on the public backend: heartbeats, and never a READY. */
async function rudeGuest(backend: string): Promise<() => void> {
  const socket = new Dealer({ linger: 0 });
  socket.connect(backend);
  await socket.send('\x02');
  const beats = setInterval(() => void socket.send('\x02').catch(() => {}), 1000);
  return () => {
    clearInterval(beats);
    socket.close();
  };
}

test('[J1] a guest that beats before it is READY has broken that, with the fact that shows it; our own worker nothing', async ({
  presenter: page,
  backend,
}) => {
  const leave = await rudeGuest(backend);
  try {
    await onStage(page, /^guest 1, /).click();
    await expect(summary(page)).toContainText(/\d met, 1 broken, \d not yet seen/);
    await summary(page).click();
    const first = statement(page, /The first that a new socket says is READY/);
    await expect(first).toContainText('broken');
    await expect(first).toContainText('RFC 6, Overall Conversation');

    // The evidence is the heartbeat itself: its time is gone to, and it is picked.
    await first.getByRole('button', { name: /^Move the picture to: HEARTBEAT/ }).click();
    await expect(page.getByRole('button', { name: /^PAUSED/ })).toBeVisible();
    await expect(summary(page)).toContainText('1 broken');
    await page.keyboard.press(',');
    // Before that nobody had broken anything.
    await expect(summary(page)).not.toContainText('broken');
    await page.keyboard.press('.');
    await first
      .getByRole('button', { name: /HEARTBEAT/ })
      .first()
      .click();
    await expect(inspector(page)).toContainText('HEARTBEAT');
    await page.keyboard.press('l');

    await onStage(page, /^worker 1, /).click();
    await expect(summary(page)).toContainText(/[5-9] met/);
    await expect(summary(page)).not.toContainText('broken');
    for (let theme = 0; theme < 2; theme++) {
      expect(await axe(page)).toEqual([]);
      await page.keyboard.press('d');
    }

    await page.getByRole('tab', { name: 'Figures' }).click();
    const all = page.getByRole('table', { name: 'Conformance of all' });
    await expect(all.getByRole('row').nth(1)).toContainText('guest 1');
    await expect(page.getByText('1 of 5 broke something')).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await all.getByRole('button', { name: /guest 1/ }).click();
    await expect(summary(page)).toContainText('1 broken');

    await page.getByRole('button', { name: '中文' }).click();
    await expect(page.locator('summary', { hasText: '合规' })).toContainText('1 条违反');
    await expect(page.getByText('新的套接字先说 READY。').first()).toBeVisible();
  } finally {
    leave();
  }
});
