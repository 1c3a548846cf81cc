// The scenarios, as data. Each has a transcript in test/transcripts, and is run with real processes too.

import type { FaultSpec } from '../link-fault.ts';
import { REQUEST_TIMEOUT_MS, WORK_MS } from '../timing.ts';
import type { Action, ClientKnobs, Condition, WorkerKnobs } from './action.ts';
import { FAULT_SCENARIOS } from './scenarios-faults.ts';
import type { Scenario } from './script.ts';

const worker = (number: number, knobs: WorkerKnobs = {}): Action => ({
  type: 'worker.add',
  peer: `worker-${number}`,
  workMs: WORK_MS,
  ...knobs,
});
const simple = (number: number): Action => worker(number, { pattern: 'simple' });
const client = (number: number, knobs: ClientKnobs = {}): Action => ({
  type: 'client.add',
  peer: `client-${number}`,
  requests: 1,
  timeoutMs: REQUEST_TIMEOUT_MS,
  ...knobs,
});
const listed = (number: number, times = 1): Condition => ({ fact: 'worker.listed', peer: `worker-${number}`, times });
const expired = (number: number, times = 1): Condition => ({ fact: 'worker.expired', peer: `worker-${number}`, times });
const answered = (number: number): Condition => ({ fact: 'request.answered', peer: `client-${number}` });
const works = (number: number): Condition => ({ fact: 'work.started', peer: `worker-${number}` });
const kill = (peer: string): Action => ({ type: 'process.kill', peer });
const cut = (direction: 'toQueue' | 'fromQueue'): Action => ({
  type: 'fault.apply',
  link: 'worker-1',
  fault: { id: 'f1', kind: 'partition', selector: { direction }, seed: 1 },
});
const heal: Action = { type: 'fault.heal', link: 'worker-1', fault: 'f1' };
const LOST_REPLY: FaultSpec = { id: 'f1', kind: 'drop', selector: { kind: 'REPLY', nth: 1 }, seed: 1 };
const patient = { timeoutMs: 10_000 };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'one-request-answered',
    shows: 'A worker says READY, a client asks, the worker answers first and works afterwards.',
    steps: [{ do: worker(1) }, { when: listed(1), do: client(1) }],
    until: { fact: 'work.finished', peer: 'worker-1' },
  },
  {
    name: 'killed-idle-worker',
    shows:
      'Nobody tells the queue that an idle worker died: it believes in it until three intervals went by in silence.',
    steps: [{ do: worker(1) }, { when: listed(1), do: kill('worker-1') }],
    until: expired(1),
  },
  {
    name: 'killed-busy-worker',
    shows: 'A request dies with its worker; the client asks again, and waits at the door until another worker comes.',
    steps: [
      { do: worker(1, { replyFirst: false }) },
      { when: listed(1), do: client(1) },
      { when: works(1), do: kill('worker-1') },
      { when: { fact: 'request.retried', peer: 'client-1' }, do: worker(2) },
    ],
    until: answered(1),
  },
  {
    name: 'request-put-back',
    shows: 'The robust queue knows who was busy with what: it takes the request back and gives it to another worker.',
    ground: { rules: 'robust' },
    steps: [
      { do: worker(1, { replyFirst: false }) },
      { when: listed(1), do: worker(2, { replyFirst: false }) },
      { when: listed(2), do: client(1, patient) },
      { when: works(1), do: kill('worker-1') },
    ],
    until: answered(1),
  },
  {
    name: 'frozen-worker-returns',
    shows: 'A frozen worker expires; when it runs again its heartbeats count for nothing until it connects anew.',
    steps: [
      { do: worker(1) },
      { when: listed(1), do: { type: 'process.pause', peer: 'worker-1' } },
      { when: expired(1), do: { type: 'process.resume', peer: 'worker-1' } },
    ],
    until: listed(1),
  },
  {
    name: 'queue-restart',
    shows:
      'The new queue ignores the heartbeats of a worker it never heard READY from; the worker must find out by silence.',
    steps: [{ do: worker(1) }, { when: listed(1), do: { type: 'process.restart', peer: 'queue' } }],
    until: listed(1),
  },
  {
    name: 'queue-restart-guide',
    shows: "By the guide's rules one heartbeat is enough: the worker is listed again within an interval.",
    ground: { rules: 'guide' },
    steps: [{ do: worker(1) }, { when: listed(1), do: { type: 'process.restart', peer: 'queue' } }],
    until: listed(1),
  },
  {
    name: 'queue-away',
    shows: 'While there is no queue a worker tries again and again, and waits twice as long each time.',
    steps: [
      { do: worker(1) },
      { when: listed(1), do: kill('queue') },
      {
        when: { fact: 'worker.backedOff', peer: 'worker-1', times: 3 },
        do: { type: 'process.restart', peer: 'queue' },
      },
    ],
    until: listed(1),
  },
  {
    name: 'cut-to-the-queue',
    shows: 'The queue cannot hear the worker: it expires it, stops beating for it, and so the worker gives up too.',
    steps: [
      { do: worker(1) },
      { when: listed(1), do: cut('toQueue') },
      { when: { fact: 'worker.backedOff', peer: 'worker-1' }, do: heal },
    ],
    until: listed(1),
  },
  {
    name: 'cut-from-the-queue',
    shows:
      'The worker cannot hear the queue: it comes back under another name while the queue still believes in the first.',
    steps: [
      { do: worker(1) },
      { when: listed(1), do: cut('fromQueue') },
      { when: { fact: 'worker.backedOff', peer: 'worker-1' }, do: heal },
    ],
    until: expired(1),
  },
  {
    name: 'client-gives-up',
    shows:
      'With no worker the requests wait at the door; the client abandons them, and the first worker serves ghosts.',
    steps: [
      { do: client(1) },
      { when: { fact: 'request.abandoned', peer: 'client-1' }, do: worker(1, { workMs: 100 }) },
    ],
    until: { fact: 'message.unrouted', times: 3 },
  },
  {
    name: 'late-reply',
    shows: 'A worker that works longer than the client waits is always late: its replies reach nobody.',
    steps: [{ do: worker(1, { replyFirst: false, workMs: 2700 }) }, { when: listed(1), do: client(1) }],
    until: { fact: 'request.abandoned', peer: 'client-1' },
  },
  {
    name: 'double-dispatch',
    shows: "By the guide's rules a worker that beats while it works is given a second request.",
    ground: { rules: 'guide' },
    steps: [
      { do: worker(1, { replyFirst: false, quietWhileBusy: false, workMs: 2000 }) },
      { when: listed(1), do: client(1, patient) },
      { when: works(1), do: client(2, patient) },
    ],
    until: answered(2),
  },
  {
    name: 'one-worker-too-many',
    shows: 'A full list refuses the newcomer with a word, and the others go on.',
    ground: { maxWorkers: 2 },
    steps: [
      { do: worker(1) },
      { when: listed(1), do: worker(2) },
      { when: listed(2), do: worker(3) },
      { when: { fact: 'worker.refused', peer: 'worker-3' }, do: client(1) },
    ],
    until: answered(1),
    real: false,
  },
  {
    name: 'two-dialects',
    shows: 'Workers that speak text and workers that speak rfc serve side by side, each addressed in its own words.',
    steps: [
      { do: worker(1, { dialect: 'text' }) },
      { when: listed(1), do: worker(2, { dialect: 'rfc' }) },
      { when: listed(2), do: client(1, { requests: 2 }) },
    ],
    until: { ...answered(1), times: 2 },
  },
  {
    name: 'overloaded-worker',
    shows: 'A busy loop keeps a worker from its heartbeats, and the queue cannot tell it from a dead one.',
    steps: [{ do: worker(1) }, { when: listed(1), do: { type: 'process.overload', peer: 'worker-1', ms: 5000 } }],
    until: listed(1),
  },
  {
    name: 'heartbeats-muted',
    shows:
      'The worker lives and would serve, but its heartbeats are dropped: it expires, comes back with READY, and expires again.',
    steps: [
      { do: worker(1) },
      {
        when: listed(1),
        do: {
          type: 'fault.apply',
          link: 'worker-1',
          fault: { id: 'f1', kind: 'drop', selector: { direction: 'toQueue', kind: 'HEARTBEAT' }, seed: 1 },
        },
      },
    ],
    until: expired(1, 2),
  },
  {
    name: 'simple-pair',
    shows: 'Simple Pirates among themselves: READY, a request, an answer, and not a word more on the wire.',
    ground: { rules: 'simple' },
    steps: [{ do: simple(1) }, { when: listed(1), do: client(1) }],
    until: answered(1),
  },
  {
    name: 'simple-dead-worker',
    shows:
      'Without heartbeats a dead idle worker stays listed: the next request goes to it, and a timeout pays for it.',
    ground: { rules: 'simple' },
    steps: [
      { do: simple(1) },
      { when: listed(1), do: simple(2) },
      { when: listed(2), do: kill('worker-1') },
      { when: { fact: 'connection.closed', peer: 'worker-1' }, do: client(1) },
    ],
    until: answered(1),
  },
  {
    name: 'simple-queue-restart',
    shows: 'A Simple worker says READY once: the new queue never hears of it, and its clients ask in vain.',
    ground: { rules: 'simple' },
    steps: [
      { do: simple(1) },
      { when: listed(1), do: { type: 'process.restart', peer: 'queue' } },
      { when: { fact: 'connection.greeted', peer: 'worker-1', times: 2 }, do: client(1) },
    ],
    until: { fact: 'request.abandoned', peer: 'client-1' },
  },
  {
    name: 'simple-worker-paranoid-queue',
    shows:
      'Not compatible, one way round: the first heartbeat is no reply that a REQ socket could take, so it hangs up for good, and the queue gives work to nobody until it has waited three intervals.',
    steps: [
      { do: simple(1) },
      { when: { fact: 'connection.closed', peer: 'worker-1' }, do: client(1, { timeoutMs: 60_000 }) },
      { when: { fact: 'message.unrouted' }, do: worker(2) },
      { when: listed(2), do: simple(3) },
    ],
    until: expired(3),
  },
  {
    name: 'paranoid-worker-simple-queue',
    shows:
      'Not compatible, the other way round: each heartbeat lists its worker once more, none comes back, so it leaves under a new name, and the next request goes to the old one.',
    ground: { rules: 'simple' },
    steps: [{ do: worker(1) }, { when: { fact: 'worker.opened', peer: 'worker-1', times: 2 }, do: client(1) }],
    until: { fact: 'message.unrouted' },
  },
  {
    name: 'reply-lost',
    shows: 'A reply is lost on the way while its worker beats on: in the end the robust queue takes the request back.',
    ground: { rules: 'robust', answerWithinMs: 5000 },
    steps: [
      { do: worker(1) },
      { when: listed(1), do: { type: 'fault.apply', link: 'worker-1', fault: LOST_REPLY } },
      { do: client(1, patient) },
    ],
    until: answered(1),
    real: false,
  },
  ...FAULT_SCENARIOS,
];
