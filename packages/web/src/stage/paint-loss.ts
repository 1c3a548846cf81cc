// What a loss leaves behind: the glyph's dashed outline and the mark of what took it.

import { type Brush, circle, cross, polyline, stroke } from './brush.ts';
import type { LossMark } from './marks.ts';
import { KIND_TOKEN } from './message-facts.ts';
import { paintMarked } from './paint-link.ts';
import { number, tick, triangle } from './paint-message.ts';
import { setFont } from './paint-text.ts';

/** The glyph's outline only, dashed, with the mark of what took it. */
export function paintLoss(
  brush: Brush,
  { kind, cause, x, y, rotation, r, text, alpha, cross: size, marked }: LossMark,
): void {
  const { ctx, theme } = brush;
  ctx.globalAlpha = alpha;
  const colour = theme[KIND_TOKEN[kind]];
  if (kind === 'HEARTBEAT') {
    tick(brush, x, y, rotation, r);
    stroke(brush, colour, 2.2);
  } else if (kind === 'READY') {
    triangle(brush, x, y, rotation, r);
    stroke(brush, brush.theme.ready, 1.8, [3, 2.4]);
  } else if (kind === 'INVALID') {
    ctx.beginPath();
    ctx.rect(x - r, y - r, 2 * r, 2 * r);
    stroke(brush, colour, 1.8, [3, 2.4]);
  } else {
    circle(brush, x, y, kind === 'REPLY' ? r * 0.9 : r);
    stroke(brush, colour, kind === 'REPLY' ? 2.8 : 1.8, [3, 2.4]);
    if (text !== null) number(brush, x, y, r * 0.9, text, colour);
  }
  if (size > 0) causeMark(brush, cause, x + r * 0.72, y + r * 0.72, Math.max(4.6, r * 0.44) * size);
  paintMarked(brush, marked, x, y, r + 5);
  ctx.globalAlpha = 1;
}

/** × a fault, a bolt for a connection or process gone, bars for a full buffer, ? for a ROUTER that had nobody. */
export function causeMark(brush: Brush, cause: string, x: number, y: number, half: number): void {
  const { ctx, theme } = brush;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  if (cause === 'router') {
    setFont(brush, half * 3.2, 800);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'alphabetic';
    ctx.strokeStyle = theme.stage;
    ctx.lineWidth = 3;
    ctx.setLineDash([]);
    ctx.strokeText('?', x + 1, y + half);
    ctx.fillStyle = theme.fault;
    ctx.fillText('?', x + 1, y + half);
    ctx.lineCap = 'butt';
    return;
  }
  const path = (): void => {
    if (cause === 'fault') cross(brush, x, y, half);
    else if (cause === 'buffer') {
      ctx.beginPath();
      for (const dy of [-half * 0.8, 0, half * 0.8]) {
        ctx.moveTo(x - half, y + dy);
        ctx.lineTo(x + half, y + dy);
      }
    } else
      polyline(brush, [
        x + half * 0.5,
        y - half * 1.3,
        x - half * 0.6,
        y + half * 0.1,
        x + half * 0.6,
        y,
        x - half * 0.4,
        y + half * 1.4,
      ]);
  };
  path();
  stroke(brush, theme.stage, 5);
  path();
  stroke(brush, theme.fault, 2.2);
  ctx.lineCap = 'butt';
}
