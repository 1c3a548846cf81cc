// What the judge found of each peer, at any time t: it judges every fact once, as it comes, and keeps what changed.
// Silence is judged by the facts around it, so the answer at t is a function of the facts up to t.

import {
  beginJudgement,
  type Judgement,
  judge,
  type Micros,
  type State,
  type StatementId,
  statementsOf,
  type TraceEvent,
} from '@crows-nest/protocol';
import { FindingSteps, type Verdict } from './conformance-steps.ts';
import type { LogObserver } from './log.ts';

type PeerBooks = Judgement['peers'][string];

/** One statement, and how far its tally was read. */
interface Line {
  readonly statement: StatementId;
  readonly steps: FindingSteps;
  met: number;
  broken: number;
  why: Verdict['why'];
}

/** A peer from when it was first seen to when it left. */
interface Life {
  readonly from: Micros;
  /** Seen from its beginning. */
  readonly whole: boolean;
  until: Micros | null;
  readonly lines: readonly Line[];
}

export interface Conformance {
  readonly verdicts: readonly Verdict[];
  /** Judged since then. */
  readonly from: Micros;
  /** What it did before is not known. */
  readonly whole: boolean;
}

export class ConformanceIndex implements LogObserver {
  #judgement = beginJudgement();
  /** When the judge looks at silences next, and so may find something of anybody. */
  #checkAt = 0;
  readonly #lives = new Map<string, Life[]>();

  /** null: nothing is known of such a peer then. */
  at(peer: string, t: Micros): Conformance | null {
    const life = this.#lives.get(peer)?.findLast(({ from }) => from <= t);
    if (!life) return null;
    return { verdicts: life.lines.map(({ steps }) => steps.at(t)), from: life.from, whole: life.whole };
  }

  begin(state: State, gap: boolean): void {
    this.#judgement = beginJudgement(state);
    this.#checkAt = this.#judgement.checkAt;
    // After a gap it goes on: what was found before stays found.
    if (!gap) this.#lives.clear();
    for (const [peer, lives] of this.#lives) {
      const life = lives.at(-1);
      if (life?.until === null && !this.#judgement.peers[peer]) life.until = state.t;
    }
    for (const books of Object.values(this.#judgement.peers)) {
      const life = this.#living(books.peer) ?? this.#enter(books, state.t, false);
      if (state.peers[books.peer]?.left) life.until ??= state.t;
      for (const line of life.lines) Object.assign(line, { met: 0, broken: 0 });
    }
  }

  learn(event: TraceEvent): void {
    const { peers } = this.#judgement;
    judge(this.#judgement, event);
    if (event.type === 'peer.joined') {
      const books = peers[event.peer];
      if (books) this.#enter(books, event.t, true);
    } else if (event.type === 'peer.left') {
      const life = this.#living(event.peer);
      if (life) life.until = event.t;
    }
    if (this.#checkAt !== this.#judgement.checkAt) {
      this.#checkAt = this.#judgement.checkAt;
      for (const peer in peers) this.#read(peer, event.t);
    } else if (event.type === 'message.entered') {
      // What goes to the queue may be a breach of its peer's, what comes from it of either's.
      this.#read(event.link, event.t);
      if (event.direction === 'fromQueue') this.#read('queue', event.t);
    } else if (event.type === 'connection.greeted' || event.type === 'connection.opaqued') {
      this.#read(event.link, event.t);
    }
  }

  forget(t: Micros): void {
    for (const [peer, lives] of this.#lives) {
      const kept = lives.filter(({ until }) => until === null || until > t);
      for (const { lines } of kept) for (const { steps } of lines) steps.forget(t);
      if (kept.length > 0) this.#lives.set(peer, kept);
      else this.#lives.delete(peer);
    }
  }

  /** How many steps are kept, of all. */
  get length(): number {
    let length = 0;
    for (const lives of this.#lives.values())
      for (const { lines } of lives) for (const { steps } of lines) length += steps.length;
    return length;
  }

  #living(peer: string): Life | undefined {
    const life = this.#lives.get(peer)?.at(-1);
    return life?.until === null ? life : undefined;
  }

  #enter({ peer, role }: PeerBooks, from: Micros, whole: boolean): Life {
    const lines = statementsOf(role).map((statement): Line => {
      return { statement, steps: new FindingSteps(statement), met: 0, broken: 0, why: null };
    });
    const life: Life = { from, whole, until: null, lines };
    const lives = this.#lives.get(peer);
    if (lives) lives.push(life);
    else this.#lives.set(peer, [life]);
    return life;
  }

  #read(peer: string, t: Micros): void {
    const books = this.#judgement.peers[peer];
    const lines = books && this.#living(peer)?.lines;
    if (!lines) return;
    for (const line of lines) {
      const tally = books.tallies[line.statement];
      const met = tally?.met ?? 0;
      const broken = tally?.broken ?? 0;
      const why = books.unjudged[line.statement] ?? null;
      if (met === line.met && broken === line.broken && why === line.why) continue;
      const evidence = (broken > 0 ? tally?.breach : tally?.proof) ?? [];
      line.steps.add(t, { met: met - line.met, broken: broken - line.broken, evidence, why });
      line.met = met;
      line.broken = broken;
      line.why = why;
    }
  }
}
