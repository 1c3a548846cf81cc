// What can be judged of a peer from the wire: each statement with whom it binds and where it is written. Ids only: the words are the page's.

import type { Role } from './events.ts';

interface Statement {
  readonly role: Role;
  /** The document and its section. */
  readonly source: string;
}

export const STATEMENTS = {
  'worker.zmtp': { role: 'worker', source: 'RFC 23, 37; RFC 28: a DEALER' },
  'worker.readyFirst': { role: 'worker', source: 'RFC 6, Overall Conversation' },
  'worker.readyAgain': { role: 'worker', source: 'RFC 6, Heartbeating' },
  'worker.beats': { role: 'worker', source: 'RFC 6, Heartbeating' },
  'worker.controlFrames': { role: 'worker', source: 'RFC 6, Command Specifications' },
  'worker.dialect': { role: 'worker', source: 'RFC 6, Command Specifications; the seed' },
  'worker.envelope': { role: 'worker', source: 'RFC 6, Command Specifications; RFC 28' },
  'worker.asked': { role: 'worker', source: 'RFC 6, Roles' },
  'worker.oneReply': { role: 'worker', source: 'RFC 6, Roles' },
  'queue.beats': { role: 'queue', source: 'RFC 6, Heartbeating' },
  'queue.controlFrames': { role: 'queue', source: 'RFC 6, Command Specifications' },
  'queue.dialect': { role: 'queue', source: 'SPEC F5' },
  'queue.oneAtATime': { role: 'queue', source: 'RFC 6, Overall Conversation' },
  'queue.requestKept': { role: 'queue', source: 'RFC 6, Command Specifications; RFC 28' },
  'queue.replyKept': { role: 'queue', source: 'RFC 6, Command Specifications; RFC 28' },
  'client.zmtp': { role: 'client', source: 'RFC 23, 37; RFC 28: a REQ or a DEALER' },
  'client.envelope': { role: 'client', source: 'RFC 28' },
  'client.alternates': { role: 'client', source: 'RFC 28' },
  'client.retriesAnew': { role: 'client', source: 'guide, Lazy Pirate' },
} as const satisfies Record<string, Statement>;

export type StatementId = keyof typeof STATEMENTS;

export const statementsOf = (role: Role): StatementId[] =>
  (Object.keys(STATEMENTS) as StatementId[]).filter((id) => STATEMENTS[id].role === role);

/**
 * `met`: seen kept, and never broken. `broken`: seen broken at least once. `unseen`: nothing has happened that could tell.
 * `unjudged`: it cannot be told, and `why` says why.
 */
export type Judged = 'met' | 'broken' | 'unseen' | 'unjudged';

/** Why a statement cannot be judged: the bytes cannot be read; or the kind of socket does not promise it. */
export type WhyUnjudged = 'opaque' | 'dealer';

export interface Finding {
  readonly statement: StatementId;
  readonly standing: Judged;
  /** How often it was seen kept and seen broken. */
  readonly met: number;
  readonly broken: number;
  /** Facts that show it, by number: the first breach, or else the latest time it was kept. */
  readonly evidence: readonly number[];
  readonly why: WhyUnjudged | null;
}
