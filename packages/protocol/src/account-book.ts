// Keeps an account: what each fact adds to it. An Accountant folds the facts himself, and keeps the account as of now; the page, which
// knows the state before each fact, keeps it for any time.

import { type Account, copyAccount, emptyAccount } from './account.ts';
import { type Death, isDeath } from './deaths.ts';
import { DeathWatch } from './deaths-watch.ts';
import type { EventOf, EventType, TraceEvent } from './events.ts';
import { apply } from './fold.ts';
import { emptyState, type State } from './state.ts';

/** What is counted, one at a time. An undetected death may be taken back, when the queue notices it or it is over. */
export const COUNTS = [
  ...(['asked', 'answered', 'lost', 'untold', 'retried', 'executedTwice', 'doubleDispatches', 'sentToNobody'] as const),
  ...(['detected', 'undetected', 'falseDeaths'] as const),
] as const;
export type Count = (typeof COUNTS)[number];

export const KEPT_DETECTIONS = 100;
/** A request that is worked on twice is so within its retries; it is compared with the latest ones. */
const KEPT_JOURNEYS = 1 << 14;

/** Called with each change of the account, after it. */
export type Counted = (count: Count, by: 1 | -1) => void;

/** Keeps the account of facts that it is told in order, each with the state before it. */
export class AccountBook {
  readonly account = emptyAccount();
  readonly #counted: Counted | undefined;
  /** By client: the request that it waits for. */
  readonly #asking = new Map<string, number>();
  /** By the worker's identity: it holds a request. */
  readonly #holds = new Map<string, string | null | undefined>();
  /** The latest journeys that were worked on, by their number, and whether that was more than once. */
  readonly #worked = new Uint32Array(KEPT_JOURNEYS);
  readonly #again = new Uint8Array(KEPT_JOURNEYS);
  readonly #deaths = new DeathWatch({
    began: (death) => {
      if (isDeath(death)) this.#count('undetected');
    },
    ended: (death) => {
      if (!isDeath(death) || death.end === 'missed') return;
      this.#uncount('undetected');
      if (death.end === 'noticed') this.#notice(death);
    },
    expired: ({ verdict }) => {
      if (verdict === 'false') this.#count('falseDeaths');
    },
  });

  constructor(counted?: Counted) {
    this.#counted = counted;
  }

  /** The facts to come follow this state. What is open in it counts as asked; what was, and is not, as untold. */
  begin(state: State): void {
    this.#deaths.begin(state);
    this.#holds.clear();
    for (const { worker, peer } of state.queue.atWork) this.#holds.set(worker, peer);
    for (const client of [...this.#asking.keys()]) {
      if (state.peers[client]?.request?.n !== this.#asking.get(client)) this.#giveUp(client);
    }
    for (const { peer, role, request } of Object.values(state.peers)) {
      if (role === 'client' && request && !this.#asking.has(peer)) this.#ask(peer, request.n);
    }
  }

  learn(event: TraceEvent, before: State): void {
    const read = this.#readers[event.type] as ((event: TraceEvent) => void) | undefined;
    read?.(event);
    this.#deaths.learn(event, before);
  }

  readonly #readers: { [T in EventType]?: (event: EventOf<T>) => void } = {
    'request.sent': ({ peer, n, attempt }) => {
      if (attempt === 1) this.#ask(peer, n);
    },
    'request.answered': ({ peer }) => this.#settle(peer, 'answered'),
    'request.abandoned': ({ peer }) => this.#settle(peer, 'lost'),
    'request.retried': () => this.#count('retried'),
    'work.started': ({ journey }) => this.#work(journey),

    'request.dispatched': ({ worker, workerPeer }) => {
      if (this.#holds.has(worker)) this.#count('doubleDispatches');
      this.#holds.set(worker, workerPeer);
    },
    'request.requeued': ({ worker }) => {
      this.#holds.delete(worker);
    },
    'reply.forwarded': ({ worker }) => {
      this.#holds.delete(worker);
    },
    'worker.expired': ({ worker }) => {
      this.#holds.delete(worker);
    },
    'message.unrouted': ({ kind, identity }) => {
      if (kind === 'REQUEST') this.#count('sentToNobody');
      this.#holds.delete(identity);
    },
    'queue.started': () => this.#holds.clear(),
    'worker.opened': ({ peer }) => this.#letGo(peer),
    'process.exited': ({ peer }) => {
      this.#giveUp(peer);
      this.#letGo(peer);
    },
    'peer.left': ({ peer }) => this.#letGo(peer),
  };

  #count(count: Count): void {
    this.account[count]++;
    this.#counted?.(count, 1);
  }

  #uncount(count: Count): void {
    this.account[count]--;
    this.#counted?.(count, -1);
  }

  #ask(client: string, n: number): void {
    this.#giveUp(client);
    this.#asking.set(client, n);
    this.#count('asked');
  }

  #settle(client: string, count: 'answered' | 'lost' | 'untold'): void {
    // One that it did not know of was asked all the same.
    if (!this.#asking.delete(client)) this.#count('asked');
    this.#count(count);
  }

  /** What it waited for, if anything, will not be told of. */
  #giveUp(client: string): void {
    if (this.#asking.has(client)) this.#settle(client, 'untold');
  }

  #letGo(peer: string): void {
    for (const [worker, whose] of this.#holds) if (whose === peer) this.#holds.delete(worker);
  }

  #work(journey: number | undefined): void {
    if (journey === undefined) return;
    const at = journey % KEPT_JOURNEYS;
    if (this.#worked[at] !== journey) {
      this.#worked[at] = journey;
      this.#again[at] = 0;
    } else if (this.#again[at] === 0) {
      this.#again[at] = 1;
      this.#count('executedTwice');
    }
  }

  #notice({ peer, cause, diedAt, endedAt }: Death): void {
    const noticedAt = endedAt ?? diedAt;
    const { detections, detectionUs } = this.account;
    detections.push({ peer, how: cause === 'exited' ? cause : 'paused', diedAt, noticedAt });
    if (detections.length > KEPT_DETECTIONS) detections.shift();
    detectionUs.sum += noticedAt - diedAt;
    detectionUs.most = Math.max(detectionUs.most, noticedAt - diedAt);
    this.#count('detected');
  }
}

/** Keeps the account of one trace from its first fact on. */
export class Accountant {
  readonly #book = new AccountBook();
  readonly #state: State = emptyState();

  /** What the trace amounts to so far. Not to be changed by the reader. */
  get state(): State {
    return this.#state;
  }

  get account(): Account {
    return this.#book.account;
  }

  /** The account as of now, which what comes does not change. */
  get settled(): Account {
    return copyAccount(this.#book.account);
  }

  read(events: Iterable<TraceEvent>): this {
    for (const event of events) {
      this.#book.learn(event, this.#state);
      apply(this.#state, event);
    }
    return this;
  }
}
