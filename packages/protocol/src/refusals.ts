// Why a command was not carried out, as data: one reason each with what it names. A page says it in its own language; here is the
// English sentence of each, for a terminal and for a page that does not know the reason yet. A reason without one does not compile.

import type { Role } from './events.ts';

interface Particulars {
  // Of the stage
  gone: { peer: string };
  isGuest: { peer: string };
  notRunning: { peer: string };
  queueStays: object;
  stageFull: { role: 'worker' | 'client'; count: number };
  alreadyPaused: { peer: string };
  notPaused: { peer: string };
  cannotBeBusy: { peer: string };
  noBeats: { peer: string };
  isSimple: { peer: string };
  noRate: { peer: string; role: Role };

  // Of links and what is on them
  noLink: { peer: string };
  unreadable: { link: string; why: string };
  notConnected: { link: string };
  nothingSent: { link: string };
  notOnLink: { msg: number };
  tooLongAgo: { msg: number };
  tooLarge: object;

  // Of faults
  noFault: { fault: string };
  holdsNothing: { fault: string };

  // Of runs, and of two that are compared
  notBegun: object;
  runOver: object;
  queueEnded: object;
  noProcesses: object;
  portTaken: { port: number };
  cannotBegin: { why: string };
  nothingCompared: object;
  sideFull: { role: 'worker' | 'client'; count: number; most: number };
}

export type Reason = keyof Particulars;
export type Refused<R extends Reason = Reason> = { [P in R]: { readonly reason: P } & Readonly<Particulars[P]> }[R];

/** A sentence for each reason. */
export type Sayings = { readonly [R in Reason]: (refused: Refused<R>) => string };

const ENGLISH: Sayings = {
  gone: ({ peer }) => `there is no ${peer}`,
  isGuest: ({ peer }) => `${peer} is a guest: its process is not ours`,
  notRunning: ({ peer }) => `${peer} is not running`,
  queueStays: () => 'the queue stays: it can be killed, paused or restarted',
  stageFull: ({ role, count }) => `there are ${count} ${role}s, and no more fit on the stage`,
  alreadyPaused: ({ peer }) => `${peer} is paused already`,
  notPaused: ({ peer }) => `${peer} is not paused`,
  cannotBeBusy: ({ peer }) => `${peer} is paused: a stopped process cannot be busy`,
  noBeats: () => 'a client sends no heartbeats',
  isSimple: ({ peer }) => `${peer} is a Simple Pirate: it sends no heartbeats, and keeps its own pace`,
  noRate: ({ peer, role }) => `only a client has a request rate, and ${peer} is a ${role}`,

  noLink: ({ peer }) => `the ${peer} has no link of its own: choose a worker or client`,
  unreadable: ({ link, why }) =>
    `the bytes of ${link} cannot be read (${why}): only faults of the whole connection can be applied`,
  notConnected: ({ link }) => `${link} has no connection`,
  nothingSent: () => 'nothing has been sent there yet',
  notOnLink: ({ msg }) => `message ${msg} is on no link any more`,
  tooLongAgo: ({ msg }) => `message ${msg} is too long ago`,
  tooLarge: () => 'that message is too large to be sent again',

  noFault: ({ fault }) => `there is no fault ${fault}`,
  holdsNothing: ({ fault }) => `${fault} holds no message`,

  notBegun: () => 'nothing has begun yet',
  runOver: () => 'this run is over',
  queueEnded: () => 'the queue ended before it was bound',
  noProcesses: () => 'no process could be started: the system has no more',
  portTaken: ({ port }) => `port ${port} is taken`,
  cannotBegin: ({ why }) => `it could not begin: ${why}`,
  nothingCompared: () => 'nothing is compared',
  sideFull: ({ role, count, most }) =>
    `of two that are compared each has at most ${most} ${role}s, and there are ${count}`,
};

/** In the words of one who says it; null: nobody there knows this reason. */
export function sayRefused<R extends Reason>(refused: Refused<R>, sayings: Sayings): string | null {
  // What came from another bridge may have a reason that this page was built without.
  return Object.hasOwn(sayings, refused.reason) ? sayings[refused.reason](refused) : null;
}

export const refusalText = <R extends Reason>(refused: Refused<R>): string => ENGLISH[refused.reason](refused);
