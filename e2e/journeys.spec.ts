import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { act, axe, command, expect, held, live, onStage, playhead, press, test, time } from './crows-nest.ts';

const inspector = (page: Page) => page.getByRole('tabpanel', { name: 'Inspector' });

/** Waits until the trace of this page is so long, in seconds. */
const hasRun = (page: Page, seconds: number) =>
  expect
    .poll(async () => Number(await playhead(page).getAttribute('aria-valuemax')), { timeout: 30_000 })
    .toBeGreaterThan(seconds);

async function applyFault(page: Page, peer: number, fault: string): Promise<void> {
  await onStage(page, new RegExp(`^Link of worker ${peer},`)).focus();
  await page.keyboard.press('Enter');
  await inspector(page).getByRole('button', { name: fault, exact: true }).click();
  await expect(onStage(page, new RegExp(`^Link of worker ${peer},.*(drop|stopped)`))).toBeAttached();
}

test.describe('time', () => {
  test('[V5] pause and rewind while live: what is dead is alive again, and dead again live', async ({
    presenter: page,
  }) => {
    await hasRun(page, 6);
    await act(page, /^worker 2, /, 'Kill');
    await expect(onStage(page, /^worker 2, dead/)).toBeVisible();
    await press(page, 'Space');
    await expect(held(page)).toBeVisible();
    const now = await time(page);
    await press(page, 'ArrowLeft');
    await expect(onStage(page, /^worker 2, (ready|busy|works)/)).toBeVisible();
    expect(await time(page)).toBeCloseTo(now - 5, 0);
    // Held means held: the system runs on, and the picture does not.
    const edge = Number(await playhead(page).getAttribute('aria-valuemax'));
    await hasRun(page, edge + 1);
    expect(await time(page)).toBeCloseTo(now - 5, 0);
    await press(page, 'Space');
    await expect(onStage(page, /^worker 2, dead/)).toBeVisible({ timeout: 15_000 });
    await press(page, 'l');
    await expect(live(page)).toBeVisible();
    await expect(onStage(page, /^worker 2, dead/)).toBeVisible();
  });

  test('[V5] step through one request: client, queue, worker and back, each hop at its time', async ({
    presenter: page,
  }) => {
    await hasRun(page, 5);
    await page.getByRole('tab', { name: 'Wire log' }).click();
    await press(page, 'Space');
    const log = page.getByRole('tabpanel', { name: 'Wire log' });
    await log
      .getByRole('option', { name: /REQUEST.*client 1 → queue/ })
      .first()
      .click();
    await page.getByRole('tab', { name: 'Inspector' }).click();
    await press(page, '0');
    const journey = inspector(page).getByRole('listitem');
    const seen: number[] = [];
    let before = await time(page);
    // To the client's next fact, and the next: the journey grows hop by hop as the picture comes to it.
    for (let i = 0; i < 400 && (seen.at(-1) ?? 0) < 4; i++) {
      await page.keyboard.press('.');
      const now = await time(page);
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
      const hops = await journey.filter({ hasText: '→' }).count();
      if (hops !== seen.at(-1)) seen.push(hops);
    }
    expect(seen.filter((hops) => hops > 0)).toEqual([1, 2, 3, 4]);
  });

  test('[V6] slower, faster, schematic: the page says each', async ({ presenter: page }) => {
    await press(page, '<');
    await expect(page.getByRole('slider', { name: 'speed' })).toHaveAttribute('aria-valuetext', /×\s*1\/2/);
    await expect(page.getByRole('button', { name: /^BEHIND|^−/ }).first()).toBeVisible();
    await press(page, 'l', 'e');
    await expect(page.getByText(/schematic/).first()).toBeVisible();
    await press(page, 'e');
  });
});

test.describe('why', () => {
  test.use({ flags: ['--clients', '0'] });
  test('[V5] run until the next expiry: it waits for what has not happened, and holds exactly there', async ({
    presenter: page,
  }) => {
    await command(page, 'until expiry');
    await expect(page.getByText(/running until the next expiry/i).first()).toBeVisible();
    await act(page, /^worker 3, ready/, 'Kill');
    await expect(held(page)).toBeVisible({ timeout: 15_000 });
    await expect(onStage(page, /^worker 3, dead.*The queue does not list it/)).toBeVisible();
    await press(page, ',');
    await expect(onStage(page, /^worker 3, dead.*The queue lists it/)).toBeVisible();
  });

  test('[Y1] [Y2] why did this worker expire? the moment, the cause, the evidence, and back to it', async ({
    presenter: page,
  }) => {
    await act(page, /^worker 2, ready/, 'Freeze');
    const moment = page.getByRole('toolbar', { name: /Moments/ }).getByRole('button', { name: /expired: worker 2/ });
    await expect(moment).toBeVisible({ timeout: 15_000 });
    await moment.click();
    await expect(held(page)).toBeVisible();
    await onStage(page, /^worker 2, /).click();
    await inspector(page)
      .getByRole('button', { name: /expired/i })
      .first()
      .click();
    const why = inspector(page).getByRole('region', { name: 'Why?' });
    await expect(why).toContainText(/last heard 3\.\d+\ss ago/);
    await expect(why).toContainText(/frozen|stopped/);
    // The evidence leads to the moment itself.
    const before = await time(page);
    await why
      .getByRole('button', { name: /frozen|stopped|paused/i })
      .last()
      .click();
    await expect.poll(() => time(page)).toBeLessThanOrEqual(before);
  });
});

test.describe('two-sided liveness', () => {
  test.use({ flags: ['--clients', '0', '--link-delay', '20'] });
  test('a cut towards the queue: the queue forgets a worker that still believes in it', async ({ presenter: page }) => {
    await applyFault(page, 1, 'Cut the link to the queue');
    // Soon it will hear nothing either, since a queue beats only for whom it lists: held where the two beliefs differ.
    await command(page, 'until expiry');
    await expect(held(page)).toBeVisible({ timeout: 15_000 });
    await expect(
      onStage(page, /^worker 1, .*The queue does not list it\..*Its belief in the queue: [23] of 3/),
    ).toBeVisible({ timeout: 15_000 });
    await expect(onStage(page, /^worker 2, ready\. The queue lists it/)).toBeVisible();
  });

  test('a cut from the queue: the worker gives up a queue that still lists it', async ({ presenter: page }) => {
    await applyFault(page, 1, 'Cut the link from the queue');
    await expect(onStage(page, /^worker 1, .*The queue lists it.*Its belief in the queue: 1 of 3/)).toBeVisible({
      timeout: 15_000,
    });
    await expect(onStage(page, /^worker 1, reconnecting/)).toBeVisible({ timeout: 15_000 });
  });
});

test.describe('comfort', () => {
  test('in 中文 at once and everywhere: time bar, diagram, figures, help, palette', async ({ presenter: page }) => {
    await page.getByRole('button', { name: '中文' }).click();
    for (const name of ['时间', '时空图']) await expect(page.getByRole('region', { name })).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText('键');
    await page.keyboard.press('Escape');
    // All that is read aloud or shown as text has been said in Chinese: no control keeps an English name.
    const english = () =>
      page.getByRole('button').evaluateAll((buttons) =>
        buttons
          .map((b) => b.getAttribute('aria-label') ?? b.textContent ?? '')
          // Names of peers, of keys and of the protocol's own words are the same in both.
          .filter((name) => /[a-z]{4,}/.test(name.replace(/worker|client|queue|guest|Space|Shift|Ctrl/gi, ''))),
      );
    await expect.poll(english).toEqual([]);
  });

  test('the address is the view: theme, selection, layout and speed come back from a copied link', async ({
    presenter: page,
  }) => {
    await onStage(page, /^worker 2, /).click();
    await press(page, 'd');
    const theme = await page.evaluate(
      () => document.documentElement.dataset.theme ?? document.documentElement.style.colorScheme,
    );
    await press(page, 's');
    await expect(page).toHaveURL(/worker-2/);
    expect(page.url()).not.toMatch(/launch|session|[0-9a-f]{32}/);
    await page.goto('about:blank');
    await page.goBack();
    await expect(live(page)).toBeVisible();
    await expect(inspector(page)).toContainText('worker 2');
    expect(
      await page.evaluate(() => document.documentElement.dataset.theme ?? document.documentElement.style.colorScheme),
    ).toBe(theme);
    await expect(page.getByRole('region', { name: 'Space-time diagram' })).toHaveCount(0);
  });

  test('a clean stage for a room, and back; axe finds nothing in either theme', async ({ presenter: page }) => {
    await press(page, 'f');
    await expect(page.getByRole('banner')).toHaveCount(0);
    await expect(onStage(page, /^worker 1, /)).toBeVisible();
    for (let theme = 0; theme < 2; theme++) {
      expect(await axe(page)).toEqual([]);
      await press(page, 'd');
    }
    await press(page, 'Escape');
    await expect(page.getByRole('banner')).toBeVisible();
  });

  test('every control can be reached and worked by keyboard alone; axe finds nothing on any sheet', async ({
    presenter: page,
  }) => {
    for (const theme of ['d', 'd']) {
      await press(page, theme);
      for (const tab of ['Inspector', 'Wire log', 'Figures', 'Controls']) {
        await page.getByRole('tab', { name: tab }).focus();
        await page.keyboard.press('Enter');
        await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
        expect(await axe(page), tab).toEqual([]);
      }
      for (const [key, dialog] of [
        ['?', /Help/],
        ['Control+k', /Commands/],
        ['g', /Go to/],
      ] as const) {
        await press(page, key);
        await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
        expect(await axe(page), key).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    }
    await press(page, 'Space');
    await expect(held(page)).toBeVisible();
    // Whatever can be pressed can be tabbed to, or is one of a group that has a Tab stop and arrow keys.
    const unreachable = await page.getByRole('button').evaluateAll((buttons) =>
      buttons
        .filter((b) => (b as HTMLButtonElement).tabIndex < 0 && !(b as HTMLButtonElement).disabled)
        .filter(
          (b) =>
            !b
              .closest('fieldset, [role=toolbar], [role=tablist], [role=menu], [role=listbox]')
              ?.querySelector('[tabindex="0"]'),
        )
        .map((b) => b.outerHTML.slice(0, 120)),
    );
    expect(unreachable).toEqual([]);
  });

  test('390 pixels wide, and 200 % text at 1280: nothing is out of reach', async ({ presenter: page }) => {
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(onStage(page, /^worker 1, /)).toBeVisible();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('tab', { name: 'Space-time' }).click();
    await expect(page.getByRole('region', { name: 'Space-time diagram' })).toBeVisible();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Stage' }).click();
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await expect(onStage(page, /^worker 1, /)).toBeVisible();
    expect(await overflow()).toBeLessThanOrEqual(0);
    for (const name of [/Hold the picture/, /Previous event/])
      await expect(page.getByRole('button', { name }).first()).toBeInViewport();
    // All lines of its sentence, though the page is low.
    await page.getByRole('button', { name: 'Got it' }).click();
    await expect(page.getByRole('region', { name: 'In one sentence' })).toBeInViewport({ ratio: 1 });
  });
});

test.describe('a recording', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'crows-nest-e2e-')), 'run.ndjson');
  test.use({ flags: ['--record', file] });
  test('[S8] is opened in place of the live run, played, searched and left again', async ({ presenter: page }) => {
    await hasRun(page, 4);
    await act(page, /^worker 2, /, 'Kill');
    await expect(onStage(page, /^worker 2, dead/)).toBeVisible();
    const chooser = page.waitForEvent('filechooser');
    await command(page, 'open a recording');
    // A browser reads no file that goes on growing: so far, and no further.
    const soFar = `${file}.so-far`;
    copyFileSync(file, soFar);
    await (await chooser).setFiles(soFar);
    await expect(page.getByRole('button', { name: /^REPLAY/ })).toBeVisible();
    // Held in the middle of it, where the worker is alive: played on, that could be over before it is looked for.
    await press(page, 'Space', '5');
    await expect(onStage(page, /^worker 2, (ready|busy|works)/)).toBeVisible();
    await expect(page.getByRole('tab', { name: 'Controls' })).toHaveCount(0);
    // To its end, where it stands: the kill is in it.
    await press(page, 'l');
    await expect(onStage(page, /^worker 2, dead/)).toBeVisible();
    await page.getByRole('button', { name: 'Back to live' }).first().click();
    await expect(live(page)).toBeVisible();
    await expect(page.getByRole('tab', { name: 'Controls' })).toBeVisible();
  });
});

test.describe('a full stage', () => {
  test.use({ flags: ['--workers', '100', '--clients', '4', '--link-delay', '50'] });
  test('a hundred workers: all listed, all there to be picked, and one that dies is found', async ({
    presenter: page,
  }) => {
    test.setTimeout(120_000);
    await expect(onStage(page, /^queue\. (8\d|9\d|100) listed/)).toBeVisible({ timeout: 90_000 });
    const workers = page.getByRole('region', { name: 'Stage' }).getByRole('button', { name: /^worker \d+, / });
    await expect(workers).toHaveCount(100);
    await act(page, /^worker 77, ready/, 'Kill');
    await expect(onStage(page, /^worker 77, dead.*The queue lists it/)).toBeVisible();
    await expect(
      page
        .getByRole('region', { name: 'Why?' })
        .or(page.getByText(/worker 77/))
        .first(),
    ).toBeVisible();
  });
});
