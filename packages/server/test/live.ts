// A live stage for tests: the real bridge with real processes, and waiting for facts instead of time.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandRequest, EventOf, EventType, Side, TraceEvent } from '@crows-nest/protocol';
import { readCommand } from '@crows-nest/protocol';
import { DEMO_QUEUE, type QueueKnobs } from '../src/bridge/actor-args.ts';
import { Bridge } from '../src/bridge/bridge.ts';

/** The built entry: actors are started from it, as users start them. */
export const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url));
if (!existsSync(ENTRY)) throw new Error('the server is not built: npm run build');

export interface LiveOptions {
  readonly queue?: Partial<QueueKnobs>;
  readonly linkDelayMs?: number;
  readonly workers?: number;
  readonly clients?: number;
  readonly ports?: Record<Side, number>;
}

type Matching<T extends EventType> = { readonly type: T } & Partial<Omit<EventOf<T>, 'type'>>;

const matches = (event: TraceEvent, pattern: Record<string, unknown>): boolean =>
  Object.entries(pattern).every(([key, value]) => (event as Record<string, unknown>)[key] === value);

export class Live {
  readonly bridge: Bridge;
  readonly events: TraceEvent[] = [];
  readonly complaints: string[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(options: LiveOptions) {
    this.bridge = new Bridge({
      entry: ENTRY,
      queue: { ...DEMO_QUEUE, ...options.queue },
      linkDelayMs: options.linkDelayMs ?? 0,
      ports: options.ports ?? { frontend: 0, backend: 0 },
      complain: (line) => this.complaints.push(line),
    });
    this.bridge.onBatch(({ events }) => {
      this.events.push(...events);
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  get state() {
    return this.bridge.trace.state;
  }

  /** The first fact that has these fields, after fact number `after`; waits for it if it has not come. */
  until<T extends EventType>(pattern: Matching<T>, after = -1): Promise<EventOf<T>> {
    return this.#watch(
      () => this.events.find((e) => e.seq > after && matches(e, pattern)) as EventOf<T> | undefined,
      JSON.stringify(pattern),
    );
  }

  /** Waits until the facts amount to this. */
  async untilState(holds: (live: Live) => boolean, what: string): Promise<void> {
    await this.#watch(() => (holds(this) ? true : undefined), what);
  }

  all<T extends EventType>(pattern: Matching<T>): EventOf<T>[] {
    return this.events.filter((e) => matches(e, pattern)) as EventOf<T>[];
  }

  /** As a presenter's page would ask for it. Throws when it is refused. */
  async do(request: CommandRequest): Promise<void> {
    const read = readCommand(request);
    if ('malformed' in read) throw new Error(read.malformed);
    const answer = await this.bridge.carryOut(read.command);
    if (!answer.ok) throw new Error(answer.message);
  }

  async close(): Promise<void> {
    await this.bridge.end();
  }

  #watch<R>(look: () => R | undefined, what: string): Promise<R> {
    const found = look();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const watcher = (): void => {
        const now = look();
        if (now === undefined) return;
        clearTimeout(late);
        this.#watchers.delete(watcher);
        resolve(now);
      };
      // Never what a passing test waits for: it only names what did not come.
      const late = setTimeout(() => {
        this.#watchers.delete(watcher);
        reject(new Error(`did not come: ${what}\n${this.tail()}`));
      }, 45_000);
      this.#watchers.add(watcher);
    });
  }

  /** The last facts, for a failure's message. */
  tail(count = 40): string {
    return this.events
      .slice(-count)
      .map((event) => JSON.stringify(event))
      .join('\n');
  }
}

export async function openLive(options: LiveOptions = {}): Promise<Live> {
  const live = new Live(options);
  await live.bridge.start();
  for (let i = 0; i < (options.clients ?? 0); i++) await live.bridge.troupe.addClient();
  for (let i = 0; i < (options.workers ?? 0); i++) await live.bridge.troupe.addWorker();
  return live;
}
