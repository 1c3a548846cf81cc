// Checks of the clients: each request has one end, and only its own reply can be that; and the account of all messages.

import type * as client from '../client.ts';
import { readRequestBody, splitEnvelope } from '../frames.ts';
import type { Micros } from '../timing.ts';
import { millis } from '../timing.ts';
import type { Bench } from './invariants.ts';
import type { Watcher } from './watcher.ts';

interface Book {
  n: number;
  attempt: number;
  startedAt: Micros;
  ends: number;
}

const ONE_END = 'a request ends in one accepted reply or one visible failure';

export class ClientChecks implements Watcher {
  readonly #bench: Bench;
  readonly #books = new Map<string, Book>();
  readonly #runsSince = new Map<string, Micros>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  clientStarted(peer: string, state: client.State, effects: readonly client.Effect[]): void {
    this.#books.set(peer, { n: 0, attempt: 0, startedAt: 0, ends: 1 });
    this.#runsSince.set(peer, this.#bench.world.now);
    this.clientStepped(peer, state, { type: 'tick' }, state, effects);
  }

  resumed(peer: string): void {
    this.#runsSince.set(peer, this.#bench.world.now);
  }

  clientStepped(
    peer: string,
    before: client.State,
    input: client.Input,
    after: client.State,
    effects: readonly client.Effect[],
  ): void {
    const book = this.#books.get(peer);
    if (!book) return;
    for (const effect of effects) {
      if (effect.type === 'send') this.#checkBody(peer, book, after, effect.frames);
      if (effect.type !== 'record') continue;
      const { fact } = effect;
      if (fact.type === 'request.sent') this.#sent(peer, book, fact.n, fact.attempt);
      if (fact.type === 'request.answered') this.#answered(peer, book, before, input, fact.n);
      if (fact.type === 'request.abandoned') {
        if (fact.tries !== this.#bench.world.clients.get(peer)?.settings.tries)
          this.#bench.fail(ONE_END, `${peer} gave up after ${fact.tries} tries`);
        this.#end(peer, book, fact.n);
      }
    }
    this.#checkPatience(peer, book, after);
  }

  ended(): void {
    const { world, fail } = this.#bench;
    for (const [peer, { status, state }] of world.clients) {
      const book = this.#books.get(peer);
      if (book && state && status === 'running') this.#checkPatience(peer, book, state);
    }
    const { sent, delivered, dropped, lost } = world.ledger;
    const inFlight = world.countInFlight();
    if (sent !== delivered + dropped + lost + inFlight) {
      fail('sent = delivered + dropped + lost + in flight', JSON.stringify({ ...world.ledger, inFlight }));
    }
  }

  #sent(peer: string, book: Book, n: number, attempt: number): void {
    const isNext = attempt === 1 && n === book.n + 1 && book.ends === 1;
    const isAgain = attempt === book.attempt + 1 && n === book.n && book.ends === 0;
    if (!isNext && !isAgain) this.#bench.fail(ONE_END, `${peer} sent ${n}, try ${attempt}, after ${book.n}`);
    if (attempt === 1) {
      book.startedAt = this.#bench.world.now;
      book.ends = 0;
    }
    book.n = n;
    book.attempt = attempt;
  }

  #checkBody(peer: string, book: Book, { settings }: client.State, frames: readonly string[]): void {
    const body = readRequestBody(frames[1] ?? '');
    if (frames.length === 2 && frames[0] === '' && body?.c === settings.id && body.n === book.n) return;
    this.#bench.fail('envelope, bytes and frame count are kept both ways', `of a request of ${peer}`);
  }

  #answered(peer: string, book: Book, before: client.State, input: client.Input, n: number): void {
    const body = input.type === 'message' ? splitEnvelope(input.frames)?.body[0] : undefined;
    const said = body === undefined ? undefined : readRequestBody(body);
    if (said?.c !== before.settings.id || said.n !== n || n !== book.n) {
      this.#bench.fail('no foreign reply is ever accepted', `${peer} took ${body} for the answer to ${n}`);
    }
    this.#end(peer, book, n);
  }

  #end(peer: string, book: Book, n: number): void {
    if (n !== book.n || book.ends !== 0) this.#bench.fail(ONE_END, `${n} of ${peer} ended twice`);
    book.ends++;
  }

  #checkPatience(peer: string, book: Book, { settings, phase }: client.State): void {
    if (book.ends > 0 || phase.name === 'gone') return;
    const since = Math.max(book.startedAt, this.#runsSince.get(peer) ?? 0);
    const open = this.#bench.world.now - since;
    const most = settings.tries * (millis(settings.timeoutMs) + this.#bench.lateness);
    if (open > most) this.#bench.fail(ONE_END, `${book.n} of ${peer} is open for ${open} µs`);
  }
}
