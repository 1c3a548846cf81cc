// What became of each message: by its id the numbers of the facts that tell, as facts come in, and from those its fate when it is asked
// for. The picture draws a flight by its known end.

import type { EventOf, MessageState, Micros, State, TraceEvent } from '@crows-nest/protocol';
import type { Chunks } from './chunks.ts';
import { Columns } from './columns.ts';
import { Recent } from './recent.ts';

export interface Fate {
  enteredAt: Micros;
  /** When its link's delay lets it out, as planned. */
  dueAt: Micros;
  leftAt?: Micros;
  endAt?: Micros;
  /** `delivered`: handed to a guest, of whom no more can be known. Absent with `endAt` there: it ended while facts were missed. */
  end?: 'read' | 'delivered' | 'dropped' | 'lost';
  /** The fault that dropped it, or with what it was lost. */
  cause?: string;
}

type Entered = EventOf<'message.entered'>;

/** A message under way whose entry is not among the facts that are held, or whose leaving was missed. */
interface Kept {
  readonly entered: Entered | undefined;
  readonly enteredAt: Micros;
  readonly dueAt: Micros;
  readonly leftAt: Micros | null;
}

/** By message: its facts' numbers, and the message before it on its journey; all one more than they are, since 0 is none. */
const [ENTERED, LEFT, END, BEFORE, WIDTH] = [0, 1, 2, 3, 4];
/** Fates at hand: those of a crowded stage are asked for in every frame. */
const RECENT = 4096;
const RECENT_BYTES = 150;

export class Fates {
  readonly #chunks: Chunks;
  readonly #messages = new Columns(WIDTH);
  /** By journey: its newest message, one more than its id. */
  readonly #journeys = new Columns(1);
  readonly #kept = new Map<number, Kept>();
  readonly #recent = new Recent<Fate>(RECENT);

  constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  get bytes(): number {
    return this.#messages.bytes + this.#journeys.bytes + (2 * RECENT + this.#kept.size) * RECENT_BYTES;
  }

  clear(): void {
    this.#messages.clear();
    this.#journeys.clear();
    this.#kept.clear();
    this.#recent.clear();
  }

  fate(msg: number): Fate | undefined {
    const recent = this.#recent.get(msg);
    if (recent) return recent;
    const fate = this.#begun(msg);
    if (!fate) return undefined;
    const left = this.#messages.get(msg, LEFT) - 1;
    if (left >= this.#chunks.first) fate.leftAt = this.#chunks.time(left);
    const end = this.#messages.get(msg, END) - 1;
    if (end >= this.#chunks.first) this.#end(fate, end);
    this.#recent.set(msg, fate);
    return fate;
  }

  entered(msg: number): Entered | undefined {
    const kept = this.#kept.get(msg);
    if (kept?.entered) return kept.entered;
    const entered = this.#messages.get(msg, ENTERED) - 1;
    return entered >= this.#chunks.first ? (this.#chunks.fact(entered) as Entered) : undefined;
  }

  journey(journey: number): readonly Entered[] {
    const hops: Entered[] = [];
    let at = Number.POSITIVE_INFINITY;
    for (let msg = this.#journeys.get(journey, 0) - 1; msg >= 0; msg = this.#messages.get(msg, BEFORE) - 1) {
      const entered = this.#messages.get(msg, ENTERED);
      // Each is older than the one after it, whatever ids a trace may have.
      if (entered === 0 || entered >= at) break;
      at = entered;
      const hop = this.#kept.has(msg) ? undefined : this.entered(msg);
      if (hop) hops.unshift(hop);
    }
    const older = [...this.#kept.values()].flatMap(({ entered }) => (entered?.journey === journey ? [entered] : []));
    return [...older, ...hops];
  }

  /** A message that was already under way in the snapshot that the log starts from, or goes on from. */
  adopt({ msg, enteredAt, dueAt, leftAt }: MessageState): void {
    this.#kept.set(msg, { entered: this.entered(msg), enteredAt, dueAt, leftAt });
    this.#recent.delete(msg);
  }

  /** `before` is the state before this fact, `fact` its number. */
  record(event: TraceEvent, before: State, fact: number): void {
    switch (event.type) {
      case 'message.entered':
        return this.#enter(event, fact);
      case 'message.left': {
        this.#set(event.msg, LEFT, fact);
        // The fold counts it so: what a guest does with a message cannot be known, handed over is its end.
        const toGuest = before.peers[event.link]?.guest && before.messages[event.msg]?.direction === 'fromQueue';
        if (toGuest) this.#set(event.msg, END, fact);
        return;
      }
      case 'message.read':
        if (event.msg !== undefined) this.#set(event.msg, END, fact);
        return;
      case 'message.dropped':
      case 'message.lost':
        this.#set(event.msg, END, fact);
    }
  }

  /** Facts were missed: what was under way and is no more has ended by then, nobody knows how. */
  jump(before: State, after: State, fact: number): void {
    for (const { msg } of Object.values(before.messages)) if (!after.messages[msg]) this.#set(msg, END, fact);
    for (const message of Object.values(after.messages)) {
      const known = before.messages[message.msg];
      if (!known || known.leftAt !== message.leftAt) this.adopt(message);
    }
  }

  /** Facts before number `first` go: messages that ended by then go with them, those under way in `base` stay until their end goes. */
  forget(base: State, first: number): void {
    for (const message of Object.values(base.messages)) {
      const entered = this.#messages.get(message.msg, ENTERED) - 1;
      if (entered >= 0 && entered < first && !this.#kept.has(message.msg)) this.adopt(message);
    }
    for (const msg of this.#kept.keys()) {
      const end = this.#messages.get(msg, END) - 1;
      if (end >= 0 && end < first) this.#kept.delete(msg);
    }
    this.#messages.forget(first);
    this.#journeys.forget(first);
    this.#recent.clear();
  }

  #begun(msg: number): Fate | undefined {
    const kept = this.#kept.get(msg);
    if (kept) {
      const { enteredAt, dueAt, leftAt } = kept;
      return leftAt === null ? { enteredAt, dueAt } : { enteredAt, dueAt, leftAt };
    }
    const entered = this.entered(msg);
    return entered && { enteredAt: entered.t, dueAt: entered.dueAt };
  }

  #end(fate: Fate, end: number): void {
    fate.endAt = this.#chunks.time(end);
    const event = this.#chunks.fact(end);
    switch (event?.type) {
      case 'message.read':
        fate.end = 'read';
        break;
      case 'message.left':
        fate.end = 'delivered';
        break;
      case 'message.dropped':
        fate.end = 'dropped';
        fate.cause = event.fault;
        break;
      case 'message.lost':
        fate.end = 'lost';
        fate.cause = event.cause;
    }
  }

  #enter({ msg, journey }: Entered, fact: number): void {
    this.#set(msg, ENTERED, fact);
    if (journey === undefined) return;
    this.#messages.set(msg, BEFORE, this.#journeys.get(journey, 0), fact);
    this.#journeys.set(journey, 0, msg + 1, fact);
  }

  #set(msg: number, column: number, fact: number): void {
    this.#messages.set(msg, column, fact + 1, fact);
    this.#recent.delete(msg);
  }
}
