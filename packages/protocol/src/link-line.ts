// What is under way in one direction, in the order in which it leaves: by due time, and of the same time as it came in [L1].
// Parked parcels stand aside until every fault that parked them lets them go. The end of the stream waits for all of them.
// Whoever carries the line has the clock: the tap a timer, the simulator its agenda.

import type { Micros } from './timing.ts';

export interface Travelling {
  readonly dueAt: Micros;
  /** The faults that keep it where it is. */
  heldBy?: readonly string[] | undefined;
  /** Given by the line: of those due at the same time the lower leaves first. */
  order?: number;
}

export class Line<P extends Travelling> {
  /** Sorted; those before `#head` have left. */
  #moving: P[] = [];
  #head = 0;
  #parked: P[] = [];
  #last: P | undefined;
  #count = 0;

  /** How many are under way, the end of the stream aside. */
  get length(): number {
    return this.#moving.length - this.#head + this.#parked.length;
  }

  /** Those of them that nobody keeps. */
  get waiting(): number {
    return this.#moving.length - this.#head;
  }

  push(parcel: P): void {
    parcel.order = this.#count++;
    if (parcel.heldBy !== undefined && parcel.heldBy.length > 0) this.#parked.push(parcel);
    else this.#insert(parcel);
  }

  /** The end of the stream: nothing is pushed after it. */
  finish(last: P): void {
    this.#last = last;
  }

  /** The parcel that leaves next, if any will without a release. */
  get next(): P | undefined {
    return this.#moving[this.#head] ?? (this.#parked.length === 0 ? this.#last : undefined);
  }

  /** Takes out, in order, at most so many of what is due and may leave. The first that may not holds up those behind it. */
  due(now: Micros, most = Number.POSITIVE_INFINITY, mayLeave: (parcel: P) => boolean = () => true): P[] {
    const out: P[] = [];
    for (let next = this.next; out.length < most && next !== undefined; next = this.next) {
      if (next.dueAt > now || !mayLeave(next)) break;
      out.push(next);
      if (next === this.#last) this.#last = undefined;
      else this.#head++;
    }
    this.#compact();
    return out;
  }

  /** A fault lets go: what no other one keeps goes on, in its place of before. */
  release(fault: string): void {
    const parked = this.#parked;
    this.#parked = [];
    for (const parcel of parked) {
      if (isFreed(parcel, fault)) this.#insert(parcel);
      else this.#parked.push(parcel);
    }
  }

  /** The parcel that this fault has kept for longest. */
  oldest(fault: string): P | undefined {
    return this.#parked.find((parcel) => parcel.heldBy?.includes(fault));
  }

  /** A fault lets go of this one alone. */
  step(parcel: P, fault: string): void {
    const at = this.#parked.indexOf(parcel);
    if (at < 0 || !isFreed(parcel, fault)) return;
    this.#parked.splice(at, 1);
    this.#insert(parcel);
  }

  some(isIt: (parcel: P) => boolean): boolean {
    return this.#parked.some(isIt) || this.#moving.slice(this.#head).some(isIt);
  }

  /** Takes one out, wherever it stands. */
  take(isIt: (parcel: P) => boolean): P | undefined {
    const parked = this.#parked.findIndex(isIt);
    if (parked >= 0) return this.#parked.splice(parked, 1)[0];
    for (let i = this.#head; i < this.#moving.length; i++) {
      const parcel = this.#moving[i] as P;
      if (isIt(parcel)) return this.#moving.splice(i, 1)[0];
    }
    return undefined;
  }

  /** Empties the line and returns what was in it, in order of entry. */
  clear(): P[] {
    const rest = [...this.#moving.slice(this.#head), ...this.#parked].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
    if (this.#last) rest.push(this.#last);
    this.#moving = [];
    this.#head = 0;
    this.#parked = [];
    this.#last = undefined;
    return rest;
  }

  #insert(parcel: P): void {
    const moving = this.#moving;
    const tail = moving[moving.length - 1];
    // Nearly always: links keep their order.
    if (moving.length === this.#head || tail === undefined || isBefore(tail, parcel)) {
      moving.push(parcel);
      return;
    }
    let low = this.#head;
    let high = moving.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(moving[middle] as P, parcel)) low = middle + 1;
      else high = middle;
    }
    moving.splice(low, 0, parcel);
  }

  #compact(): void {
    if (this.#head === 0) return;
    if (this.#head === this.#moving.length) this.#moving = [];
    else if (this.#head > 1024 && this.#head * 2 > this.#moving.length) this.#moving = this.#moving.slice(this.#head);
    else return;
    this.#head = 0;
  }
}

/** Takes the fault off the parcel; whether nothing else keeps it. */
function isFreed(parcel: Travelling, fault: string): boolean {
  const heldBy = parcel.heldBy?.filter((id) => id !== fault) ?? [];
  parcel.heldBy = heldBy.length > 0 ? heldBy : undefined;
  return heldBy.length === 0;
}

const isBefore = (a: Travelling, b: Travelling): boolean =>
  a.dueAt < b.dueAt || (a.dueAt === b.dueAt && (a.order ?? 0) < (b.order ?? 0));
