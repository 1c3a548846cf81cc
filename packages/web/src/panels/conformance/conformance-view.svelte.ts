// What is found of peers, and whether a person has the findings open.

import type { ConformanceIndex } from '../../model/conformance.ts';
import { LazyIndex } from '../lazy-index.svelte.ts';

export class ConformanceView extends LazyIndex<ConformanceIndex> {
  /** The same for each peer that is looked at. */
  open = $state(false);

  constructor() {
    super(async () => new (await import('../../model/conformance.ts')).ConformanceIndex());
  }
}
