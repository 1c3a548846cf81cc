// The only things that glow: disagreement, and faintly a ready worker.

import { type Brush, type StageContext, tint } from './brush.ts';
import type { WorkerMark } from './marks.ts';

const LAMPLIGHT_RADIUS = 74;

export function paintHalo(brush: Brush, { x, y, scale, halo, lamplight, alpha }: WorkerMark): void {
  const { ctx, opacities } = brush;
  if (halo > 0)
    glow(brush, x, y, 86 * scale, 0.45, tint(brush, 'fault', opacities.halo * halo * alpha), tint(brush, 'fault', 0));
  else if (lamplight && opacities.lamplight > 0) {
    ctx.globalAlpha = alpha;
    const r = LAMPLIGHT_RADIUS * scale;
    const sprite = lamplightSprite(brush);
    if (sprite) ctx.drawImage(sprite, x - r, y - r, 2 * r, 2 * r);
    else lamplightOn(brush, x, y, r);
  }
  ctx.globalAlpha = 1;
}

const lamplightOn = (brush: Brush, x: number, y: number, r: number): void =>
  glow(brush, x, y, r, 0.3, tint(brush, 'belief', brush.opacities.lamplight), tint(brush, 'belief', 0));

const LAMPLIGHTS = new WeakMap<StageContext, { key: string; canvas: OffscreenCanvas }>();

/** Every ready worker has the same light, so it is made once. */
function lamplightSprite(brush: Brush): OffscreenCanvas | null {
  const { ctx, dpr, themeName } = brush;
  if (typeof OffscreenCanvas === 'undefined') return null;
  const key = `${dpr} ${themeName}`;
  const known = LAMPLIGHTS.get(ctx);
  if (known?.key === key) return known.canvas;
  const r = Math.ceil(LAMPLIGHT_RADIUS * dpr);
  const canvas = new OffscreenCanvas(2 * r, 2 * r);
  const own = canvas.getContext('2d');
  if (!own) return null;
  lamplightOn({ ...brush, ctx: own }, r, r, r);
  LAMPLIGHTS.set(ctx, { key, canvas });
  return canvas;
}

function glow({ ctx }: Brush, x: number, y: number, r: number, from: number, inner: string, outer: string): void {
  const gradient = ctx.createRadialGradient(x, y, r * from, x, y, r);
  gradient.addColorStop(0, inner);
  gradient.addColorStop(1, outer);
  ctx.fillStyle = gradient;
  ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
}
