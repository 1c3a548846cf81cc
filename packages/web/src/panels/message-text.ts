// A message's way and its end in words.

import type { Direction, Micros } from '@crows-nest/protocol';
import type { Fate } from '../model/fates.ts';
import type { Passage } from '../model/passage.ts';
import { duration } from '../words/times.ts';
import type { Words } from '../words/words.ts';

interface Names {
  nameOf(peer: string): string;
}

export interface Way {
  readonly link: string;
  readonly direction: Direction;
}

export function ends({ link, direction }: Way, names: Names): [from: string, to: string] {
  const [peer, queue] = [names.nameOf(link), names.nameOf('queue')];
  return direction === 'toQueue' ? [peer, queue] : [queue, peer];
}

export function hopText(way: Way, names: Names): string {
  const [from, to] = ends(way, names);
  return `${from} → ${to}`;
}

export function passageText(fate: Fate, passage: Passage, words: Words): string {
  const took = (end: Micros | undefined) => duration((end ?? fate.enteredAt) - fate.enteredAt, words);
  switch (passage) {
    case 'read':
      return words.message.read(took(fate.endAt));
    case 'delivered':
      return words.message.delivered(took(fate.endAt));
    case 'dropped':
      return words.message.dropped(fate.cause ?? '');
    case 'lost':
      return causeText(fate.cause, words);
    default:
      return words.message[passage];
  }
}

export function causeText(cause: string | undefined, words: Words): string {
  const causes: Readonly<Record<string, string>> = words.cause;
  return causes[cause ?? ''] ?? cause ?? '';
}
