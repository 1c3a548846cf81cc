// The driver of a peer with one socket at a time, worker or client: take one input, step, perform all effects in order,
// wait for a message or the deadline [law 2]. It has no rules of its own.

import type { Frame, Message, Micros } from '@crows-nest/protocol';
import type { Dealer, Request } from 'zeromq';
import type { Clock } from './clock.ts';
import { Inbox } from './inbox.ts';
import type { ActorFact, ActorOrder } from './line.ts';
import { burn } from './overload.ts';
import type { Report } from './report.ts';
import { Wake } from './wake.ts';

/** The effects that every peer's machine has; a role may have more. */
type PeerEffect =
  | { readonly type: 'open'; readonly identity: Frame }
  | { readonly type: 'close' }
  | { readonly type: 'send'; readonly frames: Message }
  | { readonly type: 'exit'; readonly code: number }
  | { readonly type: 'record'; readonly fact: ActorFact };

type PeerInput = { type: 'message'; frames: Message } | { type: 'tick' } | { type: 'stop' };

export interface Peer<State, Input, Effect extends { type: string }> {
  start(now: Micros): [State, readonly Effect[]];
  step(state: State, input: Input, now: Micros): [State, readonly Effect[]];
  deadline(state: State): Micros | undefined;
  listens(state: State): boolean;
  /** A socket that is connected and known to the queue by this identity. */
  open(identity: Frame): Dealer | Request;
  /** Between the wire's frames and what the socket takes and gives. */
  toSocket(wire: Message): Message;
  fromSocket(frames: Message): Message;
  /** What an order of the bridge is to the machine. */
  order(order: ActorOrder): Input | undefined;
  /** An effect that only this role has. What it returns is done after the effects of the step. */
  own(effect: Effect): (() => void) | undefined;
}

/** Runs until the machine ends it or `stop` is aborted. Resolves to the exit code. */
export async function runPeer<State, Input, Effect extends { type: string }>(
  peer: Peer<State, Input | PeerInput, Effect | PeerEffect>,
  clock: Clock,
  report: Report,
  stop: AbortSignal,
): Promise<number> {
  const wake = new Wake(clock);
  let socket: Dealer | Request | undefined;
  let inbox: Inbox | undefined;
  let exitCode: number | undefined;
  let afterwards: (() => void) | undefined;

  const perform = (effect: Effect | PeerEffect, at: Micros): void => {
    const known = effect as PeerEffect;
    switch (known.type) {
      case 'open':
        socket = peer.open(known.identity);
        inbox = new Inbox(socket, wake.ring);
        return;
      case 'close':
        socket?.close();
        return;
      case 'send':
        if (socket) send(socket, peer.toSocket(known.frames));
        return;
      case 'exit':
        exitCode = known.code;
        return;
      case 'record':
        report.record(known.fact, at);
        return;
      default:
        afterwards = peer.own(effect) ?? afterwards;
    }
  };
  const startedAt = clock();
  let [state, effects] = peer.start(startedAt);
  for (const effect of effects) perform(effect, startedAt);

  const step = (input: Input | PeerInput): void => {
    if (exitCode !== undefined) return;
    const now = clock();
    [state, effects] = peer.step(state, input, now);
    for (const effect of effects) perform(effect, now);
  };

  stop.addEventListener('abort', wake.ring, { once: true });
  report.onOrder((order) => {
    const input = peer.order(order);
    if (input) step(input);
    else if (order.do === 'overload') afterwards = () => burn(order.ms, clock, report);
    wake.ring();
  });

  while (exitCode === undefined) {
    if (stop.aborted) step({ type: 'stop' });
    while (exitCode === undefined && peer.listens(state)) {
      const frames = await inbox?.takeWaiting();
      if (!frames) break;
      step({ type: 'message', frames: peer.fromSocket(frames) });
    }
    step({ type: 'tick' });
    if (exitCode !== undefined) break;
    if (afterwards) {
      const run = afterwards;
      afterwards = undefined;
      run();
      continue;
    }
    if (peer.listens(state)) inbox?.listen();
    await wake.until(peer.deadline(state));
  }
  wake.stop();
  socket?.close();
  return exitCode;
}

function send(socket: Dealer | Request, frames: Message): void {
  socket.send(frames.map((frame) => Buffer.from(frame, 'latin1'))).catch((error: NodeJS.ErrnoException) => {
    // EAGAIN: the queue has been away for a thousand messages and the buffer is full. Silence will tell the peer soon enough.
    if (error.code !== 'EAGAIN' && !socket.closed) throw error;
  });
}
