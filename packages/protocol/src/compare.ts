// A/B: what came of each of two troupes under the same requests and faults, and where they differ. From facts alone.

import type { EventOf, EventType, TraceEvent } from './events.ts';
import { apply } from './fold.ts';
import { emptyState, type PeerState, type State } from './state.ts';
import type { Micros } from './timing.ts';

/** A worker whose process ended or was stopped while the queue believed in it, and that the queue gave up for it. */
export interface Detection {
  readonly peer: string;
  readonly how: 'exited' | 'paused';
  readonly diedAt: Micros;
  readonly noticedAt: Micros;
}

export interface Account {
  /** Requests that clients of ours began; of them answered, and given up. The rest is still open. */
  asked: number;
  answered: number;
  lost: number;
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
  /** Deaths that the queue has not noticed, or never will: it gave that worker a request instead. */
  undetected: number;
  /** Workers given up while they ran and were connected: busy, slow or unheard, and not dead. */
  falseDeaths: number;
}

export const emptyAccount = (): Account => ({
  asked: 0,
  answered: 0,
  lost: 0,
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

const KEPT_DETECTIONS = 100;
/** A request that is worked on twice is so within its retries; older ones are forgotten. */
const KEPT_JOURNEYS = 10_000;

interface Death {
  readonly peer: string;
  readonly how: Detection['how'];
  readonly diedAt: Micros;
}

/** Keeps the account of one trace, fact by fact. */
export class Accountant {
  readonly account = emptyAccount();
  readonly #state: State = emptyState();
  readonly #worked = new Map<number, number>();
  /** By the worker's identity: it holds a request. */
  readonly #holds = new Map<string, string | undefined>();
  /** By the identity under which the queue believes in the dead. */
  readonly #deaths = new Map<string, Death>();

  /** What the trace amounts to so far. Not to be changed by the reader. */
  get state(): State {
    return this.#state;
  }

  read(events: Iterable<TraceEvent>): this {
    for (const event of events) {
      const read = this.#readers[event.type] as ((event: TraceEvent) => void) | undefined;
      read?.(event);
      apply(this.#state, event);
    }
    return this;
  }

  readonly #readers: { [T in EventType]?: (event: EventOf<T>) => void } = {
    'request.sent': ({ attempt }) => {
      if (attempt === 1) this.account.asked++;
    },
    'request.answered': () => {
      this.account.answered++;
    },
    'request.abandoned': () => {
      this.account.lost++;
    },
    'request.retried': () => {
      this.account.retried++;
    },
    'work.started': ({ journey }) => this.#work(journey),

    'request.dispatched': ({ worker, workerPeer }) => {
      if (this.#holds.has(worker)) this.account.doubleDispatches++;
      this.#holds.set(worker, workerPeer);
      // Given a request: by these rules it is forgotten, and its death will not be noticed.
      if (this.#state.queue.rules !== 'robust') this.#leaveUndetected(worker);
    },
    'request.requeued': ({ worker }) => {
      this.#holds.delete(worker);
    },
    'reply.forwarded': ({ worker }) => {
      this.#holds.delete(worker);
    },
    'message.unrouted': ({ kind, identity }) => {
      if (kind === 'REQUEST') this.account.sentToNobody++;
      this.#holds.delete(identity);
    },
    'worker.opened': ({ peer }) => this.#letGo(peer),
    'queue.started': () => {
      this.#holds.clear();
      for (const worker of [...this.#deaths.keys()]) this.#leaveUndetected(worker);
    },

    'process.exited': ({ peer, t }) => {
      this.#letGo(peer);
      this.#die(peer, 'exited', t);
    },
    'process.paused': ({ peer, t }) => this.#die(peer, 'paused', t),
    'process.resumed': ({ peer }) => this.#live(peer),
    'process.started': ({ peer }) => this.#live(peer),
    'worker.expired': (event) => this.#expire(event),
  };

  /** A process of a worker ends or stops: from now on the queue is wrong about each of its names in the list. */
  #die(peer: string, how: Detection['how'], diedAt: Micros): void {
    for (const { worker, peer: whose } of [...this.#state.queue.list, ...believedAtWork(this.#state)]) {
      if (whose === peer && !this.#deaths.has(worker)) this.#deaths.set(worker, { peer, how, diedAt });
    }
  }

  /** It runs again before anybody noticed; under a new name, if it is a new process. */
  #live(peer: string): void {
    for (const [worker, death] of this.#deaths) {
      if (death.peer === peer && death.how === 'paused') this.#deaths.delete(worker);
    }
  }

  #leaveUndetected(worker: string): void {
    if (this.#deaths.delete(worker)) this.account.undetected++;
  }

  #expire({ worker, workerPeer, t }: EventOf<'worker.expired'>): void {
    const { account } = this;
    this.#holds.delete(worker);
    const death = this.#deaths.get(worker);
    const peer = workerPeer === undefined ? undefined : this.#state.peers[workerPeer];
    if (!death) {
      if (isThere(peer, worker)) account.falseDeaths++;
      return;
    }
    this.#deaths.delete(worker);
    account.detections.push({ ...death, noticedAt: t });
    if (account.detections.length > KEPT_DETECTIONS) account.detections.shift();
    account.detected++;
    account.detectionUs.sum += t - death.diedAt;
    account.detectionUs.most = Math.max(account.detectionUs.most, t - death.diedAt);
  }

  #letGo(peer: string): void {
    for (const [worker, whose] of this.#holds) if (whose === peer) this.#holds.delete(worker);
  }

  #work(journey: number | undefined): void {
    if (journey === undefined) return;
    const times = (this.#worked.get(journey) ?? 0) + 1;
    this.#worked.delete(journey);
    this.#worked.set(journey, times);
    if (times === 2) this.account.executedTwice++;
    if (this.#worked.size > KEPT_JOURNEYS) this.#worked.delete(this.#worked.keys().next().value ?? 0);
  }

  /** The account as of now: deaths that are not noticed yet count as undetected. */
  get settled(): Account {
    return { ...this.account, undetected: this.account.undetected + this.#deaths.size };
  }
}

/** Only `robust` believes in who is at work; the others have forgotten it. */
const believedAtWork = ({ queue }: State): State['queue']['atWork'] => (queue.rules === 'robust' ? queue.atWork : []);

/** It runs, is connected, and answers to this name. Of a guest's process nothing is known. */
function isThere(peer: PeerState | undefined, worker: string): boolean {
  const status = peer?.process?.status;
  return (status === 'running' || status === 'overloaded') && peer?.link.conn !== null && peer?.identity === worker;
}

export const FIGURES = [
  'asked',
  'answered',
  'open',
  'lost',
  'retried',
  'executedTwice',
  'doubleDispatches',
  'sentToNobody',
  'detected',
  'detectionMeanMs',
  'detectionMostMs',
  'undetected',
  'falseDeaths',
] as const;
export type Figure = (typeof FIGURES)[number];

/** Figures of which more is neither better nor worse. */
const NEUTRAL: ReadonlySet<Figure> = new Set(['asked', 'open', 'detected']);

export interface Difference {
  readonly figure: Figure;
  /** null: nothing happened that would give it. */
  readonly a: number | null;
  readonly b: number | null;
  readonly better: 'a' | 'b' | null;
}

/** The table: each figure of both sides, and which did better by it. */
export function compare(a: Account, b: Account): Difference[] {
  const [ofA, ofB] = [figures(a), figures(b)];
  return FIGURES.map((figure) => ({ figure, a: ofA[figure], b: ofB[figure], better: betterOf(figure, ofA, ofB) }));
}

function betterOf(figure: Figure, ofA: Figures, ofB: Figures): Difference['better'] {
  const [a, b] = [ofA[figure], ofB[figure]];
  if (NEUTRAL.has(figure) || a === null || b === null || a === b) return null;
  return figure === 'answered' ? (a > b ? 'a' : 'b') : a < b ? 'a' : 'b';
}

type Figures = Readonly<Record<Figure, number | null>>;

function figures(account: Account): Figures {
  const { asked, answered, lost, retried, executedTwice, doubleDispatches, sentToNobody } = account;
  const { detected, detectionUs, undetected, falseDeaths } = account;
  const inMs = (us: Micros): number | null => (detected === 0 ? null : us / 1000);
  return {
    ...{ asked, answered, open: asked - answered - lost, lost, retried, executedTwice, doubleDispatches, sentToNobody },
    ...{ detected, undetected, falseDeaths },
    detectionMeanMs: inMs(detectionUs.sum / Math.max(1, detected)),
    detectionMostMs: inMs(detectionUs.most),
  };
}
