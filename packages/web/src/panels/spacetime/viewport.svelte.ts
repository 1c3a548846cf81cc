// The window on time as a person moves it. It follows the playhead until it is moved; held, it stands still and the playhead
// moves in it; and a playhead that leaves it takes it along, unless it was left behind by hand.

import type { Mode } from '../../model/playhead.ts';
import type { Bounds } from '../../spacetime/plot.ts';
import { project } from '../../spacetime/time-scale.ts';
import { fitted, type Known, panned, scaleOf, USUAL, type Window, windowAt, zoomed } from '../../spacetime/window.ts';

export class Viewport {
  window = $state.raw<Window>(USUAL);
  readonly following = $derived(this.window.anchorAt === null);
  #mode: Mode = 'live';
  /** Whether the playhead was in it at the last frame. */
  #inside = true;
  #drawnT = 0;

  /** Once a frame, before it is drawn. */
  track(known: Known, mode: Mode, bounds: Bounds): void {
    if (mode === 'live' && this.#mode !== 'live') this.follow();
    if (mode === 'held' && this.following) this.window = { ...this.window, anchorAt: this.#drawnT || known.t };
    this.#mode = mode;
    this.#drawnT = known.t;
    if (this.following) return;
    const x = project(scaleOf(known, this.window, bounds), known.t);
    const inside = x >= bounds.left && x <= bounds.right;
    if (mode !== 'held' && this.#inside && x >= bounds.nowX) this.follow();
    else if (!inside && this.#inside) {
      const at = x < bounds.left ? bounds.left + (bounds.nowX - bounds.left) * 0.25 : bounds.nowX;
      this.window = windowAt(known, { t: known.t, x: at }, this.window.spanUs, bounds);
    } else this.#inside = inside;
  }

  follow(): void {
    this.#inside = true;
    if (!this.following) this.window = { ...this.window, anchorAt: null };
  }

  /** From now on it stands still. */
  hold(known: Known): void {
    if (this.following) this.window = { ...this.window, anchorAt: known.t };
  }

  zoom(known: Known, factor: number, x: number, bounds: Bounds): void {
    this.#move(zoomed(known, this.window, factor, Math.max(bounds.left, x), bounds), known, bounds);
  }

  pan(known: Known, px: number, bounds: Bounds): void {
    this.#move(panned(known, this.window, px, bounds), known, bounds);
  }

  /** All of it; and when all of it is shown, the usual part. */
  fit(known: Known, bounds: Bounds): void {
    const all = fitted(known, this.#mode === 'held' ? known.endAt : null, bounds);
    const { spanUs, anchorAt } = this.window;
    const shown = anchorAt === all.anchorAt && Math.abs(all.spanUs / spanUs - 1) < 0.02;
    this.#move(shown ? { ...USUAL, anchorAt: anchorAt === null ? null : known.t } : all, known, bounds);
  }

  /** Brings a time into view. */
  reveal(known: Known, t: number, bounds: Bounds): void {
    const x = project(scaleOf(known, this.window, bounds), t);
    if (x >= bounds.left + 8 && x <= bounds.nowX) return;
    const middle = (bounds.left + bounds.nowX) / 2;
    this.#move(windowAt(known, { t, x: middle }, this.window.spanUs, bounds), known, bounds);
  }

  #move(window: Window, known: Known, bounds: Bounds): void {
    this.window = window;
    const x = project(scaleOf(known, window, bounds), known.t);
    // Moved so that the playhead is out of sight: it stays there.
    this.#inside = x >= bounds.left && x <= bounds.right;
  }
}
