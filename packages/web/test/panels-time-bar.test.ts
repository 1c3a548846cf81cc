// The time bar: its buttons, the slider by key and by hand, markers that lead where they say, running until.

import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import { Layout } from '../src/panels/comfort/layout.svelte.ts';
import LiveBadge from '../src/panels/LiveBadge.svelte';
import SpeedSlider from '../src/panels/playback/SpeedSlider.svelte';
import TimeBar from '../src/panels/playback/TimeBar.svelte';
import { fedPage, message } from './panels-page.ts';

afterEach(cleanup);

const shown = (more: Parameters<typeof fedPage>[1] = []) => {
  const fed = fedPage('viewer', more);
  render(TimeBar, { page: fed.page, layout: new Layout() });
  flushSync();
  return fed;
};
const slider = () => screen.getByRole('slider', { name: 'Playhead' });
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const paused = { seq: 6, t: 700_000, type: 'process.paused', peer: 'worker-1' } as const;
const killed = {
  seq: 7,
  t: 1_500_000,
  type: 'process.exited',
  peer: 'worker-1',
  code: null,
  signal: 'SIGKILL',
} as const;

describe('the time bar', () => {
  test('holds and plays on, steps, and leads back to live', async () => {
    const { page } = shown([message(6, 1_000_000, 1), message(7, 1_200_000, 2)]);
    await fireEvent.click(button('Hold the picture (Space)'));
    expect([page.mode, button('Play on (Space)')]).toBeTruthy();
    await fireEvent.click(button('Previous event (,)'));
    await fireEvent.click(button('Previous event (,)'));
    expect(page.t).toBe(1_000_000);
    await fireEvent.click(button('Next event (.)'));
    expect(page.t).toBe(1_200_000);
    await fireEvent.click(button('Go to live (L)'));
    expect([page.mode, page.t]).toEqual(['live', 2_000_000]);
  });

  test('is a slider with words for its value, and keys', async () => {
    const { page } = shown();
    expect(slider().getAttribute('aria-valuetext')).toBe('at 0:02, live');
    await fireEvent.keyDown(slider(), { key: 'Home' });
    expect([page.t, page.mode]).toEqual([0, 'behind']);
    expect(slider().getAttribute('aria-valuetext')).toBe('at 0:00, 2.4 s behind');
    await fireEvent.keyDown(slider(), { key: 'ArrowRight', shiftKey: true });
    expect(page.t).toBe(200_000);
    await fireEvent.keyDown(slider(), { key: 'End' });
    expect([page.t, page.mode]).toEqual([2_000_000, 'live']);
  });

  test('under a hand it holds; let go, it plays on if it did before', async () => {
    const { page } = shown();
    const drag = async (clientX: number) => {
      await fireEvent.pointerDown(slider(), { button: 0, clientX, pointerId: 1 });
      expect(page.mode).toBe('held');
      await fireEvent.pointerUp(slider(), { button: 0, clientX, pointerId: 1 });
    };
    // Without a layout the bar has no width: all of it is its beginning.
    await drag(0);
    expect([page.t, page.mode]).toEqual([0, 'behind']);
    page.hold();
    await drag(0);
    expect(page.mode).toBe('held');
  });

  test('its markers say what happened to whom and when, and lead there', async () => {
    const { page } = shown([paused, killed]);
    const markers = within(screen.getByRole('toolbar', { name: 'Moments on the time bar' })).getAllByRole('button');
    expect(markers.map((marker) => marker.getAttribute('aria-label'))).toEqual([
      'frozen: worker 1, at 0:00.70',
      'killed: worker 1, at 0:01.50',
    ]);
    expect(markers.map((marker) => marker.tabIndex)).toEqual([0, -1]);
    await fireEvent.click(markers[0] as HTMLElement);
    expect([page.t, page.mode]).toEqual([700_000, 'held']);
  });

  test('runs until what is chosen, says so, and can be told not to', async () => {
    const { page } = shown();
    render(LiveBadge, { page });
    page.select({ type: 'link', link: 'worker-1' });
    await fireEvent.click(button('Run until…'));
    expect(screen.getAllByRole('menuitem').map((item) => item.textContent)).toEqual([
      'the next loss',
      'the next expiry',
      'the next fault or kill',
      'belief and truth part',
      'the next fact of worker 1',
    ]);
    await fireEvent.click(screen.getByRole('menuitem', { name: 'the next expiry' }));
    expect(page.waitingFor).toEqual({ what: 'expiry' });
    expect(screen.getByText(/RUNNING UNTIL…/)).toBeTruthy();
    await fireEvent.click(button(/running until the next expiry/));
    expect(page.waitingFor).toBeNull();
  });
});

describe('the speed', () => {
  test('goes from stop to stop by key, falls behind, and back to × 1', async () => {
    const { page } = fedPage('viewer');
    render(SpeedSlider, { page });
    const speed = screen.getByRole('slider', { name: 'speed' });
    await fireEvent.keyDown(speed, { key: 'ArrowLeft' });
    expect([page.speed, page.mode, speed.getAttribute('aria-valuetext')]).toEqual([0.5, 'behind', '×1/2']);
    await fireEvent.keyDown(speed, { key: 'Home' });
    expect(page.speed).toBe(1 / 1000);
    await fireEvent.click(button(/To × 1/));
    expect(page.speed).toBe(1);
  });

  test('drawn beyond × 1 while live it comes back: there is nothing to be faster for', async () => {
    const { page } = fedPage('viewer');
    render(SpeedSlider, { page });
    const speed = screen.getByRole('slider', { name: 'speed' }) as HTMLInputElement;
    const before = speed.value;
    await fireEvent.input(speed, { target: { value: '0.95' } });
    expect([page.speed, Math.abs(Number(speed.value) - Number(before)) < 0.01]).toEqual([1, true]);
    page.seek(0);
    await fireEvent.input(speed, { target: { value: '1' } });
    expect(page.speed).toBe(16);
  });
});
