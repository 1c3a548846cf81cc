// `robust`: a client gives up only when no worker is alive. Checked where that can be said for sure: the queue, the client
// and at least one worker were well for long enough, and some try of the request never went to a worker that was not.

import type * as client from '../client.ts';
import type { Frame } from '../frames.ts';
import type * as queue from '../queue.ts';
import type { Impairment } from '../step.ts';
import { type Micros, millis } from '../timing.ts';
import type * as worker from '../worker.ts';
import type { Bench } from './invariants.ts';
import { recoveryMs } from './swarm.ts';
import type { Watcher } from './watcher.ts';

/** A link slower than this is no healthy link. */
const SLOW_MS = 150;
const NEVER = Number.POSITIVE_INFINITY;

interface OpenRequest {
  readonly startedAt: Micros;
  /** The identities of its tries. */
  readonly tries: Frame[];
  /** When nothing waited before it any more: until then it may have stood behind the requests of bad times. */
  doorEmptyAt: Micros;
}

export class GivingUpChecks implements Watcher {
  readonly #bench: Bench;
  /** Since when a peer's process, and its link, have been well without a break. */
  readonly #runsSince = new Map<string, Micros>();
  readonly #linkSince = new Map<string, Micros>();
  /** What a client waits for. */
  readonly #open = new Map<string, OpenRequest>();
  /** To which workers a try was given, by the identity it came under. */
  readonly #givenTo = new Map<Frame, string[]>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  queueStarted(): void {
    this.#runsSince.set('queue', this.#bench.world.now);
  }

  paused(peer: string): void {
    this.#runsSince.set(peer, NEVER);
  }

  exited(peer: string): void {
    this.#runsSince.set(peer, NEVER);
  }

  resumed(peer: string): void {
    this.#runsSince.set(peer, this.#bench.world.now);
  }

  impaired(peer: string, { mute, slow }: Impairment): void {
    this.#runsSince.set(peer, mute || slow > 1 ? NEVER : this.#bench.world.now);
  }

  disturbed(link: string): void {
    const { world } = this.#bench;
    const wire = (world.workers.get(link) ?? world.clients.get(link))?.wire;
    const well = wire && wire.link.faults.length === 0 && wire.link.delayUs <= millis(SLOW_MS);
    this.#linkSince.set(link, well ? world.now : NEVER);
  }

  workerStarted(peer: string): void {
    this.#runsSince.set(peer, this.#bench.world.now);
  }

  workerStepped(
    peer: string,
    _: worker.State,
    __: worker.Input,
    ___: worker.State,
    effects: readonly worker.Effect[],
  ): void {
    for (const effect of effects) if (effect.type === 'spin') this.#runsSince.set(peer, effect.untilAt);
  }

  queueStepped(_: queue.State, input: queue.Input, after: queue.State, effects: readonly queue.Effect[]): void {
    const { world } = this.#bench;
    if (input.type === 'tick' && after.putBack.length === 0 && world.queue.routers.frontend.isEmpty) {
      for (const open of this.#open.values()) open.doorEmptyAt = Math.min(open.doorEmptyAt, world.now);
    }
    for (const effect of effects) {
      if (effect.type !== 'record' || effect.fact.type !== 'request.dispatched') continue;
      const { client, worker } = effect.fact;
      const peer = world.peerOf(worker) ?? worker;
      const given = this.#givenTo.get(client);
      if (given) given.push(peer);
      else this.#givenTo.set(client, [peer]);
    }
  }

  clientStarted(peer: string, state: client.State): void {
    this.#runsSince.set(peer, this.#bench.world.now);
    this.#begin(peer, state.identity);
  }

  clientStepped(
    peer: string,
    before: client.State,
    _: client.Input,
    after: client.State,
    effects: readonly client.Effect[],
  ): void {
    let identity = before.identity;
    for (const effect of effects) {
      if (effect.type === 'open') identity = effect.identity;
      if (effect.type !== 'record') continue;
      const { fact } = effect;
      if (fact.type === 'request.abandoned') this.#judge(peer, after);
      if (fact.type !== 'request.sent') continue;
      if (fact.attempt === 1) {
        for (const last of this.#open.get(peer)?.tries ?? []) this.#givenTo.delete(last);
        this.#begin(peer, identity);
      } else this.#open.get(peer)?.tries.push(identity);
    }
  }

  #begin(peer: string, identity: Frame): void {
    this.#open.set(peer, { startedAt: this.#bench.world.now, tries: [identity], doorEmptyAt: NEVER });
  }

  #judge(peer: string, { n, settings }: client.State): void {
    const { world, ground, fail } = this.#bench;
    const open = this.#open.get(peer);
    if (!open || open.doorEmptyAt > open.startedAt + (settings.tries - 1) * millis(settings.timeoutMs)) return;
    const since = open.startedAt - millis(recoveryMs(ground));
    const isWell = (who: string): boolean =>
      (this.#runsSince.get(who) ?? 0) <= since && (this.#linkSince.get(who) ?? 0) <= since;
    if (!isWell('queue') || !isWell(peer)) return;
    const well = [...world.workers.keys()].filter(isWell);
    if (well.length === 0) return;
    const spoilt = open.tries.filter((id) => this.#givenTo.get(id)?.some((worker) => !well.includes(worker)));
    if (spoilt.length >= open.tries.length) return;
    fail('a client gives up only when no worker is alive', `${n} of ${peer}, while ${well.join(' and ')} lived`);
  }
}
