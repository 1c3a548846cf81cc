// Connections, and the faults on their links: which socket speaks, and whether what it says or leaves unsaid can be held against it.

import type { EventOf } from './events.ts';
import { breached, type Judgement, kept, type LinkBooks, type Readers } from './judge-books.ts';
import { blame, excuse, isOnProcess } from './judge-excuses.ts';
import { statementsOf } from './judge-statements.ts';

export const CONNECTION_READERS = {
  'connection.opened': (j, { link, conn, t }) => {
    const books = j.links.get(link);
    if (!books) return;
    // Two at once: the older one's end is not seen yet, so this is another socket.
    if (books.open.length > 0) startAnew(books);
    books.open.push(conn);
    const isCut = books.faults.some(({ cuts }) => cuts);
    Object.assign(books, { opaque: false, spoken: false, isDisturbed: books.faults.length > 0, isCut });
    Object.assign(books, { openedAt: t, idleSince: t, said: null, told: null, lastTold: books.told ?? books.lastTold });
    Object.assign(books, { queueSaid: null, queueHeard: null, heardDialect: null, owedSince: null, isUnlisted: false });
  },
  'connection.greeted': (j, event) => {
    const books = j.links.get(event.link);
    if (!books || event.by !== 'peer') return;
    const { identity = null, socketType, filled } = event;
    if (books.identity !== null && identity !== books.identity && !filled) startAnew(books);
    Object.assign(books, { identity, socketType, idleSince: event.t });
    judgeGreeting(j, event);
  },
  'connection.opaqued': (j, { link, seq }) => {
    const books = j.links.get(link);
    const peer = j.peers[link];
    if (!books || !peer) return;
    books.opaque = true;
    // Bytes that a fault damaged cannot be read either: then nobody is to blame.
    const statement = peer.role === 'worker' ? 'worker.zmtp' : 'client.zmtp';
    if (!books.isDisturbed) breached(peer, statement, seq);
    for (const other of statementsOf(peer.role)) if (other !== statement) peer.unjudged[other] = 'opaque';
  },
  'connection.closed': (j, { link, conn, by }) => {
    const books = j.links.get(link);
    if (!books) return;
    const isNewest = books.open.at(-1) === conn;
    books.open = books.open.filter((open) => open !== conn);
    // Whoever hangs up and comes again has a new socket; when the queue or the tap ended it, the same socket comes back.
    if (by === 'peer' && isNewest && books.spoken) startAnew(books);
    if (isNewest) Object.assign(books, { owedSince: null, dispatched: [] });
  },

  'fault.applied': (j, { link, fault, kind, mode }) => {
    if (isOnProcess(kind)) return excuse(j, link, fault);
    const books = j.links.get(link);
    if (!books) return;
    books.isDisturbed = true;
    const cuts = kind === 'partition' || kind === 'hang';
    if (cuts) books.isCut = true;
    books.faults.push({ fault, cuts, severs: mode === 'refused' });
  },
  'fault.healed': (j, { link, fault, t }) => {
    blame(j, link, fault);
    const books = j.links.get(link);
    const healed = books?.faults.find((other) => other.fault === fault);
    if (!books || !healed) return;
    books.faults = books.faults.filter((other) => other !== healed);
    if (!healed.cuts) return;
    // What a partition severed stays so until there is a new connection.
    books.isCut = healed.severs || books.faults.some(({ cuts }) => cuts);
    books.idleSince = t;
    if (books.owedSince !== null) books.owedSince = t;
  },
  'fault.struck': (j, { link }) => {
    const books = j.links.get(link);
    if (books) books.isDisturbed = true;
  },
} satisfies Readers;

/** Another socket: what the last one owed is owed no more, and it begins with READY. */
function startAnew(books: LinkBooks): void {
  Object.assign(books, { expectsReady: books.isDisturbed ? 'maybe' : 'yes', dialect: null, given: [], answered: [] });
}

function judgeGreeting(
  j: Judgement,
  { link, seq, version, mechanism, socketType }: EventOf<'connection.greeted'>,
): void {
  const peer = j.peers[link];
  if (!peer) return;
  const sockets = peer.role === 'worker' ? ['DEALER'] : ['REQ', 'DEALER'];
  const statement = peer.role === 'worker' ? 'worker.zmtp' : 'client.zmtp';
  const fits = version.startsWith('3.') && mechanism === 'NULL' && sockets.includes(socketType);
  if (fits) kept(peer, statement, seq);
  else breached(peer, statement, seq);
  if (peer.role === 'client' && socketType === 'DEALER') {
    peer.unjudged['client.alternates'] = 'dealer';
    peer.unjudged['client.retriesAnew'] = 'dealer';
  }
}
