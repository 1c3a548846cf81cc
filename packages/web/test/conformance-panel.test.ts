// Conformance as a person meets it: folded to its counts, opened to statements with their evidence, and all peers in a table.

import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import AllConformance from '../src/panels/conformance/AllConformance.svelte';
import Inspector from '../src/panels/Inspector.svelte';
import { misbehaved } from './conformance-world.ts';
import { fedPage } from './panels-page.ts';

afterEach(cleanup);

const EVENTS = misbehaved();
const END = EVENTS.at(-1)?.t ?? 0;

/** Held at t of a run in which some misbehave; the judge is there. */
async function opened(t = END) {
  const { page, tick } = fedPage('viewer');
  page.snapshot({ a: { state: page.log.stateAt(-1), now: 0 } });
  const first = page.log.nextSeq;
  tick(
    END / 1000 + 2400,
    END,
    EVENTS.map((event) => ({ ...event, seq: event.seq + first })),
  );
  page.seek(t);
  await page.conformance.follow(page.log);
  flushSync();
  return { page };
}

const summary = () => screen.getByRole('heading', { name: 'Conformance' }).closest('summary') as HTMLElement;

async function unfold() {
  const details = summary().closest('details') as HTMLDetailsElement;
  details.open = true;
  await fireEvent(details, new Event('toggle'));
  return details;
}

/** The row of the statement that says this. */
const row = (text: RegExp) => screen.getAllByText(text)[0]?.closest('li') as HTMLElement;

describe('[J1] a peer', () => {
  test('is summed up in one line, and opened each statement stands with a word, its source and its evidence', async () => {
    const { page } = await opened(13e6);
    page.select({ type: 'peer', peer: 'rude' });
    render(Inspector, { page });
    expect(summary().textContent).toMatch(/\d met, [3-5] broken, \d not yet seen/);
    await unfold();
    const stands = screen.getAllByText(/^(met|broken|not yet seen|cannot be judged)$/);
    expect(stands).toHaveLength(9);
    // `unseen` is the page's own class for what only a screen reader meets.
    for (const each of stands) expect(each.closest('.unseen')).toBeNull();
    const first = row(/The first that a new socket says/);
    expect(first.textContent).toMatch(/broken/);
    expect(first.textContent).toMatch(/once/);
    expect(first.textContent).toMatch(/RFC 6, Overall Conversation/);
    expect(first.textContent).toMatch(/since: \d+\.\d s ago/);
    // A fact is picked, and its time is gone to.
    await fireEvent.click(within(first).getByRole('button', { name: /^Move the picture to/ }));
    expect(page.look.t).toBeLessThan(4e6);
    await fireEvent.click(within(first).getAllByRole('button')[0] as HTMLElement);
    expect(page.selection?.type).toBe('message');
  });

  test('that keeps to everything breaks nothing, beside one that does not', async () => {
    const { page } = await opened(13e6);
    page.select({ type: 'peer', peer: 'good' });
    render(Inspector, { page });
    expect(summary().textContent).toMatch(/9 met|[5-8] met/);
    expect(summary().textContent).not.toMatch(/broken/);
  });

  test('[V1] at an earlier time only what had happened then counts', async () => {
    const { page } = await opened(1e6);
    page.select({ type: 'peer', peer: 'good' });
    render(Inspector, { page });
    const before = summary().textContent ?? '';
    page.seek(13e6);
    flushSync();
    const after = summary().textContent ?? '';
    page.seek(1e6);
    flushSync();
    expect(summary().textContent).toBe(before);
    expect(after).not.toBe(before);
  });

  test('[J3] what cannot be judged says why', async () => {
    const { page } = await opened();
    page.select({ type: 'peer', peer: 'many' });
    render(Inspector, { page });
    await unfold();
    expect(row(/one request at a time on a connection/).textContent).toMatch(
      /cannot be judged.*A DEALER promises nothing/,
    );
    page.select({ type: 'peer', peer: 'secret' });
    flushSync();
    expect(row(/A reply bears the envelope/).textContent).toMatch(/Its bytes cannot be read/);
  });

  test('in Chinese as well', async () => {
    const { page } = await opened(13e6);
    page.select({ type: 'peer', peer: 'rude' });
    render(Inspector, { page });
    page.settings.setLocale('zh');
    flushSync();
    expect(screen.getByRole('heading', { name: '合规' }).closest('summary')?.textContent).toMatch(/条违反/);
  });
});

describe('[J1] everyone', () => {
  test('stands in a table, who broke something first, and a row leads to its statements', async () => {
    const { page } = await opened(11e6);
    render(AllConformance, { page });
    const rows = screen.getAllByRole('row').slice(1);
    const broken = rows.map((each) => Number(within(each).getAllByRole('cell')[0]?.textContent));
    expect(broken).toEqual(broken.toSorted((a, b) => b - a));
    expect(rows.map(({ textContent }) => textContent)).toContainEqual(expect.stringMatching(/^rude/));
    expect(screen.getByText(/^[2-4] of \d broke something$/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /rude/ }));
    expect(page.selection).toEqual({ type: 'peer', peer: 'rude' });
    expect([page.tab, page.conformance.open]).toEqual(['inspector', true]);
  });

  test('before the judge is here nobody is blamed', () => {
    const { page } = fedPage('viewer');
    render(AllConformance, { page });
    expect(screen.queryByRole('table')).toBeNull();
  });
});
