// The figures as a person meets them: by eye, by pointer, by keys, as a list and as tables.

import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WINDOWS } from '../src/model/figures-windows.ts';
import Figures from '../src/panels/figures/Figures.svelte';
import { RUNS } from './figures-worlds.ts';
import { fedPage } from './panels-page.ts';

afterEach(cleanup);

const T = 6_500_000;

/** At 6.5 s of a run with sixty workers, held. */
async function opened(run = 'crowd') {
  const { page, tick } = fedPage('viewer');
  // Fetched after the page.
  await vi.waitUntil(() => page.figures.index && page.conformance.index);
  page.snapshot({ a: { state: page.log.stateAt(-1), now: 0 } });
  const events = RUNS[run] ?? [];
  const first = page.log.nextSeq;
  tick(
    T / 1000 + 2000,
    T + 2_000_000,
    events.filter(({ t }) => t <= T).map((event) => ({ ...event, seq: event.seq + first })),
  );
  page.seek(T);
  flushSync();
  return { page, tick, ...render(Figures, { page }) };
}

const slider = (name: RegExp) => screen.getByRole('slider', { name });

describe('the figures', () => {
  test('say the truth of all workers, and whom the queue counts on in vain; a card selects its worker', async () => {
    const { page } = await opened();
    expect(screen.getByRole('heading', { name: 'Truth, 60 processes' })).toBeTruthy();
    const card = screen.getByRole('button', { name: /worker 17 is frozen\. .*The queue drops it in 0\.\d s/ });
    await fireEvent.click(card);
    expect(page.selection).toEqual({ type: 'peer', peer: 'worker-17' });
  });

  test('begin with a stretch of time that can be chosen', async () => {
    const { page } = await opened();
    expect(WINDOWS).toContain(page.figures.windowUs);
    expect(screen.getByRole('button', { name: '60 s', pressed: true })).toBeTruthy();
  });

  test('each picture has a sentence that says what it shows', async () => {
    await opened();
    const pictures = screen.getAllByRole('img').map((picture) => picture.getAttribute('aria-label') ?? '');
    expect(pictures.length).toBeGreaterThanOrEqual(10);
    for (const label of pictures) expect(label).toMatch(/\d.*\.$|nothing|none/);
    expect(pictures).toContainEqual(expect.stringMatching(/^Workers: listed \d+, at work \d+, in all 60\.$/));
  });

  test('arrow keys look back in all charts at once, Enter goes there', async () => {
    const { page } = await opened();
    const chart = slider(/^Requests and replies/);
    expect(chart.getAttribute('aria-valuetext')).toMatch(/^now: requests/);
    await fireEvent.keyDown(chart, { key: 'ArrowLeft' });
    await fireEvent.keyDown(chart, { key: 'ArrowLeft' });
    for (const each of screen.getAllByRole('slider')) {
      expect(each.getAttribute('aria-valuetext')).toMatch(/^2\.0 s ago: /);
      expect(each.getAttribute('aria-valuenow')).toBe('-2');
    }
    await fireEvent.keyDown(chart, { key: 'Enter' });
    expect(page.look.t).toBe(T - 2_000_000);
    flushSync();
    expect(chart.getAttribute('aria-valuenow')).toBe('0');
  });

  test('a key that is not for the charts goes on to whom it is for', async () => {
    await opened();
    const seen: string[] = [];
    document.body.addEventListener('keydown', (event) => seen.push(event.key), { once: true });
    await fireEvent.keyDown(slider(/^Heartbeats/), { key: ' ' });
    expect(seen).toEqual([' ']);
  });

  test('stand as tables as well, with one row a bucket of what is known', async () => {
    await opened();
    // The findings are always one.
    expect(screen.getAllByRole('table')).toHaveLength(1);
    await fireEvent.click(screen.getByRole('button', { name: 'As tables' }));
    const tables = screen.getAllByRole('table');
    expect(tables).toHaveLength(9);
    const rows = within(tables[0] as HTMLElement)
      .getAllByRole('row')
      .slice(1);
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(rows.length).toBeLessThanOrEqual(8);
    const sent = rows.map((row) => Number.parseFloat(within(row).getAllByRole('cell')[0]?.textContent ?? ''));
    const entered = (RUNS.crowd ?? []).filter(
      (event) => event.type === 'message.entered' && event.kind === 'REQUEST' && event.direction === 'toQueue',
    );
    expect(sent.reduce((sum, each) => sum + each, 0)).toBe(entered.filter(({ t }) => t <= T).length);
  });

  test('what is due next can be read as a list, soonest first', async () => {
    await opened();
    const details = screen.getByText('As a list').closest('details') as HTMLDetailsElement;
    details.open = true;
    await fireEvent(details, new Event('toggle'));
    const items = within(details)
      .getAllByRole('listitem')
      .map((item) => item.textContent ?? '');
    expect(items).toContainEqual(expect.stringMatching(/^worker 17: expires in \d+ ms$/));
    expect(items.length).toBeGreaterThan(57);
  });

  test('another stretch of time changes the charts', async () => {
    await opened();
    await fireEvent.click(screen.getByRole('button', { name: '30 s' }));
    expect(slider(/^Workers/).getAttribute('aria-valuemin')).toBe('-30');
    expect(screen.getByRole('button', { name: '30 s' }).getAttribute('aria-pressed')).toBe('true');
  });

  test('in Chinese as well', async () => {
    const { page } = await opened();
    page.settings.setLocale('zh');
    flushSync();
    expect(screen.getByRole('heading', { name: '事实，60 个进程' })).toBeTruthy();
  });
});
