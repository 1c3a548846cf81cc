// What came of one troupe, in figures: each is counted in account-book.ts and nowhere else, whether on the bridge or on the page.

import type { Micros } from './timing.ts';

/** A worker whose process ended or was stopped while the queue believed in it, and that the queue gave up for it. */
export interface Detection {
  readonly peer: string;
  readonly how: 'exited' | 'paused';
  readonly diedAt: Micros;
  readonly noticedAt: Micros;
}

export interface Account {
  /** Requests that clients of ours began; of them answered, and given up. */
  asked: number;
  answered: number;
  lost: number;
  /** Requests of which nobody will tell: their client's process ended, or facts were missed. The rest is still open. */
  untold: number;
  /** Tries after the first. */
  retried: number;
  /** Requests that were worked on more than once, by whomever. */
  executedTwice: number;
  /** Requests given to a worker that had not answered the one before. */
  doubleDispatches: number;
  /** Requests that the queue gave to a worker that was not there any more. */
  sentToNobody: number;
  /** The latest of them. */
  detections: Detection[];
  detected: number;
  detectionUs: { sum: Micros; most: Micros };
  /** Deaths that the queue has not noticed, or never will: it gave that worker a request instead [B3]. */
  undetected: number;
  /** Workers given up that were there: busy, slow, spinning or unheard, and not dead [B4]. */
  falseDeaths: number;
}

export const emptyAccount = (): Account => ({
  asked: 0,
  answered: 0,
  lost: 0,
  untold: 0,
  retried: 0,
  executedTwice: 0,
  doubleDispatches: 0,
  sentToNobody: 0,
  detections: [],
  detected: 0,
  detectionUs: { sum: 0, most: 0 },
  undetected: 0,
  falseDeaths: 0,
});

export const copyAccount = (account: Account): Account => ({
  ...account,
  detections: [...account.detections],
  detectionUs: { ...account.detectionUs },
});
