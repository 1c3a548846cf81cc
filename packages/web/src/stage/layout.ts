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
  alpha: number;
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
  laneWidthPx: number;
  /** Of message glyphs. */
  messageScale: number;
  /** Of the queue's panel and the door: 1 at a desk. */
  unit: number;
  /** No room for words beside anything. */
  narrow: boolean;
}

const GLYPH_RADIUS = 47.6;
const ROW_BOW_PX = 18;
const ARC_RADIUS_PX = 1000;
const NARROW_BELOW_PX = 640;
const WIDE_FROM_PX = 960;
const LEAST_LINK_PX = 96;

/** Two columns have no room for names where the stage is not wide: there a few more stand in one. */
const formOf = (workers: number, narrow: boolean, wide: boolean): Form =>
  workers <= (wide || narrow ? 7 : 9) ? 'column' : workers <= 14 && !narrow ? 'columns' : 'grid';

/** How much larger or smaller than a full screen's stage of 1920 × 935 a presentation is. */
export const roomFactor = (width: number, height: number): number =>
  clamp(Math.min(width / 1920, height / 935), 0.4, 2);

const MEMO = new Map<string, Arrangement>();
const MEMO_KEPT = 48;

/** The arrangement of `n` workers and `m` clients on a stage of this size. Shared between calls: not to be changed. */
export function arrange(width: number, height: number, n: number, m: number, presentation = false): Arrangement {
  const key = `${width}|${height}|${n}|${m}|${presentation}`;
  const known = MEMO.get(key);
  if (known) return known;
  if (MEMO.size >= MEMO_KEPT) MEMO.clear();
  const made = make({ width, height, room: presentation ? roomFactor(width, height) : 0 }, n, m);
  MEMO.set(key, made);
  return made;
}

/** What every part of the arrangement goes by. */
export interface Measure {
  width: number;
  height: number;
  /** In a presentation its factor, else 0. */
  room: number;
}

export interface Ease {
  /** 0 on a stage of 700, 1 from 1280 on. */
  wide: number;
  /** 0 on a stage of 380, 1 from 640 on. */
  narrow: number;
}

function make(measure: Measure, n: number, m: number): Arrangement {
  const { width, height, room } = measure;
  const narrow = room === 0 && width < NARROW_BELOW_PX;
  const form = formOf(n, narrow, room > 0 || width >= WIDE_FROM_PX);
  // Narrow stages take room from the panel, the quays and the labels before they take it from the links.
  const ease: Ease = {
    wide: room > 0 ? 1 : clamp((width - 700) / (1280 - 700), 0, 1),
    narrow: room > 0 ? 1 : clamp((width - 380) / (NARROW_BELOW_PX - 380), 0, 1),
  };
  const axisY = height / 2;
  const unit = room > 0 ? Math.max(1.05, 1.55 * room) : 1;
  const queueWidth = widthOfQueue(measure, form, narrow, ease);
  // A low stage gives it all but the margins' lines.
  const aroundPx = room > 0 ? 120 * unit : narrow ? 96 : clamp(height * 0.26, 84, 120);
  const queueHeight = Math.min(wantedQueueHeight(n, height, unit, narrow), height - aroundPx);
  const quayPx = room > 0 ? 101 * room : narrow ? mix(24, 46, ease.narrow) : mix(46, 70, ease.wide);
  const wantedX = width * (form === 'grid' ? 0.3 : narrow ? 0.2 : 0.37) - queueWidth / 2;
  // Never so far left that clients and quays have no room for a link between them.
  const linkRoomPx = room > 0 ? 90 * room : narrow ? mix(28, 40, ease.narrow) : 36;
  const queueX = Math.max(wantedX, clientsRight(measure, m, ease) + quayPx + linkRoomPx);
  const queue = { x: queueX, y: axisY - queueHeight / 2, width: queueWidth, height: queueHeight };
  const gapPx = clamp((m * 15 + 8) * unit, 92 * unit, Math.max(92, Math.min(190 * unit, queueHeight - 120 * unit)));
  const door = { x: queueX, y: axisY, lengthPx: quayPx, gapPx };
  const crowd = form === 'grid';
  const base: Base = {
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
    ...(room > 0 ? roomLanes(form, m, room) : deskLanes(form, m)),
    unit,
    narrow,
    ...clientPlaces(measure, m, door, ease),
    workers: [],
  };
  if (form === 'column') return { ...base, ...inColumn(base, measure, n, ease) };
  if (crowd) return { ...base, ...inGrid(base, measure, n, ease) };
  return { ...base, ...inTwoColumns(base, measure, n, ease) };
}

type Base = Arrangement;
type Lanes = Pick<Arrangement, 'laneOffsetPx' | 'clientLaneOffsetPx' | 'laneWidthPx' | 'messageScale'>;

const deskLanes = (form: Form, m: number): Lanes => ({
  laneOffsetPx: form === 'grid' ? 3 : 6.5,
  clientLaneOffsetPx: m <= 4 ? 6.5 : m <= 8 ? 4 : 3,
  laneWidthPx: form === 'grid' ? 1 : 1.5,
  messageScale: form === 'grid' || m > 8 ? 0.8 : 1,
});

const roomLanes = (form: Form, m: number, room: number): Lanes => ({
  laneOffsetPx: (form === 'column' ? 9 : form === 'columns' ? 7.5 : 4.5) * Math.max(0.75, room),
  clientLaneOffsetPx: (m <= 4 ? 9 : m <= 8 ? 6.5 : 4.5) * Math.max(0.75, room),
  laneWidthPx: form === 'grid' ? 1.6 : 2.4,
  messageScale: (form === 'grid' || m > 8 ? 1.25 : 1.7) * Math.max(0.7, room),
});

function widthOfQueue({ room }: Measure, form: Form, narrow: boolean, ease: Ease): number {
  if (room > 0) return form === 'grid' ? Math.max(270, 350 * room) : Math.max(290, 381 * room);
  if (narrow) return mix(108, 168, ease.narrow);
  return form === 'grid' ? mix(172, 238, ease.wide) : mix(188, 248, ease.wide);
}

/** By the number of workers, not of listed ones: the panel must not breathe with every dispatch. */
function wantedQueueHeight(n: number, height: number, unit: number, narrow: boolean): number {
  if (narrow) return Math.max(250, 66 + Math.ceil(Math.min(n, 24) / 3) * 31 + 150);
  if (n <= 5) return Math.max(356, 74 + n * 66 + 122) * unit;
  const rows = Math.ceil(Math.min(n, 48) / 6);
  return Math.max(Math.min(356 * unit, height - 120), (66 + rows * 31 + (n > 14 ? 158 : 150)) * unit);
}

const portPitch = (queue: Box, wanted: number, count: number): number =>
  count > 1 ? Math.min(wanted, (queue.height - 44) / (count - 1)) : 0;

type Workers = Partial<Arrangement> & { workers: Place[] };

function inColumn({ narrow, queue, unit }: Base, { width, height, room }: Measure, n: number, ease: Ease): Workers {
  const axisY = height / 2;
  const labelPx = room > 0 ? Math.max(Math.min(300, width * 0.25), 487 * room) : narrow ? 0 : mix(128, 276, ease.wide);
  const margin = room > 0 ? 118 * room : narrow ? 52 : 61;
  const pitch = n > 1 ? (height - 2 * margin) / (n - 1) : height - 2 * margin;
  const largest = room > 0 ? 1.64 * room : narrow ? mix(0.5, 0.66, ease.narrow) : mix(0.78, 0.96, ease.wide);
  const scale = Math.min(largest, pitch / 110);
  // On a narrow stage names stand below the glyphs, or in what little room is beside them.
  const gap = room > 0 ? 118 * room : 68;
  const outermostX = narrow
    ? width - Math.max(36 + GLYPH_RADIUS * scale, mix(58, 88, ease.narrow))
    : Math.min(width * (room > 0 ? 0.685 : 0.773), width - labelPx - gap);
  const ports = portPitch(queue, room > 0 ? 58 * room : 40, n);
  const radius = ARC_RADIUS_PX * Math.max(1, room * 1.4);
  const sagAt = (y: number): number => radius - Math.sqrt(Math.max(0, radius ** 2 - (y - axisY) ** 2));
  // However high the stage: the ends of the arc leave their links a way from the queue.
  const sagRoomPx = Math.max(0, outermostX - GLYPH_RADIUS * scale - LEAST_LINK_PX - (queue.x + queue.width));
  const sagShare = narrow ? 0 : Math.min(1, sagRoomPx / Math.max(1, sagAt(axisY - ((n - 1) * pitch) / 2)));
  const workers = Array.from({ length: n }, (_, i): Place => {
    const y = n > 1 ? axisY + (i / (n - 1) - 0.5) * pitch * (n - 1) : axisY;
    return {
      x: outermostX - sagAt(y) * sagShare,
      y,
      scale,
      portX: queue.x + queue.width + 4 * unit,
      portY: axisY + (i - (n - 1) / 2) * ports,
      alpha: 1,
    };
  });
  const labelX = outermostX + GLYPH_RADIUS * scale + (room > 0 ? 40 * room : 22);
  return { workers, labelX, labelRoomPx: width - labelX - 16, pitchPx: pitch };
}

function inTwoColumns({ queue }: Base, { width, height, room }: Measure, n: number, ease: Ease): Workers {
  const axisY = height / 2;
  const rows = Math.ceil(n / 2);
  const pitch = (height - 122) / (rows - 0.5);
  const scale = Math.min(0.62 * Math.max(1, 1.6 * room), pitch / 110);
  const apart = room > 0 ? Math.max(210, 330 * room) : mix(132, 230, ease.wide);
  const rightPx = room > 0 ? Math.max(170, 250 * room) : mix(104, 150, ease.wide);
  const secondX = Math.min(width * 0.875, width - rightPx);
  const top = axisY - ((rows - 0.5) * pitch) / 2;
  const ports = portPitch(queue, 40 * Math.max(1, room), n);
  // Ports follow the glyphs from top to bottom, so that no two links cross.
  const workers = Array.from({ length: n }, (_, i): Place => {
    const second = i % 2 === 1;
    return {
      x: second ? secondX : secondX - apart,
      y: top + Math.floor(i / 2) * pitch + (second ? pitch / 2 : 0),
      scale,
      portX: queue.x + queue.width + 4,
      portY: axisY + (i - (n - 1) / 2) * ports,
      alpha: 1,
    };
  });
  return { workers, labelX: 0, labelRoomPx: apart - scale * GLYPH_RADIUS * 2 - 24, pitchPx: pitch };
}

function inGrid({ queue, narrow }: Base, { width, height, room }: Measure, n: number, ease: Ease): Workers {
  const axisY = height / 2;
  const rows = n > 60 ? 14 : Math.min(12, Math.ceil(Math.sqrt((narrow ? 5 : 2.3) * n)));
  const columns = Math.ceil(n / rows);
  // The last rows may stay empty: those in use share the height.
  const used = Math.ceil(n / columns);
  const pitchY = (height - 100) / Math.max(1, used - 1);
  const wide = Math.max(150, width * 0.135);
  const leadPx = narrow ? mix(34, 52, ease.narrow) : mix(56, wide, ease.wide);
  const trunkX = queue.x + queue.width + leadPx;
  const pitchX = (width - 16 - trunkX) / columns;
  const least = narrow ? 0.14 : 0.3;
  const largest = 0.42 * Math.max(1, 1.6 * room);
  // Larger type needs more room beside each glyph.
  const scale = Math.max(least, Math.min(largest, pitchY / 105, pitchX / (room > 0 ? 150 : 104)));
  const ports = portPitch(queue, 18 * Math.max(1, 1.5 * room), used);
  const workers = Array.from({ length: n }, (_, i): Place => {
    const row = Math.floor(i / columns);
    const bow = ROW_BOW_PX * ease.wide * Math.cos((row / Math.max(1, used - 1) - 0.5) * Math.PI);
    return {
      x: trunkX + (i % columns) * pitchX + GLYPH_RADIUS * scale + bow,
      y: axisY + (row / Math.max(1, used - 1) - 0.5) * (height - 100),
      scale,
      portX: queue.x + queue.width + 4,
      portY: axisY + (row - (used - 1) / 2) * ports,
      alpha: 1,
    };
  });
  return { workers, columns, trunkX, labelX: 0, labelRoomPx: pitchX - GLYPH_RADIUS * scale * 2 - 8, pitchPx: pitchY };
}
