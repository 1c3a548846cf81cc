// Every word on the stage, in English and Chinese. A word missing in one does not compile.

import type { AppliedFault, Kind, Micros, ProfileName } from '@crows-nest/protocol';
import type { Locale } from './scene.ts';
import { en } from './words-en.ts';

export interface Words {
  seconds: (us: Micros) => string;
  millis: (ms: number) => string;
  ago: (length: string) => string;
  name: (name: string) => string;
  kind: Record<Kind, string>;
  legend: { request: string; reply: string; ready: string; beat: string; invalid: string; lost: string };
  toScale: (delay: string) => string;
  instantLinks: string;
  linkDelay: (delay: string, jitter: string | null) => string;
  /** Schematic: a true hop, what it is drawn as, and how many times that is. */
  schematic: (hop: string, drawn: string, factor: string) => string;
  schematicPlain: (drawn: string) => string;
  toScaleShort: string;
  schematicShort: (factor: string) => string;
  /** The length of one hop, in the unit that suits it. */
  hop: (us: Micros) => string;
  bead: string;
  beadShort: string;
  comb: string;
  ledger: {
    title: string;
    sum: (sent: string, parts: [string, string, string, string]) => string;
    adds: string;
    fails: string;
  };

  queue: string;
  rules: (rules: string) => string;
  readyList: string;
  listedOf: (listed: number, all: number) => string;
  headFirst: (listed: number) => string;
  next: string;
  listedMore: (length: string) => string;
  expiresIn: (length: string) => string;
  overdue: (length: string) => string;
  oldIdentity: string;
  atWork: string;
  since: (length: string) => string;
  attempt: (n: number) => string;
  forgotten: string;
  unheard: (length: string) => string;
  nobody: string;
  more: (n: number) => string;
  queueGone: string;
  queueFrozen: string;
  queueOverloaded: string;

  doorOpen: string;
  doorShut: string;
  doorClosed: string;
  waiting: (n: number, ghosts: number, drawn: number) => string;
  atDoorShort: (n: number) => string;

  ready: string;
  listed: string;
  busyWith: (number: string) => string;
  /** Working on the one, and given the other by the queue meanwhile. */
  busyGiven: (number: string, given: string) => string;
  busy: string;
  deaf: string;
  deafNote: (length: string) => string;
  frozenFor: (length: string) => string;
  overloadedFor: (length: string) => string;
  reconnecting: (s: number) => string;
  backIn: (s: number) => string;
  backOff: (length: string) => string;
  dead: string;
  deadExpired: (length: string) => string;
  exited: (code: number) => string;
  killed: (signal: string) => string;
  left: string;
  unlisted: string;
  connecting: string;
  starting: string;
  disconnected: string;
  guest: string;
  newIdentity: string;
  beatsBothWays: string;
  heardAgo: (length: string, missed: number) => string;
  hearsQueue: (left: number, of: number) => string;
  unread: (n: number) => string;

  plate: { believes: string; truth: string };
  believedReady: string;
  believedNext: string;
  believedUnlisted: string;
  believedAtWork: (number: string | null) => string;
  truthFrozen: string;
  truthOverloaded: string;
  truthDead: string;
  truthReconnecting: string;
  truthDisconnected: string;
  truthDeaf: string;
  truthIdle: string;
  shortParted: {
    frozen: string;
    overloaded: string;
    dead: string;
    reconnecting: string;
    busy: string;
    unlisted: string;
    idle: string;
  };
  short: { frozen: string; overloaded: string; dead: string; reconnecting: string; busy: string };

  waitsFor: (number: string | null, length: string) => string;
  givesUp: (length: string, attempt: number) => string;
  openRequests: (n: number) => string;
  idle: string;
  answered: (n: number) => string;

  fault: Record<AppliedFault['kind'], string>;
  cut: Record<'jammed' | 'refused', string>;
  profile: Record<ProfileName, string>;
  everything: string;
  wholeSeconds: (s: number) => string;
  hits: (n: number) => string;
  faults: (n: number) => string;
  /** Beside a disagreement without a process to blame. */
  shortDisconnected: string;
  cause: (cause: string) => string;
  causeShort: (cause: string) => string;
  times: (n: number) => string;

  label: {
    is: (name: string, state: string) => string;
    belief: (place: number, length: string) => string;
    beliefHead: (length: string) => string;
    beliefAtWork: (length: string) => string;
    notListed: string;
    unheard: (length: string) => string;
    bands: (left: number, of: number) => string;
    gaveUp: (s: number) => string;
    bandsUnknown: string;
    parted: (length: string) => string;
    queue: (listed: number, atWork: number, waiting: number, open: boolean) => string;
    message: (kind: string, number: string | null, to: string) => string;
    atDoor: (number: string | null, ghost: boolean) => string;
    link: (name: string, delay: string, faults: string[]) => string;
    toQueue: string;
    lamps: (tcp: string, zmtp: string, app: string) => string;
    lamp: { yes: string; half: string; no: string; unknown: string };
  };
  summary: (counts: {
    workers: number;
    clients: number;
    listed: number;
    next: string | null;
    waiting: number;
    inFlight: number;
    parted: string[];
    faults: number;
  }) => string;
}

const here: Record<Locale, Words> = { en, zh: en };

/** English stands in for what has not been brought. */
export const WORDS: Readonly<Record<Locale, Words>> = here;

/** Chinese is fetched with the page's own words, when it is wanted. */
export function bringStageWords(zh: Words): void {
  here.zh = zh;
}
