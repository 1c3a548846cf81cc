// The only things that glow: disagreement, and faintly a ready worker.

import { type Brush, tint } from './brush.ts';
import type { WorkerMark } from './marks.ts';
import { KEPT_WHOLE_BELOW } from './paint-worker.ts';
import { stamp } from './sprites.ts';

export const LAMPLIGHT_RADIUS = 74;

export function paintHalo(brush: Brush, { x, y, scale, halo, lamplight, alpha }: WorkerMark): void {
  const { ctx, opacities } = brush;
  if (halo > 0) {
    const inner = tint(brush, 'fault', opacities.halo * halo * alpha);
    glow(brush, x, y, 86 * scale, 0.45, inner, tint(brush, 'fault', 0));
  } else if (lamplight && opacities.lamplight > 0 && scale >= KEPT_WHOLE_BELOW) {
    // Every ready worker has the same light, so it is made once; small glyphs bear their own.
    const r = LAMPLIGHT_RADIUS * scale;
    ctx.globalAlpha = alpha;
    stamp(
      brush,
      `lamplight ${scale}`,
      x,
      y,
      () => ({ x: -r, y: -r, width: 2 * r, height: 2 * r }),
      (own) => {
        glow(own, 0, 0, r, 0.3, tint(own, 'belief', opacities.lamplight), tint(own, 'belief', 0));
      },
    );
  }
  ctx.globalAlpha = 1;
}

export function glow(
  { ctx }: Brush,
  x: number,
  y: number,
  r: number,
  from: number,
  inner: string,
  outer: string,
): void {
  const gradient = ctx.createRadialGradient(x, y, r * from, x, y, r);
  gradient.addColorStop(0, inner);
  gradient.addColorStop(1, outer);
  ctx.fillStyle = gradient;
  ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
}
