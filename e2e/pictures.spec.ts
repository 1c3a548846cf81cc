// The pictures of the README and of the mock-ups' situations, taken from the real system: CROWS_PICTURES=docs npx playwright test pictures

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { act, expect, onStage, test } from './crows-nest.ts';

const FOLDER = process.env.CROWS_PICTURES;
const folder = fileURLToPath(new URL(`../${FOLDER ?? 'docs'}/`, import.meta.url));
test.skip(FOLDER === undefined, 'asked for with CROWS_PICTURES=FOLDER');
test.use({ viewport: { width: 1920, height: 1080 } });

async function picture(page: Page, name: string): Promise<void> {
  // The pointer leaves no mark of its own.
  await page.mouse.move(0, 0);
  // Two frames: what was asked for last is drawn.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function inBothThemes(page: Page, name: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await expect(page.locator('html')).toHaveAttribute('lang', /./);
  await picture(page, `${name}-dark`);
  await page.keyboard.press('d');
  await picture(page, `${name}-light`);
  await page.keyboard.press('d');
}

/** Holds the picture at once, by key. */
async function hold(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: /^PAUSED/ })).toBeVisible();
}

async function cut(page: Page, link: RegExp, fault: string): Promise<void> {
  await onStage(page, link).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: fault, exact: true }).click();
}

test.describe('five workers in trouble', () => {
  test.use({ flags: ['--workers', '5', '--clients', '2', '--rules', 'robust', '--work-ms', '900'] });
  test('the stage as in the mock-up, the clean stage, and why', async ({ presenter: page }) => {
    test.setTimeout(180_000);
    await page.addInitScript(() => localStorage.setItem('crows-nest.settings', JSON.stringify({ introSeen: true })));
    await page.goto(`${page.url()}?theme=dark&lang=en`);
    // Worker 5 hears nothing, until its back-off is a long one.
    await cut(page, /^Link of worker 5/, "Mute the queue's heartbeats to it");
    await expect(onStage(page, /^worker 5, reconnecting/)).toBeVisible({ timeout: 20_000 });
    await act(page, /^worker 4, (busy|works)/, 'Kill');
    await cut(page, /^Link of worker 2/, "Mute the queue's heartbeats to it");
    await act(page, /^worker 3, ready/, 'Freeze');
    await expect(onStage(page, /^worker 3, frozen for 2\.[3-9] s/)).toBeVisible();
    await hold(page);
    await onStage(page, /^worker 3, frozen/).click();
    await inBothThemes(page, 'stage');
    await page.keyboard.press('f');
    await inBothThemes(page, 'clean-stage');
    await page.keyboard.press('Escape');
  });
});

test.describe('a crowd', () => {
  test.use({ flags: ['--workers', '60', '--clients', '8', '--rules', 'robust'] });
  test('sixty workers, and the diagram in density view', async ({ presenter: page }) => {
    test.setTimeout(240_000);
    await expect(onStage(page, /^queue\. [3-6]\d listed/)).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'Figures' }).click();
    await act(page, /^worker 47, ready/, 'Overload 5 s');
    await act(page, /^worker 35, ready/, 'Kill');
    await act(page, /^worker 17, ready/, 'Freeze');
    await expect(onStage(page, /^worker 17, frozen for 2/)).toBeVisible();
    await hold(page);
    await inBothThemes(page, 'crowd');
  });
});
