// A link while the bridge runs: the pure model in a box, shared by all connections over it, so that faults outlive a reconnect [L5].

import {
  admit,
  admitBytes,
  applyFault,
  type Direction,
  type Fact,
  type FaultSpec,
  healAll,
  healFault,
  isPartitioned,
  type Kind,
  type Link,
  type Micros,
  makeLink,
  setDelay,
  type Verdict,
} from '@crows-nest/protocol';

export interface LinkBoxOptions {
  /** The peer's stable name in the trace: its link has the same. */
  readonly id: string;
  readonly delayMs: number;
  readonly jitterMs?: number;
  readonly seed: number;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
}

export class LinkBox {
  readonly id: string;
  readonly #now: () => Micros;
  readonly #record: (fact: Fact) => void;
  /** One for each live connection. */
  readonly #watchers = new Set<() => void>();
  #link: Link;

  constructor(options: LinkBoxOptions) {
    this.id = options.id;
    this.#now = options.now;
    this.#record = options.record;
    const { delayMs, jitterMs = 0 } = options;
    this.#link = makeLink(delayMs, jitterMs, options.seed);
    this.#record({ type: 'link.delayed', t: this.#now(), link: this.id, delayMs, jitterMs });
  }

  get link(): Link {
    return this.#link;
  }

  admit(now: Micros, direction: Direction, kind: Kind): Verdict {
    const [link, verdict] = admit(this.#link, now, direction, kind);
    this.#link = link;
    return verdict;
  }

  /** When bytes that are no message leave: undisturbed by faults and jitter, but in their turn. */
  admitBytes(now: Micros, direction: Direction): Micros {
    const [link, dueAt] = admitBytes(this.#link, now, direction);
    this.#link = link;
    return dueAt;
  }

  isPartitioned(direction?: Direction): boolean {
    return isPartitioned(this.#link, direction);
  }

  setDelay(delayMs: number, jitterMs = 0): void {
    this.#link = setDelay(this.#link, delayMs, jitterMs);
    this.#record({ type: 'link.delayed', t: this.#now(), link: this.id, delayMs, jitterMs });
  }

  applyFault(spec: FaultSpec): void {
    this.#link = applyFault(this.#link, spec);
    const { id, kind, selector, seed, extraMs, jitterMs } = spec;
    const { kind: message, ...which } = selector;
    const detail = given({ ...which, message, extraMs, jitterMs });
    this.#record({ type: 'fault.applied', t: this.#now(), fault: id, link: this.id, kind, seed, ...detail });
    this.#changed();
  }

  /** Heals one fault, or all. Idempotent, at once, and it waits for no peer [L7]. */
  heal(fault?: string): void {
    const healed = this.#link.faults.map((f) => f.spec.id).filter((id) => fault === undefined || id === fault);
    this.#link = fault === undefined ? healAll(this.#link) : healFault(this.#link, fault);
    for (const id of healed) this.#record({ type: 'fault.healed', t: this.#now(), fault: id, link: this.id });
    if (healed.length > 0) this.#changed();
  }

  /** Calls back whenever a fault comes or goes, until the returned function is called. */
  watch(watcher: () => void): () => void {
    // Nothing is under way on an idle link, so there is no order to keep: a long delay of the past must not hold up the next peer.
    if (this.#watchers.size === 0) this.#link = { ...this.#link, lastDue: { toQueue: 0, fromQueue: 0 } };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that hold undefined: a fact has them or has them not. */
function given<T extends object>(all: T): Given<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>;
}
