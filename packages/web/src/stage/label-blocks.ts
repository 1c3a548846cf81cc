// A worker's label before it has a place: its lines relative to its top left corner.

import type { PeerState } from '@crows-nest/protocol';
import { identityText } from '../visible-text.ts';
import type { Frame } from './frame.ts';
import type { Wish } from './labels.ts';
import { type LampsMark, type PlateMark, type Run, type TextMark, text } from './marks.ts';
import { shortName } from './names.ts';
import { fitText, textWidth } from './text-width.ts';
import type { WorkerReading } from './truth.ts';
import type { WorkerWords } from './worker-words.ts';

const LAMPS_PX = 136;

export interface Block {
  width: number;
  height: number;
  texts: TextMark[];
  lamps: LampsMark | null;
  plate: PlateMark | null;
}

/** Name, state and what explains it, lamps; in a middle size lamps and notes only for those that need them. */
export function fullBlock(frame: Frame, { peer, reading, said: words, rank }: Wish, large: boolean): Block {
  const said = words();
  const { type, view } = frame;
  const { arrangement } = frame.placement;
  const room = Math.max(60, arrangement.labelRoomPx);
  const wordy = large && !view.presentation;
  const texts: TextMark[] = [];
  let y = Math.round(type.name * 0.97);
  const name = fitText(said.name, room, type.name, 700);
  const gone = peer.left || reading.truth === 'dead';
  texts.push(text(0, y, type.name, name, gone ? 'muted' : 'text', 700, { halo: true }));
  let width = textWidth(name, type.name, 700);
  const identity = wordy ? identityOf(frame, peer, reading) : null;
  const identityWidth = identity === null ? 0 : textWidth(identity, type.small, 450, true);
  if (identity !== null && width + 12 + identityWidth <= room) {
    texts.push(text(width + 12, y, type.small, identity, 'muted', 450, { mono: true, halo: true }));
    width += 12 + identityWidth;
  }
  y += Math.round(type.state * 1.4);
  const stateLine = fitText(said.state, room, type.state, 650);
  texts.push(text(0, y, type.state, stateLine, said.stateToken, 650, { halo: true }));
  width = Math.max(width, textWidth(stateLine, type.state, 650));
  let plate: PlateMark | null = null;
  if (said.plate) {
    plate = plateFor(frame, said.plate, y, room, large);
    y = plate.y + plate.height + 3;
    width = Math.max(width, plate.width + plate.x);
  } else if (wordy && said.note) {
    y += Math.round(type.note * 1.4);
    const note = fitText(said.note, room, type.note);
    texts.push(text(0, y, type.note, note, 'muted', 450, { halo: true }));
    width = Math.max(width, textWidth(note, type.note));
  }
  let lamps: LampsMark | null = null;
  const lamped = !view.presentation && (large || (rank >= 2 && arrangement.pitchPx >= 70));
  if (lamped && room >= LAMPS_PX) {
    y += 16;
    lamps = lampsRow(0, y - 4, reading);
    width = Math.max(width, LAMPS_PX);
  }
  return { width, height: y + 5, texts, lamps, plate };
}

function plateFor(frame: Frame, plate: Plate, y: number, room: number, large: boolean): PlateMark {
  if (frame.view.presentation) {
    const believed = roomPlate(frame, plate, y + 16);
    if (believed.width <= room + 12) return believed;
    return smallPlate(frame, plate.short, y + 10);
  }
  const full = large ? fullPlate(frame, plate, y + 10) : null;
  return full && full.width <= room + 12 ? full : smallPlate(frame, plate.short, y + 7);
}

function identityOf({ words }: Frame, peer: PeerState, { truth }: WorkerReading): string | null {
  if (truth === 'reconnecting') return words.newIdentity;
  return peer.identity === null ? null : identityText(peer.identity, 14);
}

function lampsRow(x: number, y: number, { lamps }: WorkerReading): LampsMark {
  return {
    x,
    y,
    alpha: 1,
    lamps: [
      { state: lamps.tcp, label: 'TCP', x: 5 },
      { state: lamps.zmtp, label: 'ZMTP', x: 49 },
      { state: lamps.app, label: 'app', x: 103 },
    ],
  };
}

type Plate = NonNullable<WorkerWords['plate']>;

const lineOf = (
  x: number,
  y: number,
  sizePx: number,
  believed: string,
  said: string,
  token: Run['token'],
): TextMark => ({
  x,
  y,
  sizePx,
  align: 'left',
  runs: [
    { text: believed, token: 'muted', weight: 450 },
    { text: said, token, weight: 700 },
  ],
});

const widthOf = ({ runs, sizePx }: TextMark): number =>
  runs.reduce((sum, run) => sum + textWidth(run.text, sizePx, run.weight), 0);

function fullPlate({ words, type }: Frame, plate: Plate, y: number): PlateMark {
  const size = type.note;
  const texts = [
    lineOf(38, y + 20, size, words.plate.believes, plate.believes, 'text'),
    lineOf(38, y + 38, size, words.plate.truth, plate.truth, plate.truthToken),
  ];
  const width = Math.max(...texts.map(widthOf)) + 38 + 16;
  return { x: -4, y, width: width + 4, height: 50, texts, sign: { x: 17, y: y + 25, sizePx: 22 } };
}

/** For a room: what the queue believes; the truth stands above it in its own colour. */
function roomPlate({ words, type }: Frame, plate: Plate, y: number): PlateMark {
  const size = type.note;
  const height = size * 2.6;
  const line = lineOf(size * 2.7, y + height / 2 + size * 0.36, size, words.plate.believes, plate.believes, 'text');
  const width = widthOf(line) + size * 3.7;
  const sign = { x: size * 1.3, y: y + height / 2, sizePx: size * 1.3 };
  return { x: -4, y, width, height, texts: [line], sign };
}

function smallPlate({ type }: Frame, short: string, y: number): PlateMark {
  const size = type.note;
  return {
    x: -4,
    y,
    width: textWidth(short, size, 650) + 18,
    height: size * 1.83,
    texts: [text(5, y + size * 1.25, size, short, 'fault', 650)],
    sign: { x: 0, y: 0, sizePx: 0 },
  };
}

export function shortBlock(frame: Frame, { peer, reading, said, rank }: Wish, worded: boolean): Block {
  const { words, type } = frame;
  const name = shortName(peer.peer, peer.name);
  const bold = rank >= 3;
  const size = type.cell + (bold ? 1 : 0);
  const weight = bold ? 700 : 450;
  const y = Math.round(size * 0.92);
  const texts = [text(0, y, size, name, bold ? 'text' : 'muted', weight, { boxed: true })];
  let width = textWidth(name, size, weight);
  const plate = reading.parted ? said().plate : null;
  if (plate) {
    const small = type.cell - 0.5;
    texts.push(text(0, y + small * 1.2, small, plate.short, 'fault', 650, { boxed: true }));
    width = Math.max(width, textWidth(plate.short, small, 650));
    return { width, height: y + small * 1.5, texts, lamps: null, plate: null };
  }
  const { truth } = reading;
  const short = truth in words.short ? words.short[truth as keyof typeof words.short] : null;
  // A busy worker's texture and disc say so already: a word for each would be a wall of words.
  if (worded && rank >= 2 && short !== null && truth !== 'busy') {
    texts.push(text(width + 4, y, type.cell, short, said().stateToken, 450, { boxed: true }));
    width += 4 + textWidth(short, type.cell);
  }
  return { width, height: size * 1.3, texts, lamps: null, plate: null };
}
