// The wire log's filter, its rows and the part of them that is on screen.

import type { Kind } from '@crows-nest/protocol';
import { type WireFilter, type WireRow, WireRows } from '../model/rows.ts';
import type { Page } from './page.svelte.ts';

export const KINDS = ['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', 'INVALID'] as const satisfies readonly Kind[];

/** Rows beyond the edges, so that a scroll of one row never shows an empty one. */
const MARGIN = 6;

export class Wire {
  hidden = $state.raw<ReadonlySet<Kind>>(new Set(['HEARTBEAT']));
  peer = $state<string | null>(null);
  hex = $state(false);
  follow = $state(true);
  /** Grows with every change of the rows, which are kept in place. */
  version = $state(0);
  rowPx = $state(44);
  top = $state(0);
  height = $state(0);

  readonly filter: WireFilter = $derived({
    kinds: new Set(KINDS.filter((kind) => !this.hidden.has(kind))),
    peer: this.peer,
  });
  readonly #rows = new WireRows();

  readonly count: number = $derived(this.version >= 0 ? this.#rows.count : 0);
  readonly first: number = $derived(Math.max(0, Math.floor(this.top / this.rowPx) - MARGIN));
  readonly shown: readonly WireRow[] = $derived(
    this.version >= 0 ? this.#rows.slice(this.first, Math.ceil((this.top + this.height) / this.rowPx) + MARGIN) : [],
  );

  update(page: Page, t: number): boolean {
    const changed = this.#rows.update(page.log, t, this.filter);
    if (changed) this.version++;
    return changed;
  }

  toggle(kind: Kind): void {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(kind)) hidden.add(kind);
    this.hidden = hidden;
  }

  row(index: number): WireRow | undefined {
    return this.#rows.row(index);
  }

  indexOf(msg: number): number {
    return this.#rows.indexOf(msg);
  }
}
