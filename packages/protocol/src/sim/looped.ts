// A run told over and over as one long trace, its numbers and times going on: what a long day leaves behind, without simulating it.
// Each round ends with everybody gone, so that the next begins as the first did.

import type { TraceEvent } from '../events.ts';
import { fold } from '../fold.ts';
import type { Micros } from '../timing.ts';

/** How far the numbers of a round are ahead of those of the first. */
interface Shift {
  readonly seq: number;
  readonly t: Micros;
  readonly msg: number;
  readonly conn: number;
  readonly journey: number;
}

export class LoopedRun {
  readonly #round: readonly TraceEvent[];
  readonly #step: Shift;
  #rounds = 0;
  #at = 0;

  /** `run` begins with number 0 and nobody there. */
  constructor(run: readonly TraceEvent[]) {
    this.#round = [...run, ...ending(run)];
    const most = (name: 't' | 'msg' | 'conn' | 'journey') =>
      this.#round.reduce(
        (so, event) => Math.max(so, (event as unknown as Partial<Record<string, number>>)[name] ?? 0),
        0,
      ) + 1;
    const seq = this.#round.length;
    this.#step = { seq, t: most('t'), msg: most('msg'), conn: most('conn'), journey: most('journey') };
  }

  /** The next so many facts. */
  take(count: number): TraceEvent[] {
    const events: TraceEvent[] = [];
    while (events.length < count) {
      events.push(shifted(this.#round[this.#at++] as TraceEvent, this.#step, this.#rounds));
      if (this.#at < this.#round.length) continue;
      this.#at = 0;
      this.#rounds++;
    }
    return events;
  }
}

function shifted(event: TraceEvent, step: Shift, rounds: number): TraceEvent {
  if (rounds === 0) return event;
  const values: Record<string, unknown> = { ...event };
  for (const name in values) {
    const value = values[name];
    if (typeof value !== 'number') continue;
    if (name === 't' || name.endsWith('At')) values[name] = value + step.t * rounds;
    else if (name === 'cause') values[name] = value + step.msg * rounds;
    else if (name in step) values[name] = value + step[name as keyof Shift] * rounds;
  }
  return values as unknown as TraceEvent;
}

/** Everything under way is lost, every connection closes, everybody leaves. */
function ending(run: readonly TraceEvent[]): TraceEvent[] {
  const { messages, connections, peers, t } = fold(run);
  const facts: object[] = [];
  for (const { msg, link } of Object.values(messages))
    facts.push({ type: 'message.lost', link, msg, cause: 'process' });
  for (const { conn, link } of Object.values(connections)) {
    facts.push({ type: 'connection.closed', link, conn, by: 'tap' });
  }
  for (const peer in peers) facts.push({ type: 'peer.left', peer });
  return facts.map((fact, i) => ({ seq: run.length + i, t, ...fact }) as unknown as TraceEvent);
}
