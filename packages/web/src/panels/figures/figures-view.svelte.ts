// How a person looks at the figures: the stretch of time, and where in it. It outlives the tab, and counts also while
// nobody looks: to count a long log at once would take seconds.

import type { Micros } from '@crows-nest/protocol';
import type { Figures } from '../../model/figures.ts';
import { FiguresIndex } from '../../model/figures-index.ts';
import { BUCKETS, WINDOWS } from '../../model/figures-windows.ts';

export class FiguresView {
  /** Follows the log from the beginning. */
  readonly index = new FiguresIndex();
  windowUs = $state<Micros>(WINDOWS[1] ?? 0);
  tables = $state(false);
  /** How far before the playhead one looks; null: at it. The same in all charts. */
  ago = $state<Micros | null>(null);

  setWindow(windowUs: Micros): void {
    this.windowUs = windowUs;
    this.ago = null;
  }

  look(ago: Micros): void {
    this.ago = Math.max(0, Math.min(this.windowUs, ago));
  }

  /** By whole buckets; forward over the playhead ends looking back. */
  step(buckets: number): void {
    const width = this.windowUs / BUCKETS;
    const ago = (this.ago ?? 0) - buckets * width;
    if (ago <= 0) this.ago = null;
    else this.look(ago);
  }

  bucketOf({ starts, t }: Figures): number | null {
    const { ago } = this;
    if (ago === null) return null;
    return Math.max(
      0,
      starts.findLastIndex((start) => start < t - ago),
    );
  }
}
