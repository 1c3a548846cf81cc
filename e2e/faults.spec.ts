import type { Page } from '@playwright/test';
import { act, axe, expect, onStage, press, test } from './crows-nest.ts';

const tabPanel = (page: Page, name: string) => page.getByRole('tabpanel', { name });

/** The menu of a link, and the form of one fault in it, by keyboard alone. */
async function openForm(page: Page, link: RegExp, fault: string): Promise<void> {
  await onStage(page, link).focus();
  await page.keyboard.press('Shift+F10');
  const item = page.getByRole('menuitem', { name: fault });
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  for (let i = 0; i < 12 && !(await item.evaluate((it) => it === document.activeElement)); i++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
}

test('[L9] [L11] a fault from the link’s own menu, by keyboard: its form, its chip with a countdown, its row, healed by H', async ({
  presenter: page,
}) => {
  await openForm(page, /^Link of worker 1,/, 'Drop…');
  await expect(page.getByText('Real TCP cannot do this')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Kind of message' })).toBeFocused();
  await page.keyboard.type('HEART');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Apply' }).press('Enter');
  await expect(onStage(page, /^Link of worker 1,.*drop HEARTBEAT/)).toBeFocused();
  await page.getByRole('tab', { name: 'Faults' }).click();
  const list = tabPanel(page, 'Faults');
  await expect(list.getByText(/5\d s left/)).toBeVisible();
  await expect(list.getByText(/^\d+ hits?$/)).toBeVisible();
  await list.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(list.getByText('pinned', { exact: true })).toBeVisible();
  await list.getByRole('button', { name: 'End in 60 s' }).click();
  await expect(list.getByText(/(60|5\d) s left/)).toBeVisible();
  for (const theme of ['dark', 'light']) {
    await expect(page.locator(`html[data-theme=${theme}]`)).toBeVisible();
    expect(await axe(page), theme).toEqual([]);
    await page.keyboard.press('d');
  }
  await page.keyboard.press('h');
  await expect(list.getByText('Nothing is broken.')).toBeVisible();
});

/** How many pixels of the stage, its legend aside, have the colour of a fault: a calm picture has none. */
const inFaultColour = (page: Page): Promise<number> =>
  page
    .getByRole('region', { name: 'Stage' })
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const legendPx = 40 * window.devicePixelRatio;
      const hex = getComputedStyle(document.documentElement).getPropertyValue('--fault').trim().slice(1);
      const wanted = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
      const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
      const { data } = ctx.getImageData(0, legendPx, canvas.width, canvas.height - legendPx);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (wanted.every((value, channel) => Math.abs((data[i + channel] ?? 0) - value) < 24)) count++;
      }
      return count;
    });

test('[L10] a chip on the stage counts down, and one key heals it: nothing in the colour of a fault is left', async ({
  presenter: page,
}) => {
  const link = /^Link of client 1,/;
  await onStage(page, link).waitFor();
  await expect.poll(() => inFaultColour(page)).toBe(0);
  await openForm(page, link, 'Delay…');
  await page.getByRole('button', { name: 'Apply' }).press('Enter');
  await expect(onStage(page, /^Link of client 1,.*delay/)).toBeFocused();
  await expect.poll(() => inFaultColour(page)).toBeGreaterThan(200);
  await page.getByRole('tab', { name: 'Faults' }).click();
  const left = tabPanel(page, 'Faults').getByText(/\d+ s left$/);
  const seconds = async (): Promise<number> => Number.parseInt((await left.textContent()) ?? '', 10);
  const first = await seconds();
  expect(first).toBeGreaterThan(30);
  await expect.poll(seconds).toBeLessThan(first);
  await press(page, 'h');
  await onStage(page, /^Link of client 1,.*no fault/).waitFor();
  await expect.poll(() => inFaultColour(page)).toBe(0);
});

test.describe('by a finger', () => {
  test.use({ hasTouch: true });

  test('a long press opens the menu of what is under it and leaves it open; a tap selects', async ({
    presenter: page,
  }) => {
    const worker = onStage(page, /^worker 1, /);
    await worker.waitFor();
    const box = await worker.boundingBox();
    if (!box) throw new Error('worker 1 is nowhere');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const finger = await page.context().newCDPSession(page);
    await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    const freeze = page.getByRole('menuitem', { name: 'Freeze' });
    await expect(freeze).toBeVisible();
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    // The finger that let go has chosen nothing.
    await expect(worker).toHaveAttribute('aria-pressed', 'false');
    await freeze.tap();
    await expect(onStage(page, /^worker 1, frozen/)).toBeAttached();
    await expect(page.getByRole('menuitem')).toHaveCount(0);
    await page.touchscreen.tap(x, y);
    await expect(onStage(page, /^worker 1, /)).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByRole('menuitem')).toHaveCount(0);
  });
});

test('[L9] held requests are let go one by one; one in flight is dropped by hand', async ({ presenter: page }) => {
  await openForm(page, /^Link of client 1,/, 'Hold…');
  expect(await axe(page), 'the form').toEqual([]);
  await page.getByRole('button', { name: 'Apply' }).press('Enter');
  await page.getByRole('tab', { name: 'Faults' }).click();
  const list = tabPanel(page, 'Faults');
  await expect(list.getByText(/^holds [2-9] messages$/)).toBeVisible();
  await list.getByRole('button', { name: 'Let one go' }).click();
  await expect(list.getByText(/^holds [1-9] messages?$/)).toBeVisible();
  // What stands at the gate waits to be dropped.
  await onStage(page, /^REQUEST .*to (the )?queue/i)
    .first()
    .focus();
  await page.keyboard.press('Shift+F10');
  expect(await axe(page), 'the menu').toEqual([]);
  await page.getByRole('menuitem', { name: 'Drop this one' }).press('Enter');
  await onStage(page, /^Link of client 1,/).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Inspector' }).click();
  await expect(tabPanel(page, 'Inspector').getByText('dropped by a fault')).toBeVisible();
  await page.getByRole('tab', { name: 'Faults' }).click();
  await page.getByRole('button', { name: /^Heal all \(H\)/ }).click();
  await expect(list.getByText('Nothing is broken.')).toBeVisible();
  await onStage(page, /^Link of client 1,.*no fault/).waitFor();
});

test('[L12] a freeze and a busy loop are told apart by ZMTP', async ({ presenter: page }) => {
  await act(page, /^worker 1, /, 'Freeze');
  await expect(onStage(page, /^worker 1, frozen.*ZMTP does not answer/)).toBeAttached();
  await act(page, /^worker 2, /, 'Overload 5 s');
  await expect(onStage(page, /^worker 2, overloaded.*ZMTP answers/)).toBeAttached();
  await act(page, /^worker 1, frozen/, 'Resume');
  await expect(onStage(page, /^worker 1, (ready|busy|works).*ZMTP answers/)).toBeAttached();
});

test('[S3] a viewer has no menu and nothing to break with', async ({ presenter, crowsNest, context }) => {
  await presenter.keyboard.press('Escape');
  const viewer = await context.browser()?.newPage();
  if (!viewer) throw new Error('no browser');
  await viewer.goto(crowsNest.viewerUrl);
  await onStage(viewer, /^Link of worker 1,/).focus();
  await viewer.keyboard.press('Shift+F10');
  await viewer.getByRole('tab', { name: 'Faults' }).click();
  await expect(viewer.getByText('The presenter breaks nothing now.')).toBeVisible();
  await expect(viewer.getByRole('menuitem')).toHaveCount(0);
  await viewer.close();
});
