// The charts of what holds, and of how long a round trip takes.

import type { Micros } from '@crows-nest/protocol';
import { scaleLinear } from 'd3-scale';
import type { Figures } from '../../model/figures.ts';
import type { WordsWithFigures } from '../../words/figures.ts';
import { duration } from '../../words/times.ts';
import { type Box, type Chart, columns, roundTop, rule, steps, xScale } from './chart.ts';

/** Of what was measured in seconds, two digits more are known. */
const fine = (us: Micros, words: WordsWithFigures): string =>
  us >= 999_500 && us < 10e6 ? words.time.seconds((us / 1e6).toFixed(2)) : duration(us, words);

export function roundTripChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const { roundTrips, allRoundTrips } = figures;
  const top = roundTop(
    roundTrips.map((trips) => trips?.p99 ?? 0),
    1000,
  );
  const at = (bucket: number | null) => (bucket === null ? allRoundTrips : (roundTrips[bucket] ?? null));
  const say = (us: number | undefined): string => (us === undefined ? chart.noSample : fine(us, words));
  return {
    key: 'roundTrip',
    title: chart.roundTrip,
    note: allRoundTrips ? chart.samples(allRoundTrips.count) : '',
    height: 3,
    scale: [
      { text: duration(top, words), at: 0 },
      { text: '0', at: 1 },
    ],
    values: (bucket) => [
      { name: chart.p50, text: say(at(bucket)?.p50), token: 'text', form: 'line' },
      { name: chart.p99, text: say(at(bucket)?.p99), token: 'reply', form: 'fill' },
    ],
    marks: (box) => {
      const x = xScale(figures, box);
      const y = scaleLinear([0, top], [box.height - 1, 1]);
      const between = (low: (t: { p50: number; p99: number }) => number, high: typeof low) => (bucket: number) => {
        const trips = roundTrips[bucket];
        return trips ? ([low(trips), high(trips)] as const) : null;
      };
      return [
        rule(box.height - 0.5, box),
        {
          d: columns(
            figures,
            x,
            between(
              ({ p50 }) => y(p50),
              ({ p99 }) => y(p99) - 1,
            ),
          ),
          token: 'reply',
          form: 'fill',
        },
        {
          d: columns(
            figures,
            x,
            between(
              ({ p50 }) => y(p50) - 1,
              ({ p50 }) => y(p50) + 1,
            ),
          ),
          token: 'text',
          form: 'fill',
        },
      ];
    },
    table: {
      head: [chart.answers, chart.p50, chart.p99],
      row: (bucket) => [String(at(bucket)?.count ?? 0), say(at(bucket)?.p50), say(at(bucket)?.p99)],
    },
  };
}

export function doorChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const { waiting } = figures.levels;
  const most = (bucket: number): number => waiting[bucket]?.max ?? 0;
  const top = roundTop(
    waiting.map(({ max }) => max),
    4,
  );
  const text = (bucket: number | null): string => String(bucket === null ? figures.now.waiting : most(bucket));
  return {
    key: 'door',
    title: chart.door,
    height: 2.25,
    scale: [
      { text: String(top), at: 0 },
      { text: '0', at: 1 },
    ],
    values: (bucket) => [{ name: chart.waiting, text: text(bucket), token: 'request', form: 'fill' }],
    marks: (box) => {
      const x = xScale(figures, box);
      const y = scaleLinear([0, top], [box.height - 1, 1]);
      return [
        rule(box.height - 0.5, box),
        { d: columns(figures, x, (b) => [y(0), y(most(b))]), token: 'request', form: 'fill' },
      ];
    },
    table: { head: [chart.waiting], row: (bucket) => [text(bucket)] },
  };
}

export function workersChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const { levels, now } = figures;
  const rows = [
    { held: 'listed', name: chart.listed, token: 'belief', form: 'fill' },
    { held: 'atWork', name: chart.atWork, token: 'busy', form: 'line' },
    { held: 'workers', name: chart.total, token: 'text', form: 'dashed' },
  ] as const;
  const top = roundTop(
    levels.workers.map(({ max }) => max),
    4,
  );
  const last = (held: 'listed' | 'atWork' | 'workers', bucket: number): number => levels[held][bucket]?.last ?? 0;
  const text = (held: 'listed' | 'atWork' | 'workers', bucket: number | null): string =>
    String(bucket === null ? now[held] : last(held, bucket));
  return {
    key: 'workers',
    title: chart.workers,
    height: 3,
    scale: [
      { text: String(top), at: 0 },
      { text: '0', at: 1 },
    ],
    values: (bucket) => rows.map(({ held, name, token, form }) => ({ name, text: text(held, bucket), token, form })),
    marks: (box) => levelMarks(figures, box, top),
    table: {
      head: rows.map(({ name }) => name),
      row: (bucket) => rows.map(({ held }) => text(held, bucket)),
    },
  };
}

/** Listed as ground, with how far it went up and down within a bucket; at work and all as lines. */
function levelMarks(figures: Figures, box: Box, top: number) {
  const x = xScale(figures, box);
  const y = scaleLinear([0, top], [box.height - 1, 1.5]);
  const { listed, atWork, workers } = figures.levels;
  return [
    { d: columns(figures, x, (b) => [y(0), y(listed[b]?.min ?? 0)]), token: 'belief', form: 'fill' },
    { d: columns(figures, x, (b) => [y(listed[b]?.min ?? 0), y(listed[b]?.max ?? 0)]), token: 'belief', form: 'soft' },
    { d: steps(figures, x, (b) => y(workers[b]?.last ?? 0)), token: 'text', form: 'dashed' },
    { d: steps(figures, x, (b) => y(atWork[b]?.last ?? 0)), token: 'busy', form: 'line' },
    rule(box.height - 0.5, box),
  ] as const;
}
