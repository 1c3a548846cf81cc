// Labels: how much is said depends on the glyph's size and on the node's rank; nothing is written over anything else.
// Thresholds depend on the layout only, so the same t always has the same words.

import type { PeerState } from '@crows-nest/protocol';
import { type Frame, markedPeer, peerOn } from './frame.ts';
import { type Block, fullBlock, shortBlock } from './label-blocks.ts';
import type { Place } from './layout.ts';
import type { Box2, LampsMark, PlateMark, TextMark } from './marks.ts';
import type { Occupied } from './occupied.ts';
import type { WorkerReading } from './truth.ts';
import { type WorkerWords, workerWords } from './worker-words.ts';

const GLYPH_RADIUS = 47.6;
const TWO_LINES_PX = 56;

export interface Labels {
  texts: TextMark[];
  lamps: LampsMark[];
  plates: PlateMark[];
  leaders: number[][];
}

export interface Wish {
  peer: PeerState;
  reading: WorkerReading;
  /** Made when asked for: most of a crowd is only named. */
  said: () => WorkerWords;
  rank: 1 | 2 | 3 | 4;
}

/** 4: disagrees, or is chosen or pointed at. 3: the caption names it. 2: in another state than ready. 1: at rest. */
function rankOf(frame: Frame, { peer }: PeerState, reading: WorkerReading): Wish['rank'] {
  if (reading.parted || markedPeer(frame, peer) !== null) return 4;
  if (frame.view.named.includes(peer)) return 3;
  return reading.truth === 'running' && reading.entry ? 1 : 2;
}

export function workerLabels(frame: Frame, occupied: Occupied): Labels {
  const { placement, readings, census } = frame;
  const labels: Labels = { texts: [], lamps: [], plates: [], leaders: [] };
  const wishes: Wish[] = [];
  for (const [id, reading] of readings) {
    const peer = peerOn(frame, id);
    if (!peer) continue;
    const unread = census.unread.get(id)?.fromQueue.length ?? 0;
    wishes.push({
      peer,
      reading,
      said: () => workerWords(frame, peer, reading, unread),
      rank: rankOf(frame, peer, reading),
    });
  }
  wishes.sort((a, b) => b.rank - a.rank);
  for (const wish of wishes) {
    const at = placement.places.get(wish.peer.peer);
    if (!at) continue;
    const found = seat(frame, wish, at, occupied);
    if (!found) continue;
    const { block, x, y, leader } = found;
    occupied.add({ x, y, width: block.width, height: block.height });
    if (leader) labels.leaders.push(leader);
    add(labels, block, x, y, at.alpha);
  }
  return labels;
}

interface Seat {
  block: Block;
  x: number;
  y: number;
  leader: number[] | null;
}

/** Beside the glyph, else below it, else in fewer words, else not at all; whoever disagrees is always named. */
function seat(frame: Frame, wish: Wish, at: Place, occupied: Occupied): Seat | null {
  const { arrangement } = frame.placement;
  const radius = GLYPH_RADIUS * at.scale;
  const blocks = blocksFor(frame, wish, 2 * radius);
  // A single column has a straight edge of its own: there a label is never in anybody's way.
  if (arrangement.form === 'column' && !arrangement.narrow) {
    const block = blocks[0];
    if (!block) return null;
    const y = Math.min(at.y - block.height / 2, arrangement.height - block.height - 2);
    return { block, x: arrangement.labelX, y: Math.max(6, y), leader: null };
  }
  for (const block of blocks) {
    const free = seatsOf(block, at, radius, wish.rank === 4).find((p) => isInside(p, arrangement) && occupied.free(p));
    if (free) return { block, x: free.x, y: free.y, leader: null };
  }
  const block = blocks[blocks.length - 1];
  return !block || wish.rank < 4 ? null : leastCovering(block, at, radius, arrangement, occupied);
}

function seatsOf({ width, height }: Block, { x, y }: Place, radius: number, anywhere: boolean): Box2[] {
  const beside = y - height / 2;
  const centred = x - width / 2;
  const right = { x: x + radius + 6, y: beside, width, height };
  const below = { x: centred, y: y + radius + 2, width, height };
  if (!anywhere) return [right, below];
  const above = { x: centred, y: y - radius - 2 - height, width, height };
  return [right, below, above, { x: x - radius - 6 - width, y: beside, width, height }];
}

const isInside = (box: Box2, stage: { width: number; height: number }): boolean =>
  box.x > 2 && box.x + box.width < stage.width - 2 && box.y > 6 && box.y + box.height < stage.height - 2;

/** No room anywhere: where it hides least, never on its own glyph, with a line to what it names. */
function leastCovering(
  block: Block,
  at: Place,
  radius: number,
  stage: { width: number; height: number },
  occupied: Occupied,
): Seat {
  let best: Seat | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const wanted of seatsOf(block, at, radius, true)) {
    const x = Math.max(2, Math.min(wanted.x, stage.width - block.width - 4));
    const y = Math.max(6, Math.min(wanted.y, stage.height - block.height - 4));
    const ownX = Math.max(0, Math.min(at.x + radius, x + block.width) - Math.max(at.x - radius, x));
    const ownY = Math.max(0, Math.min(at.y + radius, y + block.height) - Math.max(at.y - radius, y));
    const covered = occupied.covered({ x, y, width: block.width, height: block.height }) + 9 * ownX * ownY;
    if (covered >= least) continue;
    least = covered;
    const moved = Math.hypot(x - wanted.x, y - wanted.y) > 12;
    const leader = moved ? [at.x, at.y + radius, x + block.width / 2, y + block.height / 2] : null;
    best = { block, x, y, leader };
  }
  return best as Seat;
}

function add(labels: Labels, block: Block, x: number, y: number, alpha: number): void {
  const shifted = (mark: TextMark): TextMark => ({ ...mark, x: mark.x + x, y: mark.y + y, alpha });
  for (const mark of block.texts) labels.texts.push(shifted(mark));
  if (block.lamps) labels.lamps.push({ ...block.lamps, x: block.lamps.x + x, y: block.lamps.y + y, alpha });
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
  const { narrow, form, labelRoomPx, pitchPx } = frame.placement.arrangement;
  // In a cell a full label is as good as none when its name is cut.
  const roomy = form !== 'grid' || labelRoomPx >= 7 * frame.type.name;
  // In a column two lines need their height, and no more.
  const large = glyphPx >= 56 || (form === 'column' && pitchPx >= TWO_LINES_PX);
  if (large && !narrow && roomy) {
    return [fullBlock(frame, wish, glyphPx >= 80), shortBlock(frame, wish, false)];
  }
  if (glyphPx < 36 && wish.rank < 2) return [];
  if (glyphPx < 24 && wish.rank < 3) return [];
  const short = shortBlock(frame, wish, false);
  return glyphPx >= 36 && wish.rank >= 2 ? [shortBlock(frame, wish, true), short] : [short];
}
