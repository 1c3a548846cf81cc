// An observer of the log for tests.

import { apply, copyState, type State, type TraceEvent } from '@crows-nest/protocol';
import { expect } from 'vitest';
import type { LogObserver } from '../src/model/log.ts';

/** Folds what it is told, and checks the state it is told it before. */
export class Follower implements LogObserver {
  readonly seqs: number[] = [];
  readonly begins: boolean[] = [];
  forgotten = Number.NEGATIVE_INFINITY;
  state: State | undefined;

  begin(state: State, gap: boolean): void {
    this.state = copyState(state);
    this.begins.push(gap);
  }

  learn(event: TraceEvent, before: State): void {
    expect(before).toEqual(this.state);
    apply(this.state as State, event);
    this.seqs.push(event.seq);
  }

  forget(t: number): void {
    this.forgotten = t;
  }
}
