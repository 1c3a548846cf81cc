// What is found of peers, and whether a person has the findings open. The judge is fetched after the page, and told all that the log
// holds by then: it judges also while nobody looks, since to judge a long log at once would take seconds.

import type { ConformanceIndex } from '../../model/conformance.ts';
import type { TraceLog } from '../../model/log.ts';

export class ConformanceView {
  /** null: not here yet. */
  index = $state.raw<ConformanceIndex | null>(null);
  /** It could not be fetched. */
  failed = $state(false);
  /** The same for each peer that is looked at. */
  open = $state(false);

  async follow(log: TraceLog): Promise<void> {
    this.failed = false;
    const judge = await import('../../model/conformance.ts').catch(() => null);
    this.failed = judge === null;
    if (!judge || this.index) return;
    const index = new judge.ConformanceIndex();
    log.observe(index);
    this.index = index;
  }
}
