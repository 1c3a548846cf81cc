// Messages: said when they enter their link, heard when they leave it, and in between a fault may make something else of them.

import type { EventOf } from './events.ts';
import { type Dialect, type Kind, type Message, readControl, unwrapped } from './frames.ts';
import { type Passing, type Readers, stackOf } from './judge-books.ts';
import { clientAsks, clientIsTold } from './judge-client.ts';
import { arrival, noteArrival, queueHears, queueSays } from './judge-queue.ts';
import { workerIsTold, workerSays } from './judge-worker.ts';

export const MESSAGE_READERS = {
  'message.entered': (j, event) => {
    const { link, conn, direction, kind, msg } = event;
    const books = j.links.get(link);
    const peer = j.peers[link];
    if (!books || !peer) return;
    const isWorker = peer.role === 'worker';
    const toQueue = direction === 'toQueue';
    j.passing.set(msg, passing(event, isWorker));
    if (toQueue && (kind === 'REQUEST' || kind === 'REPLY')) noteArrival(j, books, event);
    // A copy that a fault made was not said by anybody.
    if (books.opaque || books.open.at(-1) !== conn || event.copyOf !== undefined) return;
    if (!toQueue) return queueSays(j, books, event);
    if (isWorker) workerSays(j, books, peer, event);
    else clientAsks(books, peer, event);
    books.spoken = true;
  },
  'message.left': (j, { msg, t, seq }) => {
    const message = j.passing.get(msg);
    if (!message) return;
    j.passing.delete(msg);
    const books = j.links.get(message.link);
    if (books?.open.at(-1) !== message.conn) return;
    const isWorker = j.peers[message.link]?.role === 'worker';
    if (message.direction === 'fromQueue') {
      if (isWorker) workerIsTold(books, message, t, seq);
      else clientIsTold(books, message);
    } else if (isWorker) queueHears(j, books, message, t, seq);
  },
  'message.corrupted': (j, { msg, kind, frames, frameCount }) => {
    const message = j.passing.get(msg);
    if (!message) return;
    Object.assign(message, { kind, stack: stackOf(frames, frameCount), dialect: dialectOf(kind, frames) });
    // Its answer will not bear the envelope that the queue knows, or it may come to nothing.
    const books = j.links.get(message.link);
    if (books) books.dispatched = [];
    const arrived = arrival(j, msg);
    if (arrived) Object.assign(arrived, { frames, frameCount });
  },
  'message.dropped': (j, { msg }) => {
    const message = j.passing.get(msg);
    const books = message && j.links.get(message.link);
    // The queue did say it, and nobody could answer; or it was answered, and the queue could not hear.
    if (books && message.kind !== 'HEARTBEAT') books.dispatched = [];
    j.passing.delete(msg);
  },
  'message.lost': (j, { msg }) => {
    j.passing.delete(msg);
  },
} satisfies Readers;

/** Most messages are beats, and have neither an envelope nor, from the queue, a spelling that anybody will ask for. */
const passing = (
  { link, conn, direction, kind, seq, frames, frameCount }: EventOf<'message.entered'>,
  isWorker: boolean,
): Passing => ({
  link,
  conn,
  direction,
  kind,
  seq,
  stack: isWorker && frameCount > 1 ? stackOf(frames, frameCount) : null,
  dialect: isWorker && direction === 'toQueue' ? dialectOf(kind, frames) : null,
});

const dialectOf = (kind: Kind, frames: Message): Dialect | null =>
  kind === 'READY' || kind === 'HEARTBEAT' ? (readControl(unwrapped(frames)[0] ?? '')?.dialect ?? null) : null;
