// The repertoire: what can be put on. One troupe alone, as it was asked for when all began, or two that are compared.

import type { Compared, Side } from '@crows-nest/protocol';
import { Bridge, type Company } from './bridge.ts';
import { Comparison, type SideKnobs } from './comparison.ts';
import type { ReaperPipe } from './reaper-pipe.ts';
import type { Run } from './show.ts';

export interface RepertoireOptions {
  readonly entry: string;
  /** Of one troupe alone; of side A when it begins with two. */
  readonly troupe: Compared;
  /** Of side B, when it begins with two. */
  readonly against?: Compared | undefined;
  readonly company: Company;
  readonly linkDelayMs: number;
  /** Of the guests' taps of one troupe; two have any free ones. */
  readonly ports: Record<Side, number>;
  readonly complain: (line: string) => void;
}

const DEMO_EVERY_MS = 1000;

export class Repertoire {
  readonly #o: RepertoireOptions;
  /** Of all runs: a change does not wait for another to come up. */
  readonly #reaper: ReaperPipe;

  constructor(options: RepertoireOptions, reaper: ReaperPipe) {
    this.#o = options;
    this.#reaper = reaper;
  }

  first(): Run {
    const { troupe, against, company } = this.#o;
    return against ? this.pair(troupe, against, company.client?.everyMs ?? DEMO_EVERY_MS) : this.alone();
  }

  alone(): Bridge {
    const { entry, troupe, linkDelayMs, ports, complain } = this.#o;
    return new Bridge({ entry, reaper: this.#reaper, queue: queueOf(troupe), linkDelayMs, ports, complain });
  }

  pair(a: Compared, b: Compared, everyMs: number): Comparison {
    const { entry, linkDelayMs, complain } = this.#o;
    const sides = { a: sideOf(a), b: sideOf(b) };
    return new Comparison({ entry, reaper: this.#reaper, sides, linkDelayMs, everyMs, complain });
  }

  /** Of those that are compared each has a pattern of its own. */
  get company(): Company {
    const { company, troupe } = this.#o;
    return { ...company, worker: { ...company.worker, pattern: troupe.pattern } };
  }
}

const queueOf = ({ rules, heartbeatIntervalMs, liveness }: Compared): SideKnobs['queue'] => ({
  rules,
  heartbeatIntervalMs,
  liveness,
});

const sideOf = (knobs: Compared): SideKnobs => ({ queue: queueOf(knobs), worker: { pattern: knobs.pattern } });
