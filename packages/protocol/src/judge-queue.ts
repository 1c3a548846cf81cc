// What is asked of the queue: beats to each worker that awaits them, one request at a time, and what it passes on untouched.

import type { EventOf } from './events.ts';
import { type Message, readControl, unwrapped } from './frames.ts';
import { breached, type Judgement, keep, kept, type LinkBooks, type Passing, stackOf } from './judge-books.ts';
import { longestSilence } from './judge-worker.ts';
import { type Micros, millis } from './timing.ts';

/** Messages that came to the queue and may still go on. */
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
  if (frameCount === 1) {
    const said = readControl(frames[0] ?? '');
    if (said?.control === 'HEARTBEAT') kept(queue, 'queue.controlFrames', seq);
    else breached(queue, 'queue.controlFrames', seq);
    if (said && books.dialect !== null) {
      if (said.dialect === books.dialect) kept(queue, 'queue.dialect', seq);
      else breached(queue, 'queue.dialect', seq);
    }
  }
  if (
    kind === 'HEARTBEAT' &&
    books.queueSaid &&
    books.owedSince !== null &&
    t - books.queueSaid.at <= longestSilence(j)
  )
    kept(queue, 'queue.beats', books.queueSaid.seq, seq);
  books.queueSaid = { at: t, seq };
  if (kind !== 'REQUEST') return;
  const open = books.dispatched[0];
  if (open) breached(queue, 'queue.oneAtATime', open.seq, seq);
  else kept(queue, 'queue.oneAtATime', seq);
  books.owedSince = null;
  keep(books.dispatched, { stack: stackOf(frames, frameCount), seq });
}

/** What the queue reads next: from now on it knows. */
export function queueHears(j: Judgement, books: LinkBooks, message: Passing & { t: Micros; leftSeq: number }): void {
  const { kind, t, leftSeq: seq, stack } = message;
  // A gap of its life's length: the queue may have expired it, and owes it nothing until it says READY or replies.
  const isAlive = books.queueHeard !== null && t - books.queueHeard.at < j.liveness * j.intervalUs - MARGIN_US;
  books.queueHeard = { at: t, seq };
  if (!isAlive) books.owedSince = null;
  if (kind === 'REPLY') books.dispatched = books.dispatched.filter((given) => given.stack !== stack);
  if (kind === 'READY') books.dispatched = [];
  if ((kind === 'READY' || kind === 'REPLY') && books.dispatched.length === 0) books.owedSince ??= t;
}

/** A worker that awaits a beat, is heard by the queue, and gets none. */
export function checkQueue(j: Judgement, books: LinkBooks, t: Micros): void {
  const queue = j.peers.queue;
  if (!queue || books.owedSince === null || queue.excuses.length > 0 || books.opaque) return;
  if (!books.queueHeard || t - books.queueHeard.at >= j.liveness * j.intervalUs - MARGIN_US) return;
  const since = Math.max(books.owedSince, books.queueSaid?.at ?? 0, queue.ableSince);
  if (t - since <= longestSilence(j)) return;
  breached(queue, 'queue.beats', books.queueSaid?.seq ?? books.queueHeard.seq, j.seq);
  books.owedSince = t - j.intervalUs;
}

/** Remembers what came to the queue, for when it goes on. */
export function noteArrival(j: Judgement, books: LinkBooks, { msg, seq, frames, frameCount }: Entered): void {
  j.arrived[msg] = { seq, frames: [...frames], frameCount, identity: books.identity };
  j.arrivals.push(msg);
  if (j.arrivals.length > ARRIVED) delete j.arrived[j.arrivals.shift() ?? 0];
}

/** A request gains its client's identity in front, a reply loses it; the rest are the same bytes, as far as they are shown. */
function judgePassedOn(
  j: Judgement,
  books: LinkBooks,
  { cause, frames, frameCount, seq }: Entered,
  isWorker: boolean,
): void {
  const source = cause === undefined ? undefined : j.arrived[cause];
  if (!source) return;
  const statement = isWorker ? 'queue.requestKept' : 'queue.replyKept';
  const came: Message = isWorker ? source.frames : unwrapped(source.frames).slice(1);
  const went: Message = isWorker ? unwrapped(frames).slice(1) : frames;
  const shown = Math.min(came.length, went.length);
  const same = came.slice(0, shown).every((frame, i) => frame === went[i]);
  const [longer, shorter] = isWorker ? [frameCount, source.frameCount] : [source.frameCount, frameCount];
  // A frame more where a REQ worker's delimiter comes or goes.
  const delimiter = (isWorker ? frames : source.frames)[0] === '' ? 1 : 0;
  const named = isWorker ? (unwrapped(frames)[0] ?? null) : (unwrapped(source.frames)[0] ?? null);
  const addressed = (isWorker ? source.identity : books.identity) ?? named;
  if (same && longer - shorter === 1 + delimiter && named === addressed)
    kept(j.peers.queue, statement, source.seq, seq);
  else breached(j.peers.queue, statement, source.seq, seq);
}
