// What "why?" asks the trace, and the evidence it gathers on the way: facts up to one moment, never later ones.
// The interface is what the page's log offers, so a plain array of facts can answer as well.

import type { EventOf, EventType, TraceEvent } from './events.ts';
import { apply, copyState } from './fold.ts';
import type { State } from './state.ts';
import type { Micros } from './timing.ts';

/** What became of a message, as far as the trace goes. */
export interface MessageFate {
  readonly enteredAt: Micros;
  readonly dueAt: Micros;
  readonly leftAt?: Micros | undefined;
  readonly endAt?: Micros | undefined;
  readonly end?: 'read' | 'delivered' | 'dropped' | 'lost' | undefined;
}

export interface WhyTrace {
  stateAt(t: Micros): State;
  /** from < e.t <= to, in order; only those of `types` when given. */
  between(from: Micros, to: Micros, types?: readonly EventType[]): readonly TraceEvent[];
  event(seq: number): TraceEvent | undefined;
  fate(msg: number): MessageFate | undefined;
  entered(msg: number): EventOf<'message.entered'> | undefined;
  journey(journey: number): readonly EventOf<'message.entered'>[];
}

export type EvidenceRole =
  | 'lastHeard'
  | 'sign'
  | 'end'
  | 'fault'
  | 'process'
  | 'work'
  | 'connection'
  | 'identity'
  | 'list'
  | 'request'
  | 'poll';

export interface Evidence {
  readonly seq: number;
  readonly role: EvidenceRole;
}

/** The one queue's name in every trace. */
export const QUEUE = 'queue';

/** The windows in which the latest fact of a kind is looked for, one after the other: most are near, none is looked for for ever. */
const LOOK_BACK: readonly Micros[] = [5_000_000, 40_000_000, 600_000_000];

/** How much later than its effect a cause may be told: a tap sees a socket close before the supervisor sees its process end. */
const TOLD_LATE: Micros = 500_000;

/** One question, asked as of one fact or of one time: nothing that comes later is seen. */
export class Inquiry {
  readonly trace: WhyTrace;
  readonly t: Micros;
  /** Facts from this number on come later. */
  readonly seq: number;
  readonly #evidence = new Map<number, EvidenceRole>();
  #before: State | undefined;

  constructor(trace: WhyTrace, t: Micros, seq = Number.POSITIVE_INFINITY) {
    this.trace = trace;
    this.t = t;
    this.seq = seq;
  }

  /** In the order of time. */
  get evidence(): readonly Evidence[] {
    return [...this.#evidence].map(([seq, role]) => ({ seq, role })).sort((a, b) => a.seq - b.seq);
  }

  /** The state just before the fact. Other states may be asked for only of earlier times. */
  get before(): State {
    this.#before ??= this.#stateBefore();
    return this.#before;
  }

  #stateBefore(): State {
    if (this.seq === Number.POSITIVE_INFINITY) return this.trace.stateAt(this.t);
    const state = this.trace.stateAt(this.t - 1);
    const sameTime = this.trace.between(this.t - 1, this.t).filter((event) => event.seq < this.seq);
    if (sameTime.length === 0) return state;
    const copy = copyState(state);
    for (const event of sameTime) apply(copy, event);
    return copy;
  }

  /** Takes a fact as evidence; one that is not held is none. */
  cite<E extends TraceEvent>(fact: E | undefined, role: EvidenceRole): E | undefined {
    if (fact && fact.seq !== this.seq && !this.#evidence.has(fact.seq)) this.#evidence.set(fact.seq, role);
    return fact;
  }

  /** Facts from that time on, up to the moment of the question. */
  facts<T extends EventType>(from: Micros, types: readonly T[]): EventOf<T>[] {
    const found = this.trace.between(from - 1, this.t, types) as readonly EventOf<T>[];
    return found.filter((event) => event.seq < this.seq);
  }

  /** The latest fact of these that fits. */
  last<T extends EventType>(types: readonly T[], fits: (fact: EventOf<T>) => boolean): EventOf<T> | undefined {
    for (const back of LOOK_BACK) {
      const found = this.facts(this.t - back, types).findLast(fits);
      if (found) return found;
    }
    return undefined;
  }

  /** The fact of a time that is known, if it is held. */
  at<T extends EventType>(t: Micros, types: readonly T[], fits: (fact: EventOf<T>) => boolean): EventOf<T> | undefined {
    if (t > this.t) return undefined;
    const found = this.trace.between(t - 1, t, types) as readonly EventOf<T>[];
    return found.findLast((event) => event.seq < this.seq && fits(event));
  }

  /** Told at the same time or a little later, and yet the cause: the recorder puts what an end took with it before the end. */
  toldLate<T extends EventType>(types: readonly T[], fits: (fact: EventOf<T>) => boolean): EventOf<T> | undefined {
    const found = this.trace.between(this.t - 1, this.t + TOLD_LATE, types) as readonly EventOf<T>[];
    return found.find((event) => event.seq > this.seq && fits(event));
  }
}
