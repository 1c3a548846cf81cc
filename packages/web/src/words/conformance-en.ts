// What is asked of peers and how they keep to it, in English. Fetched with the panels, not with the page.

import type { StatementId } from '@crows-nest/protocol';

const statement: Record<StatementId, string> = {
  'worker.zmtp': 'It speaks ZMTP 3 in the clear, from a DEALER socket.',
  'worker.readyFirst': 'The first that a new socket says is READY.',
  'worker.readyAgain': 'When the queue has long been silent, it begins anew with READY.',
  'worker.beats': 'While it is idle it sends heartbeats: no silence is longer than two intervals.',
  'worker.controlFrames': 'READY and HEARTBEAT are one frame, and one frame is nothing else.',
  'worker.dialect': 'It spells READY and HEARTBEAT in one dialect, as bytes or as text.',
  'worker.envelope': 'A reply bears the envelope of its request.',
  'worker.asked': 'It replies only to requests that it was given.',
  'worker.oneReply': 'It replies to each request once.',
  'queue.beats': 'It sends heartbeats to each worker that waits for work.',
  'queue.controlFrames': 'Its heartbeats are one frame, and it sends no other such message.',
  'queue.dialect': 'It answers each worker in the dialect that it was heard in.',
  'queue.oneAtATime': 'It gives a worker one request at a time.',
  'queue.requestKept': 'A request goes on as it came, with its client’s identity in front.',
  'queue.replyKept': 'A reply goes on as it came, to the client that it names.',
  'client.zmtp': 'It speaks ZMTP 3 in the clear, from a REQ or a DEALER socket.',
  'client.envelope': 'An empty frame stands before the body of each request.',
  'client.alternates': 'It asks one request at a time on a connection.',
  'client.retriesAnew': 'It asks again on a new connection only.',
};

const source: Record<StatementId, string> = {
  'worker.zmtp': 'RFC 23 and 37; RFC 28',
  'worker.readyFirst': 'RFC 6, Overall Conversation',
  'worker.readyAgain': 'RFC 6, Heartbeating',
  'worker.beats': 'RFC 6, Heartbeating',
  'worker.controlFrames': 'RFC 6, Command Specifications',
  'worker.dialect': 'RFC 6, Command Specifications; the seed',
  'worker.envelope': 'RFC 6, Command Specifications; RFC 28',
  'worker.asked': 'RFC 6, Roles',
  'worker.oneReply': 'RFC 6, Roles',
  'queue.beats': 'RFC 6, Heartbeating',
  'queue.controlFrames': 'RFC 6, Command Specifications',
  'queue.dialect': 'Crow’s Nest, F5',
  'queue.oneAtATime': 'RFC 6, Overall Conversation',
  'queue.requestKept': 'RFC 6, Command Specifications; RFC 28',
  'queue.replyKept': 'RFC 6, Command Specifications; RFC 28',
  'client.zmtp': 'RFC 23 and 37; RFC 28',
  'client.envelope': 'RFC 28',
  'client.alternates': 'RFC 28',
  'client.retriesAnew': 'the guide, Lazy Pirate',
};

export const conformance = {
  title: 'Conformance',
  /** Only what is not none. */
  counts: {
    met: (n: number) => `${n} met`,
    broken: (n: number) => `${n} broken`,
    unseen: (n: number) => `${n} not yet seen`,
    unjudged: (n: number) => `${n} not judged`,
  },
  stands: { met: 'met', broken: 'broken', unseen: 'not yet seen', unjudged: 'cannot be judged' },
  separator: ', ',
  nothing: 'Nothing is known of it at this time.',
  unseen: 'Nothing has happened yet that could tell.',
  why: {
    opaque: 'Its bytes cannot be read: an older ZMTP, or a cipher.',
    dealer: 'A DEALER promises nothing of the kind.',
  },
  since: (ago: string) => `since: ${ago}`,
  times: (n: number) => (n === 1 ? 'once' : `${n} times`),
  timesAtLeast: (n: number) => `${n} times or more`,
  partly: (ago: string) => `What it did before (${ago}) is not known.`,
  onWire: 'Judged by what it put on its link, before any fault.',
  evidence: 'Shown by',
  notHeld: 'The facts that show it are no longer held.',
  statement,
  source,

  all: {
    title: 'Conformance of all',
    peer: 'peer',
    none: 'Nobody is on the stage.',
    summary: (broken: number, of: number) =>
      broken === 0 ? `none of ${of} broke anything` : `${broken} of ${of} broke something`,
    show: (n: number) => `Show all ${n}`,
  },
} as const;
