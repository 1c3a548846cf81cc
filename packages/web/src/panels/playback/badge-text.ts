// When the picture is, in a word and a length: for the badge, and for the title of the clean stage.

import { BROADCAST_DELAY_MS, millis } from '@crows-nest/protocol';
import { span } from '../../words/times.ts';
import type { Page } from '../page.svelte.ts';

export interface BadgeText {
  readonly tone: 'live' | 'held' | 'behind' | 'running' | 'waiting' | 'refused';
  readonly word: string;
  /** How far behind the wire; null while there is no wire. */
  readonly lag: string | null;
}

export function badgeText(page: Page): BadgeText {
  const { bar, playback } = page.settings.words;
  const { phase } = page.connection;
  if (phase !== 'open') return { tone: phase === 'refused' ? 'refused' : 'waiting', word: bar[phase], lag: null };
  if (page.replay) {
    const lag = `−${span(page.behind, page.settings.words)}`;
    return {
      tone: page.mode === 'held' ? 'held' : 'behind',
      word: page.mode === 'held' ? bar.paused : bar.replay,
      lag,
    };
  }
  const live = page.mode === 'live';
  const lag = `−${span(live ? millis(BROADCAST_DELAY_MS) : page.behind, page.settings.words)}`;
  if (page.waitingFor) return { tone: 'running', word: playback.runningBadge, lag };
  if (live) return { tone: 'live', word: bar.live, lag };
  return page.mode === 'held' ? { tone: 'held', word: bar.paused, lag } : { tone: 'behind', word: bar.behind, lag };
}
