// What peers are called on the stage: in full, or as little as fits a small cell.

import { identityText, visibleText } from '../visible-text.ts';
import type { Frame } from './frame.ts';

export function nameOf({ state, words }: Frame, id: string | null, identity: string): string {
  const peer = id === null ? undefined : state.peers[id];
  return peer ? words.name(visibleText(peer.name, 24)) : identityText(identity, 14);
}

/** "w17" for worker 17: what fits into a small cell. */
export function shortName(id: string | null, identity: string): string {
  const number = id?.match(/\d+$/)?.[0];
  if (id === null || number === undefined) return identityText(identity, 4);
  return `${id.startsWith('client') ? 'c' : id.startsWith('guest') ? 'g' : 'w'}${number.padStart(2, '0')}`;
}
