// The design tokens as data, for the canvas and for the page's custom properties. Contrast is proved in test/theme.test.ts [V4].

export type ThemeName = 'dark' | 'light';

export interface Theme {
  /** Grounds. */
  readonly page: string;
  readonly stage: string;
  readonly stageInner: string;
  readonly stageOuter: string;
  readonly panel: string;
  readonly raised: string;
  /** Text, and marks that stand for truth. */
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly lane: string;
  /** What anybody believes: heartbeats, arcs, bands, lamps. */
  readonly belief: string;
  readonly body: string;
  readonly request: string;
  readonly reply: string;
  readonly ready: string;
  readonly readyFill: string;
  readonly readyOutline: string;
  readonly busy: string;
  readonly frozen: string;
  readonly fault: string;
  readonly onRequest: string;
}

/** A colour by its meaning. Scenes name tokens, only the painter knows colours. */
export type Token = keyof Theme;

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    page: '#07121D',
    stage: '#0B1A29',
    stageInner: '#0F2336',
    stageOuter: '#091623',
    panel: '#0F2131',
    raised: '#162C40',
    text: '#EAF0F5',
    muted: '#A3B7C9',
    faint: '#869DB2',
    lane: '#55708A',
    belief: '#F4E8C8',
    body: '#C3D2DF',
    request: '#56B4E9',
    reply: '#35C79B',
    ready: '#F0E442',
    readyFill: '#F0E442',
    readyOutline: '#F0E442',
    busy: '#E69F00',
    frozen: '#D98CBA',
    fault: '#FF7048',
    onRequest: '#06121D',
  },
  light: {
    page: '#EAE1CC',
    stage: '#F7F1E2',
    stageInner: '#FBF6E9',
    stageOuter: '#F5EEDD',
    panel: '#FCF9F1',
    raised: '#F1EAD9',
    text: '#14263A',
    muted: '#45586B',
    faint: '#526270',
    lane: '#7F7B66',
    belief: '#1F3850',
    body: '#3A4F63',
    request: '#0069A6',
    reply: '#007057',
    ready: '#746300',
    readyFill: '#EBD800',
    readyOutline: '#5E5000',
    busy: '#925600',
    frozen: '#9C3F78',
    fault: '#98101F',
    onRequest: '#FFFFFF',
  },
};

/** Opacities that differ by theme; each is decoration or still holds 3:1 on its ground. */
export interface Opacities {
  readonly contour: number;
  readonly beat: number;
  readonly halo: number;
  readonly lamplight: number;
  readonly busyRow: number;
}

export const OPACITIES: Readonly<Record<ThemeName, Opacities>> = {
  dark: { contour: 0.1, beat: 0.42, halo: 0.34, lamplight: 0.1, busyRow: 0.58 },
  light: { contour: 0.17, beat: 0.6, halo: 0.26, lamplight: 0, busyRow: 0.8 },
};

/** A dead worker's glyph; its labels are not dimmed. */
export const DEAD_OPACITY = 0.72;

export const UI_FONT =
  '"Inter Variable", Inter, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
export const MONO_FONT =
  '"JetBrains Mono Variable", "JetBrains Mono", "Noto Sans Mono CJK SC", ui-monospace, monospace';
