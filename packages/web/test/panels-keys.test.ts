// The keys of the page: what they do, and when they are somebody else's.

import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import App from '../src/App.svelte';
// What the page fetches only when it is wanted, already there: a test waits for the page, not for its files.
import '../src/panels/comfort/GoTo.svelte';
import '../src/panels/comfort/Palette.svelte';
import '../src/panels/Help.svelte';
import '../src/panels/SidePanel.svelte';
import '../src/panels/why/Caption.svelte';
import { COMMANDS } from '../src/model/commands.ts';
import { Page } from '../src/panels/page.svelte.ts';
import { Settings } from '../src/panels/settings.svelte.ts';
import { words } from '../src/words/words.ts';
import { FedSource, fedPage } from './panels-page.ts';

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

describe('keys of time', () => {
  const paused = { seq: 6, t: 700_000, type: 'process.paused', peer: 'worker-1' } as const;
  const resumed = { seq: 7, t: 1_400_000, type: 'process.resumed', peer: 'worker-1' } as const;

  test('arrows, digits, commas, brackets and a clicker move the playhead', async () => {
    const { page } = fedPage('viewer', [paused, resumed]);
    render(App, { page });
    const after = async (key: string, shiftKey = false) => {
      await fireEvent.keyDown(document.body, { key, shiftKey });
      return [page.t, page.mode];
    };
    expect(await after('ArrowLeft')).toEqual([0, 'behind']);
    expect(await after('ArrowRight', true)).toEqual([200_000, 'behind']);
    expect(await after('5')).toEqual([1_000_000, 'behind']);
    expect(await after(']')).toEqual([1_400_000, 'held']);
    expect(await after('PageUp')).toEqual([700_000, 'held']);
    expect(await after('PageDown')).toEqual([1_400_000, 'held']);
    expect(await after('[')).toEqual([700_000, 'held']);
    expect(await after('.')).toEqual([1_400_000, 'held']);
    expect(await after(',')).toEqual([700_000, 'held']);
    expect(await after('ArrowRight')).toEqual([2_000_000, 'held']);
    await press('<');
    expect(page.speed).toBe(0.5);
    await press('>');
    expect(page.speed).toBe(1);
  });

  test('are left to what moves by them itself', async () => {
    const { page } = fedPage('viewer', [paused]);
    render(App, { page });
    await press('ArrowLeft', (await screen.findAllByRole('tab'))[0]);
    await press('PageUp', screen.getByRole('tabpanel'));
    await press('ArrowLeft', screen.getByRole('slider', { name: 'speed' }));
    expect([page.t, page.speed]).toEqual([2_000_000, 0.5]);
  });

  test('G goes to a time that is typed, and says when it is none', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    await press('g');
    const field = await screen.findByRole('textbox', { name: 'Time' });
    await fireEvent.input(field, { target: { value: 'soon' } });
    await fireEvent.submit(field.closest('form') as HTMLFormElement);
    expect(screen.getByText('That is no time.')).toBeTruthy();
    await fireEvent.input(field, { target: { value: '-0.5' } });
    await fireEvent.submit(field.closest('form') as HTMLFormElement);
    expect([page.t, page.mode]).toEqual([1_500_000, 'held']);
  });
});

describe('the view', () => {
  test('F leaves the stage alone, with its title; Escape brings all back', async () => {
    const { page } = fedPage('presenter');
    render(App, { page });
    await press('f');
    expect([page.settings.presentation, screen.queryByRole('banner')]).toEqual([true, null]);
    expect(screen.getByText('LIVE −0.4 s, to scale')).toBeTruthy();
    await press('Escape');
    expect([page.settings.presentation, screen.queryByRole('banner') !== null]).toEqual([false, true]);
  });

  test('S and E open the diagram and stretch the hops', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    for (const key of ['s', 'e']) await press(key);
    expect([page.settings.spaceTimeOpen, page.settings.schematic, page.stretchUs]).toEqual([false, true, 300_000]);
    expect(screen.queryByRole('separator')).toBeNull();
  });

  test('the border between stage and diagram is moved by key, within its limits', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    const border = screen.getByRole('separator');
    const value = () => Number(border.getAttribute('aria-valuenow'));
    const before = value();
    await press('ArrowUp', border);
    expect(value()).toBeLessThan(before);
    await press('End', border);
    expect(value()).toBe(Number(border.getAttribute('aria-valuemax')));
    await press('Home', border);
    expect(value()).toBe(Number(border.getAttribute('aria-valuemin')));
    await press('Enter', border);
    expect(value()).toBe(before);
  });

  test('Ctrl+K opens the palette, even with single keys off; what it leads to stays open', async () => {
    const { page } = fedPage('viewer');
    render(App, { page });
    page.settings.setShortcuts(false);
    await fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    const field = await screen.findByRole('combobox', { name: 'Commands' });
    // A key in it is typed, not a command.
    await press(' ', field);
    expect(page.mode).toBe('live');
    await fireEvent.input(field, { target: { value: 'help' } });
    await press('Enter', field);
    expect(await screen.findByRole('heading', { name: 'Help and keys' })).toBeTruthy();
  });

  test('the keys sheet says every key that there is', async () => {
    const { page } = fedPage('presenter');
    render(App, { page });
    await press('?');
    const sheet = (await screen.findByRole('heading', { name: 'Help and keys' })).closest('dialog');
    const said = [...(sheet?.querySelectorAll('dd') ?? [])].map((dd) => dd.textContent);
    const named = COMMANDS.filter((command) => 'keys' in command).map(({ id }) => words.en.comfort.command[id]);
    expect([...said].sort()).toEqual([...named].sort());
  });

  test('is in the address, without what is as usual, and nothing secret ever', async () => {
    const { page } = fedPage('viewer');
    window.history.replaceState(null, '', '/?lang=en&theme=dark#launch=0123456789abcdef');
    vi.useFakeTimers();
    try {
      render(App, { page });
      page.select({ type: 'link', link: 'worker-1' });
      page.settings.setSchematic(true);
      page.setSpeed(0.05);
      flushSync();
      vi.advanceTimersByTime(400);
    } finally {
      vi.useRealTimers();
    }
    const { search, hash } = window.location;
    expect([new URLSearchParams(search).get('lang'), hash]).toEqual([null, '']);
    expect(search).toContain('speed=0.05&select=link:worker-1');
    const again = new Page(new FedSource(), new Settings(window, window.localStorage));
    expect([again.speed, again.selection, again.schematic]).toEqual([0.05, { type: 'link', link: 'worker-1' }, true]);
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
      '故障',
      '控制',
      'A/B 对比',
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
