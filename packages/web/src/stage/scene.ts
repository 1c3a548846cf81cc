// What the stage shows at time t, as plain data with all geometry resolved: a pure function of the log and t [V1].

import type { Micros } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { Selection } from '../model/selection.ts';
import type { ThemeName } from '../theme.ts';
import { captions, placeFreely } from './captions.ts';
import { census } from './census.ts';
import { chips } from './chips.ts';
import type { Flights } from './flight.ts';
import { focusOf } from './focus.ts';
import type { Frame } from './frame.ts';
import { type Labels, workerLabels } from './labels.ts';
import { roomFactor } from './layout.ts';
import type {
  BeadMark,
  ChipMark,
  ClientMark,
  DoorMark,
  GateMark,
  LinkMark,
  LossMark,
  MessageMark,
  QueueMark,
  RingMark,
  TextMark,
  WorkerMark,
} from './marks.ts';
import { Occupied } from './occupied.ts';
import { place, recentChanges } from './placement.ts';
import { recentShifts } from './ready-list.ts';
import { unreadBoxes } from './scene-arrivals.ts';
import { clients } from './scene-clients.ts';
import { door } from './scene-door.ts';
import { flights } from './scene-flights.ts';
import { delayLabels, gates, links, usualDelay } from './scene-links.ts';
import { losses } from './scene-losses.ts';
import { type NotesMark, notes } from './scene-notes.ts';
import { queuePanel } from './scene-queue.ts';
import { workers } from './scene-workers.ts';
import { trueTime } from './slow-time.ts';
import { boxOf } from './text-width.ts';
import { indexOf, readWorker, type WorkerReading } from './truth.ts';
import { typeSizes } from './type-sizes.ts';
import { WORDS } from './words.ts';

export type Locale = 'en' | 'zh';

export interface StageView {
  /** The stage's box in CSS pixels. */
  width: number;
  height: number;
  /** Device pixels a CSS pixel. */
  dpr: number;
  themeName: ThemeName;
  locale: Locale;
  reducedMotion: boolean;
  paused: boolean;
  showBeats: boolean;
  selection: Selection | null;
  /** What the pointer or the focus is on. */
  hover: Selection | null;
  /** Peers that the caption names: their labels are not thinned out. */
  named: readonly string[];
  /** The clean stage for a room: larger glyphs and type, nothing small. */
  presentation: boolean;
  /** Schematic: each hop takes at least this long, in microseconds of event time. null: to scale. */
  stretchUs: Micros | null;
  /** Slower than 1/20: the selected message bears its true time on the link. */
  slow: boolean;
  /** How much larger than usual the reader has set all text; 1 when absent. */
  textScale?: number;
}

/** Something that can be pointed at or focused, in CSS pixels; `label` is a full sentence. */
export interface Target {
  selection: Selection;
  label: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Scene {
  /** Of the stage as it is arranged; `zoom` CSS pixels are one pixel of the scene. */
  width: number;
  height: number;
  zoom: number;
  /** Device pixels a pixel of the scene. */
  dpr: number;
  themeName: ThemeName;
  links: LinkMark[];
  workers: WorkerMark[];
  clients: ClientMark[];
  queue: QueueMark | null;
  door: DoorMark | null;
  /** On links, beneath the nodes. */
  messages: MessageMark[];
  /** At the door, above it. */
  pile: MessageMark[];
  beads: BeadMark[];
  rings: RingMark[];
  losses: LossMark[];
  gates: GateMark[];
  chips: ChipMark[];
  labels: Labels;
  texts: TextMark[];
  notes: NotesMark;
  /** How the messages on links are shown: onLinks = singles + beaded + hidden. */
  counts: Flights['counts'];
}

/** No stage is arranged for less than this; text is not enlarged beyond it. */
const LEAST_PX = 380;

/** Larger text is a smaller stage seen larger: nothing on it can be cut off or run into something else. */
function zoomed(view: StageView): { view: StageView; zoom: number } {
  const room = Math.min(view.width, view.height) / LEAST_PX;
  const zoom = Math.max(1, Math.min(view.textScale ?? 1, room));
  if (zoom === 1) return { view, zoom };
  return {
    zoom,
    view: { ...view, width: view.width / zoom, height: view.height / zoom, dpr: view.dpr * zoom, textScale: 1 },
  };
}

export function frameAt(log: Log, t: Micros, wanted: StageView): Frame & { zoom: number } {
  const { view, zoom } = zoomed(wanted);
  // What was before t is asked for first: a log may move one state on in place.
  const changes = recentChanges(log, t);
  const { stretchUs } = view;
  const state = log.stateAt(t);
  const placement = place(log, state, changes, t, view);
  const taken = census({ log, t, stretchUs }, state);
  const readings = new Map<string, WorkerReading>();
  const index = indexOf(state, taken.listing);
  for (const id of placement.places.keys()) {
    const peer = state.peers[id] ?? placement.departed.get(id);
    if (peer?.role === 'worker') readings.set(id, readWorker(state, peer, t, index));
  }
  return {
    zoom,
    log,
    t,
    stretchUs,
    state,
    view,
    words: WORDS[view.locale],
    type: typeSizes(view.presentation, roomFactor(view.width, view.height), placement.arrangement.form !== 'column'),
    placement,
    census: taken,
    readings,
    usualDelay: usualDelay(state),
    chosen: focusOf(log, state, view.selection),
    hovered: focusOf(log, state, view.hover),
  };
}

export function scene(log: Log, t: Micros, view: StageView): Scene {
  const shifts = recentShifts(log, t);
  const frame = frameAt(log, t, view);
  const flown = flights(frame);
  const queue = queuePanel(frame, shifts);
  const atDoor = queue ? door(frame) : null;
  const customers = clients(frame);
  const fallen = losses(frame);
  const acting = gates(frame);
  const workerMarks = workers(frame);
  const linkMarks = links(frame);

  const occupied = new Occupied();
  for (const { x, y, scale } of workerMarks) occupied.addAround(x, y, 44 * scale);
  for (const mark of customers.marks) occupied.add(mark);
  for (const mark of customers.texts) occupied.add(boxOf(mark));
  if (queue) occupied.add(queue);
  if (atDoor) {
    for (const mark of atDoor.door.texts) occupied.add(boxOf(mark));
    occupied.add(atDoor.box);
  }
  for (const { x, y, sizePx } of acting.gates) occupied.addAround(x, y, sizePx / 2);
  const margin = notes(frame, flown.beads.length);
  for (const mark of margin.texts) occupied.add(boxOf(mark));
  for (const { x, y } of margin.glyphs) occupied.addAround(x, y, 8);
  const labels = workerLabels(frame, occupied);
  for (const { x, y, r } of fallen.marks) occupied.addAround(x, y, r);
  for (const { cut } of linkMarks) if (cut) occupied.addAround(cut.x, cut.y, 8);
  for (const box of unreadBoxes(frame)) occupied.add(box);
  const chipMarks = chips(frame, acting, occupied, linkMarks);
  const texts = [
    ...customers.texts,
    ...placeFreely(trueTime(frame, flown.messages), occupied),
    ...placeFreely(delayLabels(frame), occupied),
    ...captions(frame, fallen.captions, occupied),
  ];

  const { width, height, dpr, themeName } = frame.view;
  return {
    width,
    height,
    zoom: frame.zoom,
    dpr,
    themeName,
    links: linkMarks,
    workers: workerMarks,
    clients: customers.marks,
    queue,
    door: atDoor?.door ?? null,
    messages: flown.messages,
    pile: atDoor?.pile ?? [],
    beads: flown.beads,
    rings: flown.rings,
    losses: fallen.marks,
    gates: acting.gates,
    chips: chipMarks,
    labels,
    texts,
    notes: margin,
    counts: flown.counts,
  };
}
