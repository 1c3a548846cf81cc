// Messages as slanted lines between the true times of their sending and arriving, from the sender's lane to the receiver's.
// Lines of one look are kept together; what is under way ends at the playhead, what was lost ends in a cross where it happened.

import type { Kind } from '@crows-nest/protocol';
import { type Cone, carries, coneOf, type Passing } from './cone.ts';
import { type Crossing, someCrossing, TAMPERED } from './crossings.ts';
import { type Label, type Labels, label } from './labels.ts';
import type { Plot } from './plot.ts';
import type { Row } from './rows.ts';
import { BUCKET_US } from './tally.ts';
import { along } from './time-scale.ts';

export type Flown = Exclude<Kind, 'HEARTBEAT'>;
export const FLOWN: readonly Flown[] = ['REQUEST', 'REPLY', 'READY', 'INVALID'];

/** What of one kind is painted in one go. */
export interface Strand {
  /** x, y, x, y of each flight. */
  readonly lines: number[];
  /** Unread at its receiver: x, x, y. */
  readonly waits: number[];
  /** x, y, and which way it goes: 1 down, −1 up. */
  readonly heads: number[];
}

export interface Flights {
  readonly bright: Record<Flown, Strand>;
  readonly faint: Record<Flown, Strand>;
  /** The selected message, or its journey: drawn last and thicker. */
  readonly lit: { kind: Flown | 'HEARTBEAT'; thick: boolean; strand: Strand }[];
  readonly beats: number[];
  readonly faintBeats: number[];
  readonly beatAlpha: number;
  /** x, y of losses. */
  readonly crosses: number[];
  readonly faintCrosses: number[];
  /** What faults did to one: x, y and bits of TAMPERED. */
  readonly tampered: number[];
  /** For the pointer: msg, x, y, x, y of its line, and how near one has to come, in the order drawn. */
  readonly seen: number[];
  readonly cone: Cone | null;
  readonly shown: number;
}

/** A lost message of which nobody knows how far it came. */
const UNKNOWN_SHARE = 0.72;
/** So far a message comes that is overdue and still on its link. */
const OVERDUE_SHARE = 0.92;
/** Where on its way a message stands that a fault keeps, and how steeply it gets there. */
const HELD = { share: 0.36, px: 6 };
/** From so many on beats grow fainter, and from so many on they are not drawn. */
const BEATS = { full: 240, none: 4000 };
const NUMBERED = 160;

const strand = (): Strand => ({ lines: [], waits: [], heads: [] });
const strands = (): Record<Flown, Strand> => ({
  REQUEST: strand(),
  REPLY: strand(),
  READY: strand(),
  INVALID: strand(),
});

/** What is picked out of the rest: nothing, messages of one journey, or all that hangs together with one event. */
export interface Picked {
  readonly msgs: ReadonlySet<number> | null;
  readonly msg: number | null;
  readonly event: { lane: number; t: number } | null;
  readonly hover: number | null;
}

export function flights(plot: Plot, picked: Picked, cone: Cone | null, labels: Labels): Flights {
  const { index, from, to, view } = plot;
  const beatCount = index.tally.sum('beat', Math.ceil(from / BUCKET_US), Math.ceil(to / BUCKET_US));
  const drawBeats = view.showBeats && beatCount < BEATS.none;
  if (plot.dense) return nothing();
  const made: Flights = {
    ...{ bright: strands(), faint: strands(), lit: [], beats: [], faintBeats: [], crosses: [], faintCrosses: [] },
    ...{ tampered: [], seen: [], shown: 0 },
    beatAlpha: Math.max(0.15, Math.min(1, BEATS.full / Math.max(1, beatCount))),
    cone,
  };
  const place = along(plot.scale);
  const row = someCrossing();
  const numbers: { msg: number; x: number; y: number; token: Label['token']; faint: boolean }[] = [];
  let shown = 0;
  index.crossings.each(from, to, row, () => {
    const link = plot.rowOf.get(row.lane);
    if (!link || !plot.queueRow) return;
    const marked = row.msg === picked.msg || row.msg === picked.hover;
    if (row.kind === 'HEARTBEAT' && !drawBeats && !marked && row.end !== 'dropped' && row.end !== 'lost') return;
    shown++;
    const [sender, receiver] = row.toQueue ? [link, plot.queueRow] : [plot.queueRow, link];
    drawOne(plot, row, sender, receiver, place, picked, made, numbers);
  });
  if (numbers.length <= NUMBERED) writeNumbers(plot, numbers, labels);
  return { ...made, shown };
}

/** Where messages are counted, none is drawn. */
const nothing = (): Flights => ({
  ...{ bright: strands(), faint: strands(), lit: [], beats: [], faintBeats: [], crosses: [], faintCrosses: [] },
  ...{ tampered: [], seen: [], shown: 0, beatAlpha: 0, cone: null },
});

function drawOne(
  plot: Plot,
  row: Crossing,
  sender: Row,
  receiver: Row,
  place: (t: number) => number,
  picked: Picked,
  made: Flights,
  numbers: { msg: number; x: number; y: number; token: Label['token']; faint: boolean }[],
): void {
  const { to } = plot;
  const lost = row.end === 'dropped' || row.end === 'lost';
  // A fault takes a message as it enters: how far it came is not known, and it counts as on its way for that time.
  const atOnce = lost && !row.hasLeft && row.endAt - row.enteredAt < (row.leftAt - row.enteredAt) * 0.02;
  const planned = Math.max(1, row.leftAt - row.enteredAt);
  const over = row.hasLeft ? row.leftAt : Math.min(row.endAt, Math.max(row.leftAt, row.enteredAt + 1));
  const onLinkUntil = atOnce ? row.enteredAt + UNKNOWN_SHARE * planned : Math.min(over, to);
  const overdue = !row.hasLeft && row.end === 'none' && to > row.leftAt;
  const share = atOnce ? UNKNOWN_SHARE : overdue ? OVERDUE_SHARE : Math.min(1, (onLinkUntil - row.enteredAt) / planned);
  const x1 = place(row.enteredAt);
  const held = (row.tampered & TAMPERED.held) !== 0 && !atOnce && row.enteredAt <= to;
  const gone = row.hasLeft && row.leftAt <= to;
  const keptUntil = Math.min(row.hasLeft ? row.leftAt : row.endAt, to);
  const x2 = place(held ? keptUntil : overdue ? to : Math.min(onLinkUntil, Math.max(to, row.enteredAt)));
  const shareSeen =
    atOnce && onLinkUntil > to
      ? (UNKNOWN_SHARE * Math.max(0, to - row.enteredAt)) / Math.max(1, onLinkUntil - row.enteredAt)
      : share;
  const y1 = sender.barY;
  const way = receiver.barY - y1;
  const y2 = y1 + way * (held ? (gone ? 1 : HELD.share) : shareSeen);
  if (Math.max(x1, x2) < plot.left - 2 && (row.endAt <= plot.from || row.kind === 'HEARTBEAT')) return;
  const faint = isFaint(row, sender, receiver, picked, made.cone);
  const segments = held ? parked(x1, y1, x2, y1 + way * HELD.share, gone ? y2 : null) : [x1, y1, x2, y2];
  for (let i = 0; i < segments.length; i += 4) {
    made.seen.push(row.msg, ...segments.slice(i, i + 4), row.kind === 'HEARTBEAT' ? 2.5 : 6);
  }
  if (row.tampered !== 0 && !faint) {
    const [x, y] = held
      ? [segments[2] ?? x1, segments[3] ?? y1]
      : [x1 + (x2 - x1) * HELD.share, y1 + (y2 - y1) * HELD.share];
    made.tampered.push(x, y, row.tampered);
  }
  const lostSeen = lost && row.endAt <= to && (!atOnce || onLinkUntil <= to);
  if (lostSeen) {
    const x = gone ? place(row.endAt) : x2;
    (faint ? made.faintCrosses : made.crosses).push(x, y2);
  }
  const lit = picked.msgs?.has(row.msg) || row.msg === picked.hover || row.msg === picked.msg;
  if (row.kind === 'HEARTBEAT' && !lit) {
    (faint ? made.faintBeats : made.beats).push(...segments);
    return;
  }
  let into: Strand;
  if (lit) {
    into = strand();
    made.lit.push({ kind: row.kind, thick: row.msg === picked.msg || row.msg === picked.hover, strand: into });
  } else into = (faint ? made.faint : made.bright)[row.kind as Flown];
  into.lines.push(...segments);
  if (gone) {
    if (!lost || row.endAt > row.leftAt) into.heads.push(x2, y2, receiver.barY > y1 ? 1 : -1);
    const untilX = place(Math.min(row.endAt, to));
    if (untilX - x2 > 1.5) into.waits.push(x2, untilX, y2);
  }
  // One number a request and one a reply: at the client's end.
  const link = row.toQueue ? sender : receiver;
  if ((row.kind === 'REQUEST' || row.kind === 'REPLY') && link.lane.role === 'client' && x2 > plot.left) {
    const at = 0.55;
    const token = row.kind === 'REQUEST' ? 'request' : 'reply';
    numbers.push({ msg: row.msg, x: x1 + (x2 - x1) * at, y: y1 + (y2 - y1) * at, token, faint });
  }
}

/** It goes to where it is kept, stands, and once it is let go it goes at once. */
function parked(x1: number, y1: number, x2: number, y: number, until: number | null): number[] {
  const at = Math.min(x1 + HELD.px, x2);
  const stands = [x1, y1, at, y, at, y, x2, y];
  return until === null ? stands : [...stands, x2, y, x2, until];
}

function isFaint(row: Crossing, sender: Row, receiver: Row, picked: Picked, cone: Cone | null): boolean {
  if (picked.msgs) return !picked.msgs.has(row.msg);
  return cone !== null && !carries(cone, passing(row, sender, receiver));
}

const passing = (row: Crossing, sender: Row, receiver: Row): Passing => ({
  from: sender.lane.id,
  to: receiver.lane.id,
  sentAt: row.enteredAt,
  readAt: row.end === 'read' || row.end === 'delivered' ? row.endAt : Number.POSITIVE_INFINITY,
});

/** Of what is on the screen; where messages are counted there is none. */
export function coneFor(plot: Plot, event: { lane: number; t: number } | null): Cone | null {
  if (!event || plot.dense) return null;
  const passings: Passing[] = [];
  const row = someCrossing();
  plot.index.crossings.each(plot.from, plot.to, row, () => {
    const link = plot.rowOf.get(row.lane);
    if (!link || !plot.queueRow) return;
    passings.push(row.toQueue ? passing(row, link, plot.queueRow) : passing(row, plot.queueRow, link));
  });
  return coneOf(event.lane, event.t, passings);
}

function writeNumbers(
  plot: Plot,
  numbers: readonly { msg: number; x: number; y: number; token: Label['token']; faint: boolean }[],
  labels: Labels,
): void {
  const sizePx = 11 * plot.view.textScale;
  for (const { msg, x, y, token, faint } of numbers) {
    const entered = plot.log.entered(msg);
    const number = entered?.journey ?? entered?.n;
    if (number === undefined) continue;
    labels.offer(label(x + 5, y + sizePx * 0.36, `#${number}`, sizePx, token, { weight: 650, boxed: true, faint }));
  }
}
