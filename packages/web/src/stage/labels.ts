// Labels: how much is said depends on the glyph's size and on the node's rank; nothing is written over anything else.
// Thresholds depend on the layout only, so the same t always has the same words.

import type { PeerState } from '@crows-nest/protocol';
import { identityText } from '../visible-text.ts';
import { type Frame, isSelectedPeer } from './frame.ts';
import type { Place } from './layout.ts';
import { type LampsMark, type PlateMark, type Run, type TextMark, text } from './marks.ts';
import { shortName } from './names.ts';
import type { Occupied } from './occupied.ts';
import { fitText, textWidth } from './text-width.ts';
import type { WorkerReading } from './truth.ts';
import type { WorkerWords } from './worker-words.ts';

const GLYPH_RADIUS = 47.6;
const LAMPS_PX = 136;

export interface Labels {
  texts: TextMark[];
  lamps: LampsMark[];
  plates: PlateMark[];
  leaders: number[][];
}

/** A label with its parts relative to its top left corner. */
interface Block {
  width: number;
  height: number;
  texts: TextMark[];
  lamps: LampsMark | null;
  plate: PlateMark | null;
}

interface Wish {
  peer: PeerState;
  reading: WorkerReading;
  said: WorkerWords;
  rank: 1 | 2 | 4;
}

/** 4: disagrees or is selected. 2: in another state than ready. 1: at rest. */
const rankOf = (frame: Frame, peer: PeerState, reading: WorkerReading): Wish['rank'] =>
  reading.parted || isSelectedPeer(frame, peer.peer) ? 4 : reading.truth === 'running' && reading.entry ? 1 : 2;

export function workerLabels(frame: Frame, said: Map<string, WorkerWords>, occupied: Occupied): Labels {
  const { placement, state, readings } = frame;
  const { members, places } = placement;
  const labels: Labels = { texts: [], lamps: [], plates: [], leaders: [] };
  const wishes: Wish[] = [];
  for (const id of members.workers) {
    const peer = state.peers[id];
    const reading = readings.get(id);
    const words = said.get(id);
    if (peer && reading && words) wishes.push({ peer, reading, said: words, rank: rankOf(frame, peer, reading) });
  }
  wishes.sort((a, b) => b.rank - a.rank);
  for (const wish of wishes) {
    const at = places.get(wish.peer.peer);
    if (!at) continue;
    const found = seat(frame, wish, at, occupied);
    if (!found) continue;
    const { block, x, y, moved } = found;
    occupied.add({ x, y, width: block.width, height: block.height });
    if (moved) labels.leaders.push([at.x, at.y + GLYPH_RADIUS * at.scale, x + block.width / 2, y + block.height / 2]);
    add(labels, block, x, y, at.alpha);
  }
  return labels;
}

interface Seat {
  block: Block;
  x: number;
  y: number;
  moved: boolean;
}

/** Beside the glyph, else below it, else in fewer words, else not at all; whoever disagrees is always named. */
function seat(frame: Frame, wish: Wish, at: Place, occupied: Occupied): Seat | null {
  const { arrangement } = frame.placement;
  const radius = GLYPH_RADIUS * at.scale;
  const blocks = blocksFor(frame, wish, 2 * radius);
  const beside = (block: Block): { x: number; y: number } => ({ x: at.x + radius + 6, y: at.y - block.height / 2 });
  for (const block of blocks) {
    // A single column has a straight edge of its own: there a label is never in anybody's way.
    if (arrangement.form === 'column') {
      const y = Math.min(at.y - block.height / 2, arrangement.height - block.height - 2);
      return { block, x: arrangement.labelX, y: Math.max(6, y), moved: false };
    }
    const right = beside(block);
    const below = { x: at.x - block.width / 2, y: at.y + radius + 2 };
    const above = { x: at.x - block.width / 2, y: at.y - radius - 2 - block.height };
    const left = { x: at.x - radius - 6 - block.width, y: right.y };
    const free = (wish.rank === 4 ? [right, below, above, left] : [right, below]).find(
      (p) =>
        p.x > 2 &&
        p.x + block.width < arrangement.width - 2 &&
        p.y > 2 &&
        p.y + block.height < arrangement.height - 2 &&
        occupied.free({ ...p, width: block.width, height: block.height }),
    );
    if (free) return { block, ...free, moved: false };
  }
  const block = blocks[0];
  if (!block || wish.rank < 4) return null;
  const put = clampInto(beside(block), block, arrangement);
  return { block, ...put, moved: put.x !== beside(block).x };
}

const clampInto = (p: { x: number; y: number }, block: Block, stage: { width: number; height: number }) => ({
  x: Math.max(2, Math.min(p.x, stage.width - block.width - 4)),
  y: Math.max(2, Math.min(p.y, stage.height - block.height - 4)),
});

function add(labels: Labels, block: Block, x: number, y: number, alpha: number): void {
  const shifted = (mark: TextMark): TextMark => ({ ...mark, x: mark.x + x, y: mark.y + y, alpha });
  labels.texts.push(...block.texts.map(shifted));
  if (block.lamps) labels.lamps.push({ ...block.lamps, x: block.lamps.x + x, y: block.lamps.y + y });
  if (block.plate) {
    const { plate } = block;
    labels.plates.push({
      ...plate,
      x: plate.x + x,
      y: plate.y + y,
      texts: plate.texts.map(shifted),
      sign: { ...plate.sign, x: plate.sign.x + x, y: plate.sign.y + y },
    });
  }
}

/** What may be said of it at this size, the fullest first. */
function blocksFor(frame: Frame, wish: Wish, glyphPx: number): Block[] {
  if (glyphPx >= 56) return [fullBlock(frame, wish, glyphPx >= 80)];
  if (glyphPx < 36 && wish.rank < 2) return [];
  if (glyphPx < 24 && wish.rank < 4) return [];
  const short = shortBlock(frame, wish, false);
  return glyphPx >= 36 && wish.rank >= 2 ? [shortBlock(frame, wish, true), short] : [short];
}

/** Name, state and what explains it, lamps; in a middle size lamps and notes only for those that need them. */
function fullBlock(frame: Frame, { peer, reading, said, rank }: Wish, large: boolean): Block {
  const room = Math.max(60, frame.placement.arrangement.labelRoomPx);
  const texts: TextMark[] = [];
  let y = 14;
  const name = fitText(said.name, room, 14.5, 700);
  texts.push(text(0, y, 14.5, name, peer.left || reading.truth === 'dead' ? 'muted' : 'text', 700, { halo: true }));
  let width = textWidth(name, 14.5, 700);
  const identity = identityOf(frame, peer, reading);
  const identityWidth = identity === null ? 0 : textWidth(identity, 11.5, 450, true);
  if (large && identity !== null && width + 12 + identityWidth <= room) {
    texts.push(text(width + 12, y, 11.5, identity, 'muted', 450, { mono: true, halo: true }));
    width += 12 + identityWidth;
  }
  y += 18;
  const stateLine = fitText(said.state, room, 12.5, 650);
  texts.push(text(0, y, 12.5, stateLine, said.stateToken, 650, { halo: true }));
  width = Math.max(width, textWidth(stateLine, 12.5, 650));
  let plate: PlateMark | null = null;
  if (said.plate) {
    const full = large ? fullPlate(frame, said.plate, y + 10) : null;
    plate = full && full.width <= room + 12 ? full : smallPlate(said.plate.short, y + 7);
    y = plate.y + plate.height + 3;
    width = Math.max(width, plate.width + plate.x);
  } else if (large && said.note) {
    y += 17;
    const note = fitText(said.note, room, 12);
    texts.push(text(0, y, 12, note, 'muted', 450, { halo: true }));
    width = Math.max(width, textWidth(note, 12));
  }
  let lamps: LampsMark | null = null;
  if (room >= LAMPS_PX && (large || (rank >= 2 && frame.placement.arrangement.pitchPx >= 70))) {
    y += 16;
    lamps = lampsRow(0, y - 4, reading);
    width = Math.max(width, LAMPS_PX);
  }
  return { width, height: y + 5, texts, lamps, plate };
}

function identityOf({ words }: Frame, peer: PeerState, { truth }: WorkerReading): string | null {
  if (truth === 'reconnecting') return words.newIdentity;
  return peer.identity === null ? null : identityText(peer.identity, 14);
}

function lampsRow(x: number, y: number, { lamps }: WorkerReading): LampsMark {
  return {
    x,
    y,
    lamps: [
      { state: lamps.tcp, label: 'TCP', x: 5 },
      { state: lamps.zmtp, label: 'ZMTP', x: 49 },
      { state: lamps.app, label: 'app', x: 103 },
    ],
  };
}

type Plate = NonNullable<WorkerWords['plate']>;

function fullPlate({ words }: Frame, plate: Plate, y: number): PlateMark {
  const line = (believed: string, said: string, token: Run['token'], dy: number): TextMark => ({
    x: 38,
    y: y + dy,
    sizePx: 12,
    align: 'left',
    runs: [
      { text: believed, token: 'muted', weight: 450 },
      { text: said, token, weight: 700 },
    ],
  });
  const texts = [
    line(words.plate.believes, plate.believes, 'text', 20),
    line(words.plate.truth, plate.truth, plate.truthToken, 38),
  ];
  const widths = texts.map(({ runs }) => runs.reduce((sum, run) => sum + textWidth(run.text, 12, run.weight), 0));
  const width = Math.max(...widths) + 38 + 16;
  return { x: -4, y, width: width + 4, height: 50, texts, sign: { x: 17, y: y + 25, sizePx: 22 } };
}

function smallPlate(short: string, y: number): PlateMark {
  const width = textWidth(short, 12, 650) + 18;
  return {
    x: -4,
    y,
    width,
    height: 22,
    texts: [text(5, y + 15, 12, short, 'fault', 650)],
    sign: { x: 0, y: 0, sizePx: 0 },
  };
}

function shortBlock(frame: Frame, { peer, reading, said, rank }: Wish, worded: boolean): Block {
  const { words } = frame;
  const name = shortName(peer.peer, said.name);
  const bold = rank === 4;
  const size = bold ? 12.5 : 11.5;
  const texts = [text(0, 11, size, name, bold ? 'text' : 'muted', bold ? 700 : 450, { boxed: true })];
  let width = textWidth(name, size, bold ? 700 : 450);
  const short =
    said.plate?.short ?? (reading.truth in words.short ? words.short[reading.truth as keyof typeof words.short] : null);
  if (said.plate) {
    texts.push(text(0, 24, 11, said.plate.short, 'fault', 650, { boxed: true }));
    width = Math.max(width, textWidth(said.plate.short, 11, 650));
    return { width, height: 28, texts, lamps: null, plate: null };
  }
  // A busy worker's texture and disc say so already: a word for each would be a wall of words.
  if (worded && rank >= 2 && short !== null && reading.truth !== 'busy') {
    texts.push(text(width + 4, 11, 11.5, short, said.stateToken, 450, { boxed: true }));
    width += 4 + textWidth(short, 11.5);
  }
  return { width, height: 15, texts, lamps: null, plate: null };
}
