// Real CPU overload: a busy loop in the actor's own thread. Beats stop, while the socket's I/O thread still answers for TCP and ZMTP.

import { type Micros, millis } from '@crows-nest/protocol';
import type { Clock } from './clock.ts';
import type { Report } from './report.ts';

/** Spins until then. What is to be known of it must have been said before: a spinning process says nothing. */
export function spin(untilAt: Micros, clock: Clock, report: Report): void {
  report.flush();
  while (clock() < untilAt);
}

/** Overload as ordered, of an actor whose machine knows nothing of it. */
export function burn(ms: number, clock: Clock, report: Report): void {
  const now = clock();
  const untilAt = now + millis(ms);
  report.record({ type: 'process.overloaded', untilAt }, now);
  spin(untilAt, clock, report);
  report.record({ type: 'process.recovered' }, clock());
}
