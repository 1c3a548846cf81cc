// What the stage shows at time t, as plain data with all geometry resolved: a pure function of the log and t [V1].

import type { Micros } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { ThemeName } from '../theme.ts';

export type Locale = 'en' | 'zh';

export type Selection =
  | { type: 'peer'; peer: string }
  | { type: 'message'; msg: number }
  | { type: 'link'; link: string };

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
  dots: { x: number; y: number; r: number; text: string }[];
  /** In reading order. */
  targets: Target[];
  /** One sentence for screen readers. */
  summary: string;
}

export function scene(log: Log, t: Micros, view: StageView): Scene {
  const state = log.stateAt(t);
  const { width, height, dpr, themeName } = view;
  const peers = Object.values(state.peers);
  const dots = peers.map((peer, i) => {
    const column = peer.role === 'client' ? 0.1 : peer.role === 'queue' ? 0.37 : 0.75;
    return { x: width * column, y: (height * (i + 1)) / (peers.length + 1), r: 24, text: peer.name };
  });
  const targets = peers.map((peer, i): Target => {
    const dot = dots[i] ?? { x: 0, y: 0 };
    return {
      selection: { type: 'peer', peer: peer.peer },
      label: peer.name,
      x: dot.x - 24,
      y: dot.y - 24,
      width: 48,
      height: 48,
    };
  });
  return { width, height, dpr, themeName, dots, targets, summary: `${peers.length} peers` };
}
