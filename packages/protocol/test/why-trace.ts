// A plain array of facts as a trace for "why?": everything looked up by going through it, so that it cannot be wrong in the way an index can.

import {
  apply,
  copyState,
  type EventOf,
  type EventType,
  emptyState,
  type Fact,
  type MessageFate,
  Recorder,
  type Rules,
  type State,
  type TraceEvent,
  type WhyTrace,
} from '../src/index.ts';
import { drawSchedule, runSchedule, type Schedule } from '../src/sim/index.ts';

/** States kept on the way, so that asking for thousands of times stays a matter of seconds. */
const EVERY = 512;

export class PlainTrace implements WhyTrace {
  readonly facts: readonly TraceEvent[];
  readonly #states: State[] = [];
  readonly #fates = new Map<number, { -readonly [K in keyof MessageFate]: MessageFate[K] }>();
  readonly #entered = new Map<number, EventOf<'message.entered'>>();
  readonly #journeys = new Map<number, EventOf<'message.entered'>[]>();

  constructor(facts: readonly TraceEvent[]) {
    this.facts = facts;
    const state = emptyState();
    for (const [index, fact] of facts.entries()) {
      if (index % EVERY === 0) this.#states.push(copyState(state));
      this.#learn(fact);
      apply(state, fact);
    }
  }

  stateAt(t: number): State {
    const end = this.#after(t);
    const kept = Math.min(Math.floor(end / EVERY), this.#states.length - 1);
    const state = copyState(this.#states[kept] as State);
    for (let i = kept * EVERY; i < end; i++) apply(state, this.facts[i] as TraceEvent);
    return state;
  }

  between(from: number, to: number, types?: readonly EventType[]): readonly TraceEvent[] {
    const all = this.facts.slice(this.#after(from), this.#after(to));
    return types ? all.filter((fact) => types.includes(fact.type)) : all;
  }

  event(seq: number): TraceEvent | undefined {
    return this.facts[seq];
  }

  fate(msg: number): MessageFate | undefined {
    return this.#fates.get(msg);
  }

  entered(msg: number): EventOf<'message.entered'> | undefined {
    return this.#entered.get(msg);
  }

  journey(journey: number): readonly EventOf<'message.entered'>[] {
    return this.#journeys.get(journey) ?? [];
  }

  #after(t: number): number {
    let low = 0;
    let high = this.facts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.facts[middle] as TraceEvent).t <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #learn(fact: TraceEvent): void {
    if (fact.type === 'message.entered') {
      this.#entered.set(fact.msg, fact);
      this.#fates.set(fact.msg, { enteredAt: fact.t, dueAt: fact.dueAt });
      if (fact.journey === undefined) return;
      const hops = this.#journeys.get(fact.journey);
      if (hops) hops.push(fact);
      else this.#journeys.set(fact.journey, [fact]);
      return;
    }
    const fate = 'msg' in fact && fact.msg !== undefined ? this.#fates.get(fact.msg) : undefined;
    if (!fate) return;
    if (fact.type === 'message.left') fate.leftAt = fact.t;
    const end =
      fact.type === 'message.read'
        ? 'read'
        : fact.type === 'message.dropped'
          ? 'dropped'
          : fact.type === 'message.lost'
            ? 'lost'
            : undefined;
    if (end) Object.assign(fate, { end, endAt: fact.t });
  }
}

/** The facts of one run of a schedule. */
export function factsOf(schedule: Schedule): TraceEvent[] {
  const facts: TraceEvent[] = [];
  const recorder = new Recorder();
  const onFact = (fact: Fact): void => {
    facts.push(...recorder.record(fact));
  };
  runSchedule(schedule, { onFact });
  return facts;
}

export const drawnTrace = (seed: number, rules: Rules, minutes: number): PlainTrace =>
  new PlainTrace(factsOf(drawSchedule(seed, rules, minutes)));
