// Checks of the quiet tail: once nothing is broken any more, everybody must find their place again in bounded time.

import type * as client from '../client.ts';
import type { MachineFact } from '../events.ts';
import type { Frame } from '../frames.ts';
import type * as queue from '../queue.ts';
import { type Micros, millis } from '../timing.ts';
import type { Bench } from './invariants.ts';
import { recoveryMs } from './swarm.ts';
import type { Watcher } from './watcher.ts';

export class HealingChecks implements Watcher {
  readonly #bench: Bench;
  #wellAt: Micros | undefined;
  /** The requests of the bad times have been read: what waits now was asked now. */
  #doorWasEmpty = false;
  /** When the queue last showed that it knows a worker. */
  readonly #knownAt = new Map<Frame, Micros>();
  /** First requests after the recovery, by client. */
  readonly #fresh = new Map<string, number>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  calmed(): void {
    const { world, ground } = this.#bench;
    const wellAt = world.now + millis(recoveryMs(ground));
    this.#knownAt.clear();
    world.agenda.add(wellAt, () => {
      this.#wellAt = wellAt;
      this.#checkListed(world.now - millis(recoveryMs(ground)));
    });
  }

  queueStepped(_: queue.State, input: queue.Input, after: queue.State, effects: readonly queue.Effect[]): void {
    const { world } = this.#bench;
    if (!world.calm) return;
    for (const effect of effects) {
      if (effect.type === 'record') this.#note(effect.fact);
    }
    if (this.#doorWasEmpty || input.type !== 'tick' || after.putBack.length > 0) return;
    this.#doorWasEmpty = world.queue.routers.frontend.isEmpty;
  }

  #note(
    fact: { readonly type: string } | MachineFact<'worker.listed' | 'worker.refreshed' | 'request.dispatched'>,
  ): void {
    if (fact.type !== 'worker.listed' && fact.type !== 'worker.refreshed' && fact.type !== 'request.dispatched') return;
    if ('worker' in fact) this.#knownAt.set(fact.worker, this.#bench.world.now);
  }

  clientStepped(
    peer: string,
    _: client.State,
    __: client.Input,
    ___: client.State,
    effects: readonly client.Effect[],
  ): void {
    if (this.#wellAt === undefined || !this.#doorWasEmpty) return;
    for (const effect of effects) {
      if (effect.type !== 'record') continue;
      const { fact } = effect;
      if (fact.type === 'request.sent' && fact.attempt === 1 && !this.#fresh.has(peer)) this.#fresh.set(peer, fact.n);
      if (fact.type === 'request.abandoned' && fact.n >= (this.#fresh.get(peer) ?? Number.POSITIVE_INFINITY)) {
        this.#bench.fail('after healing every new request is answered', `${fact.n} of ${peer} was not`);
      }
    }
  }

  ended(): void {
    const { world, silence, interval, lateness } = this.#bench;
    if (this.#wellAt !== undefined) this.#checkListed(world.now - silence - interval - lateness);
  }

  #checkListed(since: Micros): void {
    const { world, fail } = this.#bench;
    for (const [peer, { status, state }] of world.workers) {
      if (status !== 'running' || !state || state.phase.name === 'gone') continue;
      if ((this.#knownAt.get(state.identity) ?? -1) >= since) continue;
      fail('after healing every live worker is listed', `${peer} is ${state.phase.name} and unknown`);
    }
    // Known is not enough: whoever is busy with a request of the bad times will never be listed again.
    for (const { identity, since: givenAt } of world.queue.state?.busy ?? []) {
      if (givenAt >= since) continue;
      fail('after healing every live worker is listed', `${world.peerOf(identity)} still holds a request of before`);
    }
  }
}
