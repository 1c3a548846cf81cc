// The most telling thing at t, by a fixed order of what matters: a pure function of (log, t), so a seek says the same as live did.
// What goes on is read from the state, what happened from the facts of the last seconds.

import type { EventOf, EventType, FaultKind, Micros, PeerState, State } from '@crows-nest/protocol';
import { atTheDoor, why } from '@crows-nest/protocol';
import { queuePeer, readWorker, type WorkerReading } from '../stage/truth.ts';
import type { Caption, Named } from './caption-data.ts';
import type { Log } from './log.ts';

/** How long something that happened is still what is told. */
const RECENT: Micros = 4_000_000;
/** From here on workers are told by their number. */
const CROWD = 15;

interface Reading extends WorkerReading {
  readonly peer: PeerState;
}

interface Scene {
  readonly log: Log;
  readonly t: Micros;
  readonly state: State;
  /** In the order in which they came. */
  readonly workers: readonly Reading[];
}

type Rule = (scene: Scene) => Caption | null;

export function caption(log: Log, t: Micros): Caption | null {
  const state = log.stateAt(t);
  const peers = Object.values(state.peers).filter((peer) => !peer.left);
  if (peers.length === 0) return null;
  const workers = peers
    .filter((peer) => peer.role === 'worker')
    .map((peer): Reading => ({ ...readWorker(state, peer, t), peer }));
  const scene = { log, t, state, workers };
  for (const rule of RULES) {
    const said = rule(scene);
    if (said) return said;
  }
  return null;
}

const named = ({ peer, truth }: Reading): Named => ({ peer: peer.peer, truth });

const queueDown: Rule = ({ state }) => {
  const status = queuePeer(state)?.process?.status;
  const truth =
    status === 'exited' ? 'dead' : status === 'paused' ? 'frozen' : status === 'overloaded' ? 'overloaded' : null;
  return truth && { type: 'queueDown', truth, waiting: atTheDoor(state).length };
};

/** Those in whom the queue believes first, the head of its list before all; then by how long. */
const partedOf = ({ workers }: Scene): Reading[] =>
  workers
    .filter(({ parted }) => parted !== null)
    .sort(
      (a, b) =>
        rank(a) - rank(b) || (a.parted?.since ?? 0) - (b.parted?.since ?? 0) || a.peer.joinedAt - b.peer.joinedAt,
    );
const rank = ({ parted, entry, place }: Reading): number =>
  parted?.how === 'believed' ? (entry ? place : 1000) : parted?.how === 'idle' ? 2000 : 3000;

const partedRule: Rule = (scene) => {
  const [first, ...others] = partedOf(scene);
  if (!first?.parted) return null;
  const { how } = first.parted;
  const believed = how === 'believed';
  const { list } = scene.state.queue;
  const next = believed && first.entry !== null && first.place === 1;
  const cannot = [first, ...others].filter((worker) => worker.parted?.how === 'believed' && worker.entry).length;
  if (scene.workers.length >= CROWD && cannot > 0) {
    return {
      type: 'crowdParted',
      workers: scene.workers.length,
      listed: list.length,
      cannot,
      first: named(first),
      next,
    };
  }
  if (next) return { type: 'headParted', worker: named(first), others: others.length };
  return { type: 'parted', worker: named(first), how, others: others.length };
};

/** What happened in the last seconds. */
const recent = <T extends EventType>({ log, t }: Scene, types: readonly T[]): readonly EventOf<T>[] =>
  log.between(t - RECENT, t, types) as readonly EventOf<T>[];

/** By `robust` rules the queue goes on believing in it, and belief is told of before. */
const stuck: Rule = ({ log, workers }) => {
  const held = workers.filter(
    ({ atWork, believedUntil, truth }) =>
      atWork && believedUntil === null && (truth === 'frozen' || truth === 'overloaded' || truth === 'dead'),
  );
  const last = held.at(-1);
  if (!last?.atWork) return null;
  const { journey } = last.atWork;
  const n = journey === null ? undefined : log.journey(journey)[0]?.n;
  return { type: 'stuck', worker: named(last), n: n ?? null, others: held.length - 1 };
};

const expired: Rule = (scene) => {
  const facts = recent(scene, ['worker.expired']);
  const fact = facts.findLast((event) => event.workerPeer !== undefined && scene.state.peers[event.workerPeer]);
  if (fact?.workerPeer === undefined) return null;
  // It is back: then that is what there is to say.
  const reading = scene.workers.find(({ peer }) => peer.peer === fact.workerPeer);
  if (!reading || reading.entry || reading.atWork || reading.truth === 'reconnecting') return null;
  const cause = why(scene.log, fact.seq)?.cause;
  const dropped =
    cause?.kind === 'worker.expired'
      ? cause.beats.find(({ absence }) => absence.how === 'dropped')?.absence
      : undefined;
  return {
    type: 'expired',
    worker: fact.workerPeer,
    truth: reading.truth,
    silentUs: fact.t - fact.lastHeardAt,
    fault: dropped?.how === 'dropped' ? dropped.fault : null,
    others: facts.length - 1,
  };
};

/** Requests and replies: heartbeats come again. */
const lost: Rule = (scene) => {
  const { log } = scene;
  const found = recent(scene, ['message.lost', 'message.dropped']).flatMap((fact) => {
    const entered = log.entered(fact.msg);
    return entered && (entered.kind === 'REQUEST' || entered.kind === 'REPLY') ? [{ fact, entered }] : [];
  });
  const last = found.at(-1);
  if (!last) return null;
  const { fact, entered } = last;
  return {
    type: 'lost',
    kind: entered.kind,
    n: entered.n ?? null,
    link: fact.link,
    direction: entered.direction,
    fault: fact.type === 'message.dropped' ? fact.fault : null,
    others: found.length - 1,
  };
};

const gaveUp: Rule = (scene) => {
  const facts = recent(scene, ['request.abandoned']);
  const fact = facts.at(-1);
  return fact ? { type: 'gaveUp', client: fact.peer, n: fact.n, others: facts.length - 1 } : null;
};

const retried: Rule = (scene) => {
  // Answered in the meantime: it is over.
  const facts = recent(scene, ['request.retried']).filter(({ peer, n }) => scene.state.peers[peer]?.request?.n === n);
  const fact = facts.at(-1);
  return fact ? { type: 'retried', client: fact.peer, n: fact.n, others: facts.length - 1 } : null;
};

const backOff: Rule = ({ workers }) => {
  const waiting = workers.filter(({ truth }) => truth === 'reconnecting');
  const last = waiting.at(-1);
  return last ? { type: 'backOff', worker: last.peer.peer, others: waiting.length - 1 } : null;
};

const doorShut: Rule = ({ state }) => {
  if (state.queue.list.length > 0) return null;
  const waiting = atTheDoor(state).filter((message) => !message.ghost).length;
  return waiting > 0 ? { type: 'doorShut', waiting } : null;
};

/** Listed again, after it had been forgotten or had lost the queue. */
const back: Rule = (scene) => {
  const { log, t, state } = scene;
  const fact = recent(scene, ['worker.listed']).findLast(
    ({ by, workerPeer }) => by !== 'REPLY' && workerPeer !== undefined,
  );
  if (fact?.workerPeer === undefined || !state.peers[fact.workerPeer]) return null;
  const types = ['worker.expired', 'worker.backedOff', 'process.exited'] as const;
  const gone = (log.between(t - 10 * RECENT, fact.t, types) as readonly EventOf<(typeof types)[number]>[]).findLast(
    (event) =>
      event.seq < fact.seq && (event.type === 'worker.expired' ? event.workerPeer : event.peer) === fact.workerPeer,
  );
  if (!gone) return null;
  const opened = (log.between(gone.t - 1, fact.t, ['worker.opened']) as readonly EventOf<'worker.opened'>[]).findLast(
    ({ peer }) => peer === fact.workerPeer,
  );
  // The same process after a back-off, or a new one, comes under a new name, unless it was told to keep the old one.
  const before = gone.type === 'worker.expired' ? gone.worker : nameBefore(scene, fact.workerPeer, gone.t);
  return { type: 'back', worker: fact.workerPeer, renamed: opened !== undefined && opened.identity !== before };
};

const nameBefore = ({ log }: Scene, peer: string, at: Micros): string | undefined =>
  (log.between(at - 10 * RECENT, at, ['worker.opened']) as readonly EventOf<'worker.opened'>[]).findLast(
    (event) => event.peer === peer,
  )?.identity;

/** What goes on without a fact of its own for each message. */
const STEADY: ReadonlySet<FaultKind> = new Set<FaultKind>([
  ...(['delay', 'reorder', 'bandwidth', 'profile', 'partition', 'hang', 'slow', 'mute'] as const),
]);

const fault: Rule = (scene) => {
  const faults = Object.values(scene.state.faults);
  // The one that acted last; else one that acts on all the time.
  const hit = recent(scene, ['message.dropped', 'message.held', 'message.corrupted', 'message.duplicated']).at(
    -1,
  )?.fault;
  const active = faults.find((f) => f.fault === hit) ?? faults.findLast((f) => STEADY.has(f.kind));
  if (!active) return null;
  const { fault: id, kind, link, direction, message, params } = active;
  return {
    type: 'fault',
    fault: id,
    kind,
    mode: params.mode ?? null,
    link,
    direction,
    message,
    others: faults.length - 1,
  };
};

const calm: Rule = ({ state, workers }) => {
  const { list } = state.queue;
  const outs = workers.filter(({ truth }) => truth === 'frozen' || truth === 'overloaded' || truth === 'dead');
  const head = list[0];
  const out = outs.at(-1);
  return {
    type: 'calm',
    workers: workers.length,
    listed: list.length,
    next: head?.peer ?? null,
    out: out ? named(out) : null,
    outs: outs.length,
  };
};

const RULES: readonly Rule[] = [
  queueDown,
  partedRule,
  stuck,
  expired,
  lost,
  gaveUp,
  retried,
  backOff,
  doorShut,
  back,
  fault,
  calm,
];
