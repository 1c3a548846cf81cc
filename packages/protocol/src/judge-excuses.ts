// Who is excused from speaking, by what our own actors and the supervisor tell: nobody is held to what it cannot do [J2].

import { PROCESS_FAULTS } from './events.ts';
import type { Judgement, Readers } from './judge-books.ts';

export const EXCUSE_READERS = {
  'process.started': (j, { peer, t }) => {
    const books = j.peers[peer];
    if (books) Object.assign(books, { excuses: [], ableSince: t });
  },
  'process.exited': (j, { peer }) => excuse(j, peer, 'exited'),
  'process.paused': (j, { peer }) => excuse(j, peer, 'paused'),
  'process.resumed': (j, { peer }) => blame(j, peer, 'paused'),
  'process.overloaded': (j, { peer }) => excuse(j, peer, 'overloaded'),
  'process.recovered': (j, { peer }) => blame(j, peer, 'overloaded'),
  'work.started': (j, { peer }) => excuse(j, peer, 'working'),
  'work.finished': (j, { peer }) => blame(j, peer, 'working'),
  'worker.backedOff': (j, { peer }) => excuse(j, peer, 'backingOff'),
  'worker.opened': (j, { peer }) => {
    blame(j, peer, 'backingOff');
    blame(j, peer, 'working');
  },
} satisfies Readers;

/** A fault on a process, and not on its link. */
export const isOnProcess = (kind: string): boolean => (PROCESS_FAULTS as readonly string[]).includes(kind);

export function excuse(j: Judgement, peer: string, by: string): void {
  const books = j.peers[peer];
  if (books && !books.excuses.includes(by)) books.excuses.push(by);
}

export function blame(j: Judgement, peer: string, by: string): void {
  const books = j.peers[peer];
  if (!books?.excuses.includes(by)) return;
  books.excuses = books.excuses.filter((other) => other !== by);
  books.ableSince = j.t;
}
