// Where everything stands: a pure function of the stage's size and of how many there are. No forces, no chance, no memory.

import { clientPlaces, clientsRight } from './layout-clients.ts';
import { clamp, mix } from './mix.ts';

export interface Place {
  x: number;
  y: number;
  /** The glyph's scale. */
  scale: number;
  /** Where its link begins at the queue, or at the door. */
  portX: number;
  portY: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One column of workers, two, or a grid with a trunk a row. */
export type Form = 'column' | 'columns' | 'grid';

export interface Arrangement {
  width: number;
  height: number;
  form: Form;
  queue: Box;
  /** The wall's x and the axis' y, how far the quays reach out, and how far apart they are. */
  door: { x: number; y: number; lengthPx: number; gapPx: number };
  workers: Place[];
  clients: Place[];
  /** Left edge of the labels of a single column, and the room for them. */
  labelX: number;
  labelRoomPx: number;
  pitchPx: number;
  clientPitchPx: number;
  /** In a grid: workers a row, and where the trunks are straight. */
  columns: number;
  trunkX: number;
  laneOffsetPx: number;
  clientLaneOffsetPx: number;
  /** Of message glyphs. */
  messageScale: number;
}

const GLYPH_RADIUS = 47.6;
const ROW_BOW_PX = 18;
const ARC_RADIUS_PX = 1000;

export function formOf(workers: number): Form {
  return workers <= 7 ? 'column' : workers <= 14 ? 'columns' : 'grid';
}

const MEMO = new Map<string, Arrangement>();
const MEMO_KEPT = 48;

/** The arrangement of `n` workers and `m` clients on a stage of this size. Shared between calls: not to be changed. */
export function arrange(width: number, height: number, n: number, m: number): Arrangement {
  const key = `${width}|${height}|${n}|${m}`;
  const known = MEMO.get(key);
  if (known) return known;
  if (MEMO.size >= MEMO_KEPT) MEMO.clear();
  const made = make(width, height, n, m);
  MEMO.set(key, made);
  return made;
}

function make(width: number, height: number, n: number, m: number): Arrangement {
  const form = formOf(n);
  // Narrow stages take room from the panel, the quays and the labels before they take it from the links.
  const ease = clamp((width - 700) / (1280 - 700), 0, 1);
  const axisY = height / 2;
  const queueWidth = form === 'grid' ? mix(172, 238, ease) : mix(188, 248, ease);
  const queueHeight = Math.min(wantedQueueHeight(n, height), height - 120);
  const quayPx = mix(46, 70, ease);
  const wantedX = width * (form === 'grid' ? 0.3 : 0.37) - queueWidth / 2;
  // Never so far left that clients and quays have no room for a link between them.
  const queueX = Math.max(wantedX, clientsRight(m, height, ease) + quayPx + 36);
  const queue = { x: queueX, y: axisY - queueHeight / 2, width: queueWidth, height: queueHeight };
  const door = {
    x: queueX,
    y: axisY,
    lengthPx: quayPx,
    gapPx: clamp(m * 15 + 8, 92, Math.min(190, queueHeight - 120)),
  };
  const base = {
    width,
    height,
    form,
    queue,
    door,
    columns: 1,
    trunkX: 0,
    labelX: 0,
    labelRoomPx: 0,
    pitchPx: height,
    laneOffsetPx: form === 'grid' ? 3 : 6.5,
    clientLaneOffsetPx: m <= 4 ? 6.5 : m <= 8 ? 4 : 3,
    messageScale: form === 'grid' || m > 8 ? 0.8 : 1,
    ...clientPlaces(height, axisY, m, door, ease),
  };
  if (form === 'column') return { ...base, ...inColumn(base, n, ease) };
  if (form === 'columns') return { ...base, ...inTwoColumns(base, n, ease) };
  return { ...base, ...inGrid(base, n, ease) };
}

/** By the number of workers, not of listed ones: the panel must not breathe with every dispatch. */
function wantedQueueHeight(n: number, height: number): number {
  if (n <= 5) return Math.max(356, 74 + n * 66 + 122);
  const rows = Math.ceil(Math.min(n, 48) / 6);
  return Math.max(Math.min(356, height - 120), 66 + rows * 31 + (n > 14 ? 158 : 150));
}

type Base = Pick<Arrangement, 'width' | 'height' | 'queue'>;

const portPitch = (queue: Box, wanted: number, count: number): number =>
  count > 1 ? Math.min(wanted, (queue.height - 44) / (count - 1)) : 0;

function inColumn(
  { width, height, queue }: Base,
  n: number,
  ease: number,
): Partial<Arrangement> & { workers: Place[] } {
  const axisY = height / 2;
  const room = mix(128, 276, ease);
  const outermostX = Math.min(width * 0.773, width - room - 68);
  const pitch = n > 1 ? (height - 122) / (n - 1) : height - 122;
  const scale = Math.min(mix(0.78, 0.96, ease), pitch / 110);
  const ports = portPitch(queue, 40, n);
  const workers = Array.from({ length: n }, (_, i): Place => {
    const y = n > 1 ? axisY + (i / (n - 1) - 0.5) * (height - 122) : axisY;
    const sag = ARC_RADIUS_PX - Math.sqrt(Math.max(0, ARC_RADIUS_PX ** 2 - (y - axisY) ** 2));
    return {
      x: outermostX - sag,
      y,
      scale,
      portX: queue.x + queue.width + 4,
      portY: axisY + (i - (n - 1) / 2) * ports,
    };
  });
  const labelX = outermostX + GLYPH_RADIUS * scale + 22;
  return { workers, labelX, labelRoomPx: width - labelX - 16, pitchPx: pitch };
}

function inTwoColumns(
  { width, height, queue }: Base,
  n: number,
  ease: number,
): Partial<Arrangement> & { workers: Place[] } {
  const axisY = height / 2;
  const rows = Math.ceil(n / 2);
  const pitch = (height - 122) / (rows - 0.5);
  const scale = Math.min(0.62, pitch / 110);
  const apart = mix(132, 230, ease);
  const secondX = Math.min(width * 0.875, width - mix(104, 150, ease));
  const top = axisY - ((rows - 0.5) * pitch) / 2;
  const ports = portPitch(queue, 40, n);
  // Ports follow the glyphs from top to bottom, so that no two links cross.
  const workers = Array.from({ length: n }, (_, i): Place => {
    const second = i % 2 === 1;
    return {
      x: second ? secondX : secondX - apart,
      y: top + Math.floor(i / 2) * pitch + (second ? pitch / 2 : 0),
      scale,
      portX: queue.x + queue.width + 4,
      portY: axisY + (i - (n - 1) / 2) * ports,
    };
  });
  return { workers, labelX: 0, labelRoomPx: apart - scale * GLYPH_RADIUS * 2 - 24, pitchPx: pitch };
}

function inGrid({ width, height, queue }: Base, n: number, ease: number): Partial<Arrangement> & { workers: Place[] } {
  const axisY = height / 2;
  const rows = n > 60 ? 14 : Math.min(12, Math.ceil(Math.sqrt(2.3 * n)));
  const columns = Math.ceil(n / rows);
  // The last rows may stay empty: those in use share the height.
  const used = Math.ceil(n / columns);
  const pitchY = (height - 100) / (used - 1);
  const trunkX = queue.x + queue.width + mix(56, Math.max(150, width * 0.135), ease);
  const pitchX = (width - 16 - trunkX) / columns;
  const scale = Math.max(0.3, Math.min(0.42, pitchY / 105, pitchX / 104));
  const ports = portPitch(queue, 18, used);
  const workers = Array.from({ length: n }, (_, i): Place => {
    const row = Math.floor(i / columns);
    const bow = ROW_BOW_PX * ease * Math.cos((row / (used - 1) - 0.5) * Math.PI);
    return {
      x: trunkX + (i % columns) * pitchX + GLYPH_RADIUS * scale + bow,
      y: axisY + (row / (used - 1) - 0.5) * (height - 100),
      scale,
      portX: queue.x + queue.width + 4,
      portY: axisY + (row - (used - 1) / 2) * ports,
    };
  });
  return { workers, columns, trunkX, labelX: 0, labelRoomPx: pitchX - GLYPH_RADIUS * scale * 2 - 8, pitchPx: pitchY };
}
