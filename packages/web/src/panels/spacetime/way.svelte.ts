// The keyboard's way through the diagram: where it is, and what is said there.

import type { Micros } from '@crows-nest/protocol';
import { sameSelection } from '../../model/selection.ts';
import type { DiagramIndex } from '../../spacetime/diagram-index.ts';
import { type Stop, stopBeside } from '../../spacetime/events-path.ts';
import { SPACETIME } from '../../words/spacetime.ts';
import type { Page } from '../page.svelte.ts';
import { eventText, messageText } from './under-text.ts';

export class Way {
  stop = $state.raw<Stop | null>(null);
  said = $state('');

  /** To the next or previous stop from here, or from the playhead; says the time that has to be in view. */
  go(page: Page, index: DiagramIndex, step: -1 | 1): Micros | null {
    const { log, mode, settings } = page;
    // Live, what has not been shown is not gone to.
    const upTo = mode === 'live' ? page.t : log.endAt;
    const next = stopBeside(index, this.stop ?? page.t, step, log.startAt, upTo);
    if (!next) {
      const { first, last } = SPACETIME[settings.locale];
      this.said = step < 0 ? first : last;
      return null;
    }
    this.stop = next;
    page.point(next.selection);
    const { selection } = next;
    const lines =
      selection.type === 'message'
        ? messageText(page, selection.msg, page.t)
        : eventText(page, index, selection.seq, page.t);
    this.said = (lines ?? []).join(', ');
    return next.t;
  }

  /** Selects what is there, or lets it go. false: it is nowhere. */
  pick(page: Page): boolean {
    if (!this.stop) return false;
    const { selection } = this.stop;
    page.select(sameSelection(selection, page.selection) ? null : selection);
    return true;
  }

  leave(page: Page): void {
    this.stop = null;
    page.point(null);
  }
}
