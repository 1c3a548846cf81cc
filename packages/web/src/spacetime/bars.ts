// Each lane's two strips: above, whether the queue believes in it; in the middle, what its process really does; and about both
// a frame where they differ. Boxes of one look are kept together, each four numbers, so that they are painted in one go.

import type { Micros } from '@crows-nest/protocol';
import { BELIEFS, type LaneTruth, TRUTHS } from './code.ts';
import { type Cone, inCone } from './cone.ts';
import { type Labels, label, widthOf } from './labels.ts';
import { inPlot, type Plot } from './plot.ts';
import { laneScale, type Row } from './rows.ts';
import { type BarLook, type Boxes, type BoxesByLook, boxesByLook, LOOKS, NO_LOOK, Strip } from './strip.ts';
import { along, project } from './time-scale.ts';

export interface Plate {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly faint: boolean;
}

export interface Bars {
  readonly boxes: BoxesByLook;
  readonly frames: Boxes;
  readonly plates: Plate[];
  /** Rows in disagreement at the playhead. */
  readonly parted: Row[];
}

const STRIP_RISE_PX = 13;
const FRAME_PX = { above: 17, below: 9 };
export const WORDS_FROM_PX = 13;
/** In lanes lower than this there is room for one strip. */
const BOTH_FROM_PX = 7;

const lookOf = (name: string): number => LOOKS.indexOf(name as BarLook);
/** By a span's code: the truth's look and the belief's. */
const TRUTH_LOOK = TRUTHS.map(lookOf);
const BELIEF_LOOK = BELIEFS.map(lookOf);
const RUNNING = TRUTHS.indexOf('running');
const RECONNECTING = TRUTHS.indexOf('reconnecting');
const WORDED: ReadonlySet<LaneTruth> = new Set(['frozen', 'overloaded', 'dead', 'reconnecting']);

/** One picture's bars in the making. */
interface Making extends Bars {
  readonly cone: Cone | null;
  readonly labels: Labels;
  /** Words on bars, which give way to plates. */
  readonly words: (() => void)[];
}

export function bars(plot: Plot, cone: Cone | null, labels: Labels): Bars {
  const made: Making = { boxes: boxesByLook(), frames: [], plates: [], parted: [], cone, labels, words: [] };
  for (const row of plot.rows) laneBars(plot, row, made);
  for (const say of made.words) say();
  const { boxes, frames, plates, parted } = made;
  return { boxes, frames, plates, parted };
}

function laneBars(plot: Plot, row: Row, made: Making): void {
  const { spans, leftAt, role } = row.lane;
  const until = Math.min(plot.to, leftAt ?? plot.to);
  if (until <= plot.from) return;
  const truth = new Strip(made.boxes, row, 0);
  const strip = row.height < BOTH_FROM_PX ? null : new Strip(made.boxes, row, STRIP_RISE_PX);
  // A client and the queue are lines while all is well: nobody believes or doubts them.
  const runs = role === 'worker' ? (TRUTH_LOOK[RUNNING] as number) : NO_LOOK;
  const place = along(plot.scale);
  const { startAts, codes } = spans.columns();
  const said = new Saying(plot, row, made);
  let partedFrom: Micros | null = null;
  let i = Math.max(0, spans.at(plot.from));
  let x = inPlot(plot, place(Math.max(plot.from, startAts[i] ?? until)));
  // There may be hundreds of thousands: nothing is asked for that a look does not need.
  for (; i < codes.length && (startAts[i] as number) < until; i++) {
    const code = codes[i] as number;
    const at = startAts[i] as number;
    const is = code & 7;
    truth.add(is === RUNNING ? runs : (TRUTH_LOOK[is] as number), x);
    strip?.add(BELIEF_LOOK[(code >> 3) & 3] as number, x);
    if (code >> 5 === 0) {
      if (partedFrom !== null) frame(plot, row, { since: partedFrom, to: at, endX: x, open: false }, made);
      partedFrom = null;
    } else partedFrom ??= spans.detail(i)?.partedSince ?? at;
    said.add(is, is === RECONNECTING ? spans.detail(i)?.waitMs : undefined, x, at < plot.from);
    x = inPlot(plot, place(Math.min(until, startAts[i + 1] ?? until)));
  }
  if (spans.code(spans.at(plot.t)) >> 5 !== 0 && plot.t < (leftAt ?? Number.POSITIVE_INFINITY)) made.parted.push(row);
  said.end(x);
  truth.end(x);
  strip?.end(x);
  if (partedFrom !== null)
    frame(plot, row, { since: partedFrom, to: until, endX: x, open: leftAt === null || leftAt > until }, made);
}

interface Stretch {
  since: Micros;
  to: Micros;
  endX: number;
  /** It has no end yet. */
  open: boolean;
}

function frame(plot: Plot, row: Row, { since, to, endX, open }: Stretch, made: Making): void {
  const { cone, labels } = made;
  const scale = laneScale(row.height);
  const x = inPlot(plot, project(plot.scale, Math.max(plot.from, since)));
  const [above, below] =
    row.height < BOTH_FROM_PX ? [row.height * 0.6, row.height * 0.6] : [FRAME_PX.above * scale, FRAME_PX.below * scale];
  const now = since <= plot.t && (to > plot.t || (open && to === plot.t));
  if (endX - x < 0.5) return;
  made.frames.push(x, row.barY - above, endX - x, above + below);
  if (row.height < WORDS_FROM_PX || plot.dense) return;
  const { view } = plot;
  const end = now ? plot.t : to;
  const outside = cone !== null && !inCone(cone, row.lane.id, since) && !inCone(cone, row.lane.id, end);
  const sizePx = 11 * view.textScale;
  const said = label(
    0,
    row.barY + sizePx * 0.36,
    view.words.parted(view.words.seconds(tenths(end - since))),
    sizePx,
    'fault',
    {
      weight: 650,
    },
  );
  const width = widthOf(said) + 10 + sizePx * 0.7;
  const height = sizePx + 8;
  const area = { y: row.barY - height / 2, width, height };
  // Before the frame; else in it; and if neither, it is said by the frame alone.
  for (const at of [x - width - 2, Math.max(x, plot.left) + 3]) {
    if (at < plot.left + 2 || at + width > plot.right) continue;
    if (at > x && width > endX - x - 6) continue;
    if (!labels.take({ x: at, ...area })) continue;
    const faint = outside || (plot.to > plot.t && at > plot.playheadX);
    made.plates.push({ x: at, ...area, faint });
    labels.placed.push({ ...said, x: at + 5 + sizePx * 0.3, faint });
    return;
  }
}

/** A stretch of one truth, as far as it is said in a word. */
interface Said {
  is: LaneTruth;
  x: number;
  waitMs: number | undefined;
  /** It began before the picture does. */
  cut: boolean;
}

/** Finds the stretches of a lane that have a word, and the room for it. */
class Saying {
  readonly #plot: Plot;
  readonly #row: Row;
  readonly #made: Making;
  readonly #silent: boolean;
  #is = 0;
  #now: Said | null = null;

  constructor(plot: Plot, row: Row, made: Making) {
    this.#plot = plot;
    this.#row = row;
    this.#made = made;
    this.#silent = row.height < WORDS_FROM_PX;
  }

  add(is: number, waitMs: number | undefined, x: number, cut: boolean): void {
    if (this.#silent || (is === this.#is && waitMs === this.#now?.waitMs)) return;
    this.end(x);
    this.#is = is;
    const truth = TRUTHS[is] as LaneTruth;
    if (WORDED.has(truth)) this.#now = { is: truth, x, waitMs, cut };
  }

  end(x: number): void {
    const said = this.#now;
    this.#now = null;
    if (!said || x - said.x < 24) return;
    this.#made.words.push(() => barWord(this.#plot, this.#row, said, x, this.#made.labels));
  }
}

function barWord(plot: Plot, row: Row, { is, x, waitMs, cut }: Said, toX: number, labels: Labels): void {
  const { words, textScale } = plot.view;
  // How a process ended is noted where it ended.
  if (is === 'dead' && !cut) return;
  const sizePx = 11 * textScale;
  const text = waitMs === undefined ? words.truth[is] : words.backOff(words.seconds(String(waitMs / 1000)));
  const token = is === 'frozen' ? 'frozen' : is === 'overloaded' ? 'busy' : is === 'dead' ? 'muted' : 'text';
  const [from, to] = [Math.max(x, plot.left), Math.min(toX, plot.right)];
  // Who waits to connect anew is not listed: there is room above.
  const above = is === 'reconnecting' && row.height >= 24;
  const y = above ? row.barY - 11 * laneScale(row.height) : row.barY + sizePx * 0.36;
  const said = label((from + to) / 2, y, text, sizePx, token, { align: 'center', weight: 650, boxed: true });
  const room = to - from - widthOf(said);
  if (room > (above ? 4 : 26) || (is === 'dead' && room > 4)) labels.offer(said);
}

export const tenths = (us: Micros): string => (Math.max(0, us) / 1e6).toFixed(1);
