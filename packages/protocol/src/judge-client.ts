// What is asked of a client: a delimiter before its body, and of a REQ one question at a time, asked again only on a new connection.

import type { EventOf } from './events.ts';
import { type Message, splitEnvelope } from './frames.ts';
import { breached, kept, type LinkBooks, type Passing, type PeerBooks } from './judge-books.ts';

export function clientAsks(books: LinkBooks, peer: PeerBooks, event: EventOf<'message.entered'>): void {
  const { seq, conn, frames, frameCount, sizes } = event;
  const isShown = frames.length === frameCount;
  const envelope = splitEnvelope(frames);
  if (envelope && (envelope.body.length > 0 || !isShown)) kept(peer, 'client.envelope', seq);
  else if (isShown) breached(peer, 'client.envelope', seq);
  if (books.socketType !== 'REQ') return;
  const before = books.asked;
  if (before && before.conn === conn) {
    if (before.answered) kept(peer, 'client.alternates', before.seq, seq);
    else breached(peer, 'client.alternates', before.seq, seq);
  }
  // The same bytes again, and no answer in between: a retry, which a REQ socket that waits cannot send.
  if (before && !before.answered && same(before.frames, frames) && same(before.sizes, sizes)) {
    if (before.conn === conn) breached(peer, 'client.retriesAnew', before.seq, seq);
    else kept(peer, 'client.retriesAnew', before.seq, seq);
  }
  books.asked = { conn, seq, frames, sizes, answered: false };
}

const same = (some: Message | readonly number[], others: Message | readonly number[]): boolean =>
  some.length === others.length && some.every((part, i) => part === others[i]);

export function clientIsTold(books: LinkBooks, { conn }: Passing): void {
  if (books.asked?.conn === conn) books.asked.answered = true;
}
