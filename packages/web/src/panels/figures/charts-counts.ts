// The charts of what happens: how often, in each bucket.

import { scaleLinear } from 'd3-scale';
import type { Figures } from '../../model/figures.ts';
import { type Counted, LOSS_CAUSES } from '../../model/figures-index.ts';
import type { Token } from '../../theme.ts';
import type { WordsWithFigures } from '../../words/figures.ts';
import { type Chart, columns, roundTop, rule, steps, type Value, xScale } from './chart.ts';

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Counts are whole in a second, and have one digit more when a bucket is longer. */
const rate = (perSecond: number): string =>
  Number.isInteger(perSecond) || perSecond >= 100 ? String(Math.round(perSecond)) : perSecond.toFixed(1);

interface Lane {
  readonly counted: Counted;
  readonly name: string;
  readonly token: Token;
}

/** Two rates from one line, one up and one down. */
function mirrored(key: string, title: string, figures: Figures, up: Lane, down: Lane, words: WordsWithFigures): Chart {
  const perSecond = ({ counted }: Lane, bucket: number): number =>
    (figures.counts[counted][bucket] ?? 0) / (figures.widthUs / 1e6);
  const all = figures.starts.flatMap((_, bucket) => [perSecond(up, bucket), perSecond(down, bucket)]);
  const top = roundTop(all, 2);
  const value = (lane: Lane, form: 'fill' | 'outline', bucket: number | null): Value => {
    const said = bucket === null ? figures.lastSecond[lane.counted] : perSecond(lane, bucket);
    return { name: lane.name, text: words.figures.chart.perSecond(rate(said)), token: lane.token, form };
  };
  return {
    key,
    title,
    height: 3.25,
    scale: [
      { text: words.figures.chart.perSecond(rate(top)), at: 0 },
      { text: '0', at: 0.5 },
      { text: words.figures.chart.perSecond(rate(top)), at: 1 },
    ],
    values: (bucket) => [value(up, 'fill', bucket), value(down, 'outline', bucket)],
    marks: (box) => {
      const x = xScale(figures, box);
      const y = scaleLinear([-top, top], [box.height - 0.5, 0.5]);
      return [
        rule(y(0), box),
        { d: columns(figures, x, (b) => [y(0), y(perSecond(up, b))]), token: up.token, form: 'fill' },
        // Hollow, as a reply is: one outline around all of it.
        { d: columns(figures, x, (b) => [y(0), y(-perSecond(down, b))]), token: down.token, form: 'soft' },
        { d: steps(figures, x, (b) => y(-perSecond(down, b)) + 0.5), token: down.token, form: 'line' },
      ];
    },
    table: {
      head: [up.name, down.name],
      row: (bucket) => [up, down].map((lane) => value(lane, 'fill', bucket).text),
    },
  };
}

/** A row of columns for each thing that is counted, all to one scale. */
function lanes(key: string, title: string, figures: Figures, rows: readonly Lane[], words: WordsWithFigures): Chart {
  const top = Math.max(1, ...rows.flatMap(({ counted }) => figures.counts[counted]));
  const count = (lane: Lane, bucket: number | null): string =>
    String(bucket === null ? figures.total[lane.counted] : (figures.counts[lane.counted][bucket] ?? 0));
  return {
    key,
    title,
    note: words.figures.chart.top(String(top)),
    height: rows.length * 1.125,
    scale: rows.map(({ name }, row) => ({ text: name, at: (row + 0.5) / rows.length })),
    values: (bucket) =>
      rows
        .filter((lane) => figures.total[lane.counted] > 0)
        .map((lane) => ({ name: lane.name, text: count(lane, bucket) })),
    marks: (box) => {
      const x = xScale(figures, box);
      const rowPx = box.height / rows.length;
      return rows.flatMap(({ counted, token }, row) => {
        const foot = (row + 1) * rowPx - 1.5;
        const height = (bucket: number): number => ((rowPx - 4) * (figures.counts[counted][bucket] ?? 0)) / top;
        return [
          rule(foot + 0.75, box),
          { d: columns(figures, x, (b) => [foot, foot - height(b)]), token, form: 'fill' } as const,
        ];
      });
    },
    table: { head: rows.map(({ name }) => name), row: (bucket) => rows.map((lane) => count(lane, bucket)) },
  };
}

export function trafficChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const requests = { counted: 'requests', name: chart.requests, token: 'request' } as const;
  const replies = { counted: 'replies', name: chart.replies, token: 'reply' } as const;
  return mirrored('traffic', chart.traffic, figures, requests, replies, words);
}

export function beatsChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const toQueue = { counted: 'beatsToQueue', name: chart.toQueue, token: 'belief' } as const;
  const fromQueue = { counted: 'beatsFromQueue', name: chart.fromQueue, token: 'belief' } as const;
  return mirrored('beats', chart.beats, figures, toQueue, fromQueue, words);
}

export function lossesChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const rows = LOSS_CAUSES.map((counted) => ({ counted, name: chart.cause[counted], token: 'fault' }) as const);
  const made = lanes('losses', chart.losses, figures, rows, words);
  const all = sum(LOSS_CAUSES.map((cause) => figures.total[cause]));
  return all > 0 ? made : { ...made, values: () => [{ name: '', text: words.figures.rates.nothing }] };
}

export function clientsChart(figures: Figures, words: WordsWithFigures): Chart {
  const { chart } = words.figures;
  const rows = [
    { counted: 'retried', name: chart.retried, token: 'busy' },
    { counted: 'abandoned', name: chart.abandoned, token: 'fault' },
  ] as const;
  const made = lanes('clients', chart.clients, figures, rows, words);
  const values = (bucket: number | null) =>
    rows.map(({ counted, name }) => ({
      name,
      text: String(bucket === null ? figures.total[counted] : (figures.counts[counted][bucket] ?? 0)),
    }));
  return { ...made, values };
}
