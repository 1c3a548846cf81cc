// A/B: two real systems on one page. What differs is what was chosen; what strikes one strikes both; what is seen can be gone back to.

import type { Page } from '@playwright/test';
import { axe, expect, held, live, press, test } from './crows-nest.ts';

type Name = 'A' | 'B';

const stage = (page: Page, side: Name) => page.getByRole('region', { name: `Stage ${side}` });
const on = (page: Page, side: Name, name: RegExp) => stage(page, side).getByRole('button', { name });
const tab = (page: Page, name: string) => page.getByRole('tab', { name });

/** A row of the table of differences: side A, side B. */
async function figure(page: Page, name: string): Promise<[number, number]> {
  const cells = page.getByRole('row', { name: new RegExp(`^${name}`) }).getByRole('cell');
  const [a, b] = (await cells.allInnerTexts()).map((text) => Number.parseInt(text, 10));
  return [a ?? Number.NaN, b ?? Number.NaN];
}

async function begin(page: Page, name: string, everyMs?: number): Promise<void> {
  await tab(page, 'A/B').click();
  await page.getByRole('radio', { name }).check();
  if (everyMs !== undefined) await page.getByRole('spinbutton', { name: 'ask every, ms' }).fill(String(everyMs));
  await page.getByRole('button', { name: 'Begin the comparison' }).click();
  await expect(stage(page, 'A')).toBeVisible();
  await expect(stage(page, 'B')).toBeVisible();
}

for (const rules of ['listing', 'robust']) {
  test(`[B2] the guide’s double dispatch, live on side B, and its absence in ${rules} on side A`, async ({
    presenter: page,
  }) => {
    await begin(page, `Double dispatch: ${rules} against guide`);
    await expect(page.getByRole('button', { name: new RegExp(`^A rules: ${rules}`) })).toBeVisible();
    await expect(page.getByRole('button', { name: /^B rules: guide/ })).toBeVisible();
    // On the stage itself: a worker has a request that it works on, and another.
    await expect(on(page, 'B', /^worker \d, busy #\d+, given #\d+/).first()).toBeAttached();
    await expect.poll(async () => (await figure(page, 'given to a busy worker'))[1]).toBeGreaterThan(1);
    // Two rounds and more, answered by both, and in none of them this on side A.
    await expect.poll(async () => Math.min(...(await figure(page, 'answered')))).toBeGreaterThan(5);
    expect((await figure(page, 'given to a busy worker'))[0]).toBe(0);
    expect((await figure(page, 'given up by the client'))[0]).toBe(0);
    await expect(on(page, 'A', /given #/)).toHaveCount(0);

    // Back to the moment: the diagram and the panels are about side B there.
    await page.getByRole('button', { name: /given to a busy worker, side B/ }).click();
    await expect(held(page)).toBeVisible();
    await expect(page.getByRole('button', { name: /^B rules: guide/, pressed: true })).toBeVisible();
    await expect(page.getByRole('heading', { name: /^request of client \d given to worker/ })).toBeVisible();
    // A moment before it the table said one less, and one playhead moved both stages.
    await tab(page, 'A/B').click();
    await expect(page.getByRole('table', { name: /What came of each side/ })).toBeVisible();
    const then = (await figure(page, 'given to a busy worker'))[1];
    await press(page, ',');
    await expect.poll(async () => (await figure(page, 'given to a busy worker'))[1]).toBe(then - 1);
    await page.keyboard.press('l');
    await expect(live(page)).toBeVisible();
  });
}

test('[B3] [B7] [B9] a kill strikes both sides: Paranoid notices, Simple gives requests to nobody; a viewer sees the same and ends nothing', async ({
  presenter: page,
  crowsNest,
  context,
}) => {
  // Nobody asks but when told to: the worker that dies is at rest, and listed.
  await begin(page, 'Paranoid against Simple', 60_000);
  const viewer = await context.browser()?.newPage();
  if (!viewer) throw new Error('no browser');
  await viewer.goto(crowsNest.viewerUrl);
  await on(page, 'A', /^worker 1, ready/).waitFor();
  await on(page, 'B', /^worker 1, /).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Kill' }).press('Enter');
  await expect(on(page, 'A', /^worker 1, dead/)).toBeAttached();
  await expect(on(page, 'B', /^worker 1, dead/)).toBeAttached();
  await tab(page, 'A/B').click();
  await expect.poll(() => figure(page, 'deaths noticed')).toEqual([1, 0]);
  await page.getByRole('button', { name: 'One request of each client' }).click();
  for (const seen of [page, viewer]) {
    await tab(seen, 'A/B').click();
    await expect.poll(() => figure(seen, 'given to nobody')).toEqual([0, 1]);
    await expect.poll(() => figure(seen, 'deaths not noticed')).toEqual([0, 1]);
  }
  await expect(viewer.getByRole('button', { name: 'End the comparison' })).toHaveCount(0);
  await page.getByRole('button', { name: 'End the comparison' }).click();
  await expect(page.getByRole('region', { name: 'Stage', exact: true })).toBeVisible();
  await expect(viewer.getByRole('region', { name: 'Stage', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^worker 3, ready/ })).toBeAttached();
  await viewer.close();
});

test.describe('begun from the command line', () => {
  test.use({ flags: ['--against', 'guide', '--workers', '8', '--clients', '4'] });

  test('eight workers a side, by keyboard, in both themes and languages, wide and narrow', async ({
    presenter: page,
  }) => {
    for (const side of ['A', 'B'] as const) {
      for (const worker of [1, 8]) await on(page, side, new RegExp(`^worker ${worker}, ready`)).waitFor();
    }
    await tab(page, 'A/B').click();
    await expect(page.getByRole('table', { name: /What came of each side/ })).toBeVisible();
    for (const theme of ['dark', 'light']) {
      await expect(page.locator(`html[data-theme=${theme}]`)).toBeVisible();
      expect(await axe(page), theme).toEqual([]);
      await press(page, 'd');
    }
    await press(page, 'x');
    await expect(page.getByRole('button', { name: /^B rules: guide/, pressed: true })).toBeVisible();
    await press(page, 'f');
    await expect(page.getByRole('button', { name: /^Leave the clean stage/ })).toBeAttached();
    expect(await axe(page), 'clean stage').toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByRole('button', { name: /^A rules: listing/ })).toBeVisible();
    expect(await axe(page), '390 pixels').toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
