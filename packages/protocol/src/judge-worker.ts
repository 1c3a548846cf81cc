// What is asked of a worker: READY first, beats while it is idle, one reply for each request it was given, in its envelope.

import type { EventOf } from './events.ts';
import { readControl, unwrapped } from './frames.ts';
import {
  breached,
  type Judgement,
  keep,
  kept,
  type LinkBooks,
  type Passing,
  type PeerBooks,
  stackOf,
} from './judge-books.ts';
import { type Micros, millis } from './timing.ts';

/** What timers, the kernel and a shared machine may add to any time. */
const LATE_US = millis(300);

/** The seed looks at its clock once a poll, so that its beats come between one and two intervals after one another. */
export const longestSilence = ({ intervalUs }: Judgement): Micros => 2 * intervalUs + LATE_US;

/** After so long without a word of the queue a worker may think it gone, and is not expected to speak to it. */
const givesUpAfter = ({ intervalUs, liveness }: Judgement): Micros => liveness * intervalUs - LATE_US;

/** And after so long it must have noticed, and not go on beating as if somebody heard. */
const noticedAfter = ({ intervalUs, liveness }: Judgement): Micros => (2 * liveness + 1) * intervalUs + LATE_US;

export function workerSays(j: Judgement, books: LinkBooks, peer: PeerBooks, event: EventOf<'message.entered'>): void {
  const { seq, t, kind, frames, frameCount } = event;
  const before = books.said;
  judgeFirst(j, books, peer, kind, seq, t);
  const stack = frameCount > 1 ? stackOf(frames, frameCount) : '';
  // What it echoes may look like a control message, if a fault made a request look like one.
  const isEcho = frameCount > 1 && books.given.some((given) => given.stack === stack);
  if (isEcho || kind === 'REPLY') judgeReply(books, peer, stack, seq);
  else judgeControl(books, peer, event);
  if (!isEcho && kind === 'HEARTBEAT') {
    judgeNotice(j, books, peer, seq, t);
    const isBeat = before !== null && t - Math.max(before.at, books.idleSince) <= longestSilence(j);
    if (isBeat) kept(peer, 'worker.beats', before.seq, seq);
  }
  books.said = { at: t, seq };
  books.idleSince = t;
}

function judgeFirst(j: Judgement, books: LinkBooks, peer: PeerBooks, kind: string, seq: number, t: Micros): void {
  const { expectsReady, lastTold, said } = books;
  books.expectsReady = 'no';
  if (kind !== 'READY' && expectsReady === 'yes') breached(peer, 'worker.readyFirst', seq);
  if (kind !== 'READY' || said !== null) return;
  kept(peer, 'worker.readyFirst', seq);
  // It comes again, after a silence that let it think its queue gone.
  if (lastTold && t - lastTold.at >= givesUpAfter(j)) kept(peer, 'worker.readyAgain', lastTold.seq, seq);
}

/** READY and HEARTBEAT are one frame each, one frame is nothing else, and all in one spelling. */
function judgeControl(
  books: LinkBooks,
  peer: PeerBooks,
  { kind, frames, frameCount, seq }: EventOf<'message.entered'>,
): void {
  if (kind !== 'READY' && kind !== 'HEARTBEAT' && frameCount !== 1) return;
  const said = readControl(unwrapped(frames)[0] ?? '');
  if (!said || frameCount !== 1) breached(peer, 'worker.controlFrames', seq);
  else kept(peer, 'worker.controlFrames', seq);
  if (!said) return;
  if (books.dialect !== null && books.dialect !== said.dialect) breached(peer, 'worker.dialect', seq);
  else if (books.dialect !== null) kept(peer, 'worker.dialect', seq);
  books.dialect ??= said.dialect;
}

function judgeReply(books: LinkBooks, peer: PeerBooks, stack: string | null, seq: number): void {
  if (stack === null) return;
  const place = books.given.findIndex((given) => given.stack === stack);
  const [request] = place < 0 ? [] : books.given.splice(place, 1);
  if (request) {
    for (const statement of ['worker.envelope', 'worker.asked', 'worker.oneReply'] as const)
      kept(peer, statement, request.seq, seq);
    return keep(books.answered, { stack, seq });
  }
  // It may have been given what it answers before the judging began.
  if (!books.whole) return;
  const earlier = books.answered.find((answer) => answer.stack === stack);
  if (earlier) return breached(peer, 'worker.oneReply', earlier.seq, seq);
  const other = books.given.shift();
  if (other && other.stack !== null) breached(peer, 'worker.envelope', other.seq, seq);
  else if (!other) breached(peer, 'worker.asked', seq);
}

/** A beat into the silence of a queue that has been gone for long. */
function judgeNotice(j: Judgement, books: LinkBooks, peer: PeerBooks, seq: number, t: Micros): void {
  if (books.given.length > 0 || peer.excuses.length > 0 || books.isCut) return;
  const deafSince = Math.max(books.told?.at ?? books.openedAt, peer.ableSince);
  if (t - deafSince > noticedAfter(j))
    breached(peer, 'worker.readyAgain', ...(books.told ? [books.told.seq] : []), seq);
}

/** A silence that has lasted too long: it is idle, as far as anybody can tell, and hears its queue. */
export function checkWorker(j: Judgement, books: LinkBooks, peer: PeerBooks, t: Micros): void {
  if (!books.said || books.opaque || books.given.length > 0 || peer.excuses.length > 0) return;
  const since = Math.max(books.idleSince, peer.ableSince);
  if (t - since <= longestSilence(j)) return;
  if (t - (books.told?.at ?? books.openedAt) >= givesUpAfter(j)) return;
  breached(peer, 'worker.beats', books.said.seq, j.seq);
  // Once for each interval more.
  books.idleSince = t - j.intervalUs - LATE_US;
}

export function workerIsTold(books: LinkBooks, { kind, stack, seq }: Passing, t: Micros, leftSeq: number): void {
  books.told = { at: t, seq: leftSeq };
  if (kind === 'REQUEST') keep(books.given, { stack, seq });
}
