// What is known of one message: its size and colour on stage, its number.

import { type EventOf, enteredMessage, type Kind, type MessageState, type Micros } from '@crows-nest/protocol';
import type { Token } from '../theme.ts';

export const RADIUS: Readonly<Record<Kind, number>> = {
  REQUEST: 10,
  REPLY: 9.5,
  READY: 11,
  HEARTBEAT: 6.5,
  INVALID: 9,
};
export const KIND_TOKEN: Readonly<Record<Kind, Token>> = {
  REQUEST: 'request',
  REPLY: 'reply',
  READY: 'ready',
  HEARTBEAT: 'belief',
  INVALID: 'fault',
};

export const shownNumber = (message: { journey: number | null; n: number | null }): string | null => {
  const number = message.journey ?? message.n;
  return number === null ? null : String(number);
};

/** A message that has met its end, as it was while it lived. */
export const standIn = (entered: EventOf<'message.entered'>, leftAt: Micros | null): MessageState => ({
  ...enteredMessage(entered),
  leftAt,
});
