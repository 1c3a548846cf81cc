// The bridge refuses in English. What it says is known here by its shape, so that the page can say it in its own language.

import type { RefusalCode } from '@crows-nest/protocol';

export type Refusal =
  | { readonly name: 'forbidden' | 'limited' | 'failed' | 'unanswered' | 'disconnected' | 'queueStays' }
  | { readonly name: 'gone' | 'notRunning' | 'isPaused' | 'notPaused' | 'isGuest' | 'noLink'; readonly peer: string }
  | { readonly name: 'stageFull'; readonly count: string }
  | { readonly name: 'noFault'; readonly fault: string };

type Shape = readonly [pattern: RegExp, refusal: (value: string) => Refusal];

const ofPeer = (name: 'gone' | 'notRunning' | 'isPaused' | 'notPaused' | 'isGuest' | 'noLink') => (peer: string) =>
  ({ name, peer }) satisfies Refusal;

const SHAPES: readonly Shape[] = [
  [/^not connected$/, () => ({ name: 'disconnected' })],
  [/^the bridge did not answer$/, () => ({ name: 'unanswered' })],
  [/^there is no fault (\S+)$/, (fault) => ({ name: 'noFault', fault })],
  [/^there is no (\S+)$/, ofPeer('gone')],
  [/^(\S+) is not running$/, ofPeer('notRunning')],
  [/^(\S+) is not paused$/, ofPeer('notPaused')],
  [/^(\S+) is paused\b/, ofPeer('isPaused')],
  [/^(\S+) is a guest\b/, ofPeer('isGuest')],
  [/^(?:the )?(\S+) has no link of its own\b/, ofPeer('noLink')],
  [/^the queue stays\b/, () => ({ name: 'queueStays' })],
  [/^there are (\d+) \w+, and no more fit on the stage$/, (count) => ({ name: 'stageFull', count })],
];

/** null: nothing that is known here; then its own words are the best there are. */
export function readRefusal(code: RefusalCode, message: string): Refusal | null {
  for (const [pattern, refusal] of SHAPES) {
    const found = pattern.exec(message);
    if (found) return refusal(found[1] ?? '');
  }
  return code === 'refused' || code === 'malformed' ? null : { name: code };
}
