// The ruler is a chart's scale: blocks in turn light and dark, and times as they stand to the playhead.

import type { Micros } from '@crows-nest/protocol';
import { textWidth } from '../stage/text-width.ts';
import { tenths } from './bars.ts';
import { type Label, label } from './labels.ts';
import type { Plot } from './plot.ts';
import { type CutMark, project, unproject } from './time-scale.ts';
import type { DiagramWords } from './view.ts';

export interface Ruler {
  /** x, width of the filled blocks. */
  readonly blocks: number[];
  /** x of the grid's lines. */
  readonly lines: number[];
  readonly labels: Label[];
  readonly cuts: readonly CutMark[];
  readonly y: number;
  /** What the two strips are: a sample of each and its name. */
  readonly legend: { x: number; y: number; strip: 'listed' | 'runs' }[];
}

const NICE = [1, 2, 5];
const MINUTES = [60e6, 120e6, 300e6, 600e6, 1200e6, 3600e6, 7200e6, 18000e6, 36000e6];

/** The smallest round length of time that is at least as long. */
export function niceStep(atLeast: Micros): Micros {
  if (atLeast > 30e6) return MINUTES.find((step) => step >= atLeast) ?? 86_400e6;
  if (atLeast > 20e6) return 30e6;
  for (let power = 1; ; power *= 10) for (const digit of NICE) if (digit * power >= atLeast) return digit * power;
}

/** "−2 s", "−0.25 s", "+40 ms": with the decimals that the step between two such times asks for. */
export function offsetText(offset: Micros, step: Micros, words: DiagramWords): string {
  if (offset === 0) return words.now;
  const sign = offset < 0 ? '−' : '+';
  const length = Math.abs(offset);
  if (length >= 60e6 && step >= 60e6) return sign + words.minutes(decimals(length, step, 60e6));
  if (length >= 1e6 || step >= 100_000) return sign + words.seconds(decimals(length, step, 1e6));
  if (length >= 1e3) return sign + words.millis(decimals(length, step, 1e3));
  return sign + words.micros(String(Math.round(length)));
}

const decimals = (length: Micros, step: Micros, unit: Micros): string => {
  const digits = Math.max(0, Math.min(6, Math.ceil(Math.log10(unit / step) - 1e-9)));
  return (length / unit).toFixed(digits);
};

export function ruler(plot: Plot): Ruler {
  const { scale, view, t, left, right, top, playheadX } = plot;
  const { textScale, words } = view;
  const sizePx = 11 * textScale;
  const step = niceStep((58 * textScale) / scale.pxPerUs);
  const y = top - 7 * textScale;
  const made: Ruler = { blocks: [], lines: [], labels: [], cuts: scale.cuts, y, legend: [] };
  const inCut = (at: Micros): boolean => scale.cuts.some(({ from, to }) => at > from && at < to);
  const baseline = y - 6 * textScale;
  let taken: [number, number][] = [];
  const say = (x: number, text: string, more: Partial<Label>): void => {
    const half = textWidth(text, sizePx, more.weight ?? 450) / 2 + 3;
    if (taken.some(([a, b]) => x + half > a && x - half < b) || x - half < left - 4 || x + half > right) return;
    taken = [...taken, [x - half, x + half]];
    made.labels.push(label(x, baseline, text, sizePx, 'text', { align: 'center', ...more }));
  };
  let x = Math.min(14 * textScale, left * 0.12);
  for (const strip of ['listed', 'runs'] as const) {
    const width = textWidth(words[strip], sizePx) + 17 * textScale;
    if (plot.dense || x + width > left - 2) break;
    made.legend.push({ x, y: baseline - sizePx * 0.36, strip });
    made.labels.push(label(x + 15 * textScale, baseline, words[strip], sizePx, 'muted'));
    x += width + 8;
  }
  if (playheadX >= left && playheadX <= right) say(playheadX, words.now, { weight: 700 });
  for (const { x, widthPx, from, to } of scale.cuts) {
    say(x + widthPx / 2, words.seconds(tenths(to - from)), { weight: 700 });
  }
  const firstHalf = Math.floor(((unproject(scale, left) - t) / step) * 2);
  const lastHalf = Math.ceil(((unproject(scale, right) - t) / step) * 2);
  // Where much is left out there are many steps in few pixels: each is asked for its place, never more than fit.
  let at = firstHalf;
  while (at <= lastHalf) {
    const from = t + (at * step) / 2;
    const cut = scale.cuts.find((c) => from > c.from && from < c.to);
    if (cut) {
      at = Math.max(at + 1, Math.ceil(((cut.to - t) / step) * 2));
      continue;
    }
    const x = project(scale, from);
    if (at % 2 === 0) {
      const endX = Math.min(right, project(scale, from + step / 2));
      const cutX = scale.cuts.find((c) => c.from >= from && c.from < from + step / 2)?.x ?? endX;
      const blockX = Math.max(left, x);
      if (Math.min(endX, cutX) > blockX) made.blocks.push(blockX, Math.min(endX, cutX) - blockX);
      if (x >= left && x <= right) {
        made.lines.push(x);
        if (!inCut(from)) say(x, offsetText((at * step) / 2, step, words), { token: 'muted' });
      }
    }
    at++;
  }
  const aheadUs = (right - playheadX) / scale.pxPerUs;
  if (plot.to <= t && aheadUs > 300_000 && right - playheadX > 50 * textScale)
    say(right - 22 * textScale, '+0.4', { token: 'muted' });
  return made;
}
