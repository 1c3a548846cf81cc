// One troupe of those that are on: its log, what is counted and judged of it, and a picture of its state for whoever reads.
// Alone it is side A. Two that are compared share the clock and the playhead, which are not here.

import type { Micros, SideName, State } from '@crows-nest/protocol';
import { copyState, emptyState, ledgerBalances } from '@crows-nest/protocol';
import type { AccountIndex } from '../../model/account-index.ts';
import { TraceLog } from '../../model/log.ts';
import { Markers } from '../../model/markers.ts';
import { ConformanceView } from '../conformance/conformance-view.svelte.ts';
import { FiguresView } from '../figures/figures-view.svelte.ts';
import { LazyIndex } from '../lazy-index.svelte.ts';

export interface Look {
  readonly t: Micros;
  readonly state: State;
}

export class Side {
  readonly name: SideName;
  readonly log = new TraceLog();
  readonly markers = new Markers();
  readonly figures = new FiguresView();
  readonly conformance = new ConformanceView();
  /** For the table of differences: nobody asks for it while there is one side. */
  readonly account = new LazyIndex<AccountIndex>(
    async () => new (await import('../../model/account-index.ts')).AccountIndex(),
  );
  look = $state.raw<Look>({ t: 0, state: emptyState() });
  /** The ledger must always add up [T4]; when it does not, that is said. */
  readonly unbalanced: boolean = $derived(!ledgerBalances(this.look.state));
  /** The log that `look` is of. */
  #taken = -1;

  constructor(name: SideName) {
    this.name = name;
    this.log.observe(this.markers);
    void this.figures.follow(this.log);
    void this.conformance.follow(this.log);
  }

  /** A picture for the panels. The past stays as it is: with `held` the same time is not looked at twice. */
  take(t: Micros, held: boolean): void {
    const same = held && this.look.t === t && this.look.state.seq >= 0 && this.#taken === this.log.generation;
    if (!same) this.look = { t, state: copyState(this.log.stateAt(t)) };
    this.#taken = this.log.generation;
  }
}
