// "Why?" in the side panel: what is said, where it leads, and the caption below the stage.

import { emptyState } from '@crows-nest/protocol';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import Inspector from '../src/panels/Inspector.svelte';
import Caption from '../src/panels/why/Caption.svelte';
import { fedPage } from './panels-page.ts';
import { logOfScenario } from './why-runs.ts';

afterEach(cleanup);

/** A page that holds this scenario, its picture at that time. */
function pageOf(name: string, seconds: number) {
  const { facts } = logOfScenario(name);
  const { page } = fedPage('viewer');
  page.snapshot({ a: { state: emptyState(), now: 0 } });
  page.batch(facts, facts.at(-1)?.t ?? 0, 0);
  page.frame(3000);
  page.seek(seconds * 1e6);
  flushSync();
  return { page, facts };
}

describe('a fact', () => {
  test('is told with its cause and its evidence; evidence leads on, in choice and in time', async () => {
    const { page, facts } = pageOf('frozen-worker-returns', 4.5);
    const expired = facts.find((fact) => fact.type === 'worker.expired');
    const paused = facts.find((fact) => fact.type === 'process.paused');
    render(Inspector, { page });
    page.select({ type: 'event', seq: expired?.seq ?? -1 });
    flushSync();
    const why = screen.getByRole('region', { name: 'Why?' });
    expect(why.textContent?.replaceAll('\u00a0', ' ')).toContain('Expired: last heard 3.99 s ago');
    expect(why.querySelector('.harm')).toBeTruthy();
    const row = within(why).getByRole('button', { name: /ago process stopped \(SIGSTOP\)$/ });
    await fireEvent.click(within(why).getByRole('button', { name: 'Move the picture to: process stopped (SIGSTOP)' }));
    expect(page.look.t).toBe(paused?.t);
    await fireEvent.click(row);
    expect(page.selection).toEqual({ type: 'event', seq: paused?.seq });
  });

  test('without a cause says so, and one that is gone as well', () => {
    const { page, facts } = pageOf('frozen-worker-returns', 4.5);
    render(Inspector, { page });
    page.select({ type: 'event', seq: facts.find((fact) => fact.type === 'process.resumed')?.seq ?? -1 });
    flushSync();
    expect(screen.getByText('It is its own reason: nothing in the trace is behind it.')).toBeTruthy();
    page.select({ type: 'event', seq: 999_999 });
    flushSync();
    expect(screen.getByText('It is no longer in the log.')).toBeTruthy();
  });
});

test('a worker’s view says how it stands, and what happened to it can be asked on', async () => {
  const { page, facts } = pageOf('frozen-worker-returns', 2.6);
  render(Inspector, { page });
  page.select({ type: 'peer', peer: 'worker-1' });
  flushSync();
  expect(screen.getByText(/Expires in/).parentElement?.textContent?.replaceAll('\u00a0', ' ')).toBe(
    'Expires in 0.4 s unless heard: last heard 2.6 s ago, two beats of 1 s missed. The process is stopped (SIGSTOP), its TCP connection is still up.',
  );
  await fireEvent.click(screen.getByRole('button', { name: /ago process stopped/ }));
  expect(page.selection).toEqual({ type: 'event', seq: facts.find((fact) => fact.type === 'process.paused')?.seq });
});

test('a dropped message says why', () => {
  const { page, facts } = pageOf('heartbeats-muted', 3);
  const dropped = facts.find((fact) => fact.type === 'message.dropped');
  render(Inspector, { page });
  page.select({ type: 'message', msg: dropped?.type === 'message.dropped' ? dropped.msg : -1 });
  flushSync();
  expect(screen.getByRole('region', { name: 'Why?' }).textContent).toContain(
    'fault f1 has dropped HEARTBEAT on this link',
  );
});

describe('the caption', () => {
  test('is a sentence without stray spaces, its nouns coloured, and tells the stage whom it names', () => {
    const { page } = pageOf('frozen-worker-returns', 2.6);
    const { container } = render(Caption, { page });
    flushSync();
    expect(container.querySelector('p')?.textContent).toBe(
      'Worker 1 is frozen, but the queue still believes its last heartbeat: the next request would go to a process that cannot answer.',
    );
    const noun = container.querySelector('b');
    expect(noun?.style.color).toBe('var(--frozen)');
    expect(noun?.querySelector('svg')).toBeTruthy();
    expect(page.named).toEqual(['worker-1']);
  });

  test('is said aloud politely', () => {
    const { page } = pageOf('frozen-worker-returns', 2.6);
    const { container } = render(Caption, { page });
    flushSync();
    expect(container.querySelector('[aria-live="polite"]')?.textContent).toMatch(/^Worker 1 is frozen/);
  });
});
