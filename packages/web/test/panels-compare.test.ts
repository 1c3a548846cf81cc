// Two systems on one page: a log each, one playhead, and panels that are about one of them at a time.

import { emptyState, type TraceEvent, writeEvent, writeHeader } from '@crows-nest/protocol';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { COMPARISONS } from '../src/model/comparisons.ts';
import CompareTab from '../src/panels/compare/CompareTab.svelte';
import SidePanel from '../src/panels/SidePanel.svelte';
import { compareWords } from '../src/words/compare.ts';
import { leaves } from '../src/words/words.ts';
import { fedPage, message, troupe } from './panels-page.ts';
import { eventsOf, type Plan } from './stage-world.ts';

afterEach(cleanup);

/** The heads are fetched after the page. */
const SLOW_FETCH = { timeout: 10_000 };
const EMPTY = { state: emptyState(), now: 0 };
const PLAN: Plan = { workers: 2, clients: 3, everyMs: 3000, workMs: 1500, restless: true, seconds: 12 };
const LISTING = eventsOf({ ...PLAN, rules: 'listing' });
const GUIDE = eventsOf({ ...PLAN, rules: 'guide' });

function compared(a: readonly TraceEvent[], b: readonly TraceEvent[], upTo: number, role: 'presenter' | 'viewer') {
  const { page, source, tick } = fedPage(role);
  page.snapshot({ a: EMPTY, b: EMPTY });
  page.batch(a, upTo, 0, 'a');
  page.batch(b, upTo, 0, 'b');
  tick(3000, upTo);
  page.seek(upTo);
  flushSync();
  return { page, source };
}

describe('[B9] a page with two sides', () => {
  test('each side has its own facts, at one time; the panels are about the one that is shown', () => {
    const { page } = compared([...troupe, message(6, 9, 5)], troupe, 2_000_000, 'viewer');
    expect(page.sides.map(({ name, log }) => [name, log.size])).toEqual([
      ['a', 7],
      ['b', 6],
    ]);
    expect(page.a.look.t).toBe(page.b?.look.t);
    page.select({ type: 'message', msg: 5 });
    expect(page.log.entered(5)).toBeDefined();
    page.show('b');
    expect(page.selection).toBeNull();
    expect(page.log.entered(5)).toBeUndefined();
    expect(page.look.state.seq).toBe(5);
  });

  test('what is pointed at shows on both sides when it is a peer, on its own when it is a message', () => {
    const { page } = compared(troupe, troupe, 2_000_000, 'viewer');
    page.point({ type: 'peer', peer: 'worker-1' }, 'b');
    expect([page.hoverOn('a'), page.hoverOn('b')]).toEqual(Array(2).fill({ type: 'peer', peer: 'worker-1' }));
    page.point({ type: 'message', msg: 1 }, 'b');
    expect([page.hoverOn('a'), page.hoverOn('b')]).toEqual([null, { type: 'message', msg: 1 }]);
    page.point(null, 'b');
    expect([page.hoverOn('a'), page.hoverOn('b')]).toEqual([null, null]);
  });

  test('a command is given on the side that is shown', async () => {
    const { page, source } = compared(troupe, troupe, 2_000_000, 'presenter');
    await page.command({ type: 'process.kill', peer: 'worker-1' });
    page.show('b');
    await page.command({ type: 'queue.configure', rules: 'guide' });
    expect(source.sides).toEqual(['a', 'b']);
  });

  test('when the comparison ends the page is about side A again, and when another begins nothing of the old is left', () => {
    const { page } = compared(troupe, troupe, 2_000_000, 'viewer');
    page.show('b');
    page.snapshot({ a: EMPTY });
    expect([page.b, page.shown, page.tab]).toEqual([null, 'a', 'inspector']);
    page.snapshot({ a: EMPTY, b: EMPTY });
    expect(page.b?.log.size).toBe(0);
  });

  test('live, no later time is looked at than is known of both; of two recordings, as far as the longer one goes', () => {
    const { page } = compared(troupe, troupe, 2_000_000, 'viewer');
    page.batch([], 2_600_000, 0, 'a');
    expect(page.known).toEqual({ startAt: 0, endAt: 2_000_000 });
    page.replay = true;
    expect(page.known).toEqual({ startAt: 0, endAt: 2_600_000 });
  });

  test('what is waited for is looked for on the side that is shown', () => {
    const { page } = compared(LISTING, GUIDE, 11_000_000, 'viewer');
    page.seek(0);
    page.runUntil({ what: 'expiry' });
    page.show('b');
    expect(page.waitingFor).toEqual({ what: 'expiry' });
  });

  test('two stages with a name and a head each; X moves between them', async () => {
    const { page } = compared(LISTING, GUIDE, 11_000_000, 'viewer');
    render(App, { page });
    expect(screen.getByRole('region', { name: 'Stage A' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Stage B' })).toBeTruthy();
    const head = await screen.findByRole('button', { name: /^B rules: guide/ }, SLOW_FETCH);
    expect(head.getAttribute('aria-pressed')).toBe('false');
    await fireEvent.keyDown(document.body, { key: 'x' });
    expect([page.shown, head.getAttribute('aria-pressed')]).toEqual(['b', 'true']);
    await fireEvent.click(await screen.findByRole('button', { name: /^A rules: listing/ }, SLOW_FETCH));
    expect(page.shown).toBe('a');
  });
});

describe('[B5] the table of differences', () => {
  test('is of the playhead: rewound, it says what was so then', async () => {
    const { page } = compared(LISTING, GUIDE, 11_000_000, 'viewer');
    render(SidePanel, { page });
    const row = async (name: string) =>
      within(await screen.findByRole('row', { name: new RegExp(`^${name}`) }))
        .getAllByRole('cell')
        .map((cell) => Number.parseInt(cell.textContent ?? '', 10));
    const late = await row('given to a busy worker');
    expect(late[0]).toBe(0);
    expect(late[1]).toBeGreaterThan(0);
    page.seek(100_000);
    flushSync();
    expect(await row('given to a busy worker')).toEqual([0, 0]);
    expect(await row('answered')).toEqual([0, 0]);
  });

  test('a figure leads to the moment that made it, on its side', async () => {
    const { page } = compared(LISTING, GUIDE, 11_000_000, 'viewer');
    render(SidePanel, { page });
    await fireEvent.click(await screen.findByRole('button', { name: /given to a busy worker, side B/ }));
    expect(page.shown).toBe('b');
    expect(page.selection?.type).toBe('event');
    const fact = page.selection?.type === 'event' ? page.log.event(page.selection.seq) : undefined;
    expect(fact?.type).toBe('request.dispatched');
    expect(page.t).toBe(fact?.t);
  });

  test('a viewer sees the table and no controls; without a comparison not even the tab', async () => {
    const { page } = compared(troupe, troupe, 2_000_000, 'viewer');
    render(SidePanel, { page });
    expect(await screen.findByRole('table', { name: /What came of each side/ })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'End the comparison' })).toBeNull();
    page.snapshot({ a: EMPTY });
    flushSync();
    expect(screen.queryByRole('tab', { name: 'A/B' })).toBeNull();
  });
});

describe('beginning a comparison', () => {
  test('a ready-made one fills the form, and what is changed by hand is sent', async () => {
    const { page, source } = fedPage('presenter');
    render(CompareTab, { page });
    await fireEvent.click(screen.getByRole('radio', { name: 'Paranoid against Simple' }));
    const sideB = within(screen.getByRole('group', { name: 'Side B' }));
    expect((sideB.getByRole('combobox', { name: 'rules' }) as HTMLSelectElement).value).toBe('simple');
    await fireEvent.input(screen.getByRole('spinbutton', { name: 'workers a side' }), { target: { value: '5' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Begin the comparison' }));
    const { simple } = COMPARISONS;
    expect(source.commands).toEqual([{ ...simple, workers: 5, replyFirst: true, quietWhileBusy: true }]);
  });

  test('one request of each client, and the end, are told to the bridge', async () => {
    const { page, source } = compared(troupe, troupe, 2_000_000, 'presenter');
    render(CompareTab, { page });
    await fireEvent.click(screen.getByRole('button', { name: 'One request of each client' }));
    await fireEvent.click(screen.getByRole('button', { name: 'End the comparison' }));
    expect(source.commands).toEqual([{ type: 'client.ask' }, { type: 'comparison.end' }]);
  });
});

test('[S8] two recordings are opened side by side', async () => {
  const { page } = fedPage('viewer');
  const file = (name: string, events: readonly TraceEvent[]) =>
    new File([writeHeader('2026-01-01T00:00:00.000Z') + events.map(writeEvent).join('')], name);
  await page.openRecordings([file('listing.ndjson', LISTING), file('guide.ndjson', GUIDE)]);
  expect(page.opened).toBe('listing.ndjson | guide.ndjson');
  expect(page.sides.map(({ log }) => log.size)).toEqual([LISTING.length, GUIDE.length]);
  page.closeRecording();
  expect(page.opened).toBeNull();
});

test('the words of A/B are there in both languages, none is empty, and Chinese is Chinese', () => {
  const { en, zh } = compareWords;
  const shape = (words: typeof en) => leaves(words).map(([path, leaf]) => `${path} ${typeof leaf}`);
  expect(shape(zh).sort()).toEqual(shape(en).sort());
  for (const [path, leaf] of leaves(zh)) {
    expect(typeof leaf === 'string' ? leaf : leaf(...(['x', 'y'] as never[])), path).toMatch(/\p{Script=Han}/u);
  }
});
