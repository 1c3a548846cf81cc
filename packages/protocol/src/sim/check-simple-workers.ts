// Checks of Simple workers, on whatever queue: READY once in a life, and then one answer to each request, in its time.

import { controlFrame, type Message } from '../frames.ts';
import type * as simpleWorker from '../simple-worker.ts';
import { type Micros, millis } from '../timing.ts';
import { sameFrames } from './check-passing.ts';
import type { Bench } from './invariants.ts';
import type { Watcher } from './watcher.ts';

interface Book {
  /** What it works on. */
  request: Message | undefined;
  takenAt: Micros;
  runsSince: Micros;
}

const READY_ONCE = 'a Simple worker says READY once, and then only what it was asked for';

export class SimpleWorkerChecks implements Watcher {
  readonly #bench: Bench;
  readonly #books = new Map<string, Book>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  simpleWorkerStarted(peer: string, { settings }: simpleWorker.State, effects: readonly simpleWorker.Effect[]): void {
    const { now } = this.#bench.world;
    this.#books.set(peer, { request: undefined, takenAt: now, runsSince: now });
    const [open, send, ...more] = effects.filter(({ type }) => type !== 'record');
    const ready = ['', controlFrame('READY', settings.dialect)];
    const isRight = open?.type === 'open' && send?.type === 'send' && sameFrames(send.frames, ready);
    if (!isRight || more.length > 0) this.#bench.fail('READY comes first on each connection', `not that of ${peer}`);
  }

  simpleWorkerStepped(
    peer: string,
    before: simpleWorker.State,
    input: simpleWorker.Input,
    after: simpleWorker.State,
    effects: readonly simpleWorker.Effect[],
  ): void {
    const book = this.#books.get(peer);
    if (!book) return;
    if (input.type === 'message') {
      if (book.request) this.#bench.fail(READY_ONCE, `${peer} took a request while it had one`);
      book.request = input.frames;
      book.takenAt = this.#bench.world.now;
    }
    for (const effect of effects) {
      if (effect.type === 'send') this.#said(peer, book, effect.frames);
      // Another socket would be known by another name, and need a READY of its own [SP6].
      if (effect.type === 'open' || (effect.type === 'close' && input.type !== 'stop')) {
        this.#bench.fail(READY_ONCE, `${peer} left its socket`);
      }
    }
    this.#checkPatience(peer, book, after);
    if (after.identity !== before.identity) this.#bench.fail(READY_ONCE, `${peer} took another name`);
  }

  /** It went on from here: what it could not do while frozen is not held against it. */
  resumed(peer: string): void {
    const book = this.#books.get(peer);
    if (book) book.runsSince = this.#bench.world.now;
  }

  ended(): void {
    for (const [peer, { status, state }] of this.#bench.world.simpleWorkers) {
      const book = this.#books.get(peer);
      if (book && state && status === 'running') this.#checkPatience(peer, book, state);
    }
  }

  #said(peer: string, book: Book, frames: Message): void {
    const { request } = book;
    book.request = undefined;
    if (!request) this.#bench.fail(READY_ONCE, `${peer} said ${frames.length} frames unasked`);
    else if (!sameFrames(request, frames)) {
      this.#bench.fail('envelope, bytes and frame count are kept both ways', `of a reply by ${peer}`);
    }
  }

  #checkPatience(peer: string, { request, takenAt, runsSince }: Book, { settings, phase }: simpleWorker.State): void {
    if (!request || phase.name === 'gone') return;
    const { world, lateness, fail } = this.#bench;
    const open = world.now - Math.max(takenAt, runsSince);
    const isIdle = phase.name === 'waiting';
    if (isIdle || open > millis(settings.workMs) + lateness) {
      fail('what is read is passed on or reported', `${peer} keeps a request for ${open} µs`);
    }
  }
}
