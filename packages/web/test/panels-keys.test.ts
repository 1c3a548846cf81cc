// The keys of the page: what they do, and when they are somebody else's.

import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import App from '../src/App.svelte';
// What the page fetches only when it is wanted, already there: a test waits for the page, not for its files.
import '../src/panels/Help.svelte';
import '../src/panels/SidePanel.svelte';
import { fedPage } from './panels-page.ts';

afterEach(cleanup);

const press = (key: string, target: Element = document.body) => fireEvent.keyDown(target, { key });

describe('single keys', () => {
  test('space holds the picture and plays on, L goes to live', async () => {
    const { page, tick } = fedPage('viewer');
    render(App, { page });
    await press(' ');
    expect([page.mode, screen.getByText(/PAUSED/).textContent]).toEqual(['held', expect.stringContaining('PAUSED')]);
    const { t } = page.look;
    tick(5000, 5_000_000);
    flushSync();
    expect(page.look.t).toBe(t);
    expect(screen.getByText('−3.0 s')).toBeTruthy();
    await press(' ');
    expect(page.mode).toBe('behind');
    await press('l');
    expect(page.mode).toBe('live');
    expect(page.look.t).toBe(4_600_000);
  });

  test('H heals for a presenter', async () => {
    const { page, source } = fedPage('presenter');
    render(App, { page });
    await press('h');
    expect(source.commands).toEqual([{ type: 'heal.all' }]);
  });

  test('D, B and I change what they say', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    for (const key of ['d', 'b', 'i']) await press(key);
    const { theme, showBeats, panelOpen } = page.settings;
    expect([theme, showBeats, panelOpen]).toEqual(['light', false, false]);
    expect(document.documentElement.dataset.theme).toBe('light');
  });

  test('do nothing while somebody types, or presses a button with space', async () => {
    const { page } = fedPage('presenter');
    page.tab = 'controls';
    render(App, { page });
    await press('d', await screen.findByLabelText('how many'));
    await press(' ', screen.getByRole('button', { name: 'Add workers' }));
    await press('d', document.body);
    expect([page.settings.theme, page.mode]).toEqual(['light', 'live']);
  });

  test('space after a click holds the picture and does not press the button again', async () => {
    const { page, source } = fedPage('presenter');
    render(App, { page });
    page.select({ type: 'peer', peer: 'worker-1' });
    flushSync();
    const kill = await screen.findByRole('button', { name: 'Kill' });
    await fireEvent.pointerDown(kill);
    await fireEvent.click(kill);
    const stood = await press(' ', kill);
    const pressed = await fireEvent.keyUp(kill, { key: ' ' });
    expect([stood, pressed, page.mode, source.commands.length]).toEqual([false, false, 'held', 1]);
    await press('Tab', kill);
    await press(' ', kill);
    expect(page.mode).toBe('held');
  });

  test('leave the keys with Ctrl and Alt to the browser', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    await fireEvent.keyDown(document.body, { key: 'd', ctrlKey: true });
    await fireEvent.keyDown(document.body, { key: 'l', altKey: true });
    expect(page.settings.theme).toBe('dark');
  });

  test('can be switched off; Escape stays', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    page.settings.setShortcuts(false);
    page.select({ type: 'peer', peer: 'worker-1' });
    await press('d');
    await press('Escape');
    expect([page.settings.theme, page.selection]).toEqual(['dark', null]);
  });

  test('? opens the help', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    await press('?');
    expect(await screen.findByRole('heading', { name: 'Help and keys' })).toBeTruthy();
  });
});

describe('the language', () => {
  test('changes every word and the page says so', async () => {
    const { page } = fedPage('presenter');
    render(App, { page });
    await fireEvent.click(screen.getByRole('button', { name: '中文' }));
    expect(document.documentElement.lang).toBe('zh-Hans');
    expect((await screen.findAllByRole('tab')).map((tab) => tab.textContent)).toEqual([
      '详情',
      '线上日志',
      '指标',
      '控制',
    ]);
  });
});

describe('the connection', () => {
  test('that is gone, and one that is refused, are said in words', () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    page.phase({ phase: 'reconnecting' });
    flushSync();
    expect(screen.getByText(/does not answer/)).toBeTruthy();
    page.phase({ phase: 'refused', reason: 'This presenter link was used before.' });
    flushSync();
    expect(screen.getByText(/This presenter link was used before/)).toBeTruthy();
  });

  test('parts of the stream that are no facts are counted on the bar', () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    page.batch([], 2_500_000, 2);
    flushSync();
    expect(screen.getByText('2 unreadable in the stream')).toBeTruthy();
  });
});
