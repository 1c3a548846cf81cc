// Where the marks of one row of the strip stand, and which of them can bear a name.

import type { Micros } from '@crows-nest/protocol';
import { placeOf, type Timer } from '../../model/figures-timers.ts';
import { thin } from './swarm.ts';

export interface TimerMark {
  readonly timer: Timer;
  readonly x: number;
  /** Left out where there is no room. */
  readonly text: string;
  readonly anchor: 'start' | 'end';
}

/** `charPx`: how wide a character is, about. */
export function marksOf(
  timers: readonly Timer[],
  t: Micros,
  width: number,
  charPx: number,
  nameOf: (timer: Timer) => string,
): TimerMark[] {
  const xs = timers.map(({ at }) => 3 + placeOf(at, t) * (width - 6));
  const dots = xs.map((x) => ({ from: x - 3, to: x + 3 }));
  const texts = timers.map(nameOf);
  const wanted = timers.flatMap((timer, index) => {
    const x = xs[index] ?? 0;
    const long = (texts[index] ?? '').length * charPx;
    const right = { index, anchor: 'start', from: x + 4, to: x + 8 + long, urgent: timer.urgent } as const;
    const left = { index, anchor: 'end', from: x - 8 - long, to: x - 4, urgent: timer.urgent } as const;
    return [right, left].filter(({ from, to }) => from >= 0 && to <= width);
  });
  // What is urgent is named first; the order of time decides among the rest.
  const kept = thin(
    wanted.sort((a, b) => Number(b.urgent) - Number(a.urgent)),
    dots,
  );
  return timers.map((timer, index) => {
    const label = kept.find((span) => span.index === index);
    return { timer, x: xs[index] ?? 0, text: label ? (texts[index] ?? '') : '', anchor: label?.anchor ?? 'start' };
  });
}
