// How far a message has come at time t, told from its fate.

import type { Micros } from '@crows-nest/protocol';
import type { Fate } from './fates.ts';

export type Passage = 'underWay' | 'held' | 'waiting' | 'read' | 'delivered' | 'dropped' | 'lost';

/** A link lets a message out a little after its time; only beyond this is it held. */
const LATE: Micros = 50_000;

export function passageAt(fate: Fate, t: Micros): Passage {
  if (fate.end !== undefined && fate.endAt !== undefined && fate.endAt <= t) return fate.end;
  if (fate.leftAt !== undefined && fate.leftAt <= t) return 'waiting';
  return t > fate.dueAt + LATE ? 'held' : 'underWay';
}

export const isHarm = (passage: Passage): boolean => passage === 'dropped' || passage === 'lost';
