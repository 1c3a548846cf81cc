// The arc: what is left of the queue's belief, in notches of one beat each.

import { type Brush, cross, stroke, TAU } from './brush.ts';
import type { ArcMark } from './marks.ts';

const TOP = -Math.PI / 2;

/** Fills rounded to half a device pixel of their length: what a kept picture of an arc is made of. */
export function roundedArc(arc: ArcMark, radiusInDevicePx: number): ArcMark {
  const steps = Math.max(8, Math.ceil((2 * TAU * radiusInDevicePx) / Math.max(1, arc.notches.length)));
  const notches = arc.notches.map(({ fill, missed }) => ({ fill: Math.round(fill * steps) / steps, missed }));
  return { ...arc, notches };
}

export const arcKey = ({ notches, gapDegrees, parted }: ArcMark): string =>
  `${gapDegrees} ${parted} ${notches.map(({ fill, missed }) => `${fill}${missed ? 'x' : ''}`)}`;

/** Notches from twelve o'clock, clockwise; each empties back towards its start, so the arc shrinks counter-clockwise. */
export function paintArc(
  brush: Brush,
  { notches, gapDegrees, parted }: ArcMark,
  r: number,
  width: number,
  crosses: boolean,
): void {
  const { ctx, theme } = brush;
  const each = TAU / Math.max(1, notches.length);
  const gap = (gapDegrees * Math.PI) / 180;
  const inner = r - width / 2;
  const outer = r + width / 2;
  const alpha = ctx.globalAlpha;
  // One path for all empty slots and one for all that is left: a hundred workers have three hundred notches.
  ctx.beginPath();
  let empty = false;
  notches.forEach(({ fill }, k) => {
    if (fill >= 1) return;
    const start = TOP + k * each + gap / 2;
    empty = true;
    ctx.moveTo(outer * Math.cos(start), outer * Math.sin(start));
    ctx.arc(0, 0, outer, start, start + each - gap);
    ctx.arc(0, 0, inner, start + each - gap, start, true);
    ctx.closePath();
  });
  if (empty) {
    ctx.globalAlpha = alpha * (parted ? 1 : 0.78);
    stroke(brush, parted ? theme.fault : theme.muted, crosses ? 1.1 : 0.8);
    ctx.globalAlpha = alpha;
  }
  ctx.beginPath();
  ctx.lineCap = 'butt';
  notches.forEach(({ fill }, k) => {
    if (fill <= 0) return;
    const start = TOP + k * each + gap / 2;
    ctx.moveTo(r * Math.cos(start), r * Math.sin(start));
    ctx.arc(0, 0, r, start, start + (each - gap) * fill);
  });
  stroke(brush, theme.belief, width);
  if (!crosses) return;
  notches.forEach(({ missed }, k) => {
    if (!missed) return;
    const middle = TOP + (k + 0.5) * each;
    const x = r * Math.cos(middle);
    const y = r * Math.sin(middle);
    ctx.lineCap = 'round';
    cross(brush, x, y, 4.2);
    stroke(brush, theme.stage, 2.4 + 4.8);
    cross(brush, x, y, 4.2);
    stroke(brush, theme.fault, 2.4);
    ctx.lineCap = 'butt';
  });
}
