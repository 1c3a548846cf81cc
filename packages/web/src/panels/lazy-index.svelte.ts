// An index that is fetched after the page, and told all that the log holds by then: it learns also while nobody looks, since to learn
// a long log at once would take seconds.

import type { LogObserver, TraceLog } from '../model/log.ts';

export class LazyIndex<I extends LogObserver> {
  /** null: not here yet. */
  index = $state.raw<I | null>(null);
  /** It could not be fetched. */
  failed = $state(false);
  readonly #load: () => Promise<I>;

  constructor(load: () => Promise<I>) {
    this.#load = load;
  }

  async follow(log: TraceLog): Promise<void> {
    this.failed = false;
    const index = await this.#load().catch(() => null);
    this.failed = index === null;
    if (!index || this.index) return;
    log.observe(index);
    this.index = index;
  }
}
