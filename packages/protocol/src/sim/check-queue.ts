// Checks of the queue: the list, what goes through it, and what it does by the clock.

import { type Frame, type Message, readControl, splitEnvelope, unwrapped } from '../frames.ts';
import type * as queue from '../queue.ts';
import type { Micros } from '../timing.ts';
import { checkReply, checkRequest, type Said, type Send, sameFrames, sorted } from './check-passing.ts';
import type { Bench } from './invariants.ts';
import type { Watcher } from './watcher.ts';

const isRoutable = (message: Message): boolean => {
  const envelope = splitEnvelope(message);
  return envelope !== undefined && envelope.stack.length > 0 && envelope.body.length > 0;
};

export class QueueChecks implements Watcher {
  readonly #bench: Bench;
  /** When the queue read its last sign of life of a worker, as the rule set counts them. */
  readonly #heard = new Map<Frame, Micros>();
  /** When a worker was listed, or sent its last beat. */
  readonly #beaten = new Map<Frame, Micros>();
  /** `robust`: the request that a worker holds. */
  readonly #given = new Map<Frame, Message>();
  /** Since when the queue runs without a break: what it could not do while frozen is not held against it. */
  #runsSince: Micros = 0;
  #tickedAt: Micros = 0;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  queueStarted(): void {
    for (const book of [this.#heard, this.#beaten, this.#given]) book.clear();
    this.#runsSince = this.#bench.world.now;
  }

  resumed(peer: string): void {
    if (peer === 'queue') this.#runsSince = this.#bench.world.now;
  }

  queueStepped(before: queue.State, input: queue.Input, after: queue.State, effects: readonly queue.Effect[]): void {
    const { sends, facts } = sorted(effects);
    if (after.ready !== before.ready || after.busy !== before.busy) this.#checkList(after);
    if (input.type === 'frontend') this.#frontend(before, input.frames, after, sends, facts);
    else if (input.type === 'backend') this.#backend(before, input.frames, after, sends, facts);
    else if (input.type === 'tick') this.#tick(before, after, sends, facts);
    if (before.settings.rules === 'robust') this.#checkRequests(before, after, sends, facts);
  }

  /** Mute or slow, it is late on purpose; well again, it is on time from here on. */
  impaired(peer: string): void {
    if (peer === 'queue') this.#runsSince = this.#bench.world.now;
  }

  ended(): void {
    const { world, interval, lateness } = this.#bench;
    if (world.queue.status !== 'running' || isImpaired(world.queue.state)) return;
    const late = world.now - Math.max(this.#tickedAt, this.#runsSince);
    if (late > interval + lateness) {
      this.#bench.fail('every listed worker is sent a beat each interval', `no tick for ${late} µs`);
    }
  }

  #checkList({ ready, busy }: queue.State): void {
    const known = new Set<Frame>();
    for (const { identity } of ready) known.add(identity);
    for (const { identity } of busy) known.add(identity);
    if (known.size === ready.length + busy.length) return;
    this.#bench.fail('the ready list has no duplicates', ready.map((w) => w.identity).join(' '));
  }

  // The frontend

  #frontend(before: queue.State, frames: Message, after: queue.State, sends: Send[], facts: Said[]): void {
    const { fail } = this.#bench;
    if (before.ready.length === 0) fail('the frontend is never read with an empty list', `from ${frames[0]}`);
    const worker = checkRequest(this.#bench, frames, sends, facts);
    if (worker === undefined) return;
    this.#checkHead(before.ready, after, [worker]);
    this.#dispatched(worker, frames);
  }

  #checkHead(list: readonly queue.Ready[], after: queue.State, workers: readonly Frame[]): void {
    const wrong = workers.find((worker, i) => list[i]?.identity !== worker);
    const left = workers.find((worker) => after.ready.some((w) => w.identity === worker));
    if (wrong === undefined && left === undefined) return;
    const detail = wrong === undefined ? `${left} is still listed` : `${wrong} was not the head`;
    this.#bench.fail('a dispatch takes the head of the list and removes it', detail);
  }

  #dispatched(worker: Frame, request: Message): void {
    const { world, silence, fail } = this.#bench;
    const heard = this.#heard.get(worker) ?? 0;
    if (world.now >= heard + silence) {
      fail('no request goes to an expired worker', `${worker} was heard ${world.now - heard} µs ago`);
    }
    if (this.#given.has(worker)) fail('a worker has at most one outstanding request', worker);
    this.#given.set(worker, request);
  }

  // The backend

  #backend(before: queue.State, frames: Message, after: queue.State, sends: Send[], facts: Said[]): void {
    const { world } = this.#bench;
    const [worker = '', ...whole] = frames;
    const message = unwrapped(whole);
    checkReply(this.#bench, worker, message, sends, facts);
    const isKnown = (state: queue.State): boolean => has(state.ready, worker) || has(state.busy, worker);
    if (!isKnown(after)) return;
    if (this.#isSignOfLife(isKnown(before), message, sends)) this.#heard.set(worker, world.now);
    if (!isKnown(before)) this.#beaten.set(worker, world.now);
    const said = message.length === 1 ? readControl(message[0] ?? '')?.control : undefined;
    const lostIt = facts.some((f) => f.type === 'request.requeued' || f.type === 'request.dropped');
    if (lostIt || said === 'READY' || sends.length > 0) this.#given.delete(worker);
  }

  #isSignOfLife(wasKnown: boolean, message: Message, sends: Send[]): boolean {
    const { rules } = this.#bench.ground;
    if (message.length > 1) return rules === 'robust' ? sends.length > 0 : isRoutable(message);
    const said = readControl(message[0] ?? '');
    if (!said) return rules === 'guide';
    return said.control === 'READY' || rules !== 'listing' || wasKnown;
  }

  // The clock

  #tick(before: queue.State, after: queue.State, sends: Send[], facts: Said[]): void {
    const { world } = this.#bench;
    this.#tickedAt = world.now;
    const dispatched: Frame[] = [];
    for (const { side, frames } of sends) {
      const [worker = '', ...message] = frames;
      const beats =
        side === 'backend' && message.length === 1 && readControl(message[0] ?? '')?.control === 'HEARTBEAT';
      if (beats) this.#beaten.set(worker, world.now);
      else if (this.#isPutBack(before, message)) dispatched.push(worker);
      else this.#bench.fail('every delivery has one cause', `a tick sent something to ${worker}`);
    }
    for (const fact of facts) if (fact.type === 'worker.expired') this.#expired(fact.worker);
    if (dispatched.length > 0) {
      const survivors = before.ready.filter((w) => has(after.ready, w.identity) || dispatched.includes(w.identity));
      this.#checkHead(survivors, after, dispatched);
      for (const { frames } of sends) if (frames.length > 2) this.#dispatched(frames[0] ?? '', frames.slice(1));
    }
    this.#checkBelief(after);
  }

  #isPutBack({ putBack, busy }: queue.State, message: Message): boolean {
    return (
      putBack.some((request) => sameFrames(request.frames, message)) ||
      busy.some(({ request }) => sameFrames(request.frames, message))
    );
  }

  #expired(worker: Frame): void {
    const { world, silence, interval, lateness, fail } = this.#bench;
    const heard = this.#heard.get(worker) ?? 0;
    const age = world.now - heard;
    const unfrozen = world.now - Math.max(heard, this.#runsSince);
    const late = unfrozen > silence + interval + lateness && !isImpaired(world.queue.state);
    if (age < silence || late) {
      fail('a silent worker is removed between L·I and (L+1)·I', `${worker} after ${age} µs`);
    }
    if (world.queue.routers.backend.holds(worker)) fail('nobody is declared dead whose message lies unread', worker);
    this.#given.delete(worker);
  }

  /** Whoever is still known must be alive as far as the queue can know, and must have been told that the queue is. */
  #checkBelief(after: queue.State): void {
    if (isImpaired(after)) return;
    const { ready, busy, settings } = after;
    const { world, silence, interval, lateness, fail } = this.#bench;
    const { now } = world;
    for (const { identity, expiryAt } of settings.rules === 'robust' ? [...ready, ...busy] : ready) {
      if (expiryAt <= now) fail('after a purge nothing listed is expired', identity);
      const age = now - Math.max(this.#heard.get(identity) ?? 0, this.#runsSince);
      if (age > silence + interval + lateness) {
        fail('a silent worker is removed between L·I and (L+1)·I', `${identity} is listed after ${age} µs`);
      }
      const unbeaten = now - Math.max(this.#beaten.get(identity) ?? 0, this.#runsSince);
      if (unbeaten > interval + lateness) {
        fail('every listed worker is sent a beat each interval', `${identity}: none for ${unbeaten} µs`);
      }
    }
  }

  /** `robust`: requests in hand before and after a step, and what came and went. */
  #checkRequests(before: queue.State, after: queue.State, sends: Send[], facts: Said[]): void {
    const inHand = (state: queue.State): number => state.busy.length + state.putBack.length;
    let expected = inHand(before);
    for (const fact of facts) {
      if (fact.type === 'request.dropped') expected--;
      if (fact.type === 'request.dispatched' && fact.attempt === 1) expected++;
    }
    for (const { side } of sends) if (side === 'frontend') expected--;
    if (inHand(after) === expected) return;
    this.#bench.fail('a request taken from a lost worker is not lost', `${inHand(after)} in hand, not ${expected}`);
  }
}

const isImpaired = (state: queue.State | undefined): boolean =>
  state !== undefined && (state.impairment.mute || state.impairment.slow > 1);

const has = (workers: readonly queue.Ready[], identity: Frame): boolean => {
  for (const worker of workers) if (worker.identity === identity) return true;
  return false;
};
