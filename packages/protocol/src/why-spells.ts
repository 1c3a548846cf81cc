// What kept a peer from acting over a while: the spells in which it was frozen, dead, at work, ..., each with the fact that began it.

import type { EventOf, EventType } from './events.ts';
import type { Micros } from './timing.ts';
import type { Hindrance } from './why-cause.ts';
import { gateOf } from './why-faults.ts';
import type { EvidenceRole, Inquiry } from './why-trace.ts';

export interface Spell {
  readonly what: Hindrance;
  readonly fromAt: Micros;
  /** null: it goes on. */
  untilAt: Micros | null;
  readonly fact: EventOf<EventType> | undefined;
}

/** What explains most comes first: a dead process is also disconnected. */
const ORDER: readonly Hindrance[] = [
  'dead',
  'frozen',
  'overloaded',
  'backingOff',
  'mute',
  'working',
  'renamed',
  'cutOff',
  'disconnected',
  'slow',
];

const BEGINS: Partial<Record<EventType, Hindrance>> = {
  'process.exited': 'dead',
  'process.paused': 'frozen',
  'process.overloaded': 'overloaded',
  'worker.backedOff': 'backingOff',
  'work.started': 'working',
};
const ENDS: Partial<Record<EventType, readonly Hindrance[]>> = {
  'process.started': ['dead'],
  'process.exited': ['frozen', 'overloaded', 'backingOff', 'working'],
  'process.resumed': ['frozen'],
  'process.recovered': ['overloaded'],
  'worker.opened': ['backingOff', 'working'],
  'work.finished': ['working'],
};
const TYPES = [
  'process.started',
  'process.exited',
  'process.paused',
  'process.resumed',
  'process.overloaded',
  'process.recovered',
  'worker.backedOff',
  'worker.opened',
  'work.started',
  'work.finished',
  'client.opened',
  'connection.greeted',
  'connection.closed',
] as const;

/** All spells that reach into the time from `from` on. `identity`: the name that must stay its own to be heard by it. */
export function spellsOf(ask: Inquiry, peer: string, from: Micros, identity?: string): Spell[] {
  const spells = spellsAt(ask, peer, from, identity);
  let conn = ask.trace.stateAt(from).peers[peer]?.link.conn ?? null;
  const begin = (what: Hindrance, fact: EventOf<EventType>): void => {
    if (!spells.some((spell) => spell.what === what && spell.untilAt === null)) {
      spells.push({ what, fromAt: fact.t, untilAt: null, fact });
    }
  };
  const end = (what: Hindrance, at: Micros): void => {
    for (const spell of spells) if (spell.what === what && spell.untilAt === null) spell.untilAt = at;
  };
  for (const fact of ask.facts(from + 1, TYPES)) {
    if (('peer' in fact ? fact.peer : fact.link) !== peer) continue;
    for (const what of ENDS[fact.type] ?? []) end(what, fact.t);
    const what = BEGINS[fact.type];
    if (what) begin(what, fact);
    if (fact.type === 'worker.opened' && identity !== undefined) {
      if (fact.identity === identity) end('renamed', fact.t);
      else begin('renamed', fact);
    }
    // A connection counts from its greeting on: until then nothing can be said on it.
    if (fact.type === 'connection.greeted' && fact.by === 'peer') {
      conn = fact.conn;
      end('disconnected', fact.t);
    } else if (fact.type === 'connection.closed' && fact.conn === conn) begin('disconnected', fact);
    else if (fact.type === 'worker.opened' || fact.type === 'client.opened') begin('disconnected', fact);
  }
  return spells.filter((spell) => spell.untilAt === null || spell.untilAt > from);
}

/** Those under way at that time already; the state knows since when, and the fact of that time is looked up. */
function spellsAt(ask: Inquiry, peer: string, t: Micros, identity?: string): Spell[] {
  const state = ask.trace.stateAt(t);
  const known = state.peers[peer];
  if (!known) return gone(ask, peer, t);
  const { process, backOff, work, link, joinedAt } = known;
  const found: [what: Hindrance, fromAt: Micros][] = [];
  if (process?.status === 'exited') found.push(['dead', process.since]);
  if (process?.status === 'paused') found.push(['frozen', process.since]);
  if (process?.status === 'overloaded') found.push(['overloaded', process.since]);
  if (backOff) found.push(['backingOff', backOff.since]);
  if (work) found.push(['working', work.since]);
  const connection = link.conn === null ? undefined : state.connections[link.conn];
  const greeted = connection !== undefined && connection.peerVersion !== null;
  if (!greeted) found.push(['disconnected', connection?.openedAt ?? link.closedAt ?? joinedAt]);
  const spells = found.map(
    ([what, fromAt]): Spell => ({ what, fromAt, untilAt: null, fact: beginning(ask, peer, what, fromAt) }),
  );
  if (identity !== undefined && known.identity !== null && known.identity !== identity) {
    const fact = ask.last(['worker.opened'], (opened) => opened.peer === peer && opened.t <= t);
    if (fact) spells.push({ what: 'renamed', fromAt: fact.t, untilAt: null, fact });
  }
  return spells;
}

/** It left the stage before, or is yet to come. */
function gone(ask: Inquiry, peer: string, t: Micros): Spell[] {
  const fact = ask.last(['process.exited', 'peer.left'], (event) => event.peer === peer && event.t <= t);
  return fact ? [{ what: 'dead', fromAt: fact.t, untilAt: null, fact }] : [];
}

function beginning(ask: Inquiry, peer: string, what: Hindrance, at: Micros): EventOf<EventType> | undefined {
  return ask.at(
    at,
    TYPES,
    (fact) =>
      ('peer' in fact ? fact.peer : fact.link) === peer &&
      (BEGINS[fact.type] === what || (what === 'disconnected' && fact.type === 'connection.closed')),
  );
}

/** The spell that explains most of what did not happen in that time: one that still goes on, before one that is over. */
export function hindering(spells: readonly Spell[], from: Micros, to: Micros): Spell | undefined {
  const overlapping = spells.filter((s) => s.fromAt <= to && (s.untilAt === null || s.untilAt > from));
  const going = overlapping.filter((s) => s.untilAt === null || s.untilAt > to);
  return foremost(going) ?? foremost(overlapping);
}

/** What came first to keep it from something that was due at that time, until the later one. */
export function hinderingFirst(spells: readonly Spell[], dueAt: Micros, until: Micros): Spell | undefined {
  const atOnce = hindering(spells, dueAt, dueAt);
  if (atOnce) return atOnce;
  const after = spells.filter(({ fromAt }) => fromAt > dueAt && fromAt <= until);
  return foremost(after.filter(({ fromAt }) => fromAt === Math.min(...after.map((spell) => spell.fromAt))));
}

/** The earliest of the foremost kind. */
function foremost(spells: readonly Spell[]): Spell | undefined {
  for (const what of ORDER) {
    const found = spells.find((spell) => spell.what === what);
    if (found) return found;
  }
  return undefined;
}

/** A fault that cuts the link also keeps a new connection from coming about. */
export function cutOff(ask: Inquiry, peer: string, spell: Spell | undefined): Spell | undefined {
  if (spell?.what !== 'disconnected') return spell;
  const cuts = gateOf(ask, peer);
  if (!cuts) return spell;
  const fact = ask.at(cuts.appliedAt, ['fault.applied'], (applied) => applied.fault === cuts.fault);
  return { ...spell, what: 'cutOff', fact };
}

export const roleOf = (what: Hindrance): EvidenceRole =>
  what === 'cutOff' || what === 'mute' || what === 'slow'
    ? 'fault'
    : what === 'disconnected'
      ? 'connection'
      : what === 'renamed'
        ? 'identity'
        : what === 'working'
          ? 'work'
          : 'process';
