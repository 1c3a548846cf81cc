// What is asked of the queue: beats to each worker that awaits them, one request at a time, and what it passes on untouched.

import type { EventOf } from './events.ts';
import { type Frame, type Message, readControl, unwrapped } from './frames.ts';
import {
  type Arrived,
  breached,
  type Judgement,
  keep,
  kept,
  type LinkBooks,
  type Passing,
  type PeerBooks,
  stackOf,
} from './judge-books.ts';
import { longestSilence } from './judge-worker.ts';
import { type Micros, millis } from './timing.ts';

/** Messages that came to the queue and may still go on: at least so many, and at most twice as many. */
const ARRIVED = 4000;
const MARGIN_US = millis(100);

type Entered = EventOf<'message.entered'>;

/** A message of the queue, to a worker or to a client. */
export function queueSays(j: Judgement, books: LinkBooks, event: Entered): void {
  const queue = j.peers.queue;
  const isWorker = j.peers[books.link]?.role === 'worker';
  const { seq, t, kind, frames, frameCount } = event;
  if (event.cause !== undefined) judgePassedOn(j, books, event, isWorker);
  if (!isWorker) return;
  if (frameCount === 1) judgeControl(queue, books, frames[0] ?? '', seq);
  const before = books.queueSaid;
  const isBeat = kind === 'HEARTBEAT' && before !== null && books.owedSince !== null;
  if (isBeat && t - before.at <= longestSilence(j)) kept(queue, 'queue.beats', before.seq, seq);
  books.queueSaid = { at: t, seq };
  if (kind !== 'REQUEST') return;
  const open = books.dispatched[0];
  if (!open) kept(queue, 'queue.oneAtATime', seq);
  else if (books.misledOn !== event.conn) breached(queue, 'queue.oneAtATime', open.seq, seq);
  books.owedSince = null;
  keep(books.dispatched, { stack: stackOf(frames, frameCount), seq });
}

/** One frame is a HEARTBEAT, in the spelling that the worker was heard in. */
function judgeControl(queue: PeerBooks | undefined, books: LinkBooks, frame: Frame, seq: number): void {
  const said = readControl(frame);
  if (said?.control === 'HEARTBEAT') kept(queue, 'queue.controlFrames', seq);
  else breached(queue, 'queue.controlFrames', seq);
  if (!said || books.heardDialect === null) return;
  if (said.dialect === books.heardDialect) kept(queue, 'queue.dialect', seq);
  else breached(queue, 'queue.dialect', seq);
}

/** What the queue reads next: from now on it knows. */
export function queueHears(j: Judgement, books: LinkBooks, message: Passing, t: Micros, seq: number): void {
  const { kind, stack, dialect } = message;
  books.heardDialect ??= dialect;
  // A gap of its life's length: the queue may have expired it, and owes it nothing until it says READY or replies.
  const isAlive = books.queueHeard !== null && t - books.queueHeard.at < j.liveness * j.intervalUs - MARGIN_US;
  books.queueHeard = { at: t, seq };
  const says = kind === 'READY' || kind === 'REPLY';
  if (!isAlive || (says && books.isUnlisted)) books.owedSince = null;
  if (says) books.isUnlisted = false;
  if (kind === 'REPLY') {
    // Of whatever request it is the answer: the queue may use its worker again.
    const place = books.dispatched.findIndex((given) => given.stack === stack);
    // An answer to nothing that is open, as of one that a fault copied: from now on the queue counts on its worker twice.
    if (place < 0 && books.isDisturbed) books.misledOn = message.conn;
    books.dispatched.splice(Math.max(0, place), 1);
  }
  if (kind === 'READY') books.dispatched = [];
  if (says && books.dispatched.length === 0) books.owedSince ??= t;
}

/** A worker that awaits a beat, is heard by the queue, and gets none. */
export function checkQueue(j: Judgement, books: LinkBooks, t: Micros): void {
  const queue = j.peers.queue;
  if (!queue || books.owedSince === null || books.isUnlisted || queue.excuses.length > 0 || books.opaque) return;
  if (!books.queueHeard || t - books.queueHeard.at >= j.liveness * j.intervalUs - MARGIN_US) return;
  const since = Math.max(books.owedSince, books.queueSaid?.at ?? 0, queue.ableSince);
  if (t - since <= longestSilence(j)) return;
  breached(queue, 'queue.beats', books.queueSaid?.seq ?? books.queueHeard.seq, j.seq);
  books.owedSince = t - j.intervalUs;
}

/** Remembers what came to the queue, for when it goes on. The old are forgotten all at once: one by one costs a Map ten times as much. */
export function noteArrival(j: Judgement, books: LinkBooks, { msg, seq, frames, frameCount }: Entered): void {
  if (j.arrived.size >= ARRIVED) {
    j.arrivedBefore = j.arrived;
    j.arrived = new Map();
  }
  j.arrived.set(msg, { seq, frames, frameCount, identity: books.identity });
}

export const arrival = (j: Judgement, msg: number | undefined): Arrived | undefined =>
  msg === undefined ? undefined : (j.arrived.get(msg) ?? j.arrivedBefore.get(msg));

/**
 * What goes on is what came. Which message it came of is the recorder's reckoning, which faults can mislead: so it is a breach
 * only if nothing that came of late fits.
 */
function judgePassedOn(j: Judgement, books: LinkBooks, event: Entered, isWorker: boolean): void {
  const source = arrival(j, event.cause);
  if (!source) return;
  const statement = isWorker ? 'queue.requestKept' : 'queue.replyKept';
  const fits = (arrived: Arrived): boolean =>
    isWorker ? isRequestOf(arrived, event) : isReplyOf(arrived, event, books.identity);
  const origin = fits(source) ? source : oldestThat(fits, j);
  if (origin) kept(j.peers.queue, statement, origin.seq, event.seq);
  else breached(j.peers.queue, statement, source.seq, event.seq);
}

function oldestThat(fits: (arrived: Arrived) => boolean, { arrivedBefore, arrived }: Judgement): Arrived | undefined {
  for (const some of [arrivedBefore, arrived]) for (const one of some.values()) if (fits(one)) return one;
  return undefined;
}

/** A request gains its client's identity in front, and a delimiter before that where the worker is a REQ. */
function isRequestOf(came: Arrived, { frames, frameCount }: Entered): boolean {
  const went = unwrapped(frames);
  const isNamed = came.identity === null || went[0] === came.identity;
  return (
    isNamed &&
    frameCount - frames.length + went.length === came.frameCount + 1 &&
    sameFrames(came.frames, went.slice(1))
  );
}

/** A reply loses it, and goes to whom it names. */
function isReplyOf(came: Arrived, { frames, frameCount }: Entered, client: string | null): boolean {
  const said = unwrapped(came.frames);
  const isNamed = client === null || said[0] === client;
  const count = came.frameCount - came.frames.length + said.length;
  return isNamed && count === frameCount + 1 && sameFrames(said.slice(1), frames);
}

/** As far as they are shown. */
const sameFrames = (some: Message, others: Message): boolean =>
  some.slice(0, others.length).every((frame, i) => frame === others[i]);
