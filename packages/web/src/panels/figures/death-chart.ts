// Each silence that ended in giving up, as a line from when the worker was last heard to when the queue had enough.
// The queue may take L beats, and one more for its next look: the band. What is not noticed yet is still growing.

import { type Expiry, isFalseSuspicion, type Micros, type QueueState, type SilenceCause } from '@crows-nest/protocol';
import { scaleLinear } from 'd3-scale';
import type { Figures } from '../../model/figures.ts';
import type { WordsWithFigures } from '../../words/figures.ts';
import { duration } from '../../words/times.ts';
import { type Box, type Chart, type Mark, rule, type Value, xScale } from './chart.ts';

const n = (value: number): string => value.toFixed(1);

/** Cross: its process ended; octagon: stopped; star: it spins; ring: it was there; diamond: another matter. */
const ENDS: Readonly<Record<SilenceCause, string>> = {
  exited: 'm-3.2-3.2l6.4 6.4m0-6.4l-6.4 6.4',
  paused: 'm-1.5-3.7h3l2.2 2.2v3l-2.2 2.2h-3l-2.2-2.2v-3z',
  overloaded: 'm0-4.6l1.2 2.6 2.9-.7-1.4 2.7 1.4 2.7-2.9-.7-1.2 2.6-1.2-2.6-2.9.7 1.4-2.7-1.4-2.7 2.9.7z',
  fault: 'm-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z',
  busy: 'm-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z',
  late: 'm-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z',
  gone: 'm0-4l4 4-4 4-4-4z',
  unknown: 'm0-4l4 4-4 4-4-4z',
};

export function deathChart(
  figures: Figures,
  { liveness, heartbeatIntervalMs }: QueueState,
  words: WordsWithFigures,
): Chart {
  const { deaths } = words.figures;
  const least = liveness * heartbeatIntervalMs * 1000;
  const most = (liveness + 1) * heartbeatIntervalMs * 1000;
  const longest = Math.max(
    most,
    ...figures.expiries.map(silenceOf),
    ...figures.unnoticed.map((d) => figures.t - d.lastHeardAt),
  );
  const top = longest * 1.15;
  return {
    key: 'deaths',
    title: deaths.title,
    note: deaths.bound(duration(least, words), duration(most, words)),
    height: 4,
    scale: [
      { text: duration(most, words), at: 1 - most / top },
      { text: duration(least, words), at: 1 - least / top },
      { text: '0', at: 1 },
    ],
    values: (bucket) => valuesOf(figures, bucket, words),
    marks: (box) => marksOf(figures, box, top, [least, most]),
    table: {
      head: [deaths.noticed, deaths.wrongly, deaths.unnoticed, deaths.missed],
      row: (bucket) => valuesOf(figures, bucket, words).map(({ text }) => text),
    },
  };
}

export const silenceOf = ({ at, lastHeardAt }: Expiry): Micros => at - lastHeardAt;

/** Of a bucket, or of all; always as many values, so that nothing moves under the pointer. */
function valuesOf(figures: Figures, bucket: number | null, words: WordsWithFigures): Value[] {
  const { deaths } = words.figures;
  const start = bucket === null ? Number.NEGATIVE_INFINITY : (figures.starts[bucket] ?? 0);
  const end = bucket === null ? Number.POSITIVE_INFINITY : start + figures.widthUs;
  const count = <T>(items: readonly T[], at: (item: T) => Micros | null): string =>
    String(items.filter((item) => (at(item) ?? Number.NaN) > start && (at(item) ?? Number.NaN) <= end).length);
  const wrong = figures.expiries.filter(isFalseSuspicion);
  const right = figures.expiries.filter((expiry) => !isFalseSuspicion(expiry));
  return [
    { name: deaths.noticed, text: count(right, ({ at }) => at), token: 'text', form: 'line' },
    { name: deaths.wrongly, text: count(wrong, ({ at }) => at), token: 'fault', form: 'outline' },
    { name: deaths.unnoticed, text: count(figures.unnoticed, ({ diedAt }) => diedAt), token: 'fault', form: 'dashed' },
    { name: deaths.missed, text: count(figures.missed, ({ endedAt }) => endedAt) },
  ];
}

function marksOf(figures: Figures, box: Box, top: number, [least, most]: readonly [number, number]): Mark[] {
  const x = xScale(figures, box);
  const y = scaleLinear([0, top], [box.height - 1, 0]);
  const rise = (from: Micros, to: Micros): string => `M${n(x(from))} ${n(y(0))}L${n(x(to))} ${n(y(to - from))}`;
  const end = (at: Micros, silence: Micros, cause: SilenceCause): string =>
    `M${n(x(at))} ${n(y(silence))}${ENDS[cause]}`;
  const marks: Mark[] = [
    { d: `M0 ${n(y(most))}H${n(box.width)}V${n(y(least))}H0Z`, token: 'belief', form: 'soft' },
    rule(box.height - 0.5, box),
  ];
  for (const expiry of figures.expiries) {
    const token = isFalseSuspicion(expiry) ? 'fault' : 'text';
    marks.push({ d: rise(expiry.lastHeardAt, expiry.at), token, form: 'line' });
    marks.push({ d: end(expiry.at, silenceOf(expiry), expiry.cause), token, form: 'outline' });
  }
  for (const { lastHeardAt, cause } of figures.unnoticed) {
    marks.push({ d: rise(lastHeardAt, figures.t), token: 'fault', form: 'dashed' });
    marks.push({
      d: end(figures.t - figures.windowUs * 0.012, figures.t - lastHeardAt, cause),
      token: 'fault',
      form: 'outline',
    });
  }
  return marks;
}
