// States have textures, so that they are told apart without colour. One tile a state, theme and pixel ratio, anchored to
// the glyph: the pattern moves with whatever it fills. Where no tile can be made a flat tint stands in.

import type { Theme, ThemeName } from '../theme.ts';
import { THEMES } from '../theme.ts';
import type { StageContext } from './brush.ts';

export type Texture = 'busy' | 'frozen' | 'overloaded' | 'backOff';

interface Tile {
  size: number;
  angle: number;
  draw: (ctx: OffscreenCanvasRenderingContext2D, theme: Theme) => void;
}

function fillTile(ctx: OffscreenCanvasRenderingContext2D, size: number, colour: string, alpha: number): void {
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, size, size);
}

const TILES: Readonly<Record<Texture, Tile>> = {
  busy: {
    size: 7,
    angle: Math.PI / 4,
    draw: (ctx, { busy }) => {
      fillTile(ctx, 7, busy, 0.16);
      ctx.globalAlpha = 0.75;
      ctx.fillRect(0, 0, 2.6, 7);
    },
  },
  frozen: {
    size: 7,
    angle: Math.PI / 4,
    draw: (ctx, { frozen }) => {
      fillTile(ctx, 7, frozen, 0.14);
      ctx.globalAlpha = 0.8;
      ctx.fillRect(0, 0, 1.7, 7);
      ctx.fillRect(1.7, 0, 5.3, 1.7);
    },
  },
  overloaded: {
    size: 6,
    angle: 0,
    draw: (ctx, { busy }) => {
      fillTile(ctx, 6, busy, 0.16);
      ctx.globalAlpha = 0.9;
      ctx.strokeStyle = busy;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      ctx.moveTo(-1.5, 6);
      ctx.lineTo(1.5, 3);
      ctx.lineTo(4.5, 6);
      ctx.lineTo(7.5, 3);
      ctx.moveTo(-1.5, 0);
      ctx.lineTo(1.5, -3);
      ctx.stroke();
    },
  },
  backOff: {
    size: 6,
    angle: 0,
    draw: (ctx, { muted }) => {
      ctx.fillStyle = muted;
      ctx.beginPath();
      ctx.arc(3, 3, 1.25, 0, Math.PI * 2);
      ctx.fill();
    },
  },
};

const FLAT: Readonly<Record<Texture, keyof Theme>> = {
  busy: 'busy',
  frozen: 'frozen',
  overloaded: 'busy',
  backOff: 'muted',
};

const KEPT = new WeakMap<StageContext, Map<string, CanvasPattern>>();

export function texture(
  ctx: StageContext,
  kind: Texture,
  themeName: ThemeName,
  dpr: number,
  scale: number,
): CanvasPattern | string {
  if (typeof OffscreenCanvas === 'undefined') return `${THEMES[themeName][FLAT[kind]]}55`;
  let patterns = KEPT.get(ctx);
  if (!patterns) {
    patterns = new Map();
    KEPT.set(ctx, patterns);
  }
  // Twice the pixels that will be seen, in steps, so that growing glyphs do not make a tile each.
  const density = Math.max(1, Math.ceil(2 * dpr * Math.max(0.5, scale)));
  const key = `${kind} ${themeName} ${density}`;
  const known = patterns.get(key);
  if (known) return known;
  const { size, angle, draw } = TILES[kind];
  const canvas = new OffscreenCanvas(size * density, size * density);
  const tile = canvas.getContext('2d');
  const pattern = tile && ctx.createPattern(paintedTile(canvas, tile, density, draw, THEMES[themeName]), 'repeat');
  if (!pattern) return `${THEMES[themeName][FLAT[kind]]}55`;
  const k = 1 / density;
  pattern.setTransform({
    a: Math.cos(angle) * k,
    b: Math.sin(angle) * k,
    c: -Math.sin(angle) * k,
    d: Math.cos(angle) * k,
    e: 0,
    f: 0,
  });
  patterns.set(key, pattern);
  return pattern;
}

function paintedTile(
  canvas: OffscreenCanvas,
  tile: OffscreenCanvasRenderingContext2D,
  density: number,
  draw: Tile['draw'],
  theme: Theme,
): OffscreenCanvas {
  tile.scale(density, density);
  draw(tile, theme);
  return canvas;
}
