// The judge's books: what was said on each link and is still owed. Plain data of bounded size, so it can be copied like a state.

import type { EventOf, EventType, Role } from './events.ts';
import { type Dialect, type Direction, type Kind, type Message, unwrapped } from './frames.ts';
import type { StatementId, WhyUnjudged } from './judge-statements.ts';
import type { Micros } from './timing.ts';

export interface Tally {
  met: number;
  broken: number;
  /** Of the first breach. */
  breach: number[];
  /** Of the latest time it was kept. */
  proof: number[];
}

/** A request that was given and is not answered: its address stack, and the fact that tells of it. */
export interface Given {
  stack: string | null;
  seq: number;
}

export interface Moment {
  at: Micros;
  seq: number;
}

/** A message between its entry and its end: what was said is judged at once, what was heard when it has left. */
export interface Passing {
  link: string;
  conn: number;
  direction: Direction;
  kind: Kind;
  seq: number;
  /** Of a worker's request or reply. */
  stack: string | null;
  /** Of what a worker says in one frame. */
  dialect: Dialect | null;
}

/** One way between a peer and the queue. */
export interface LinkBooks {
  link: string;
  /** Its connections that are open, oldest first. */
  open: number[];
  /** Joined after the judging began: what is not so may have said before what it seems to miss. */
  whole: boolean;
  identity: string | null;
  socketType: string | null;
  opaque: boolean;
  /** Whether the first message to come must be READY; `maybe`: with a fault on the link nobody can tell whether its socket is new. */
  expectsReady: 'yes' | 'maybe' | 'no';
  /** Something was said on the newest connection. */
  spoken: boolean;
  dialect: Dialect | null;
  /** The faults on it now, and whether there were any since its newest connection was opened. */
  faults: { fault: string; cuts: boolean; severs: boolean }[];
  isDisturbed: boolean;
  /** A partition is on it, or severed one side of this connection: who is silent may have nobody to speak to. */
  isCut: boolean;

  openedAt: Micros;
  /** What the peer last said, and what it was last told: its own view of the link. */
  said: Moment | null;
  told: Moment | null;
  /** On the connection before. */
  lastTold: Moment | null;
  /** A worker's: it may have been idle since then. */
  idleSince: Micros;
  given: Given[];
  answered: Given[];

  /** What the queue last said to it, and what it last heard of it: the queue's view. */
  queueSaid: Moment | null;
  queueHeard: Moment | null;
  /** How it was first heard to spell READY or HEARTBEAT. */
  heardDialect: Dialect | null;
  /** Since when the queue owes it heartbeats; null: it does not. */
  owedSince: Micros | null;
  /** By its own word it does not list this worker after what it heard last. */
  isUnlisted: boolean;
  dispatched: Given[];
  /** The connection on which a fault gave the queue an answer too many: how many requests it may hold for the worker is not known. */
  misledOn: number | null;

  /** A client's request that is not answered. */
  asked: Asked | null;
}

export interface Asked {
  conn: number;
  seq: number;
  frames: Message;
  sizes: readonly number[];
  answered: boolean;
}

/** What our own actors tell of themselves speaks for them: who cannot speak, or has given up, is not judged for silence. */
export interface PeerBooks {
  peer: string;
  role: Role;
  tallies: { [S in StatementId]?: Tally };
  unjudged: { [S in StatementId]?: WhyUnjudged };
  /** What keeps it from speaking: `paused`, `overloaded`, `exited`, `working`, `backingOff`, `refused`. */
  excuses: string[];
  ableSince: Micros;
}

export interface Judgement {
  seq: number;
  t: Micros;
  intervalUs: Micros;
  liveness: number;
  /** When the silences are looked at next. */
  checkAt: Micros;
  peers: Record<string, PeerBooks>;
  links: Map<string, LinkBooks>;
  passing: Map<number, Passing>;
  /** Requests and replies on their way through the queue, to be compared with what it made of them: the latest, and those before. */
  arrived: Map<number, Arrived>;
  arrivedBefore: Map<number, Arrived>;
}

/** What one kind of fact does to a judgement. */
type Reader<T extends EventType> = (j: Judgement, event: EventOf<T>) => void;
export type Readers = { readonly [T in EventType]?: Reader<T> };

export interface Arrived {
  seq: number;
  frames: Message;
  frameCount: number;
  /** Of the peer that sent it. */
  identity: string | null;
}

export const newLink = (link: string, t: Micros, whole: boolean): LinkBooks => ({
  link,
  open: [],
  whole,
  identity: null,
  socketType: null,
  opaque: false,
  expectsReady: whole ? 'yes' : 'no',
  spoken: false,
  dialect: null,
  faults: [],
  isDisturbed: false,
  isCut: false,
  openedAt: t,
  said: null,
  told: null,
  lastTold: null,
  idleSince: t,
  given: [],
  answered: [],
  queueSaid: null,
  queueHeard: null,
  heardDialect: null,
  owedSince: null,
  isUnlisted: false,
  dispatched: [],
  misledOn: null,
  asked: null,
});

export const newPeer = (peer: string, role: Role, t: Micros): PeerBooks => ({
  peer,
  role,
  tallies: {},
  unjudged: {},
  excuses: [],
  ableSince: t,
});

/** A row that nobody empties would grow for ever. */
const KEPT = 64;

export function keep<T>(row: T[], entry: T, most = KEPT): void {
  row.push(entry);
  if (row.length > most) row.shift();
}

const tallyOf = (peer: PeerBooks, statement: StatementId): Tally => {
  peer.tallies[statement] ??= { met: 0, broken: 0, breach: [], proof: [] };
  return peer.tallies[statement];
};

export function kept(peer: PeerBooks | undefined, statement: StatementId, ...facts: number[]): void {
  if (!peer) return;
  const tally = tallyOf(peer, statement);
  tally.met++;
  tally.proof = facts;
}

export function breached(peer: PeerBooks | undefined, statement: StatementId, ...facts: number[]): void {
  if (!peer) return;
  const tally = tallyOf(peer, statement);
  if (tally.broken++ === 0) tally.breach = facts;
}

/** The address stack of a request or reply on a worker's link, or null where the shown frames do not reach its end. */
export function stackOf(frames: Message, frameCount: number): string | null {
  const said = unwrapped(frames);
  const end = said.indexOf('');
  if (end < 0 && frames.length < frameCount) return null;
  // Frames never hold a character above 255, so this one separates.
  return said.slice(0, Math.max(end, 0)).join('\u{100}');
}
