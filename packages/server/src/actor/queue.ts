// The queue's process: two real ROUTER sockets, and the loop that performs what the machine decides. It has no rules of its own.

import { type Message, type Micros, queue, type Side, simpleQueue } from '@crows-nest/protocol';
import { Router } from 'zeromq';
import type { Clock } from './clock.ts';
import { Inbox } from './inbox.ts';
import { burn } from './overload.ts';
import type { Report } from './report.ts';
import { Wake } from './wake.ts';

type Settings = queue.Settings | simpleQueue.Settings;

export type QueueOptions = Settings & { readonly frontend: string; readonly backend: string };

/** What the loop asks of the machine that it drives, of whatever state. */
interface Machine<State> {
  start(now: Micros): [State, readonly queue.Effect[]];
  step(state: State, input: queue.Input, now: Micros): [State, readonly queue.Effect[]];
  readsFrontend(state: State): boolean;
  deadline(state: State): Micros | undefined;
  readonly turn: readonly queue.TurnPart[];
}

/** Runs until `stop` is aborted. Throws zeromq's error when an endpoint cannot be bound. */
export function runQueue(options: QueueOptions, clock: Clock, report: Report, stop: AbortSignal): Promise<void> {
  if (options.rules === 'simple') {
    const machine = {
      ...simpleQueue,
      start: (now: Micros) => simpleQueue.start(options, now),
      turn: simpleQueue.turn(),
    };
    return drive<simpleQueue.State>(machine, options, clock, report, stop);
  }
  const machine = { ...queue, start: (now: Micros) => queue.start(options, now), turn: queue.turn(options.rules) };
  return drive<queue.State>(machine, options, clock, report, stop);
}

async function drive<State>(
  machine: Machine<State>,
  options: QueueOptions,
  clock: Clock,
  report: Report,
  stop: AbortSignal,
): Promise<void> {
  // sendTimeout 0: a ROUTER never blocks, and without it more than 512 sends in one turn fail with EBUSY.
  // Handover: a peer that returns under the same identity replaces its half-open connection [Q10].
  const frontend = new Router({ linger: 0, sendTimeout: 0, handover: true });
  const backend = new Router({ linger: 0, sendTimeout: 0, handover: true });
  const sockets: Record<Side, Router> = { frontend, backend };
  await frontend.bind(options.frontend);
  await backend.bind(options.backend);
  report.bound({
    frontend: frontend.lastEndpoint ?? options.frontend,
    backend: backend.lastEndpoint ?? options.backend,
  });

  const wake = new Wake(clock);
  const inboxes: Record<Side, Inbox> = {
    frontend: new Inbox(frontend, wake.ring),
    backend: new Inbox(backend, wake.ring),
  };
  stop.addEventListener('abort', wake.ring, { once: true });

  const perform = (effects: readonly queue.Effect[], at: Micros): void => {
    for (const effect of effects) {
      if (effect.type === 'record') report.record(effect.fact, at);
      else send(sockets[effect.side], effect.frames);
    }
  };
  const startedAt = clock();
  let [state, effects] = machine.start(startedAt);
  perform(effects, startedAt);
  const step = (input: queue.Input): void => {
    const now = clock();
    [state, effects] = machine.step(state, input, now);
    perform(effects, now);
  };

  let overloadMs = 0;
  report.onOrder((order) => {
    if (order.do === 'overload') overloadMs = order.ms;
    if (order.do === 'impair') step({ type: 'impair', impairment: order.impairment });
    wake.ring();
  });

  while (!stop.aborted) {
    if (overloadMs > 0) burn(overloadMs, clock, report);
    overloadMs = 0;
    for (const part of machine.turn) {
      if (part === 'tick') step({ type: 'tick' });
      else await take(part.take, part.most);
    }
    inboxes.backend.listen();
    if (machine.readsFrontend(state)) inboxes.frontend.listen();
    await wake.until(machine.deadline(state));
  }
  wake.stop();
  frontend.close();
  backend.close();

  async function take(side: Side, most: number): Promise<void> {
    for (let taken = 0; taken < most; taken++) {
      // The gate before each read, also of the message in hand: a purge may have emptied the list since [Q4].
      if (side === 'frontend' && !machine.readsFrontend(state)) return;
      const frames = most === 1 ? inboxes[side].take() : await inboxes[side].takeWaiting();
      if (!frames) return;
      step({ type: side, frames });
    }
  }
}

/** Handed to the socket, which is all a sender can know. */
function send(socket: Router, frames: Message): void {
  socket.send(frames.map((frame) => Buffer.from(frame, 'latin1'))).catch((error: NodeJS.ErrnoException) => {
    // EAGAIN: the peer's buffer is full; ROUTER says so only for sends with a timeout. A lost message, not a fault of ours.
    if (error.code !== 'EAGAIN' && !socket.closed) throw error;
  });
}
