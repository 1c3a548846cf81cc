// All workers at once: how many are in which state, in whom the queue is mistaken, and how long each has been silent.

import type { Micros, PeerState, State } from '@crows-nest/protocol';
import { intervalUs, readWorker, type Truth, type WorkerReading } from '../../stage/truth.ts';

/** The truth, with those that run told apart by whether the queue lists them. */
export const CROWD_STATES = [
  ...(['ready', 'busy', 'frozen', 'overloaded', 'reconnecting', 'unlisted', 'dead', 'unknown'] as const),
];
export type CrowdState = (typeof CROWD_STATES)[number];

export interface Group {
  readonly state: CrowdState;
  readonly count: number;
  readonly stillListed: number;
  /** The work that has gone on for longest, in a group that is busy. */
  readonly oldestUs: Micros;
  /** The back-offs, each length once, shortest first. */
  readonly waitsMs: readonly number[];
}

export interface PartedWorker {
  readonly peer: string;
  readonly state: CrowdState;
  readonly reading: WorkerReading;
  readonly how: 'frozen' | 'dead' | 'overloaded' | 'reconnecting' | 'busy' | 'gone' | 'unlisted' | 'idle';
  readonly forUs: Micros;
  /** Until the queue drops it, negative when that is due; null: it does not believe in it. */
  readonly dropsInUs: Micros | null;
}

export interface Silence {
  readonly peer: string | null;
  readonly worker: string;
  readonly us: Micros;
  readonly wrong: boolean;
}

export interface Crowd {
  readonly count: number;
  /** Only those that have somebody in them, in a fixed order. */
  readonly groups: readonly Group[];
  /** Worst first. */
  readonly parted: readonly PartedWorker[];
  /** Of everyone the queue believes in. */
  readonly silences: readonly Silence[];
}

interface Read {
  readonly peer: PeerState;
  readonly state: CrowdState;
  readonly reading: WorkerReading;
}

const crowdState = ({ truth, entry }: WorkerReading): CrowdState => {
  if (truth !== 'running') return truth;
  return entry ? 'ready' : 'unlisted';
};

export function crowdOf(state: State, t: Micros): Crowd {
  const all: Read[] = [];
  for (const peer of Object.values(state.peers)) {
    if (peer.role !== 'worker') continue;
    const reading = readWorker(state, peer, t);
    // Who was taken off the stage counts as long as the queue has not noticed.
    if (!peer.left || reading.believedUntil !== null) all.push({ peer, state: crowdState(reading), reading });
  }
  return {
    count: all.length,
    groups: CROWD_STATES.flatMap((name) => groupOf(name, all, t)),
    parted: all.flatMap((read) => partedOf(read, t)).sort(worseFirst),
    silences: silencesOf(state, all, t),
  };
}

function groupOf(name: CrowdState, all: readonly Read[], t: Micros): Group[] {
  const members = all.filter(({ state }) => state === name);
  if (members.length === 0) return [];
  const waits = members.flatMap(({ peer }) => (peer.backOff ? [peer.backOff.waitMs] : []));
  return [
    {
      state: name,
      count: members.length,
      stillListed: members.filter(({ reading }) => reading.believedUntil !== null).length,
      oldestUs: Math.max(0, ...members.map(({ reading }) => t - reading.since)),
      waitsMs: [...new Set(waits)].sort((a, b) => a - b),
    },
  ];
}

const HOW: Partial<Record<Truth, PartedWorker['how']>> = {
  frozen: 'frozen',
  dead: 'dead',
  overloaded: 'overloaded',
  reconnecting: 'reconnecting',
  busy: 'busy',
};

function partedOf({ peer, state, reading }: Read, t: Micros): PartedWorker[] {
  const { parted, truth, believedUntil } = reading;
  if (!parted) return [];
  const how = parted.how === 'believed' ? (HOW[truth] ?? 'gone') : parted.how;
  const dropsInUs = believedUntil === null ? null : believedUntil - t;
  return [{ peer: peer.peer, state, reading, how, forUs: Math.max(0, t - parted.since), dropsInUs }];
}

/** Next in line is worst, then what the queue counts on, longest first; last who could serve and is not asked. */
function worseFirst(a: PartedWorker, b: PartedWorker): number {
  const rank = ({ reading }: PartedWorker): number =>
    reading.place === 1 ? 0 : reading.parted?.how === 'believed' ? 1 : 2;
  return rank(a) - rank(b) || b.forUs - a.forUs || (a.peer < b.peer ? -1 : 1);
}

function silencesOf(state: State, all: readonly Read[], t: Micros): Silence[] {
  const allowed = state.queue.liveness * intervalUs(state);
  const wrong = new Set(all.filter(({ reading }) => reading.parted?.how === 'believed').map(({ peer }) => peer.peer));
  return [...state.queue.list, ...state.queue.atWork].flatMap(({ worker, peer, expiryAt }) =>
    expiryAt === null
      ? []
      : [{ peer, worker, us: Math.max(0, t - (expiryAt - allowed)), wrong: peer === null || wrong.has(peer) }],
  );
}
