// The side panel: who sees what, what is refused and said so, and text from a wire that stays text.

import type { Refused } from '@crows-nest/protocol';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import { Layout } from '../src/panels/comfort/layout.svelte.ts';
import NoticeList from '../src/panels/NoticeList.svelte';
import SidePanel from '../src/panels/SidePanel.svelte';
import TopBar from '../src/panels/TopBar.svelte';
import type { Answer } from '../src/source/source.ts';
import { fedPage, message } from './panels-page.ts';

afterEach(cleanup);

describe('[S3] a viewer', () => {
  test('sees no controls at all: no tab, no actions, nothing to heal', () => {
    const { page } = fedPage('viewer');
    render(SidePanel, { page });
    render(TopBar, { page, layout: new Layout() });
    page.select({ type: 'peer', peer: 'worker-1' });
    flushSync();
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual([
      'Inspector',
      'Wire log',
      'Figures',
      'Faults',
    ]);
    expect(screen.getByRole('heading', { name: 'worker 1' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /kill|freeze|restart|remove|heal/i })).toBeNull();
    page.select({ type: 'link', link: 'worker-1' });
    flushSync();
    // How fast the picture plays is one's own.
    expect(screen.getAllByRole('slider')).toEqual([screen.getByRole('slider', { name: 'speed' })]);
    expect(screen.getByText('viewer')).toBeTruthy();
  });

  test('cannot heal by a key either', () => {
    const { page, source } = fedPage('viewer');
    page.healAll();
    expect(source.commands).toEqual([]);
  });
});

describe('a presenter', () => {
  test('gives a command, and a refusal is said as a status', async () => {
    const { page, source } = fedPage('presenter');
    render(SidePanel, { page });
    render(NoticeList, { page });
    page.select({ type: 'peer', peer: 'worker-1' });
    flushSync();
    source.answer = { ok: false, code: 'refused', message: 'worker 1 is gone' };
    await fireEvent.click(screen.getByRole('button', { name: 'Kill' }));
    expect(source.commands).toEqual([{ type: 'process.kill', peer: 'worker-1' }]);
    expect((await screen.findByText('Not done: worker 1 is gone')).closest('[role=status]')).toBeTruthy();
  });

  test('is refused in the language of the page, with peers by their names', async () => {
    const { page, source } = fedPage('presenter');
    page.settings.setLocale('zh');
    render(NoticeList, { page });
    const refused = async (answer: Exclude<Answer, { ok: true }>) => {
      source.answer = answer;
      await page.command({ type: 'heal.all' });
      flushSync();
      return page.notices.list.at(-1)?.text;
    };
    const message = 'in English';
    const notRunning = { reason: 'notRunning', peer: 'worker-1' } as const;
    expect(await refused({ ok: false, code: 'refused', message, refusal: notRunning })).toBe(
      '未执行：工作者 1 没有在运行。',
    );
    expect(await refused({ ok: false, code: 'refused', message, refusal: notRunning, side: 'b' })).toBe(
      '未执行：B 侧：工作者 1 没有在运行。',
    );
    expect(await refused({ ok: false, code: 'refused', message, refusal: { reason: 'noLink', peer: 'queue' } })).toBe(
      '未执行：队列没有自己的链路：请选工作者或客户端。',
    );
    expect(await refused({ ok: false, code: 'limited', message })).toBe('未执行：命令过多：请稍等。');
    expect(await refused({ ok: false, code: 'recorded', message })).toBe('未执行：录制无法更改。');
    expect(await refused({ ok: false, code: 'malformed', message: 'everyMs: too much' })).toBe(
      '未执行：网桥不接受这条命令（everyMs: too much）。',
    );
    expect(screen.getByText('未执行：录制无法更改。').closest('[role=status]')).toBeTruthy();
  });

  test('is told the bridge’s own words for what the page was built without, and none that could turn a line', async () => {
    const { page, source } = fedPage('presenter');
    const newer = { reason: 'tooWindy', peer: 'worker-1' } as unknown as Refused;
    source.answer = { ok: false, code: 'refused', message: 'it is too windy\u202e', refusal: newer };
    await page.command({ type: 'heal.all' });
    source.answer = { ok: false, code: 'becalmed' as 'failed', message: 'there is no wind' };
    await page.command({ type: 'heal.all' });
    expect(page.notices.list.map(({ text }) => text)).toEqual([
      'Not done: it is too windy\\u{202E}',
      'Not done: there is no wind',
    ]);
  });

  test('cannot do the impossible, and is told why', () => {
    const { page } = fedPage('presenter', [{ seq: 6, t: 10, type: 'process.paused', peer: 'worker-1' }]);
    render(SidePanel, { page });
    page.select({ type: 'peer', peer: 'worker-1' });
    flushSync();
    const named = (name: string) => screen.getByRole('button', { name }) as HTMLButtonElement;
    expect([named('Freeze').disabled, named('Freeze').title]).toEqual([true, 'It is frozen already.']);
    expect([named('Resume').disabled, named('Resume').title]).toEqual([false, '']);
    expect(named('Overload 5 s').disabled).toBe(true);
  });

  test('adds workers as the form says', async () => {
    const { page, source } = fedPage('presenter');
    page.tab = 'controls';
    render(SidePanel, { page });
    await fireEvent.input(screen.getByLabelText('how many'), { target: { value: '3' } });
    await fireEvent.input(screen.getByLabelText('crash chance, %'), { target: { value: '20' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Add workers' }));
    expect(source.commands).toEqual([
      { type: 'worker.add', count: 3, dialect: 'text', replyFirst: true, quietWhileBusy: true, crashChance: 0.2 },
    ]);
  });

  test('changes only what was changed of the queue', async () => {
    const { page, source } = fedPage('presenter');
    page.tab = 'controls';
    render(SidePanel, { page });
    const apply = screen.getByRole('button', { name: 'Apply and restart' }) as HTMLButtonElement;
    expect(apply.disabled).toBe(true);
    await fireEvent.input(screen.getByLabelText('liveness, beats'), { target: { value: '5' } });
    await fireEvent.click(apply);
    expect(source.commands).toEqual([{ type: 'queue.configure', liveness: 5 }]);
  });

  test('paces a client when the hand lets go, once', async () => {
    const { page, source } = fedPage('presenter');
    page.tab = 'controls';
    render(SidePanel, { page });
    const slider = screen.getByRole('slider', { name: 'client 1: asks every' });
    await fireEvent.input(slider, { target: { value: '800' } });
    await fireEvent.input(slider, { target: { value: '900' } });
    expect(source.commands).toEqual([]);
    await fireEvent.change(slider);
    expect(source.commands).toEqual([{ type: 'client.pace', peer: 'client-1', everyMs: 900 }]);
  });
});

describe('the inspector', () => {
  test("shows a message's frames as the guide draws them", () => {
    const { page } = fedPage('viewer', [
      { seq: 6, t: 5, type: 'connection.opened', link: 'worker-1', conn: 1, side: 'backend' },
      {
        ...{ seq: 7, t: 6, type: 'connection.greeted', link: 'worker-1', conn: 1, by: 'peer' },
        ...{ version: '3.1', mechanism: 'NULL', socketType: 'DEALER', identity: 'A1B2-C3D4' },
      } as const,
      message(8, 1_000_000, 42),
    ]);
    render(SidePanel, { page });
    page.select({ type: 'message', msg: 42 });
    flushSync();
    const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
    const cells = rows.map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent?.trim()),
    );
    expect(cells.map(([number, size, , meaning]) => [number, size, meaning])).toEqual([
      ['1', '9', 'identity of the worker, queue only'],
      ['2', '8', 'identity of the client'],
      ['3', '0', 'empty delimiter'],
      ['4', '4', 'body'],
    ]);
    expect(cells[3]?.[2]).toContain('77 6F 72 6B');
  });

  test('tabs are moved between with the arrow keys', async () => {
    const { page } = fedPage('presenter');
    render(SidePanel, { page });
    await fireEvent.keyDown(screen.getByRole('tab', { name: 'Inspector' }), { key: 'ArrowLeft' });
    expect(page.tab).toBe('compare');
    await fireEvent.keyDown(screen.getByRole('tab', { name: 'A/B' }), { key: 'ArrowLeft' });
    expect(page.tab).toBe('controls');
    expect(screen.getByRole('tab', { name: 'Controls' }).getAttribute('aria-selected')).toBe('true');
  });
});

describe('the wire log', () => {
  const rows = () => within(screen.getByRole('listbox', { name: /^Messages/ })).queryAllByRole('option');
  const evil = '<img src=x onerror=alert(1)>\u202e\x07';

  test('[S9] shows what came over a wire as text, with nothing invisible in it', () => {
    const { page } = fedPage('viewer', [message(6, 1_000_000, 1, { frames: [evil, '', 'x'], sizes: [30, 0, 1] })]);
    page.tab = 'wire';
    const { container } = render(SidePanel, { page });
    flushSync();
    expect(container.querySelector('img')).toBeNull();
    expect(rows()[0]?.textContent).toContain('<img src=x onerror=alert(1)>\\u{202E}\\x07');
  });

  test('hides heartbeats at first, filters by kind and peer, and selects', async () => {
    const { page } = fedPage('viewer', [
      message(6, 1_000_000, 1),
      message(7, 1_100_000, 2, { kind: 'HEARTBEAT', frames: ['HEARTBEAT'], sizes: [9], frameCount: 1 }),
      message(8, 1_200_000, 3, { link: 'client-1', kind: 'REPLY' }),
    ]);
    page.tab = 'wire';
    render(SidePanel, { page });
    flushSync();
    const shown = () => rows().map((row) => Number(row.dataset.msg));
    expect(shown()).toEqual([1, 3]);
    await fireEvent.click(screen.getByRole('button', { name: 'HEARTBEAT' }));
    expect(shown()).toEqual([1, 2, 3]);
    await fireEvent.change(screen.getByRole('combobox', { name: 'Peer' }), { target: { value: 'worker-1' } });
    expect(shown()).toEqual([1, 2]);
    await fireEvent.click(rows()[0] as HTMLElement);
    expect(page.selection).toEqual({ type: 'message', msg: 1 });
  });
});
