// What every painter is handed: the context, the theme's colours, and the few strokes that all of them share.

import { OPACITIES, type Opacities, THEMES, type Theme, type ThemeName, type Token } from '../theme.ts';
import type { Box2 } from './marks.ts';
import type { Store } from './sprites.ts';

export type StageContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Brush {
  ctx: StageContext;
  theme: Theme;
  opacities: Opacities;
  themeName: ThemeName;
  dpr: number;
  /** What the context's font was last set to: setting it is dear. */
  font: string;
  /** Pictures kept for this theme and density, once one is asked for. */
  store?: Store;
}

export const TAU = Math.PI * 2;

export const brushFor = (ctx: StageContext, themeName: ThemeName, dpr: number): Brush => ({
  ctx,
  theme: THEMES[themeName],
  opacities: OPACITIES[themeName],
  themeName,
  dpr,
  font: '',
});

const TINTS = new Map<string, string>();

/** A token's colour with an opacity, as CSS. */
export function tint(brush: Brush, token: Token, alpha: number): string {
  const key = `${brush.themeName}${token}${alpha}`;
  const known = TINTS.get(key);
  if (known) return known;
  const hex = brush.theme[token];
  const byte = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  const made = `rgba(${byte(1)}, ${byte(3)}, ${byte(5)}, ${alpha})`;
  if (TINTS.size > 500) TINTS.clear();
  TINTS.set(key, made);
  return made;
}

export function circle({ ctx }: Brush, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.arc(x, y, Math.max(0, r), 0, TAU);
}

export function roundBox({ ctx }: Brush, { x, y, width, height }: Box2, corner: number): void {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, corner);
}

/** Two strokes of a cross about the current path's point. */
export function cross({ ctx }: Brush, x: number, y: number, half: number): void {
  ctx.beginPath();
  ctx.moveTo(x - half, y - half);
  ctx.lineTo(x + half, y + half);
  ctx.moveTo(x + half, y - half);
  ctx.lineTo(x - half, y + half);
}

export function stroke({ ctx }: Brush, style: string, widthPx: number, dash: readonly number[] = []): void {
  ctx.strokeStyle = style;
  ctx.lineWidth = widthPx;
  ctx.setLineDash(dash as number[]);
  ctx.stroke();
}

export function polyline({ ctx }: Brush, points: readonly number[]): void {
  ctx.beginPath();
  ctx.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 2; i < points.length; i += 2) ctx.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
}
