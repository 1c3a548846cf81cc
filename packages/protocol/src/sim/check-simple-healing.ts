// Checks of the quiet tail by simple rules. They promise little: who was forgotten stays forgotten, and dead names stay listed.
// But a request that comes to a Simple worker that lives, is connected and has nothing else to do must be answered.

import type * as client from '../client.ts';
import type { Frame } from '../frames.ts';
import type * as simpleQueue from '../simple-queue.ts';
import { type Micros, millis } from '../timing.ts';
import type { Bench } from './invariants.ts';
import type { SimpleWorkerProcess } from './peers.ts';
import { recoveryMs } from './swarm.ts';
import type { Watcher } from './watcher.ts';

interface Try {
  readonly identity: Frame;
  readonly sentAt: Micros;
}

const RECONNECT_US = millis(100);
const ANSWERED = 'after healing a request is answered that came to a living Simple worker';

export class SimpleHealingChecks implements Watcher {
  readonly #bench: Bench;
  #wellAt: Micros | undefined;
  /** When the queue last said of a worker that it lists it, or that it has no place. */
  readonly #heardAt = new Map<Frame, Micros>();
  /** By when a try will be answered, by its identity. null: it went to somebody who may not be able to. */
  readonly #answerAt = new Map<Frame, Micros | null>();
  /** The last time at which nobody was listed; until then requests may have waited. */
  #nobodyAt: Micros = 0;
  #isNobody = true;
  /** Of the open request of each client that began after the recovery. */
  readonly #tries = new Map<string, Try[]>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  calmed(): void {
    const { world, ground } = this.#bench;
    world.agenda.add(world.now + millis(recoveryMs(ground)), () => {
      this.#wellAt = world.now;
    });
  }

  simpleQueueStepped(
    _: simpleQueue.State,
    __: simpleQueue.Input,
    after: simpleQueue.State,
    effects: readonly simpleQueue.Effect[],
  ): void {
    const { world } = this.#bench;
    if (!world.calm) return;
    if (this.#isNobody || after.ready.length === 0) this.#nobodyAt = world.now;
    this.#isNobody = after.ready.length === 0;
    for (const effect of effects) {
      if (effect.type !== 'record') continue;
      const { fact } = effect;
      if (fact.type === 'worker.listed' || fact.type === 'worker.refused') this.#heardAt.set(fact.worker, world.now);
      if (fact.type === 'request.dispatched' && this.#wellAt !== undefined) this.#given(fact.client, fact.worker);
    }
  }

  clientStepped(
    peer: string,
    before: client.State,
    _: client.Input,
    after: client.State,
    effects: readonly client.Effect[],
  ): void {
    const { world } = this.#bench;
    if (this.#wellAt === undefined) return;
    let { identity } = before;
    for (const effect of effects) {
      if (effect.type === 'open') identity = effect.identity;
      if (effect.type !== 'record') continue;
      const { fact } = effect;
      if (fact.type === 'request.abandoned') this.#judge(peer, fact.n, millis(after.settings.timeoutMs));
      if (fact.type !== 'request.sent') continue;
      if (fact.attempt === 1) this.#tries.set(peer, []);
      this.#tries.get(peer)?.push({ identity, sentAt: world.now });
    }
  }

  ended(): void {
    const { world, ground, interval, lateness, fail } = this.#bench;
    if (this.#wellAt === undefined) return;
    const since = world.now - interval - lateness - RECONNECT_US - millis(ground.delayMs + ground.jitterMs);
    for (const [peer, { status, state }] of world.workers) {
      // It has listened for a poll at least, and so has beaten.
      if (status !== 'running' || state?.phase.name !== 'idle' || state.liveness === state.settings.liveness) continue;
      if ((this.#heardAt.get(state.identity) ?? -1) >= since) continue;
      fail('after healing whoever beats is heard by a Simple queue', `${peer} is not`);
    }
  }

  /** What a worker and its link may take for a request. */
  #within(workMs: number): Micros {
    const { ground, lateness } = this.#bench;
    return millis(workMs + 2 * (ground.delayMs + ground.jitterMs)) + 2 * lateness;
  }

  #given(clientName: Frame, worker: Frame): void {
    const { world, fail } = this.#bench;
    const able = this.#able(worker);
    const { now } = world;
    const answerAt = able ? now + this.#within(able.settings.workMs) : null;
    this.#answerAt.set(clientName, answerAt);
    if (!able || answerAt === null) return;
    world.agenda.add(answerAt, () => {
      if ((this.#heardAt.get(worker) ?? 0) >= now) return;
      fail('after healing whoever can answer is listed again', `${able.peer}, that was given a request, is not`);
    });
  }

  /** The Simple worker of that name, if nothing keeps it from answering what it is sent now. */
  #able(worker: Frame): SimpleWorkerProcess | undefined {
    const { world } = this.#bench;
    const process = world.simpleWorkers.get(world.peerOf(worker) ?? '');
    const connection = world.queue.routers.backend.find(worker);
    if (process?.status !== 'running' || process.state?.identity !== worker) return undefined;
    const isFree = process.state.phase.name === 'waiting' && process.socket?.inbox.length === 0;
    return isFree && connection?.inFlight === 0 && connection.open('fromQueue') ? process : undefined;
  }

  #judge(peer: string, n: number, timeout: Micros): void {
    const { fail, ground, lateness } = this.#bench;
    const back = millis(ground.delayMs + ground.jitterMs) + lateness;
    for (const { identity, sentAt } of this.#tries.get(peer) ?? []) {
      const answerAt = this.#answerAt.get(identity);
      if (answerAt && answerAt + back < sentAt + timeout) fail(ANSWERED, `${n} of ${peer} was not`);
      const waited = answerAt === undefined && sentAt + timeout <= this.#bench.world.now;
      if (waited && !this.#isNobody && this.#nobodyAt < sentAt) fail(ANSWERED, `${n} of ${peer} went to nobody`);
    }
  }
}
