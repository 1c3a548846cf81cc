// What a process really does, in a few words with the detail that matters.

import type { Micros, PeerState } from '@crows-nest/protocol';
import type { Truth } from '../stage/truth.ts';
import { relative } from '../words/times.ts';
import type { Words } from '../words/words.ts';

export function truthText(truth: Truth, { process, backOff }: PeerState, t: Micros, words: Words): string {
  if (truth === 'frozen') return words.truth.frozenWhy;
  if (truth === 'overloaded') return words.truth.overloadedWhy;
  if (truth === 'reconnecting' && backOff) return words.truth.backOff(relative(Math.max(t, backOff.untilAt), t, words));
  if (truth === 'dead' && process?.signal) return words.truth.killed(process.signal);
  if (truth === 'dead' && process && process.code !== null) return words.truth.exitCode(String(process.code));
  return words.truth[truth];
}

/** A queue or a client: it has no belief to part from, only its process. */
export function processTruth({ process, left }: PeerState): Truth {
  if (left || process?.status === 'exited') return 'dead';
  if (process === null) return 'unknown';
  if (process.status === 'paused') return 'frozen';
  return process.status === 'overloaded' ? 'overloaded' : 'running';
}
