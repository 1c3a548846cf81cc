// What was found of one statement, as steps in time: a new step when it stands otherwise, when it is broken once more, and now and
// then a fresh proof. So what was found at t is one search, and depends on nothing that came after t.

import type { Finding, Micros, StatementId } from '@crows-nest/protocol';

export type Stands = Finding['standing'];

export interface Verdict {
  readonly statement: StatementId;
  readonly stands: Stands;
  /** Since when it stands so; null: nothing was seen. */
  readonly since: Micros | null;
  /** How often it was seen broken, `MOST_COUNTED` at most. */
  readonly broken: number;
  /** Facts by number: of the first breach, or of a time it was kept. */
  readonly evidence: readonly number[];
  readonly why: Finding['why'];
}

/** Whoever breaks a statement without end fills no memory. */
export const MOST_COUNTED = 999;
/** A proof that is older is replaced, so that the facts it names are still held. */
export const PROOF_US: Micros = 30_000_000;

type Seen = Pick<Finding, 'met' | 'broken' | 'evidence' | 'why'>;

interface Step extends Verdict {
  readonly at: Micros;
}

export class FindingSteps {
  readonly #unseen: Verdict;
  #steps: Step[] = [];
  #isMet = false;
  #broken = 0;

  constructor(statement: StatementId) {
    this.#unseen = { statement, stands: 'unseen', since: null, broken: 0, evidence: [], why: null };
  }

  /** Seen kept and seen broken so often since the last time. */
  add(at: Micros, { met, broken, evidence, why }: Seen): void {
    this.#isMet ||= met > 0;
    this.#broken += broken;
    const stands = this.#broken > 0 ? 'broken' : this.#isMet ? 'met' : why ? 'unjudged' : 'unseen';
    const last = this.#steps.at(-1);
    const isSame = last !== undefined && last.stands === stands && (stands !== 'unjudged' || last.why === why);
    if (isSame && !this.#isWorthAStep(last, at, broken)) return;
    this.#steps.push({
      at,
      statement: this.#unseen.statement,
      stands,
      since: isSame ? last.since : at,
      broken: Math.min(this.#broken, MOST_COUNTED),
      // The first breach stays.
      evidence: isSame && stands === 'broken' ? last.evidence : evidence,
      why: stands === 'unjudged' ? why : null,
    });
  }

  at(t: Micros): Verdict {
    return this.#steps[this.#upTo(t) - 1] ?? this.#unseen;
  }

  /** What holds from then on is kept. */
  forget(t: Micros): void {
    this.#steps.splice(0, this.#upTo(t) - 1);
  }

  get length(): number {
    return this.#steps.length;
  }

  #isWorthAStep(last: Step, at: Micros, broken: number): boolean {
    if (last.stands === 'broken') return broken > 0 && last.broken < MOST_COUNTED;
    return last.stands === 'met' && at - last.at >= PROOF_US;
  }

  #upTo(t: Micros): number {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle] as Step).at <= t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How many statements stand how. */
export function countOf(verdicts: readonly Verdict[]): Readonly<Record<Stands, number>> {
  const counts: Record<Stands, number> = { met: 0, broken: 0, unseen: 0, unjudged: 0 };
  for (const { stands } of verdicts) counts[stands]++;
  return counts;
}
