// A tap between real sockets, for the tests of taps: what it said, and a way to wait for it.

import type { EventType, Fact, Side } from '@crows-nest/protocol';
import { expect, onTestFinished } from 'vitest';
import { Dealer, Router, type SocketOptions } from 'zeromq';
import { isBalanced } from '../src/tap/accounts.ts';
import type { Endpoint } from '../src/tap/connection.ts';
import type { Greeting, Guest } from '../src/tap/handshake.ts';
import { type End, LinkBox } from '../src/tap/link-box.ts';
import { openTap, type Tap } from '../src/tap/tap.ts';

export type FactOf<T extends EventType> = Extract<Fact, { type: T }>;

export const clock = (): number => Math.round(performance.now() * 1000);

/** All facts so far, and promises of those to come. */
export class Witness {
  readonly facts: Fact[] = [];
  #waiting: (() => void)[] = [];

  readonly record = (fact: Fact): void => {
    this.facts.push(fact);
    for (const look of [...this.#waiting]) look();
  };

  // Bound, so that tests can take them apart.
  readonly all = <T extends EventType>(type: T): FactOf<T>[] =>
    this.facts.filter((fact): fact is FactOf<T> => fact.type === type);

  /** Resolves as soon as so many facts of a type have been recorded. */
  readonly until = async <T extends EventType>(type: T, count = 1): Promise<FactOf<T>[]> => {
    await this.when(() => this.all(type).length >= count, `${count} × ${type}`);
    return this.all(type);
  };

  readonly when = (isSo: () => boolean, what = 'the facts awaited'): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`waited for ${what}, saw ${JSON.stringify(this.facts).slice(0, 2000)}`));
      }, 8000);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((other) => other !== look);
        resolve();
      };
      this.#waiting.push(look);
      look();
    });
}

export interface RigOptions {
  readonly side?: Side;
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** The queue's endpoint; a ROUTER is bound when none is given. */
  readonly target?: () => Endpoint | undefined;
  readonly queue?: SocketOptions<Router>;
  readonly mayAsk?: (end: End) => boolean;
  /** Makes it a public tap. */
  readonly guestFor?: (greeting: Greeting, link: LinkBox) => Guest;
}

export interface Rig extends Witness {
  readonly tap: Tap;
  readonly link: LinkBox;
  /** Where peers connect to. */
  readonly endpoint: string;
  readonly queue: Router;
}

export function openDealer(endpoint: string, options: SocketOptions<Dealer> = {}): Dealer {
  const socket = new Dealer({ linger: 0, ...options });
  onTestFinished(() => socket.close());
  socket.connect(endpoint);
  return socket;
}

export async function bindRouter(endpoint = 'tcp://127.0.0.1:*', options: SocketOptions<Router> = {}) {
  const router = new Router({ linger: 0, handover: true, sendTimeout: 0, ...options });
  onTestFinished(() => router.close());
  await router.bind(endpoint);
  return { router, port: Number(router.lastEndpoint?.split(':').at(-1)) };
}

/** Opens a tap, and a queue behind it. When the test is over, both go and the tap's books must balance [L6]. */
export async function rig(options: RigOptions = {}): Promise<Rig> {
  const witness = new Witness();
  const { record } = witness;
  const { router, port } = await bindRouter(undefined, options.queue);
  const { delayMs = 0, jitterMs = 0, guestFor } = options;
  const link = new LinkBox({ id: 'peer-1', delayMs, jitterMs, seed: 1, now: clock, record });
  let messages = 0;
  let connections = 0;
  const tap = await openTap({
    side: options.side ?? 'backend',
    port: 0,
    target: options.target ?? (() => ({ host: '127.0.0.1', port })),
    link: guestFor ? (greeting) => guestFor(greeting, link) : link,
    now: clock,
    nextMsg: () => ++messages,
    nextConn: () => ++connections,
    record,
    mayAsk: options.mayAsk,
  });
  onTestFinished(async () => {
    await tap.close();
    expectBalanced(tap);
    expectOneEndEach(witness.facts);
  });
  return Object.assign(witness, { tap, link, endpoint: `tcp://127.0.0.1:${tap.port}`, queue: router });
}

export function expectBalanced(tap: Tap): void {
  const { toQueue, fromQueue } = tap.accounts();
  expect([toQueue, isBalanced(toQueue)]).toEqual([toQueue, true]);
  expect([fromQueue, isBalanced(fromQueue)]).toEqual([fromQueue, true]);
}

/** Every message that entered has left, was dropped or was lost, once. */
function expectOneEndEach(facts: readonly Fact[]): void {
  const open = new Set<number>();
  for (const fact of facts) {
    if (fact.type === 'message.entered') open.add(fact.msg);
    else if (fact.type === 'message.left' || fact.type === 'message.dropped' || fact.type === 'message.lost') {
      expect(open.delete(fact.msg)).toBe(true);
    }
  }
  expect([...open]).toEqual([]);
}

export const texts = (frames: readonly Buffer[]): string[] => frames.map((frame) => frame.toString('latin1'));

/** How late bare timers are meanwhile, at worst: what a busy machine does to them, it does to a tap's. Microseconds. */
export function watchTimers(): () => number {
  let worst = 0;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    const dueAt = clock() + 2000;
    timer = setTimeout(() => {
      worst = Math.max(worst, clock() - dueAt);
      next();
    }, 2);
  };
  next();
  return () => {
    clearTimeout(timer);
    return worst;
  };
}
