// What any queue may do with a message that it has read: pass it on as it came, to one receiver, or report it. Nothing else.

import { type Frame, type Message, readControl } from '../frames.ts';
import type * as queue from '../queue.ts';
import type * as simpleQueue from '../simple-queue.ts';
import type { Bench } from './invariants.ts';

export type Send = Extract<queue.Effect, { type: 'send' }>;
export type Said = Extract<queue.Effect | simpleQueue.Effect, { type: 'record' }>['fact'];

export const sameFrames = (one: Message, other: Message): boolean =>
  one.length === other.length && one.every((frame, i) => frame === other[i]);

/** What a step came to: messages, and facts. */
export function sorted(effects: readonly (queue.Effect | simpleQueue.Effect)[]): { sends: Send[]; facts: Said[] } {
  const sends: Send[] = [];
  const facts: Said[] = [];
  for (const effect of effects) {
    if (effect.type === 'send') sends.push(effect);
    else facts.push(effect.fact);
  }
  return { sends, facts };
}

/** A request was read: who was given it, as `wanted`. */
export function checkRequest({ fail }: Bench, wanted: Message, sends: Send[], facts: Said[]): Frame | undefined {
  const [send, ...more] = sends;
  if (!send) {
    if (!facts.some((fact) => fact.type === 'message.invalidated')) {
      fail('what is read is passed on or reported', 'a request went nowhere');
    }
    return undefined;
  }
  if (more.length > 0 || send.side !== 'backend') fail('every delivery has one cause', 'a request went out twice');
  const [worker = '', ...rest] = send.frames;
  if (!sameFrames(rest, wanted)) fail('envelope, bytes and frame count are kept both ways', 'of a request');
  return worker;
}

/** `message` of a worker was read, a REQ worker's delimiter aside [Q11]. */
export function checkReply({ fail }: Bench, worker: Frame, message: Message, sends: Send[], facts: Said[]): void {
  for (const send of sends) {
    if (send.side === 'frontend' && send.frames.length < 3) {
      fail('one-frame messages never reach a client', `from ${worker}`);
    } else if (message.length < 2 || send.side !== 'frontend' || sends.length > 1) {
      fail('every delivery has one cause', `a message of ${worker} set off another`);
    } else if (!sameFrames(send.frames, message)) {
      fail('envelope, bytes and frame count are kept both ways', `of a reply of ${worker}`);
    }
  }
  if (sends.length > 0 || (message.length === 1 && readControl(message[0] ?? ''))) return;
  if (facts.some((fact) => fact.type === 'reply.refused' || fact.type === 'message.invalidated')) return;
  fail('what is read is passed on or reported', `a message of ${worker} went nowhere`);
}
