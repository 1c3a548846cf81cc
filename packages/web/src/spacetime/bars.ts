// Each lane's two strips: above, whether the queue believes in it; in the middle, what its process really does; and about both
// a frame where they differ. Boxes of one look are kept together, each four numbers, so that they are painted in one go.

import type { Micros } from '@crows-nest/protocol';
import { type Belief, beliefOf, type LaneTruth, type Parting, partingOf, truthOf } from './code.ts';
import type { Labels } from './labels.ts';
import { label, widthOf } from './labels.ts';
import { inPlot, type Plot } from './plot.ts';
import { laneScale, type Row } from './rows.ts';
import { along, project } from './time-scale.ts';

export type BarLook = 'listed' | 'atWork' | Exclude<LaneTruth, 'none'>;

/** x, y, width, height, one after the other. */
export type Boxes = number[];

export interface Plate {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Bars {
  readonly boxes: Record<BarLook, Boxes>;
  readonly frames: Boxes;
  readonly plates: Plate[];
  /** Rows in disagreement at the playhead. */
  readonly parted: Row[];
}

/** Full sizes; the lane's scale makes them smaller. */
const BAR_PX: Readonly<Record<Exclude<LaneTruth, 'none'>, number>> = {
  running: 5,
  busy: 11,
  frozen: 12,
  overloaded: 12,
  dead: 0,
  reconnecting: 11,
  unknown: 5,
};
const STRIP_PX: Readonly<Record<Exclude<Belief, 'none'>, number>> = { listed: 4, atWork: 2 };
const STRIP_RISE_PX = 13;
const FRAME_PX = { above: 17, below: 9 };
/** Boxes nearer to each other than this are one. */
const MERGE_PX = 0.7;
export const WORDS_FROM_PX = 13;

const noBoxes = (): Record<BarLook, Boxes> => ({
  ...{ listed: [], atWork: [], running: [], busy: [], frozen: [], overloaded: [], dead: [], reconnecting: [] },
  ...{ unknown: [] },
});

export function bars(plot: Plot, labels: Labels): Bars {
  const made: Bars = { boxes: noBoxes(), frames: [], plates: [], parted: [] };
  const words: (() => void)[] = [];
  for (const row of plot.rows) laneBars(plot, row, made, labels, words);
  for (const say of words) say();
  return made;
}

/** A run of time in which a look goes on. */
interface Run {
  look: BarLook | null;
  x: number;
}

function laneBars(plot: Plot, row: Row, made: Bars, labels: Labels, words: (() => void)[]): void {
  const { spans, leftAt, role } = row.lane;
  const until = Math.min(plot.to, leftAt ?? plot.to);
  if (until <= plot.from) return;
  const truth = new Boxed(made.boxes, row, (look) => BAR_PX[look as 'busy'] ?? 0, 0);
  const strip = new Boxed(made.boxes, row, (look) => STRIP_PX[look as 'listed'] ?? 0, STRIP_RISE_PX);
  const place = along(plot.scale);
  let parted: { from: Micros; how: Parting; x: number } | null = null;
  const part = (to: Micros, x: number): void => {
    if (parted) frame(plot, row, parted.from, to, x, made, labels);
    parted = null;
  };
  const first = Math.max(0, spans.at(plot.from));
  let x = inPlot(plot, place(Math.max(plot.from, spans.startAt(first))));
  let said: Said = NOTHING_SAID;
  const say = (toX: number): void => {
    const now = said;
    if (toX - now.x > 24 && worded(row, now.is)) words.push(() => barWord(plot, row, now, toX, labels));
  };
  for (let i = first; i < spans.count && spans.startAt(i) < until; i++) {
    const code = spans.code(i);
    const endAt = Math.min(until, spans.startAt(i + 1));
    const endX = inPlot(plot, place(endAt));
    const [is, believed, how] = [truthOf(code), beliefOf(code), partingOf(code)];
    // A client and the queue are lines while all is well: nobody believes or doubts them.
    truth.add(is === 'none' || (role !== 'worker' && is === 'running') ? null : is, x);
    strip.add(believed === 'none' ? null : believed, x);
    if (how === 'none') part(spans.startAt(i), x);
    else parted ??= { from: spans.detail(i)?.partedSince ?? spans.startAt(i), how, x };
    const waitMs = spans.detail(i)?.waitMs;
    if (said.is !== is || said.waitMs !== waitMs) {
      say(x);
      said = { is, x, waitMs, cut: spans.startAt(i) < plot.from };
    }
    x = endX;
  }
  say(x);
  truth.end(x);
  strip.end(x);
  part(until, x);
}

/** Boxes of one strip of a lane, joined where they touch. */
class Boxed {
  readonly #boxes: Record<BarLook, Boxes>;
  readonly #row: Row;
  readonly #thickness: (look: BarLook) => number;
  readonly #rise: number;
  readonly #run: Run = { look: null, x: 0 };

  constructor(boxes: Record<BarLook, Boxes>, row: Row, thickness: (look: BarLook) => number, rise: number) {
    this.#boxes = boxes;
    this.#row = row;
    this.#thickness = thickness;
    this.#rise = rise;
  }

  add(look: BarLook | null, x: number): void {
    if (look === this.#run.look) return;
    this.end(x);
    this.#run.look = look;
    this.#run.x = x;
  }

  end(x: number): void {
    const { look, x: from } = this.#run;
    this.#run.look = null;
    if (look === null || x - from <= 0) return;
    const { height, barY } = this.#row;
    const scale = laneScale(height);
    const low = height < 7 && look !== 'running' ? Math.max(1, height * 0.6) : 1;
    const thick = Math.max(low, this.#thickness(look) * scale);
    // In a lane of a few pixels there is room for one strip.
    if (this.#rise > 0 && height < 7) return;
    const y = barY - this.#rise * scale - thick / 2;
    const boxes = this.#boxes[look];
    const last = boxes.length - 4;
    const touches =
      last >= 0 && boxes[last + 1] === y && from - ((boxes[last] ?? 0) + (boxes[last + 2] ?? 0)) < MERGE_PX;
    if (touches) boxes[last + 2] = x - (boxes[last] as number);
    else boxes.push(from, y, Math.max(0.75, x - from), thick);
  }
}

function frame(plot: Plot, row: Row, since: Micros, to: Micros, endX: number, made: Bars, labels: Labels): void {
  const scale = laneScale(row.height);
  const x = inPlot(plot, project(plot.scale, Math.max(plot.from, since)));
  const [above, below] =
    row.height < 7 ? [row.height * 0.6, row.height * 0.6] : [FRAME_PX.above * scale, FRAME_PX.below * scale];
  if (endX - x < 1) return;
  made.frames.push(x, row.barY - above, endX - x, above + below);
  const goesOn = to >= plot.t || since <= plot.t;
  if (to >= plot.t && since <= plot.t) made.parted.push(row);
  if (!goesOn || row.height < WORDS_FROM_PX || plot.dense) return;
  const { view } = plot;
  const end = to >= plot.t && since <= plot.t ? plot.t : to;
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
  const width = widthOf(said) + 16;
  const height = sizePx + 8;
  const area = { y: row.barY - height / 2, width, height };
  // Before the frame; else in it; and if neither, it is said by the frame alone.
  for (const at of [x - width - 2, Math.max(x, plot.left) + 3]) {
    if (at < plot.left + 2 || at + width > plot.right) continue;
    if (at > x && width > endX - x - 6) continue;
    if (!labels.take({ x: at, ...area })) continue;
    made.plates.push({ x: at, ...area });
    labels.placed.push({ ...said, x: at + 8 });
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

const NOTHING_SAID: Said = { is: 'none', x: 0, waitMs: undefined, cut: false };

const worded = ({ height }: Row, is: LaneTruth): boolean =>
  height >= WORDS_FROM_PX && (is === 'frozen' || is === 'overloaded' || is === 'dead' || is === 'reconnecting');

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
