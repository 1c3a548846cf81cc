import { describe, expect, test } from 'vitest';
import { Viewport } from '../src/panels/spacetime/viewport.svelte.ts';
import { boundsOf } from '../src/spacetime/plot.ts';
import { project, unproject } from '../src/spacetime/time-scale.ts';
import { fitted, type Known, panned, scaleOf, USUAL, windowAt, zoomed } from '../src/spacetime/window.ts';
import { indexOf, logOfAll, trouble } from './spacetime-world.ts';

const log = logOfAll(trouble(2, 'robust', 3));
const index = indexOf(log);
const bounds = boundsOf({ width: 1516, height: 312, textScale: 1 });
const at = (t: number): Known => ({ index, t, startAt: log.startAt, endAt: log.endAt });
const middle = 700;

describe('the window on time', () => {
  test('zoomed about a place, the time there stays there', () => {
    const known = at(100e6);
    let window = windowAt(known, { t: 60e6, x: middle }, 20e6, bounds);
    for (const factor of [0.5, 0.3, 0.1, 4, 2, 0.7]) {
      const before = unproject(scaleOf(known, window, bounds), middle);
      window = zoomed(known, window, factor, middle, bounds);
      expect(project(scaleOf(known, window, bounds), before)).toBeCloseTo(middle, 1);
    }
  });

  test('never shows less than two milliseconds, nor much more than there is', () => {
    const known = at(100e6);
    expect(zoomed(known, USUAL, 1e-9, middle, bounds).spanUs).toBe(2000);
    expect(zoomed(known, USUAL, 1e9, middle, bounds).spanUs).toBeLessThan((log.endAt - log.startAt) * 1.1);
  });

  test('panned, what was under the pointer goes along with it', () => {
    const known = at(100e6);
    const window = { spanUs: 20e6, anchorAt: 60e6 };
    const before = unproject(scaleOf(known, window, bounds), middle);
    const after = scaleOf(known, panned(known, window, 80, bounds), bounds);
    expect(project(after, before)).toBeCloseTo(middle + 80, 1);
  });

  test('fitted, all of it is on the screen, whatever is cut', () => {
    for (const t of [30e6, 90e6, log.endAt]) {
      const known = at(t);
      const scale = scaleOf(known, fitted(known, null, bounds), bounds);
      expect(Math.abs(project(scale, log.startAt) - bounds.left)).toBeLessThan(60);
    }
  });
});

describe('the viewport', () => {
  test('live it follows; held it stands and the playhead moves in it', () => {
    const port = new Viewport();
    port.track(at(50e6), 'live', bounds);
    expect(port.following).toBe(true);
    port.track(at(50.016e6), 'live', bounds);
    port.track(at(45e6), 'held', bounds);
    expect(port.window.anchorAt).toBe(50.016e6);
    expect(project(scaleOf(at(45e6), port.window, bounds), 45e6)).toBeLessThan(bounds.nowX);
  });

  test('a playhead that leaves it by itself takes it along', () => {
    const port = new Viewport();
    port.track(at(150e6), 'held', bounds);
    port.track(at(149e6), 'held', bounds);
    port.track(at(20e6), 'held', bounds);
    const x = project(scaleOf(at(20e6), port.window, bounds), 20e6);
    expect(x).toBeGreaterThan(bounds.left);
    expect(x).toBeLessThan(bounds.nowX);
  });

  test('a playhead that was left behind by hand does not pull it back, until it is live again', () => {
    const port = new Viewport();
    let t = 120e6;
    port.track(at(t), 'live', bounds);
    for (let i = 0; i < 30; i++) port.pan(at(t), 200, bounds);
    const { anchorAt } = port.window;
    for (; t < 130e6; t += 1e6) port.track(at(t), 'live', bounds);
    expect(port.window.anchorAt).toBe(anchorAt);
    port.track(at(t), 'held', bounds);
    port.track(at(t), 'live', bounds);
    expect(port.following).toBe(true);
  });

  test('played on, it is followed from where the playhead usually is', () => {
    const port = new Viewport();
    port.track(at(100e6), 'held', bounds);
    port.track(at(90e6), 'held', bounds);
    let t = 90e6;
    for (; !port.following && t < 140e6; t += 16_667) port.track(at(t), 'behind', bounds);
    expect(port.following).toBe(true);
    expect(t).toBeGreaterThanOrEqual(100e6);
    expect(t).toBeLessThan(101e6);
  });
});
