// The command palette: found by either language, chosen by key, and for a viewer only what a viewer can.

import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { Layout } from '../src/panels/comfort/layout.svelte.ts';
import Palette from '../src/panels/comfort/Palette.svelte';
import { fedPage } from './panels-page.ts';

afterEach(cleanup);

function opened(role: 'viewer' | 'presenter', locale: 'en' | 'zh' = 'en') {
  const fed = fedPage(role);
  const layout = new Layout();
  let closed = 0;
  fed.page.settings.setLocale(locale);
  render(Palette, { page: fed.page, layout, onclose: () => closed++ });
  flushSync();
  return { ...fed, layout, times: () => closed };
}

const field = () => screen.getByRole('combobox');
const type = (value: string) => fireEvent.input(field(), { target: { value } });
const names = () => screen.queryAllByRole('option').map((option) => option.querySelector('.name')?.textContent);
const chosen = () => {
  const id = field().getAttribute('aria-activedescendant');
  return id === null ? null : document.getElementById(id)?.querySelector('.name')?.textContent;
};
const press = (key: string) => fireEvent.keyDown(field(), { key });

test('the field keeps the focus and says which entry is meant; arrows go round, Enter does it', async () => {
  const { page, times } = opened('viewer');
  await type('run until');
  expect(names()).toEqual([
    'Run until the next loss',
    'Run until the next expiry',
    'Run until the next fault or kill',
    'Run until belief and truth part',
  ]);
  expect(chosen()).toBe('Run until the next loss');
  await press('ArrowDown');
  expect(chosen()).toBe('Run until the next expiry');
  await press('ArrowUp');
  await press('ArrowUp');
  expect(chosen()).toBe('Run until belief and truth part');
  await press('Enter');
  expect([page.waitingFor, times()]).toEqual([{ what: 'disagreement' }, 1]);
});

test('says the keys beside the commands, unless they are off', async () => {
  const { page } = opened('viewer');
  await type('dark or light');
  expect(screen.getByRole('option').querySelector('kbd')?.textContent).toBe('D');
  cleanup();
  page.settings.setShortcuts(false);
  render(Palette, { page, layout: new Layout(), onclose: () => {} });
  await type('dark or light');
  expect(screen.getByRole('option').querySelector('kbd')).toBeNull();
});

test('a Chinese page finds English words as well, and says Chinese ones', async () => {
  const { page, source } = opened('presenter', 'zh');
  await type('kill worker');
  expect(names()).toEqual(['杀死：工作者 1']);
  await press('Enter');
  expect(source.commands).toEqual([{ type: 'process.kill', peer: 'worker-1' }]);
  cleanup();
  render(Palette, { page, layout: new Layout(), onclose: () => {} });
  await type('选中 客户端');
  expect(names()).toEqual(['选中 客户端 1']);
});

test('[S3] a viewer is offered nothing that changes the system', async () => {
  opened('viewer');
  for (const query of ['kill', 'freeze', 'restart', 'overload', 'heal', 'remove']) {
    await type(query);
    expect(names(), query).toEqual(query === 'kill' ? ['Run until the next fault or kill'] : []);
    expect(query === 'kill' || screen.queryByText('Nothing fits that.') !== null).toBe(true);
  }
});

test('a presenter is offered what is possible now, and no more', async () => {
  opened('presenter');
  await type('worker 1');
  const offered = names();
  expect(offered).toContain('Freeze: worker 1');
  expect(offered).not.toContain('Resume: worker 1');
});
