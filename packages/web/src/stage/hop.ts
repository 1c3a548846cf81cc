// A message's hop as it is drawn. To scale: from its true send time to its true end. Schematic: no shorter than the stretch.
// An end counts as known when it is no further ahead than the picture is behind live, so a seek shows what live showed.

import { BROADCAST_DELAY_MS, type Micros, millis } from '@crows-nest/protocol';
import type { Fate, Log } from '../model/log.ts';

/** Where on the link a fault's gate stands, as a share of the way of what it acts on: a tap acts on entry. */
export const GATE_SHARE = 0.36;

export const KNOWN_AHEAD_US = millis(BROADCAST_DELAY_MS);

/** Whose hops are asked for, when, and how they are drawn. */
export interface HopView {
  log: Log;
  t: Micros;
  stretchUs: Micros | null;
}

export interface HopStart {
  msg: number;
  enteredAt: Micros;
  dueAt: Micros;
}

const known = (at: Micros | undefined, t: Micros): Micros | undefined =>
  at !== undefined && at <= t + KNOWN_AHEAD_US ? at : undefined;

/** When it reaches the end of its link: by the known end of the flight, else by the plan. */
export function arrivesAt({ log, t, stretchUs }: HopView, { msg, enteredAt, dueAt }: HopStart): Micros {
  const end = known(log.fate(msg)?.leftAt, t) ?? dueAt;
  return stretchUs === null ? end : Math.max(end, enteredAt + stretchUs);
}

/** Share of the way from `enteredAt` to `arrivedAt` at time `at`, linear: the wire has no easing. */
export function shareOfWay(enteredAt: Micros, arrivedAt: Micros, at: Micros): number {
  const span = arrivedAt - enteredAt;
  if (span <= 0) return at >= enteredAt ? 1 : 0;
  return Math.min(1, Math.max(0, (at - enteredAt) / span));
}

/** When and where on its way the picture shows it lost. null: it is not, as far as t knows. */
export function lossOf(view: HopView, { msg, enteredAt, dueAt }: HopStart): { at: Micros; share: number } | null {
  const fate = view.log.fate(msg);
  if (!isLost(fate) || fate?.endAt === undefined || fate.endAt > view.t) return null;
  const { endAt, leftAt } = fate;
  const stretchUs = view.stretchUs ?? 0;
  if (fate.end === 'dropped') return { at: Math.max(endAt, enteredAt + GATE_SHARE * stretchUs), share: GATE_SHARE };
  const share = leftAt === undefined ? shareOfWay(enteredAt, dueAt, endAt) : 1;
  return { at: Math.max(endAt, enteredAt + share * stretchUs), share };
}

const isLost = (fate: Fate | undefined): boolean => fate?.end === 'dropped' || fate?.end === 'lost';
