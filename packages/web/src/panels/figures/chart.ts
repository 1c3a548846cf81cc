// What a small chart is, as plain data: marks in pixels of a box, the values that it reads, and the same as a table.

import type { Micros } from '@crows-nest/protocol';
import { scaleLinear } from 'd3-scale';
import type { Figures } from '../../model/figures.ts';
import type { Token } from '../../theme.ts';

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Mark {
  readonly d: string;
  readonly token: Token;
  /** `soft`: a ground behind other marks; `rule`: what they stand on. */
  readonly form: 'fill' | 'soft' | 'outline' | 'line' | 'dashed' | 'rule';
}

/** One value with its name, and the mark by which it is found in the chart. */
export interface Value {
  readonly name: string;
  readonly text: string;
  readonly token?: Token;
  readonly form?: 'fill' | 'outline' | 'line' | 'dashed';
}

export interface Chart {
  readonly key: string;
  readonly title: string;
  /** Said beside the title. */
  readonly note?: string;
  /** How high, in rem. */
  readonly height: number;
  /** At the left, by their place from the top, 0 to 1. */
  readonly scale: readonly { readonly text: string; readonly at: number }[];
  /** Of one bucket; null: at the playhead. */
  values(bucket: number | null): readonly Value[];
  marks(box: Box): readonly Mark[];
  readonly table: { readonly head: readonly string[]; row(bucket: number): readonly string[] };
}

/** From a time to pixels: the playhead is the right edge. */
export const xScale = ({ t, windowUs }: Figures, { width }: Box) =>
  scaleLinear()
    .domain([t - windowUs, t])
    .range([0, width]);

/** A round number that nothing is above, at least `least`. */
export function roundTop(values: readonly number[], least: number): number {
  const top = scaleLinear()
    .domain([0, Math.max(least, ...values)])
    .nice(2)
    .domain();
  return top[1] ?? least;
}

/** Whether what happened in this bucket is known, at least in part. */
export const isKnown = ({ starts, widthUs, unheld }: Figures, bucket: number): boolean => {
  const start = starts[bucket] ?? 0;
  return !unheld.some(({ from, to }) => from <= start && start + widthUs <= to);
};

const n = (value: number): string => value.toFixed(1);

/** A column for each bucket, from one height to another, in one path; empty ones are left out. */
export function columns(
  { starts, widthUs, t }: Figures,
  x: (at: Micros) => number,
  of: (bucket: number) => readonly [from: number, to: number] | null,
): string {
  let d = '';
  for (const [bucket, start] of starts.entries()) {
    const ends = of(bucket);
    if (!ends || ends[0] === ends[1]) continue;
    const left = x(start);
    const right = x(Math.min(t, start + widthUs));
    const gap = x(start + widthUs) - left > 3 ? 1 : 0;
    if (right - left <= gap) continue;
    const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
    d += `M${n(left)} ${n(top)}H${n(right - gap)}V${n(bottom)}H${n(left)}Z`;
  }
  return d;
}

/** A line across, for marks to stand on. */
export const rule = (y: number, { width }: Box): Mark => ({ d: `M0 ${n(y)}H${n(width)}`, token: 'lane', form: 'rule' });

/** A line that keeps the level of each bucket, to the playhead; it breaks off where nothing is known. */
export function steps(figures: Figures, x: (at: Micros) => number, y: (bucket: number) => number): string {
  const { starts, widthUs, t } = figures;
  let d = '';
  let drawing = false;
  for (const [bucket, start] of starts.entries()) {
    const known = isKnown(figures, bucket);
    if (known) d += `${drawing ? 'V' : `M${n(x(start))} `}${n(y(bucket))}H${n(x(Math.min(t, start + widthUs)))}`;
    drawing = known;
  }
  return d;
}
