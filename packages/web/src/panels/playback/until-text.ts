// What the picture runs until, in words.

import type { Until } from '../../model/until.ts';
import type { Page } from '../page.svelte.ts';

export function untilText(page: Page, until: Until): string {
  const { playback } = page.settings.words;
  switch (until.what) {
    case 'loss':
      return playback.untilLoss;
    case 'expiry':
      return playback.untilExpiry;
    case 'fault':
      return playback.untilFault;
    case 'disagreement':
      return playback.untilDisagreement;
    case 'peer':
      return playback.untilPeer(page.nameOf(until.peer));
  }
}
