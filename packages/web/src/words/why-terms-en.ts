// Numbers, lengths of time and names as English sentences about causes use them.

import type { Damaged, FaultNamed, Kind, Micros } from '@crows-nest/protocol';
import { exact, type Telling } from './why-sentence.ts';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
export const number = (n: number): string => NUMBERS[n] ?? String(n);
export const count = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const length = (us: Micros): string => (us < 100_000 ? `${Math.round(us / 1000)} ms` : `${exact(us)} s`);
export const setting = (us: Micros): string => `${Number((us / 1e6).toFixed(2))} s`;
export const ago = (at: Micros, { t }: Telling): string => (t - at < 5000 ? 'just now' : `${length(t - at)} ago`);
export const since = (at: Micros | null, telling: Telling): string =>
  at === null ? 'before what is held here' : `since ${ago(at, telling)}`;
export const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
export const kindName = (kind: Kind | null): string => (kind === null || kind === 'INVALID' ? 'message' : kind);
export const numbered = (kind: Kind, n: number | null): string =>
  n === null ? kindName(kind) : `${kindName(kind)} #${n}`;
export const way = ({ link, direction }: { link: string; direction: string }, { name }: Telling): string =>
  direction === 'toQueue' ? `from ${name(link)} to the queue` : `from the queue to ${name(link)}`;
export const whom = (worker: string | null, { name }: Telling): string => (worker === null ? 'a worker' : name(worker));
export const of = (by: string, { name }: Telling): string => (by === 'queue' ? 'the queue' : name(by));

/** What a fault does, as said of what it acts on. */
export function does({ kind, mode, only }: FaultNamed): string {
  const what = only ?? 'everything';
  switch (kind) {
    case 'partition':
      return mode === 'jammed' ? `jams ${what}` : mode === 'refused' ? 'refuses the connection' : `stops ${what}`;
    case 'hang':
      return 'lets it connect, and answers nothing';
    case 'hold':
      return `holds ${what}`;
    case 'corrupt':
      return `damages ${DAMAGES[mode ?? ''] ?? what}`;
    case 'duplicate':
      return `doubles ${what}`;
    case 'bandwidth':
      return `narrows the link for ${what}`;
    case 'reorder':
      return `mixes up ${what}`;
    case 'profile':
      return 'makes the link a slow network';
    case 'delay':
      return `delays ${what}`;
    case 'replay':
      return 'played an earlier message again';
    case 'reset':
      return 'reset the connection';
    case 'close':
      return 'closed the connection';
    default:
      return `drops ${what}`;
  }
}
const DAMAGES: Readonly<Record<string, string>> = {
  payload: 'bodies',
  type: 'what control messages say',
  envelope: 'envelopes',
  structure: 'frames',
};

/** "fault f3, which jams everything (applied 2.0 s ago)" */
export const byFault = (by: FaultNamed, telling: Telling): string =>
  by.kind === null
    ? `fault ${by.fault}`
    : by.once
      ? `fault ${by.fault} (${does(by)})`
      : `fault ${by.fault}, which ${does(by)}${by.sinceAt === null ? '' : ` (applied ${ago(by.sinceAt, telling)})`}`;

/** Of an address. */
export const misaddressed = (damaged: Damaged, telling: Telling): string =>
  `damaged on the way ${way(damaged, telling)} by ${byFault(damaged.by, telling)}`;
