// The space-time diagram as plain data: a function of the log (by its index), the time t, and the view. paint.ts draws it.

import type { Micros, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import { queuePeer } from '../stage/truth.ts';
import type { ThemeName, Token } from '../theme.ts';
import { visibleText } from '../visible-text.ts';
import { type Bars, bars, tenths } from './bars.ts';
import { type LaneTruth, truthOf } from './code.ts';
import type { Cone } from './cone.ts';
import { type Counts, counts } from './counts.ts';
import type { DiagramIndex } from './diagram-index.ts';
import { coneFor, type Flights, flights, type Picked } from './flights.ts';
import { type Label, Labels } from './labels.ts';
import { cutLabels, edgeNames, names } from './names.ts';
import { type NoteMark, noteMarks } from './noted-marks.ts';
import { inPlot, type Plot, plotOf } from './plot.ts';
import type { Row } from './rows.ts';
import { type Ruler, ruler } from './ruler.ts';
import { project, type TimeScale } from './time-scale.ts';
import type { DiagramView } from './view.ts';

export interface RowMark {
  readonly peer: string;
  readonly y: number;
  readonly height: number;
  readonly barY: number;
  /** Where its process is there: x, width. */
  readonly fromX: number;
  readonly toX: number;
  readonly selected: Token | null;
  readonly hovered: boolean;
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly dpr: number;
  readonly themeName: ThemeName;
  readonly textScale: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly playheadX: number;
  readonly scale: TimeScale;
  readonly from: Micros;
  readonly to: Micros;
  readonly t: Micros;
  readonly dense: boolean;
  /** How far textures have come along: they move with time. */
  readonly texturePx: number;
  readonly rows: readonly RowMark[];
  readonly bars: Bars['boxes'];
  readonly frames: Bars['frames'];
  readonly plates: Bars['plates'];
  readonly flights: Flights;
  readonly notes: readonly NoteMark[];
  readonly counts: Counts | null;
  readonly ruler: Ruler;
  /** x, y, width, height: outside of the cone of what is selected. */
  readonly washes: readonly number[];
  /** x, width: facts are missing. */
  readonly missed: readonly number[];
  /** x, y, height: when the queue will give somebody up. */
  readonly expiries: readonly number[];
  /** Where the selected fact is. */
  readonly event: { x: number; y: number } | null;
  /** Where the fact is that is pointed at. */
  readonly pointed: { x: number; y: number } | null;
  readonly labels: readonly Label[];
  readonly summary: string;
}

export function diagram(index: DiagramIndex, log: Log, t: Micros, view: DiagramView): Diagram {
  const plot = plotOf(index, log, t, view);
  const { left, right, top, bottom, playheadX, scale, from, to, dense } = plot;
  const labels = new Labels(plot.left, plot.to > t ? plot.right : Math.min(plot.right, plot.playheadX + 4));
  for (const { x, widthPx } of plot.scale.cuts) {
    labels.take({ x, y: 0, width: widthPx + 6, height: view.height });
  }
  const [event, picked] = pickedOf(plot);
  const cone = coneFor(plot, picked.event);
  const drawn = bars(plot, cone, labels);
  const notes = noteMarks(plot, cone, labels);
  const flown = flights(plot, picked, cone, labels);
  const upright = cutLabels(plot);
  // What has not happened at the playhead is said faintly.
  const placed = labels.placed.map((said) => (to > t && said.x > playheadX ? { ...said, faint: true } : said));
  const counted = counts(plot);
  return {
    ...{ width: view.width, height: view.height, dpr: view.dpr, themeName: view.themeName, textScale: view.textScale },
    ...{ left, right, top, bottom, playheadX, scale, from, to, t, dense },
    texturePx: project(scale, 0) % 1e6,
    rows: plot.rows.map((row) => rowMark(plot, row)),
    ...{ bars: drawn.boxes, frames: drawn.frames, plates: drawn.plates, flights: flown, notes, counts: counted },
    ruler: ruler(plot),
    washes: washesOf(plot, cone),
    missed: index.missed.flatMap((gap) => {
      const [a, b] = [inPlot(plot, project(scale, gap.from)), inPlot(plot, project(scale, Math.min(gap.to, to)))];
      return b > a ? [a, b - a] : [];
    }),
    expiries: expiriesOf(plot),
    event: event && eventPlace(plot, event),
    pointed: pointedPlace(plot),
    labels: [...names(plot), ...edgeNames(plot, drawn.parted), ...placed, ...upright, ...(counted?.labels ?? [])],
    summary: summaryOf(plot, drawn.parted),
  };
}

/** Whose fact it is: of the process that did it, or whose link it happened on. */
export const laneOfEvent = (event: TraceEvent): string | undefined =>
  'peer' in event ? event.peer : 'link' in event ? event.link : undefined;

function pickedOf({ log, view, index }: Plot): [TraceEvent | null, Picked] {
  const { selection, hover } = view;
  const pointed = hover?.type === 'message' ? hover.msg : null;
  const nothing: Picked = { msgs: null, msg: null, event: null, hover: pointed };
  if (selection?.type === 'message') {
    const journey = log.entered(selection.msg)?.journey;
    const hops = journey === undefined ? [] : log.journey(journey).map(({ msg }) => msg);
    return [null, { ...nothing, msgs: new Set([selection.msg, ...hops]), msg: selection.msg }];
  }
  if (selection?.type !== 'event') return [null, nothing];
  const event = log.event(selection.seq) ?? null;
  const id = event ? laneOfEvent(event) : undefined;
  const lane = id === undefined ? undefined : index.lanes.get(id);
  return [event, event && lane ? { ...nothing, event: { lane: lane.id, t: event.t } } : nothing];
}

function eventPlace(plot: Plot, event: TraceEvent): Diagram['event'] {
  const shown = 'workerPeer' in event && event.workerPeer !== undefined ? event.workerPeer : laneOfEvent(event);
  const row = plot.rows.find(({ lane }) => lane.peer === shown);
  if (!row || event.t < plot.from || event.t > plot.to) return null;
  return { x: project(plot.scale, event.t), y: row.barY };
}

function pointedPlace(plot: Plot): Diagram['event'] {
  const { hover } = plot.view;
  const event = hover?.type === 'event' ? plot.log.event(hover.seq) : undefined;
  return event ? eventPlace(plot, event) : null;
}

const TRUTH_TOKEN: Readonly<Record<LaneTruth, Token>> = {
  ...{ none: 'lane', running: 'body', busy: 'busy', frozen: 'frozen', overloaded: 'busy', dead: 'muted' },
  ...{ reconnecting: 'muted', unknown: 'body' },
};

function rowMark(plot: Plot, { lane, y, height, barY }: Row): RowMark {
  const { view, scale, from, to } = plot;
  const isIn = (of: DiagramView['hover']): boolean =>
    (of?.type === 'peer' && of.peer === lane.peer) || (of?.type === 'link' && of.link === lane.peer);
  const truth = truthOf(lane.spans.code(lane.spans.at(plot.t)));
  return {
    ...{ peer: lane.peer, y, height, barY },
    fromX: inPlot(plot, project(scale, Math.max(from, lane.joinedAt))),
    toX: inPlot(plot, project(scale, Math.min(to, lane.leftAt ?? to))),
    selected: isIn(view.selection) ? TRUTH_TOKEN[truth] : null,
    hovered: isIn(view.hover),
  };
}

function washesOf(plot: Plot, cone: Cone | null): number[] {
  if (!cone) return [];
  return plot.rows.flatMap(({ lane, y, height }) => {
    const place = (t: Micros): number => inPlot(plot, project(plot.scale, t));
    const a = cone.before.has(lane.id) ? place(cone.before.get(lane.id) ?? 0) : plot.left;
    const b = cone.after.has(lane.id) ? place(cone.after.get(lane.id) ?? 0) : plot.right;
    return b > a ? [a, y, b - a, height] : [];
  });
}

/** Of those that are not heard: the time is near at which the queue will strike them off its list. */
function expiriesOf(plot: Plot): number[] {
  const { log, t, view, scale, right } = plot;
  if (view.later && plot.to > t) return [];
  const state = log.stateAt(t);
  if (queuePeer(state)?.process?.status !== 'running') return [];
  const marks: number[] = [];
  for (const { peer, expiryAt } of [...state.queue.list, ...state.queue.atWork]) {
    const row = plot.rows.find(({ lane }) => lane.peer === peer);
    if (!row || expiryAt === null || expiryAt < t) continue;
    const x = project(scale, expiryAt);
    if (x < right) marks.push(x, row.y + 1, row.height - 2);
  }
  return marks;
}

function summaryOf(plot: Plot, parted: readonly Row[]): string {
  const { index, view, rows } = plot;
  const [first, end] = [Math.ceil(plot.from / 100_000), Math.floor(plot.to / 100_000)];
  const names = parted.map(({ lane }) => view.nameOf(visibleText(lane.name, 24)));
  return view.words.summary(
    rows.length,
    view.words.seconds(tenths(plot.to - plot.from)),
    index.tally.sum('request', first, end),
    index.tally.sum('reply', first, end),
    index.tally.sum('loss', first, end),
    names.join(', '),
  );
}
