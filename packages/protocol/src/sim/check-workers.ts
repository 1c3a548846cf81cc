// Checks of the workers: what a connection begins with, when the queue is given up, and what comes of a request.

import { controlFrame, type Message, readControl } from '../frames.ts';
import type { Micros } from '../timing.ts';
import type * as worker from '../worker.ts';
import { sameFrames } from './check-passing.ts';
import type { Bench } from './invariants.ts';
import type { Watcher } from './watcher.ts';

interface Book {
  /** Its last message that tells of the queue; or when it connected, full of hope. */
  heardAt: Micros;
  /** Its last message of any kind: what tells of nobody, damaged on its way, ends a poll as well [W4]. */
  pollAt: Micros;
  /** Since when it listens: not at work, spinning, frozen or backing off. */
  listensSince: Micros;
  beatAt: Micros;
  /** What the next back-off must wait, in ms. */
  waitMs: number;
  /** Taken and not answered. */
  readonly requests: Message[];
}

export class WorkerChecks implements Watcher {
  readonly #bench: Bench;
  readonly #books = new Map<string, Book>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  workerStarted(peer: string, state: worker.State, effects: readonly worker.Effect[]): void {
    const { now } = this.#bench.world;
    const waitMs = state.settings.reconnectInitialMs;
    const book: Book = { heardAt: now, pollAt: now, listensSince: now, beatAt: now, waitMs, requests: [] };
    this.#books.set(peer, book);
    this.#checkEffects(peer, book, state, effects);
  }

  resumed(peer: string): void {
    const book = this.#books.get(peer);
    if (book) book.listensSince = this.#bench.world.now;
  }

  /** Mute or slow, it is silent on purpose; well again, it is on time from here on. */
  impaired(peer: string): void {
    this.resumed(peer);
  }

  workerStepped(
    peer: string,
    before: worker.State,
    input: worker.Input,
    after: worker.State,
    effects: readonly worker.Effect[],
  ): void {
    const book = this.#books.get(peer);
    if (!book) return;
    const { now } = this.#bench.world;
    if (input.type === 'message') {
      book.waitMs = after.settings.reconnectInitialMs;
      if (input.frames.length > 1) book.requests.push(input.frames);
      const tells = input.frames.length > 1 || readControl(input.frames[0] ?? '')?.control === 'HEARTBEAT';
      if (tells) book.heardAt = now;
      book.pollAt = now;
    }
    if (isListening(after) && !isListening(before)) book.listensSince = now;
    this.#checkEffects(peer, book, after, effects);
    this.#checkPatience(peer, book, after);
  }

  ended(): void {
    const { workers } = this.#bench.world;
    for (const [peer, { status, state }] of workers) {
      const book = this.#books.get(peer);
      if (!book || !state || status !== 'running') continue;
      this.#checkPatience(peer, book, state);
      if (isListening(state) && book.requests.length > 0) {
        this.#bench.fail('what is read is passed on or reported', `${peer} never answered a request`);
      }
    }
  }

  #checkEffects(peer: string, book: Book, state: worker.State, effects: readonly worker.Effect[]): void {
    const { now } = this.#bench.world;
    const { fail } = this.#bench;
    const ready = controlFrame('READY', state.settings.dialect);
    let silent = false;
    for (const effect of effects) {
      if (effect.type === 'open') {
        silent = true;
        book.heardAt = book.pollAt = book.listensSince = book.beatAt = now;
      } else if (effect.type === 'send') {
        const [first = ''] = effect.frames;
        if (silent !== (effect.frames.length === 1 && first === ready)) {
          fail('READY comes first on each connection', `${peer} said ${effect.frames.length} frames`);
        }
        silent = false;
        if (effect.frames.length > 1) this.#checkReply(peer, book, effect.frames);
        else book.beatAt = now;
      } else if (effect.type === 'record' && effect.fact.type === 'worker.backedOff') {
        this.#checkBackOff(peer, book, state, effect.fact.waitMs);
      }
    }
    if (silent) fail('READY comes first on each connection', `${peer} said nothing`);
  }

  #checkReply(peer: string, book: Book, frames: Message): void {
    const request = book.requests.shift();
    if (!request) this.#bench.fail('every delivery has one cause', `${peer} answered what it was not asked`);
    else if (!sameFrames(request, frames)) {
      this.#bench.fail('envelope, bytes and frame count are kept both ways', `of a reply by ${peer}`);
    }
  }

  #checkBackOff(peer: string, book: Book, { settings }: worker.State, waitMs: number): void {
    const { world, silence, fail } = this.#bench;
    const right = settings.jitter ? waitMs <= book.waitMs : waitMs === book.waitMs;
    if (!right) {
      fail('a back-off doubles, is clamped and starts anew only after a message', `${peer}: ${waitMs} ms`);
    }
    book.waitMs = Math.min(2 * book.waitMs, settings.reconnectMaxMs);
    const heardAgo = world.now - book.heardAt;
    if (heardAgo < silence) {
      fail('a worker notices a silent queue after L polls', `${peer} gave up ${heardAgo} µs after it heard it`);
    }
  }

  /** While it listens, neither may its patience last too long nor its silence. */
  #checkPatience(peer: string, book: Book, state: worker.State): void {
    if (!isListening(state)) return;
    const { world, silence, interval, lateness, fail } = this.#bench;
    // A poll may have been under way when it went deaf; it begins anew when it listens again, with what liveness is left.
    const waited = world.now - Math.max(book.pollAt, book.listensSince);
    if (waited > silence + lateness) {
      fail('a worker notices a silent queue after L polls', `${peer} still hopes after ${waited} µs`);
    }
    const quiet = world.now - Math.max(book.beatAt, book.listensSince);
    const isImpaired = state.impairment.mute || state.impairment.slow > 1;
    if (quiet > interval + lateness && !isImpaired)
      fail('an idle worker beats each interval', `${peer}: none for ${quiet} µs`);
  }
}

const isListening = (state: worker.State): boolean => state.phase.name === 'idle' && state.spinUntilAt === null;
