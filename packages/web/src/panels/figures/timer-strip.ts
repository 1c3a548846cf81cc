// Where the marks of one row of the strip stand, and which of them can bear a name.

import type { Micros } from '@crows-nest/protocol';
import { placeOf, type Timer } from '../../model/figures-timers.ts';
import { thin } from './swarm.ts';

export interface TimerMark {
  readonly urgent: boolean;
  /** From its first timer to its last; what stands too close together is one mark. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Left out where there is no room. */
  readonly text: string;
  readonly textX: number;
  readonly anchor: 'start' | 'end';
}

/** Marks closer than this would be one blot. */
const CLOSE = 4;

/** `timers` of one kind, soonest first. `charPx`: how wide a character is, about. */
export function marksOf(
  timers: readonly Timer[],
  t: Micros,
  width: number,
  charPx: number,
  nameOf: (timer: Timer) => string,
): TimerMark[] {
  const groups: { urgent: boolean; from: number; to: number; count: number; text: string }[] = [];
  for (const timer of timers) {
    const x = 3 + placeOf(timer.at, t) * (width - 6);
    const last = groups.at(-1);
    if (last && x - last.to < CLOSE && last.urgent === timer.urgent) {
      last.to = x;
      last.count += timer.count;
      last.text = `×${last.count}`;
    } else {
      const text = timer.count > 1 ? `×${timer.count}` : nameOf(timer);
      groups.push({ urgent: timer.urgent, from: x, to: x, count: timer.count, text });
    }
  }
  return labelled(groups, width, charPx);
}

function labelled(groups: readonly Omit<TimerMark, 'textX' | 'anchor'>[], width: number, charPx: number): TimerMark[] {
  const wanted = groups.flatMap((group, index) => {
    const long = group.text.length * charPx;
    const right = { index, anchor: 'start', from: group.to + 4, to: group.to + 9 + long } as const;
    const left = { index, anchor: 'end', from: group.from - 9 - long, to: group.from - 4 } as const;
    return [right, left].filter(({ from, to }) => from >= 0 && to <= width);
  });
  // What is urgent is named first; the order of time decides among the rest.
  const urgency = (span: { index: number }): number => Number(groups[span.index]?.urgent ?? false);
  const marks = groups.map(({ from, to }) => ({ from: from - 3, to: to + 3 }));
  const kept = thin(
    wanted.sort((a, b) => urgency(b) - urgency(a)),
    marks,
  );
  return groups.map((group, index) => {
    const { anchor } = kept.find((span) => span.index === index) ?? { anchor: null };
    const textX = anchor === 'end' ? group.from - 6 : group.to + 6;
    return { ...group, text: anchor === null ? '' : group.text, textX, anchor: anchor ?? 'start' };
  });
}
