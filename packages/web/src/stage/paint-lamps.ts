// The three lamps of a worker: TCP, ZMTP, application. What does not answer is struck through, what is not known is dotted.

import { type Brush, circle, stroke } from './brush.ts';
import { type LampsMark, text } from './marks.ts';
import { drawText } from './paint-text.ts';
import { stamp } from './sprites.ts';
import type { LampState } from './truth.ts';

const BOX = { x: -7, y: -12, width: 50, height: 22 };

export function paintLamps(brush: Brush, { x, y, lamps, alpha }: LampsMark): void {
  brush.ctx.globalAlpha = alpha;
  for (const { state, label, x: dx } of lamps) {
    stamp(
      brush,
      `lamp ${state} ${label}`,
      x + dx,
      y,
      () => BOX,
      (own) => paintLamp(own, state, label),
    );
  }
  brush.ctx.globalAlpha = 1;
}

function paintLamp(brush: Brush, state: LampState, label: string): void {
  const { ctx, theme } = brush;
  circle(brush, 0, 0, state === 'yes' || state === 'half' ? 4.6 : 4.2);
  if (state === 'yes') {
    ctx.fillStyle = theme.belief;
    ctx.fill();
  } else if (state === 'half') {
    circle(brush, 0, 0, 4);
    stroke(brush, theme.belief, 1.2);
    ctx.beginPath();
    ctx.arc(0, 0, 4.4, Math.PI / 2, -Math.PI / 2);
    ctx.fillStyle = theme.belief;
    ctx.fill();
  } else if (state === 'no') {
    stroke(brush, theme.muted, 1.3);
    ctx.beginPath();
    ctx.moveTo(-4.6, 4.6);
    ctx.lineTo(4.6, -4.6);
    stroke(brush, theme.fault, 2);
  } else stroke(brush, theme.muted, 1.4, [1.4, 1.9]);
  const token = state === 'yes' || state === 'half' ? 'muted' : 'faint';
  drawText(brush, text(9, 4.2, 12, label, token, 450, { halo: true }));
}
