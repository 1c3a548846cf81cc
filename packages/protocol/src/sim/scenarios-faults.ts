// The scenarios of the faults, one at least for each: what it does to the pattern, and that its healing heals.

import type { Direction } from '../frames.ts';
import type { Cut, FaultSpec } from '../link-fault.ts';
import { REQUEST_TIMEOUT_MS, WORK_MS } from '../timing.ts';
import type { Action, ClientKnobs, Condition, WorkerKnobs } from './action.ts';
import type { Scenario, ScriptStep } from './script.ts';

const worker = (knobs: WorkerKnobs = {}): Action => ({
  ...{ type: 'worker.add', peer: 'worker-1', workMs: WORK_MS },
  ...knobs,
});
const client = (knobs: ClientKnobs = {}): Action => ({
  ...{ type: 'client.add', peer: 'client-1', requests: 1, timeoutMs: REQUEST_TIMEOUT_MS },
  ...knobs,
});
/** Two requests, the second of which the fault finds. */
const twice = client({ requests: 2, everyMs: 3000 });
const patient = { timeoutMs: 10_000 };
const listed: Condition = { fact: 'worker.listed', peer: 'worker-1' };
const expired: Condition = { fact: 'worker.expired', peer: 'worker-1' };
const answered: Condition = { fact: 'request.answered', peer: 'client-1' };
const backedOff: Condition = { fact: 'worker.backedOff', peer: 'worker-1' };

const on =
  (link: string) =>
  (kind: FaultSpec['kind'], params: Partial<FaultSpec> = {}): Action => ({
    ...{ type: 'fault.apply', link },
    fault: { id: 'f1', kind, selector: {}, seed: 1, ...params },
  });
const onWorker = on('worker-1');
const heal: Action = { type: 'fault.heal', link: 'worker-1', fault: 'f1' };
const cut = (mode: Cut, direction?: Direction): Action => onWorker('partition', { mode, selector: { direction } });

const REPLY_ONCE = { selector: { kind: 'REPLY', nth: 1 } } as const;

/** A worker is cut off until something has come of it, and then comes back. */
const outage = (name: string, shows: string, fault: Action, seen: Condition): Scenario => ({
  ...{ name, shows, until: listed },
  steps: [{ do: worker() }, { when: listed, do: fault }, { when: seen, do: heal }],
});

const served = (name: string, shows: string, fault: Action, more: readonly ScriptStep[] = []): Scenario => ({
  ...{ name, shows, until: answered },
  steps: [{ do: worker() }, { when: listed, do: fault }, { do: client() }, ...more],
});

export const FAULT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'request-duplicated',
    shows: 'A request that arrives twice is done twice: nothing in the pattern tells a copy from a request.',
    steps: [
      { do: worker() },
      { when: listed, do: onWorker('duplicate', { selector: { kind: 'REQUEST', nth: 1 } }) },
      { do: client({ requests: 2, everyMs: 20_000, timeoutMs: 10_000 }) },
    ],
    until: { fact: 'work.finished', peer: 'worker-1', times: 2 },
  },
  served(
    'reply-damaged',
    'One bit of a reply is another: it reaches its client, which takes it for the answer to something else and asks again.',
    onWorker('corrupt', { mode: 'payload', ...REPLY_ONCE }),
  ),
  served(
    'address-damaged',
    'The address on a reply is damaged: the queue has nobody of that name, drops it without a word, and the client asks again.',
    onWorker('corrupt', { mode: 'envelope', ...REPLY_ONCE, seed: 1 }),
  ),
  served(
    'reply-torn',
    'The end of a message in its middle: the queue reads two pieces, and can make nothing of either.',
    onWorker('corrupt', { mode: 'structure', ...REPLY_ONCE, seed: 3 }),
  ),
  {
    name: 'delimiter-damaged',
    shows:
      "A reply without its delimiter: the client's REQ socket ends the connection for good, and only a new socket helps.",
    steps: [
      { do: worker() },
      { when: listed, do: twice },
      { when: answered, do: on('client-1')('corrupt', { mode: 'envelope', ...REPLY_ONCE }) },
    ],
    until: answered,
  },
  {
    name: 'ready-damaged',
    shows:
      'READY that arrives as something else: the worker believes itself known, until the silence tells it otherwise.',
    steps: [
      { do: worker() },
      { when: listed, do: { type: 'process.kill', peer: 'worker-1' } },
      { when: expired, do: onWorker('corrupt', { mode: 'type', selector: { kind: 'READY', nth: 1 } }) },
      { do: { type: 'process.restart', peer: 'worker-1' } },
    ],
    until: listed,
  },
  {
    name: 'ready-overtaken',
    shows: 'A heartbeat overtakes READY: the queue ignores it as not ready, and then lists the worker.',
    steps: [
      { do: worker() },
      { when: listed, do: { type: 'process.kill', peer: 'worker-1' } },
      { when: expired, do: onWorker('reorder', { extraMs: 1500, selector: { kind: 'READY', nth: 1 } }) },
      { do: { type: 'process.restart', peer: 'worker-1' } },
    ],
    until: listed,
  },
  served(
    'narrow-link',
    'Through a bottleneck of 200 bytes a second each message waits for the bytes before it.',
    onWorker('bandwidth', { bytesPerSecond: 200 }),
  ),
  served(
    'reply-delayed',
    'A reply that comes after its client has given it up reaches nobody; everything behind it waits as well.',
    onWorker('delay', { extraMs: 3500, jitterMs: 200, distribution: 'normal', ...REPLY_ONCE }),
  ),
  {
    name: 'over-a-satellite',
    shows: 'A link over a satellite: slow both ways, and nobody is given up for it.',
    steps: [
      { do: worker() },
      { when: listed, do: onWorker('profile', { profile: 'satellite' }) },
      { do: client(patient) },
    ],
    until: answered,
  },
  {
    name: 'reply-held',
    shows: 'A reply is held where it is while heartbeats go past it, and one step lets it go.',
    steps: [
      { do: worker() },
      { when: listed, do: onWorker('hold', { selector: { kind: 'REPLY' } }) },
      { do: client(patient) },
      { when: { fact: 'message.held', peer: 'worker-1' }, do: { type: 'fault.step', link: 'worker-1', fault: 'f1' } },
    ],
    until: answered,
  },
  {
    name: 'reply-replayed',
    shows: 'An answer is sent once more: the queue passes it on, and its client throws it away when it asks anew.',
    steps: [
      { do: worker() },
      { when: listed, do: twice },
      { when: answered, do: { type: 'message.replay', link: 'worker-1', direction: 'toQueue' } },
    ],
    until: answered,
  },
  {
    name: 'reply-replayed-robust',
    shows: 'The robust queue gave the worker no second request, and refuses the second answer.',
    ground: { rules: 'robust' },
    steps: [
      { do: worker() },
      { when: listed, do: twice },
      { when: answered, do: { type: 'message.replay', link: 'worker-1', direction: 'toQueue' } },
    ],
    until: answered,
  },
  {
    name: 'request-taken-from-its-link',
    shows: 'One message is taken off its link: its client waits in vain, and asks again.',
    steps: [
      { do: worker() },
      { when: listed, do: client({ requests: 2, everyMs: 3000, timeoutMs: 8000 }) },
      { when: answered, do: on('client-1')('delay', { extraMs: 2000 }) },
      { when: { fact: 'request.sent', peer: 'client-1' }, do: { type: 'message.drop', link: 'client-1' } },
    ],
    until: answered,
  },
  outage('cut-both-ways', 'Neither hears the other: both give up, each in its own time.', cut('stopped'), expired),
  outage(
    'jammed-to-the-queue',
    'Everything the worker says waits and then comes at once: the queue expired it, and ignores the burst.',
    cut('jammed', 'toQueue'),
    expired,
  ),
  outage(
    'jammed-from-the-queue',
    'The worker hears nothing and leaves, while the queue believes in it; the beats of before reach nobody.',
    cut('jammed', 'fromQueue'),
    backedOff,
  ),
  outage(
    'refused-both-ways',
    'The connection is reset and no new one accepted: sockets say nothing of that, so both learn it from silence.',
    cut('refused'),
    expired,
  ),
  outage(
    'refused-to-the-queue',
    'The worker is refused while the queue holds a connection that nobody is at the other end of.',
    cut('refused', 'toQueue'),
    expired,
  ),
  outage(
    'refused-from-the-queue',
    'The queue loses the connection, the worker does not: what it says goes nowhere, and new connections hang.',
    cut('refused', 'fromQueue'),
    expired,
  ),
  outage(
    'accepted-and-left',
    'The connection is reset, and the next one accepted by somebody who never says a word.',
    onWorker('hang'),
    expired,
  ),
  {
    name: 'connection-reset',
    shows: 'A reset connection is made anew by the socket itself, under the same name: the queue never notices.',
    steps: [
      { do: worker() },
      { when: listed, do: { type: 'link.reset', link: 'worker-1' } },
      { when: { fact: 'connection.greeted', peer: 'worker-1', times: 2 }, do: client() },
    ],
    until: answered,
  },
  {
    name: 'connection-closed',
    shows: 'The same when it is closed in order.',
    steps: [
      { do: worker() },
      { when: listed, do: { type: 'link.close', link: 'worker-1' } },
      { when: { fact: 'connection.greeted', peer: 'worker-1', times: 2 }, do: client() },
    ],
    until: answered,
  },
  {
    name: 'fault-of-limited-time',
    shows: 'A fault has its time: then it heals by itself, and here nobody has noticed.',
    steps: [
      { do: worker() },
      { when: listed, do: { ...(cut('stopped', 'toQueue') as Extract<Action, { type: 'fault.apply' }>), ttlMs: 1500 } },
      { when: { fact: 'fault.healed', peer: 'worker-1' }, do: client() },
    ],
    until: answered,
  },
  outage(
    'worker-mute',
    'A worker that lives and would serve, but keeps its beats to itself, is dead to the queue.',
    { type: 'process.mute', peer: 'worker-1', fault: 'f1' },
    expired,
  ),
  {
    name: 'queue-mute',
    shows: 'A queue that beats for nobody loses its workers one after the other, and each comes back under a new name.',
    steps: [
      { do: worker() },
      { when: listed, do: { type: 'process.mute', peer: 'queue', fault: 'f1' } },
      { when: backedOff, do: { type: 'fault.heal', link: 'queue', fault: 'f1' } },
    ],
    until: listed,
  },
  outage(
    'worker-slow',
    'A worker five times as slow is late with its beats, and late is dead.',
    { type: 'process.slow', peer: 'worker-1', factor: 5, fault: 'f1' },
    expired,
  ),
  {
    name: 'worker-told-to-stop',
    shows: 'An orderly end tells the queue no more than a kill: it believes in the worker until its time is over.',
    steps: [{ do: worker() }, { when: listed, do: { type: 'process.stop', peer: 'worker-1' } }],
    until: expired,
  },
  {
    name: 'freeze-of-limited-time',
    shows: 'A freeze that ends before anybody is given up for it.',
    steps: [
      { do: worker() },
      { when: listed, do: { type: 'process.pause', peer: 'worker-1', ttlMs: 1500 } },
      { when: { fact: 'process.resumed', peer: 'worker-1' }, do: client() },
    ],
    until: answered,
  },
];
