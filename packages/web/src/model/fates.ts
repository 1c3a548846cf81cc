// What became of each message, indexed by its id as facts come in; the picture draws a flight by its known end.

import type { EventOf, MessageState, Micros, State, TraceEvent } from '@crows-nest/protocol';

export interface Fate {
  enteredAt: Micros;
  /** When its link's delay lets it out, as planned. */
  dueAt: Micros;
  leftAt?: Micros;
  endAt?: Micros;
  /** `delivered`: handed to a guest, of whom no more can be known. */
  end?: 'read' | 'delivered' | 'dropped' | 'lost';
  /** The fault that dropped it, or with what it was lost. */
  cause?: string;
}

type Entered = EventOf<'message.entered'>;

export class Fates {
  #fates = new Map<number, Fate>();
  #entered = new Map<number, Entered>();
  #journeys = new Map<number, Entered[]>();

  fate(msg: number): Fate | undefined {
    return this.#fates.get(msg);
  }

  entered(msg: number): Entered | undefined {
    return this.#entered.get(msg);
  }

  journey(journey: number): readonly Entered[] {
    return this.#journeys.get(journey) ?? [];
  }

  /** A message that was already under way in the snapshot that the log starts from. */
  adopt(message: MessageState): void {
    const fate: Fate = { enteredAt: message.enteredAt, dueAt: message.dueAt };
    if (message.leftAt !== null) fate.leftAt = message.leftAt;
    this.#fates.set(message.msg, fate);
  }

  /** `before` is the state before this fact. */
  record(event: TraceEvent, before: State): void {
    switch (event.type) {
      case 'message.entered':
        this.#fates.set(event.msg, { enteredAt: event.t, dueAt: event.dueAt });
        this.#enter(event);
        break;
      case 'message.left':
        this.#left(event, before);
        break;
      case 'message.read':
        if (event.msg !== undefined) this.#end(event.msg, event.t, 'read');
        break;
      case 'message.dropped':
        this.#end(event.msg, event.t, 'dropped', event.fault);
        break;
      case 'message.lost':
        this.#end(event.msg, event.t, 'lost', event.cause);
        break;
    }
  }

  /** These facts are no longer held: messages that ended by then go, those under way stay until their end goes. */
  forget(events: readonly TraceEvent[]): void {
    const until = events.at(-1)?.t ?? 0;
    for (const event of events) {
      const msg = 'msg' in event ? event.msg : undefined;
      const fate = msg === undefined ? undefined : this.#fates.get(msg);
      if (msg === undefined || fate?.endAt === undefined || fate.endAt > until) continue;
      this.#fates.delete(msg);
      this.#leave(msg);
    }
  }

  #enter(event: Entered): void {
    this.#entered.set(event.msg, event);
    if (event.journey === undefined) return;
    const hops = this.#journeys.get(event.journey);
    if (hops) hops.push(event);
    else this.#journeys.set(event.journey, [event]);
  }

  #leave(msg: number): void {
    const event = this.#entered.get(msg);
    this.#entered.delete(msg);
    if (event?.journey === undefined) return;
    const hops = this.#journeys.get(event.journey)?.filter((hop) => hop.msg !== msg) ?? [];
    if (hops.length > 0) this.#journeys.set(event.journey, hops);
    else this.#journeys.delete(event.journey);
  }

  #left(event: EventOf<'message.left'>, before: State): void {
    const fate = this.#fates.get(event.msg);
    if (!fate) return;
    fate.leftAt = event.t;
    // The fold counts it so: what a guest does with a message cannot be known, handed over is its end.
    const toGuest = before.peers[event.link]?.guest && before.messages[event.msg]?.direction === 'fromQueue';
    if (toGuest) this.#end(event.msg, event.t, 'delivered');
  }

  #end(msg: number, at: Micros, end: NonNullable<Fate['end']>, cause?: string): void {
    const fate = this.#fates.get(msg);
    if (!fate) return;
    fate.endAt = at;
    fate.end = end;
    if (cause !== undefined) fate.cause = cause;
  }
}
