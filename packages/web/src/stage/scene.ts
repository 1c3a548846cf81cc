// What the stage shows at time t, as plain data with all geometry resolved: a pure function of the log and t [V1].

import type { Micros, PeerState, State } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { Selection } from '../model/selection.ts';
import type { ThemeName } from '../theme.ts';
import { chips } from './chips.ts';
import type { Flights } from './flight.ts';
import { type Frame, RECENT_US } from './frame.ts';
import { type Labels, workerLabels } from './labels.ts';
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
import { clients } from './scene-clients.ts';
import { door } from './scene-door.ts';
import { flights } from './scene-flights.ts';
import { delayLabels, gates, links } from './scene-links.ts';
import { losses } from './scene-losses.ts';
import { type NotesMark, notes } from './scene-notes.ts';
import { queuePanel } from './scene-queue.ts';
import { workers } from './scene-workers.ts';
import { summaryOf, targetsOf } from './targets.ts';
import { boxOf } from './text-width.ts';
import { readWorker, type WorkerReading } from './truth.ts';
import { WORDS } from './words.ts';
import { type WorkerWords, workerWords } from './worker-words.ts';

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
  width: number;
  height: number;
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
  /** In reading order. */
  targets: Target[];
  /** One sentence for screen readers. */
  summary: string;
}

export function scene(log: Log, t: Micros, view: StageView): Scene {
  // What was before t is asked for first: a log may move one state on in place.
  const changes = recentChanges(log, t);
  const shifts = recentShifts(log, t);
  const state = log.stateAt(t);
  const placement = place(state, changes, t, view);
  const frame: Frame = {
    log,
    t,
    state,
    view,
    words: WORDS[view.locale],
    placement,
    recent: log.between(t - RECENT_US, t),
    readings: readingsOf(state, placement.members.workers, t),
  };
  const flown = flights(frame);
  const said = wordsOf(frame, flown);
  const queue = queuePanel(frame, shifts);
  const atDoor = queue ? door(frame) : null;
  const customers = clients(frame);
  const fallen = losses(frame);
  const acting = gates(frame);
  const workerMarks = workers(frame);

  const occupied = new Occupied();
  for (const { x, y, scale } of workerMarks) {
    const r = 44 * scale;
    occupied.add({ x: x - r, y: y - r, width: 2 * r, height: 2 * r });
  }
  for (const mark of customers.marks) occupied.add(mark);
  for (const mark of customers.texts) occupied.add(boxOf(mark));
  if (queue) occupied.add(queue);
  if (atDoor) occupied.add(doorBox(atDoor.door));
  for (const { x, y, sizePx } of acting.gates)
    occupied.add({ x: x - sizePx / 2, y: y - sizePx / 2, width: sizePx, height: sizePx });
  const labels = workerLabels(frame, said, occupied);
  for (const { x, y, r } of fallen.marks) occupied.add({ x: x - r, y: y - r, width: 2 * r, height: 2 * r });
  const linkMarks = links(frame);
  for (const { cut } of linkMarks) if (cut) occupied.add({ x: cut.x - 8, y: cut.y - 8, width: 16, height: 16 });
  const chipMarks = chips(frame, acting, occupied);
  const texts = [
    ...customers.texts,
    ...placeFreely(delayLabels(frame), occupied),
    ...captions(fallen.captions, occupied),
  ];

  const { width, height, dpr, themeName } = view;
  return {
    width,
    height,
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
    notes: notes(frame),
    counts: flown.counts,
    targets: targetsOf(frame, { workers: workerMarks, clients: customers.marks, queue, said, flown, atDoor }),
    summary: summaryOf(frame, atDoor?.waiting ?? 0),
  };
}

function readingsOf(state: State, ids: readonly string[], t: Micros): Map<string, WorkerReading> {
  const readings = new Map<string, WorkerReading>();
  for (const id of ids) {
    const peer: PeerState | undefined = state.peers[id];
    if (peer) readings.set(id, readWorker(state, peer, t));
  }
  return readings;
}

function wordsOf(frame: Frame, flown: Flights): Map<string, WorkerWords> {
  const said = new Map<string, WorkerWords>();
  for (const [id, reading] of frame.readings) {
    const peer = frame.state.peers[id];
    if (peer) said.set(id, workerWords(frame, peer, reading, flown.unread.get(`${id} fromQueue`) ?? 0));
  }
  return said;
}

const doorBox = ({ x, y, lengthPx, gapPx }: DoorMark) => ({
  x: x - lengthPx,
  y: y - gapPx / 2 - 22,
  width: lengthPx,
  height: gapPx + 46,
});

function placeFreely(marks: TextMark[], occupied: Occupied): TextMark[] {
  return marks.filter((mark) => {
    const box = boxOf(mark);
    if (!occupied.free(box)) return false;
    occupied.add(box);
    return true;
  });
}

/** Newest first: what was lost long ago keeps its residue, and its words only where there is room. */
function captions(wanted: { mark: TextMark[]; freshUs: number }[], occupied: Occupied): TextMark[] {
  const shown: TextMark[] = [];
  for (const { mark } of [...wanted].sort((a, b) => a.freshUs - b.freshUs)) {
    for (const line of mark) {
      const box = boxOf(line);
      if (!occupied.free(box)) break;
      occupied.add(box);
      shown.push(line);
    }
  }
  return shown;
}
