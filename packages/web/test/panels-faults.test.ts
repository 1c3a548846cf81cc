// Menus of things on the stage, and the tab of what is broken: what is offered, to whom, and why not.

import type { TraceEvent } from '@crows-nest/protocol';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import FaultsTab from '../src/panels/faults/FaultsTab.svelte';
import { menuOf, messageItems } from '../src/panels/faults/menu-groups.ts';
import LinkFaults from '../src/panels/LinkFaults.svelte';
import { fedPage, message } from './panels-page.ts';

afterEach(cleanup);

const opened = { seq: 6, t: 5, type: 'connection.opened', link: 'worker-1', conn: 1, side: 'backend' } as const;
const opaqued = { seq: 7, t: 6, type: 'connection.opaqued', link: 'worker-1', conn: 1, reason: 'CURVE' } as const;
const applied: TraceEvent = {
  ...{ seq: 6, t: 1_000_000, type: 'fault.applied', fault: 'f1', link: 'worker-1', kind: 'hold', seed: 1 },
  ...{ direction: 'fromQueue', untilAt: 61_000_000 },
};

describe('the menu of a link', () => {
  test('[L13] whose bytes cannot be read offers the connection alone, and says why', () => {
    const { page } = fedPage('presenter', [opened, opaqued]);
    const menu = menuOf(page, { type: 'link', link: 'worker-1' });
    const keys = menu?.groups.flatMap(({ items }) => items.map(({ key }) => key));
    expect(keys).toEqual(['partition', 'hang', 'reset', 'close', 'look']);
    expect(menu?.note).toContain('CURVE');
    render(LinkFaults, { page, link: 'worker-1' });
    expect(screen.getByText(/cannot be read \(CURVE\)/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Drop its next reply' })).toBeNull();
  });
});

describe('a held message', () => {
  const facts: readonly TraceEvent[] = [
    applied,
    message(7, 1_100_000, 5),
    message(8, 1_200_000, 6),
    { seq: 9, t: 1_300_000, type: 'message.held', link: 'worker-1', msg: 5, fault: 'f1' },
    { seq: 10, t: 1_300_000, type: 'message.held', link: 'worker-1', msg: 6, fault: 'f1' },
  ];

  test('goes before a later one, and the tab counts and steps them', async () => {
    const { page, source } = fedPage('presenter', facts);
    expect(messageItems(page, 5).map(({ obstacle }) => obstacle)).toEqual([null, null]);
    expect(messageItems(page, 6).map(({ obstacle }) => obstacle)).toEqual([
      null,
      'An earlier one is held: it goes first.',
    ]);
    render(FaultsTab, { page });
    expect(screen.getByText('holds 2 messages')).toBeTruthy();
    expect(screen.getByText(/Real TCP cannot do this/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Let one go' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Pin' }));
    await fireEvent.click(screen.getByRole('button', { name: /^Heal hold all →, link of worker 1$/ }));
    expect(source.commands).toEqual([
      { type: 'fault.step', fault: 'f1' },
      { type: 'fault.prolong', fault: 'f1', ttlMs: null },
      { type: 'fault.heal', fault: 'f1' },
    ]);
  });

  test('[S3] a viewer sees it and can do nothing, in 中文 as well', () => {
    const { page } = fedPage('viewer', facts);
    page.settings.setLocale('zh');
    render(FaultsTab, { page });
    flushSync();
    expect(screen.getByText('扣留 2 条消息')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /恢复|放行|固定/ })).toBeNull();
  });
});
