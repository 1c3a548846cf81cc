// How a person looks at the figures: the stretch of time, and where in it. It outlives the tab. The counting is fetched after the page.

import type { Micros } from '@crows-nest/protocol';
import type { Figures } from '../../model/figures.ts';
import type { FiguresIndex } from '../../model/figures-index.ts';
import { LazyIndex } from '../lazy-index.svelte.ts';

const MINUTE: Micros = 60_000_000;

export class FiguresView extends LazyIndex<FiguresIndex> {
  windowUs = $state<Micros>(MINUTE);
  tables = $state(false);
  /** How far before the playhead one looks; null: at it. The same in all charts. */
  ago = $state<Micros | null>(null);

  constructor() {
    super(async () => new (await import('../../model/figures-index.ts')).FiguresIndex());
  }

  setWindow(windowUs: Micros): void {
    this.windowUs = windowUs;
    this.ago = null;
  }

  look(ago: Micros): void {
    this.ago = Math.max(0, Math.min(this.windowUs, ago));
  }

  /** By whole buckets; forward over the playhead ends looking back. */
  step(buckets: number, { widthUs }: Figures): void {
    const ago = (this.ago ?? 0) - buckets * widthUs;
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
