// The account of a run as it stood at any time t, for the table of differences: what moved each figure is a column of the times and
// numbers of the facts that did. Figures go on counting when the log lets facts go; only what moved them before cannot be asked any more.

import {
  type Account,
  AccountBook,
  COUNTS,
  type Count,
  type Detection,
  emptyAccount,
  type Figure,
  KEPT_DETECTIONS,
  type Micros,
  type State,
  type TraceEvent,
} from '@crows-nest/protocol';
import { Column } from './figures-columns.ts';
import type { LogObserver } from './log.ts';

/** A fact by which a figure became what it is. */
export interface Moment {
  readonly t: Micros;
  readonly seq: number;
}

/** A detection, with what all up to it amount to. */
interface Noticed {
  readonly detection: Detection;
  readonly sum: Micros;
  readonly most: Micros;
}

/** One kind of change: those that the log still holds, and how many there were before. */
interface Changes {
  readonly column: Column;
  before: number;
}

/** `taken`: undetected deaths that were noticed after all, or over before; `slowest`: detections that took longer than all before. */
type Kind = Count | 'taken' | 'slowest';
const KINDS: readonly Kind[] = [...COUNTS, 'taken', 'slowest'];

const MOVED_BY: Readonly<Record<Figure, readonly Kind[]>> = {
  asked: ['asked'],
  answered: ['answered'],
  open: ['asked', 'answered', 'lost', 'untold'],
  lost: ['lost'],
  retried: ['retried'],
  executedTwice: ['executedTwice'],
  doubleDispatches: ['doubleDispatches'],
  sentToNobody: ['sentToNobody'],
  detected: ['detected'],
  detectionMeanMs: ['detected'],
  detectionMostMs: ['slowest'],
  undetected: ['undetected', 'taken'],
  falseDeaths: ['falseDeaths'],
};

/** In place of a fact's number, where what was open in a snapshot is counted. */
const NO_FACT = -1;

export class AccountIndex implements LogObserver {
  /** Since when it counts. */
  heldFrom: Micros = 0;
  #book = new AccountBook();
  readonly #changes = Object.fromEntries(
    KINDS.map((kind) => [kind, { column: new Column(true), before: 0 }]),
  ) as Record<Kind, Changes>;
  /** The newest of them is number `#changes.detected` has. */
  #noticed: Noticed[] = [];
  #now: Moment = { t: 0, seq: NO_FACT };

  /** What all of it takes, about; the book's memory of journeys and open requests not counted. */
  get bytes(): number {
    const columns = Object.values(this.#changes).reduce((sum, { column }) => sum + column.bytes, 0);
    return columns + this.#noticed.length * NOTICED_BYTES;
  }

  /** After a gap it goes on: what was counted before stays true, what was missed is not counted. */
  begin(state: State, gap: boolean): void {
    this.#now = { t: state.t, seq: NO_FACT };
    if (!gap) {
      this.heldFrom = state.t;
      this.#noticed = [];
      for (const changes of Object.values(this.#changes)) {
        changes.column.clear();
        changes.before = 0;
      }
      this.#book = new AccountBook((count, by) => this.#move(count, by));
    }
    this.#book.begin(state);
  }

  learn(event: TraceEvent, before: State): void {
    this.#now = event;
    this.#book.learn(event, before);
  }

  forget(t: Micros): void {
    const gone = this.#changes.detected.column.upTo(t);
    // The last detections before t are still among the latest at t.
    this.#noticed.splice(
      0,
      Math.max(0, this.#noticed.length - this.#changes.detected.column.length + gone - KEPT_DETECTIONS),
    );
    for (const changes of Object.values(this.#changes)) {
      changes.before += changes.column.upTo(t);
      changes.column.forget(t);
    }
  }

  /** As it stood at t; for a time of which nothing is held any more, as it stood when that was let go. */
  accountAt(t: Micros): Account {
    const account = emptyAccount();
    for (const count of COUNTS) account[count] = this.#upTo(count, t);
    account.undetected -= this.#upTo('taken', t);
    const later = this.#upTo('detected', Number.POSITIVE_INFINITY) - account.detected;
    const end = this.#noticed.length - later;
    const last = this.#noticed[end - 1];
    if (last) account.detectionUs = { sum: last.sum, most: last.most };
    account.detections = this.#noticed.slice(Math.max(0, end - KEPT_DETECTIONS), end).map(({ detection }) => detection);
    return account;
  }

  /** The facts that made a figure move, from < t <= to, newest last, as far as they are held. */
  momentsOf(figure: Figure, from: Micros, to: Micros): Moment[] {
    const moments = new Map<number, Moment>();
    for (const kind of MOVED_BY[figure]) {
      const { column } = this.#changes[kind];
      for (let i = column.upTo(from); i < column.upTo(to); i++) {
        const seq = column.valueOf(i);
        if (seq !== NO_FACT) moments.set(seq, { t: column.timeOf(i), seq });
      }
    }
    return [...moments.values()].sort((a, b) => a.seq - b.seq);
  }

  #upTo(kind: Kind, t: Micros): number {
    const { column, before } = this.#changes[kind];
    return before + column.upTo(t);
  }

  #add(kind: Kind): void {
    this.#changes[kind].column.push(this.#now.t, this.#now.seq);
  }

  #move(count: Count, by: 1 | -1): void {
    this.#add(by > 0 ? count : 'taken');
    if (count !== 'detected') return;
    const { detections, detectionUs } = this.#book.account;
    const detection = detections.at(-1);
    if (detectionUs.most > (this.#noticed.at(-1)?.most ?? 0)) this.#add('slowest');
    if (detection) this.#noticed.push({ detection, ...detectionUs });
  }
}

/** A detection, about. */
const NOTICED_BYTES = 150;
