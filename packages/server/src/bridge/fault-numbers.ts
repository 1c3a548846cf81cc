// The numbers that faults are known by. One is taken as soon as a fault is asked for, also when it is refused: so two sides that are
// asked for the same faults give them the same numbers, whatever has become of each.

import { Refusal } from './refusal.ts';

export interface FaultNumbers {
  take(): number;
  readonly last: number;
}

export const nextFault = (numbers: FaultNumbers): string => `f${numbers.take()}`;

/** Refuses the name of a fault that nobody has asked for so far. */
export function checkKnown(numbers: FaultNumbers, fault: string): void {
  if (Number(fault.slice(1)) > numbers.last) throw new Refusal({ reason: 'noFault', fault });
}

export function countFaults(): FaultNumbers {
  let last = 0;
  return {
    take: () => ++last,
    get last() {
      return last;
    },
  };
}

/** What takes a number takes it in the turn in which it is asked for, and so both sides take the same, and each order another. */
export class SharedNumbers implements FaultNumbers {
  #last = 0;
  #taken = 0;

  get last(): number {
    return this.#taken;
  }

  take(): number {
    this.#taken = this.#last + 1;
    return this.#taken;
  }

  /** Another order begins. */
  next(): void {
    this.#last = this.#taken;
  }
}
