import { act, axe, expect, live, onStage, test } from './crows-nest.ts';

test.describe('the first stage', () => {
  test('a real queue, three workers and a client are seen at work, and the badge says how far behind', async ({
    presenter,
  }) => {
    await expect(live(presenter)).toHaveText(/LIVE\s*−0\.4 s/);
    for (const worker of [1, 2, 3]) await expect(onStage(presenter, new RegExp(`^worker ${worker},`))).toBeVisible();
    await expect(onStage(presenter, /^queue\. [1-3] listed/)).toBeVisible();
    await expect(onStage(presenter, /^client 1, /)).toBeVisible();
    // Requests go round: one that is on its way is there to be picked.
    await expect(onStage(presenter, /^(REQUEST|REPLY) #\d+ on its way/).first()).toBeVisible();
    await expect(presenter).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  test('everything by keyboard: to the stage, along it, select, act, and back', async ({ presenter }) => {
    const targets = presenter.getByRole('region', { name: 'Stage' }).getByRole('button');
    await targets.first().focus();
    await presenter.keyboard.press('ArrowRight');
    const focused = presenter.locator(':focus');
    await expect(focused).toHaveAttribute('aria-label', /\w/);
    await onStage(presenter, /^worker 1, /).focus();
    await presenter.keyboard.press('Enter');
    await expect(presenter.getByRole('tabpanel', { name: 'Inspector' })).toContainText('worker 1');
    await presenter.keyboard.press('Shift+F10');
    await expect(presenter.getByRole('menu', { name: 'Actions for worker 1' })).toBeVisible();
    await presenter.keyboard.press('Escape');
    await expect(presenter.getByRole('menu')).toHaveCount(0);
    // Every control has a name. Asked all at once: messages come and go.
    const nameless = await presenter
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons.filter((b) => !(b.getAttribute('aria-label') ?? b.textContent)?.trim()).map((b) => b.outerHTML),
      );
    expect(nameless).toEqual([]);
  });

  test('space holds the picture while the system runs on, L goes live', async ({ presenter }) => {
    await presenter.getByRole('heading', { name: "Crow's Nest" }).click();
    await presenter.keyboard.press('Space');
    await expect(presenter.getByText('PAUSED')).toBeVisible();
    const held = await onStage(presenter, /^client 1, /).getAttribute('aria-label');
    await act(presenter, /^worker 1, /, 'Kill');
    expect(await onStage(presenter, /^client 1, /).getAttribute('aria-label')).toBe(held);
    await presenter.getByRole('heading', { name: "Crow's Nest" }).click();
    await presenter.keyboard.press('l');
    await expect(live(presenter)).toBeVisible();
    await expect(onStage(presenter, /^worker 1, dead/)).toBeVisible();
  });

  test('workers and clients are added, the pace and the delay are set, the queue gets other rules', async ({
    presenter,
  }) => {
    await presenter.getByRole('tab', { name: 'Controls' }).click();
    const controls = presenter.getByRole('tabpanel', { name: 'Controls' });
    await controls.getByLabel('how many').fill('2');
    await controls.getByLabel('dialect').selectOption('rfc');
    await controls.getByRole('button', { name: 'Add workers' }).click();
    await expect(onStage(presenter, /^worker 5, ready/)).toBeVisible();
    await controls.getByRole('button', { name: 'Add a client' }).click();
    await expect(onStage(presenter, /^client 2, /)).toBeVisible();
    await controls.getByRole('slider', { name: /all links/ }).fill('0');
    await expect(onStage(presenter, /^Link of worker 1, delay 0 ms/)).toBeVisible();
    await controls.getByLabel('rules', { exact: true }).selectOption('robust');
    await controls.getByRole('button', { name: 'Apply and restart' }).click();
    await expect(presenter.getByText(/rules: robust/).first()).toBeVisible();
  });

  test('a message: its frames as the guide draws them, in text and hex, from the wire log', async ({ presenter }) => {
    await presenter.getByRole('tab', { name: 'Wire log' }).click();
    const log = presenter.getByRole('tabpanel', { name: 'Wire log' });
    // A blizzard of beats is left out until it is asked for.
    await expect(log.getByRole('button', { name: 'HEARTBEAT', pressed: false })).toBeVisible();
    await expect(log.getByRole('option', { name: /HEARTBEAT/ })).toHaveCount(0);
    await expect(log.getByRole('option', { name: /REQUEST/ }).first()).toBeVisible();
    await presenter.getByRole('button', { name: /^Hold the picture/ }).click();
    await log
      .getByRole('option', { name: /REQUEST/ })
      .first()
      .click();
    await presenter.getByRole('tab', { name: 'Inspector' }).click();
    const inspector = presenter.getByRole('tabpanel', { name: 'Inspector' });
    await expect(inspector).toContainText('empty delimiter');
    await expect(inspector).toContainText('7B 22 63 22');
    await expect(inspector).toContainText('Journey');
  });

  test('[S3] a viewer sees everything and no controls', async ({ presenter, crowsNest, context }) => {
    const viewer = await context.browser()?.newPage();
    if (!viewer) throw new Error('no browser');
    await viewer.goto(crowsNest.viewerUrl);
    await expect(onStage(viewer, /^worker 1, /)).toBeVisible();
    await expect(viewer.getByText('viewer', { exact: true })).toBeVisible();
    await expect(viewer.getByRole('tab', { name: 'Controls' })).toHaveCount(0);
    await expect(viewer.getByRole('button', { name: /Heal all/ })).toHaveCount(0);
    await onStage(viewer, /^worker 1, /).click();
    await expect(viewer.getByRole('button', { name: /Kill|Freeze|Restart/ })).toHaveCount(0);
    await act(presenter, /^worker 1, /, 'Kill');
    await expect(onStage(viewer, /^worker 1, dead/)).toBeVisible();
    // The launch link works once: who finds it later is no presenter.
    await viewer.goto('about:blank');
    await viewer.goto(crowsNest.launchUrl);
    await expect(viewer.getByRole('tab', { name: 'Controls' })).toHaveCount(0);
    await viewer.close();
  });

  test('a presenter who reloads is a presenter still', async ({ presenter }) => {
    await presenter.reload();
    await expect(live(presenter)).toBeVisible();
    await expect(presenter.getByRole('tab', { name: 'Controls' })).toBeVisible();
  });

  test('in 中文, everywhere a person reads', async ({ presenter }) => {
    await presenter.getByRole('button', { name: '中文' }).click();
    await expect(presenter.locator('html')).toHaveAttribute('lang', /^zh/);
    await expect(presenter.getByRole('tab', { name: 'Inspector' })).toHaveCount(0);
    for (const tab of await presenter.getByRole('tab').all()) await expect(tab).toHaveText(/\p{Script=Han}/u);
    await presenter.reload();
    await expect(presenter.locator('html')).toHaveAttribute('lang', /^zh/);
  });

  test('[S10] nothing leaves the origin and no policy is broken, in both themes; axe finds nothing', async ({
    presenter,
  }) => {
    await onStage(presenter, /^worker 1, /).click();
    for (const theme of ['Light theme (D)', 'Dark theme (D)']) {
      await presenter.getByRole('button', { name: theme }).click();
      for (const tab of ['Inspector', 'Wire log', 'Controls']) {
        await presenter.getByRole('tab', { name: tab }).click();
        expect(await axe(presenter), `${theme}, ${tab}`).toEqual([]);
      }
    }
  });

  test('a narrow window and 200 % text keep everything in reach', async ({ presenter }) => {
    await presenter.setViewportSize({ width: 640, height: 900 });
    await expect(onStage(presenter, /^worker 1, /)).toBeAttached();
    const wide = await presenter.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBeLessThanOrEqual(0);
    await presenter.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    await expect(presenter.getByRole('tab').first()).toBeAttached();
    expect(
      await presenter.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
  });
});

test.describe('idle workers', () => {
  test.use({ flags: ['--clients', '0'] });
  test('a frozen worker: belief and truth part, and come together again after resume', async ({ presenter }) => {
    await act(presenter, /^worker 3, ready/, 'Freeze');
    await expect(onStage(presenter, /^worker 3, frozen.*The queue lists it/)).toBeVisible();
    await onStage(presenter, /^worker 3, frozen/).click();
    await expect(presenter.getByRole('tabpanel', { name: 'Inspector' })).toContainText('belief ≠ truth');
    await act(presenter, /^worker 3, frozen/, 'Resume');
    await expect(onStage(presenter, /^worker 3, (ready|busy|works)/)).toBeVisible();
  });

  test('[Q6] a killed idle worker is seen to be dead while the queue still lists it, and then to expire', async ({
    presenter,
  }) => {
    await act(presenter, /^worker 2, ready\. The queue lists it/, 'Kill');
    await expect(onStage(presenter, /^worker 2, dead.*The queue lists it/)).toBeVisible();
    await expect(onStage(presenter, /^worker 2, dead.*The queue does not list it/)).toBeVisible();
    await expect(presenter.getByText('The queue gave up on worker 2.')).toBeAttached();
    await expect(onStage(presenter, /^queue\. 2 listed/)).toBeVisible();
  });
});

test.describe('no workers', () => {
  test.use({ flags: ['--workers', '0', '--link-delay', '0'] });
  test('[Q4] requests pile up at the door while nobody is listed, and are read once somebody is', async ({
    presenter,
  }) => {
    await expect(onStage(presenter, /^queue\. 0 listed.*[1-9] waiting at its door, which is shut/)).toBeVisible();
    await presenter.getByRole('tab', { name: 'Controls' }).click();
    await presenter.getByLabel('how many').fill('3');
    await presenter.getByRole('button', { name: 'Add workers' }).click();
    await expect(onStage(presenter, /^queue\. .*, 0 waiting at its door, which is open/)).toBeVisible();
  });
});
