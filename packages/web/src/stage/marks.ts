// The vocabulary of a scene: every mark the painter knows, plain data with its geometry resolved.

import type { Cut, Kind, LinkFaultKind } from '@crows-nest/protocol';
import type { Token } from '../theme.ts';
import type { Marked } from './frame.ts';
import type { LampState, Truth } from './truth.ts';

export interface Run {
  text: string;
  token: Token;
  weight: number;
}

export interface TextMark {
  x: number;
  /** Of the baseline. */
  y: number;
  sizePx: number;
  align: 'left' | 'center' | 'right';
  runs: Run[];
  mono?: boolean;
  /** Painted under the text in the stage's colour, for text on links. */
  halo?: boolean;
  /** On a piece of ground of its own: cheaper than a halo where there are a hundred. */
  boxed?: boolean;
  /** A section label's letters. */
  spacingPx?: number;
  alpha?: number;
  /** Another text nearly every frame: not worth keeping its picture. */
  fresh?: boolean;
}

export interface NotchMark {
  /** Share of the notch that is filled, from its start. */
  fill: number;
  missed: boolean;
}

export interface ArcMark {
  notches: NotchMark[];
  gapDegrees: number;
  /** The queue believes in what cannot serve. */
  parted: boolean;
}

export interface WorkerMark {
  peer: string;
  x: number;
  y: number;
  scale: number;
  alpha: number;
  truth: Truth;
  /** null: not listed. */
  arc: ArcMark | null;
  /** null: not known or not connected. */
  bands: { filled: number; of: number; dim: boolean } | null;
  /** Strength of the disagreement's halo, 0 to 1. */
  halo: number;
  /** Instead of a halo, when several disagree and this one is not the worst. */
  framed: boolean;
  lamplight: boolean;
  disc: { text: string; atRim: boolean } | null;
  countdown: { text: string; share: number } | null;
  /** A ground-coloured disc behind the glyph, where a trunk passes. */
  grounded: boolean;
  marked: Marked;
}

export interface LampsMark {
  x: number;
  y: number;
  alpha: number;
  lamps: { state: LampState; label: string; x: number }[];
}

export type Box2 = { x: number; y: number; width: number; height: number };

export interface ClientMark extends Box2 {
  peer: string;
  corner: number;
  alpha: number;
  truth: 'running' | 'frozen' | 'overloaded' | 'dead' | 'unknown';
  text: TextMark | null;
  /** Radius of the dashed ring about the number of its open request. */
  ringPx: number;
  marked: Marked;
}

export interface LinePart {
  points: readonly number[];
  dash: readonly number[] | null;
  alpha: number;
}

export interface LinkMark {
  link: string;
  /** Of a whole row: nobody's own link. */
  trunk: boolean;
  parts: LinePart[];
  widthPx: number;
  marked: Marked;
  /** Where a gone connection is cut. */
  cut: { x: number; y: number } | null;
}

export interface MessageMark {
  msg: number;
  kind: Kind;
  x: number;
  y: number;
  /** Direction of travel. */
  angle: number;
  r: number;
  text: string | null;
  ghost: boolean;
  alpha: number;
  /** From the glyph backwards: x, y, x, y … */
  tail: number[] | null;
  arrow: boolean;
  marked: Marked;
}

export interface BeadMark {
  kind: Kind;
  count: number;
  x: number;
  y: number;
  angle: number;
  r: number;
  /** Ticks of a comb; 0 for a disc. */
  ticks: number;
}

export interface RingMark {
  x: number;
  y: number;
  r: number;
  alpha: number;
  token: Token;
}

export interface LossMark {
  kind: Kind;
  cause: string;
  x: number;
  y: number;
  rotation: number;
  r: number;
  text: string | null;
  alpha: number;
  /** Size of the cause's mark, 0 while it has not appeared. */
  cross: number;
  marked: Marked;
}

/** One for each kind of fault on a link; a partition has one for each of its modes. */
export type GateIcon = Exclude<LinkFaultKind, 'partition'> | Cut;

export interface GateMark {
  x: number;
  y: number;
  angle: number;
  sizePx: number;
  icon: GateIcon;
}

export interface ChipMark extends Box2 {
  texts: TextMark[];
  /** What is left of the fault's time, 0 to 1. null: it is pinned, or there are several. */
  ring: { x: number; y: number; r: number; share: number } | null;
  leader: number[] | null;
}

export interface PlateMark extends Box2 {
  texts: TextMark[];
  /** Centre of the ≠ and its size; 0: the plate has none. */
  sign: { x: number; y: number; sizePx: number };
}

export interface MiniArcMark {
  x: number;
  y: number;
  r: number;
  arc: ArcMark;
  text: string;
  sizePx: number;
  /** The head of the list, in a grid. */
  framed: boolean;
  marked: Marked;
}

export interface QueueMark extends Box2 {
  peer: string;
  status: 'running' | 'frozen' | 'overloaded' | 'dead' | 'unknown';
  rows: (Box2 & { border: 'next' | 'fault' | 'plain'; alpha: number; marked: Marked })[];
  arcs: MiniArcMark[];
  flag: (Box2 & { text: TextMark }) | null;
  rules: number[];
  discs: { x: number; y: number; r: number; text: string | null; marked: Marked }[];
  texts: TextMark[];
  padPx: number;
  marked: Marked;
}

export interface DoorMark {
  x: number;
  y: number;
  lengthPx: number;
  gapPx: number;
  open: boolean;
  unit: number;
  texts: TextMark[];
}

export const text = (
  x: number,
  y: number,
  sizePx: number,
  content: string,
  token: Token,
  weight = 450,
  more: Partial<TextMark> = {},
): TextMark => ({ x, y, sizePx, align: 'left', runs: [{ text: content, token, weight }], ...more });
