// Checks of the Simple queue: whoever speaks is listed at the end, whoever is listed stays until it is used, and time does nothing.

import { type Frame, type Message, readControl, unwrapped } from '../frames.ts';
import type * as simpleQueue from '../simple-queue.ts';
import { MAX_WORKERS } from '../timing.ts';
import { checkReply, checkRequest, type Said, type Send, sameFrames, sorted } from './check-passing.ts';
import type { Bench } from './invariants.ts';
import type { Watcher } from './watcher.ts';

export class SimpleQueueChecks implements Watcher {
  readonly #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  simpleQueueStepped(
    before: simpleQueue.State,
    input: simpleQueue.Input,
    after: simpleQueue.State,
    effects: readonly simpleQueue.Effect[],
  ): void {
    const { fail } = this.#bench;
    const { sends, facts } = sorted(effects);
    if (input.type === 'frontend') this.#frontend(before.ready, input.frames, after.ready, sends, facts);
    else if (input.type === 'backend') this.#backend(before, input.frames, after.ready, sends, facts);
    else if (sends.length > 0) fail('every delivery has one cause', 'a Simple queue spoke of itself');
    else this.#stays(before.ready, after.ready);
  }

  #frontend(list: readonly Frame[], frames: Message, after: readonly Frame[], sends: Send[], facts: Said[]): void {
    const { fail } = this.#bench;
    if (list.length === 0) fail('the frontend is never read with an empty list', `from ${frames[0]}`);
    // As REQ wants it, behind a delimiter [SP3].
    const worker = checkRequest(this.#bench, ['', ...frames], sends, facts);
    if (worker === undefined) return this.#stays(list, after);
    if (worker !== list[0]) fail('a dispatch takes the head of the list and removes it', `${worker} was not the head`);
    this.#stays(list.slice(1), after);
  }

  #backend(
    { ready: list, settings }: simpleQueue.State,
    frames: Message,
    after: readonly Frame[],
    sends: Send[],
    facts: Said[],
  ): void {
    const { fail } = this.#bench;
    const [worker = '', ...whole] = frames;
    const message = unwrapped(whole);
    checkReply(this.#bench, worker, message, sends, facts);
    const isReady = message.length === 1 && readControl(message[0] ?? '')?.control === 'READY';
    // To this queue a HEARTBEAT is no control message, but a reply that names no client [SP2].
    if (!isReady && sends.length === 0 && !facts.some((fact) => fact.type === 'message.invalidated')) {
      fail('what is read is passed on or reported', `a message of ${worker} went nowhere`);
    }
    if (list.length < (settings.maxWorkers ?? MAX_WORKERS)) {
      const listed = after.length > list.length ? after.at(-1) : undefined;
      if (listed !== worker) fail('whoever speaks is listed once more, at the end', `${worker} was not`);
      return this.#stays(list, after.slice(0, -1));
    }
    if (!facts.some((fact) => fact.type === 'worker.refused')) {
      fail('whoever speaks is listed once more, at the end', `${worker} found it full, and was not told of`);
    }
    this.#stays(list, after);
  }

  /** [SP4] */
  #stays(list: readonly Frame[], after: readonly Frame[]): void {
    if (sameFrames(list, after)) return;
    this.#bench.fail('whoever is listed stays where it is until it is used', `[${list}] became [${after}]`);
  }
}
