// The pictures of the README and of the mock-ups' situations, taken from the real system: CROWS_PICTURES=docs npx playwright test pictures

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { act, command, expect, held, live, onStage, press, test, time } from './crows-nest.ts';

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

/** Dark, English, and not for the first time. */
async function begin(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('crows-nest.settings', JSON.stringify({ introSeen: true })));
  await page.goto(`${new URL('/', page.url()).href}?theme=dark&lang=en`);
  await expect(live(page)).toBeVisible();
}

/** Holds the picture at once, by key. */
async function hold(page: Page): Promise<void> {
  await press(page, 'Space');
  await expect(held(page)).toBeVisible();
}

/** On by so many seconds, by the dialogue for it. */
async function goOn(page: Page, seconds: number): Promise<void> {
  const clock = (await page.getByRole('region', { name: 'Time' }).locator('.time').textContent()) ?? '';
  const [minutes = '0', rest = '0'] = clock.split(':');
  await press(page, 'g');
  await page
    .getByRole('dialog')
    .getByRole('textbox')
    .fill(String(60 * Number(minutes) + Number(rest) + seconds));
  await page.keyboard.press('Enter');
}

async function cut(page: Page, link: RegExp, fault: string): Promise<void> {
  await onStage(page, link).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: fault, exact: true }).click();
}

test.describe('five workers in trouble', () => {
  test.use({ flags: ['--workers', '5', '--clients', '2', '--rules', 'robust'] });
  test('the stage as in the mock-up, the clean stage, and why', async ({ presenter: page }) => {
    test.setTimeout(180_000);
    await begin(page);
    // A request every second: a worker that has just served one is next a few seconds later.
    await page.getByRole('tab', { name: 'Controls' }).click();
    for (const pace of await page.getByRole('slider', { name: /asks every/ }).all()) await pace.fill('2000');
    // Worker 5 hears nothing, and its back-off grows.
    await cut(page, /^Link of worker 5/, 'Cut the link from the queue');
    await expect(onStage(page, /^worker 5, reconnecting/)).toBeVisible({ timeout: 20_000 });
    await cut(page, /^Link of worker 2/, "Mute the queue's heartbeats to it");
    await act(page, /^worker 4, busy/, 'Kill');
    await expect(onStage(page, /^worker 4, dead.*The queue does not list it/)).toBeVisible();
    await expect.poll(() => time(page), { timeout: 60_000 }).toBeGreaterThan(20);
    await act(page, /^worker 3, (ready|works).*The queue lists it at place [2-5]/, 'Freeze');
    await expect(onStage(page, /^worker 3, frozen.*The queue does not list it/)).toBeVisible();
    await hold(page);
    // Time can be gone back to: two and a half seconds after the freeze.
    await page
      .getByRole('toolbar')
      .getByRole('button', { name: /frozen: worker 3/ })
      .last()
      .click();
    await goOn(page, 2.4);
    await onStage(page, /^worker 3, frozen/).click();
    await inBothThemes(page, 'stage');
    await page.keyboard.press('f');
    await inBothThemes(page, 'clean-stage');
    await page.keyboard.press('Escape');
  });
});

test.describe('why', () => {
  test.use({ flags: ['--workers', '4', '--clients', '1'] });
  test('an expiry, its cause and its evidence', async ({ presenter: page }) => {
    test.setTimeout(120_000);
    await begin(page);
    await expect.poll(() => time(page), { timeout: 60_000 }).toBeGreaterThan(16);
    await cut(page, /^Link of worker 3/, 'Mute its heartbeats');
    await command(page, 'until expiry');
    await expect(held(page)).toBeVisible({ timeout: 30_000 });
    await onStage(page, /^worker 3, /).click();
    await page
      .getByRole('tabpanel', { name: 'Inspector' })
      .getByRole('button', { name: /expired/i })
      .first()
      .click();
    await inBothThemes(page, 'why');
  });
});

test.describe('a crowd', () => {
  test.use({ flags: ['--workers', '60', '--clients', '8', '--rules', 'robust'] });
  test('sixty workers, and the diagram in density view', async ({ presenter: page }) => {
    test.setTimeout(240_000);
    await begin(page);
    await expect(onStage(page, /^queue\. [3-6]\d listed/)).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'Controls' }).click();
    for (const pace of await page.getByRole('slider', { name: /asks every/ }).all()) await pace.press('Home');
    await page.getByRole('tab', { name: 'Figures' }).click();
    // What starting sixty processes at once did is past.
    await expect.poll(() => time(page), { timeout: 60_000 }).toBeGreaterThan(40);
    await act(page, /^worker 47, ready/, 'Overload 5 s');
    await act(page, /^worker 35, ready/, 'Kill');
    await act(page, /^worker 17, ready/, 'Freeze');
    await expect(onStage(page, /^worker 17, frozen for [2-9]/)).toBeVisible();
    await hold(page);
    await inBothThemes(page, 'crowd');
  });
});

test.describe('two systems', () => {
  test.use({ flags: ['--workers', '2'] });
  test('the double dispatch on side B, and not on side A', async ({ presenter: page }) => {
    test.setTimeout(120_000);
    await begin(page);
    await page.getByRole('tab', { name: 'A/B' }).click();
    await page.getByRole('radio', { name: 'Double dispatch: listing against guide' }).check();
    await page.getByRole('button', { name: 'Begin the comparison' }).click();
    const latest = page.getByRole('button', { name: /given to a busy worker, side B/ });
    await expect(latest).toContainText('6', { timeout: 60_000 });
    await latest.click();
    await expect(held(page)).toBeVisible();
    await goOn(page, 0.15);
    await page.getByRole('tab', { name: 'A/B' }).click();
    await inBothThemes(page, 'compare');
  });
});
