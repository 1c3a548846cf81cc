// What is known of one message: its size and colour on stage, its number, how far it has come.

import type { Direction, Kind, MessageState, Micros } from '@crows-nest/protocol';
import type { Token } from '../theme.ts';
import type { Frame } from './frame.ts';

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

/** Share of the way at t, linear: by the known end of the flight, else by the plan. */
export function progress(frame: Frame, message: MessageState, at: Micros = frame.t): number {
  const fate = frame.log.fate(message.msg);
  const end = fate?.leftAt ?? fate?.dueAt ?? message.dueAt;
  const span = end - message.enteredAt;
  if (span <= 0) return at >= message.enteredAt ? 1 : 0;
  return Math.min(1, Math.max(0, (at - message.enteredAt) / span));
}

interface EnteredMessage {
  msg: number;
  link: string;
  conn: number;
  direction: Direction;
  kind: Kind;
  t: Micros;
  dueAt: Micros;
  n?: number | undefined;
  journey?: number | undefined;
}

/** A message that has met its end, as it was while it lived. */
export const standIn = (entered: EnteredMessage, leftAt: Micros | null): MessageState => ({
  msg: entered.msg,
  link: entered.link,
  conn: entered.conn,
  direction: entered.direction,
  kind: entered.kind,
  journey: entered.journey ?? null,
  n: entered.n ?? null,
  enteredAt: entered.t,
  dueAt: entered.dueAt,
  leftAt,
  ghost: false,
  copyOf: null,
  damage: null,
  heldBy: [],
});
