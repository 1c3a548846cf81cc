// How a machine takes a step: it works on a copy of its state, and lists the effects in the order in which they must happen.

import { nextWord, type Stream } from './random.ts';
import type { Micros } from './timing.ts';

/** What ails a process from outside: it keeps its beats to itself, or does its work, its beats and its requests so much later. */
export interface Impairment {
  readonly mute: boolean;
  /** How many times as long everything takes; 1: no longer than it should. */
  readonly slow: number;
}
export const UNIMPAIRED: Impairment = { mute: false, slow: 1 };

/** A step under way. The state that it began with is never touched [law 1]. */
export interface Step<State, Effect> {
  state: State;
  readonly now: Micros;
  readonly effects: Effect[];
}

export function change<State>(doing: { state: State }, part: Partial<State>): void {
  doing.state = { ...doing.state, ...part };
}

export function record<F>(
  doing: { readonly effects: { push(effect: { type: 'record'; fact: F }): unknown } },
  fact: F,
): void {
  doing.effects.push({ type: 'record', fact });
}

/** An identity in the seed's form, `%04X-%04X` [W1], and the stream after it. */
export function nextIdentity(from: Stream): [identity: string, rest: Stream] {
  const [word, rest] = nextWord(from);
  const hex = word.toString(16).toUpperCase().padStart(8, '0');
  return [`${hex.slice(0, 4)}-${hex.slice(4)}`, rest];
}
