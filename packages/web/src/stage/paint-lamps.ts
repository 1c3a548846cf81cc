// The three lamps of a worker: TCP, ZMTP, application. What does not answer is struck through, what is not known is dotted.

import { type Brush, circle, stroke } from './brush.ts';
import { type LampsMark, text } from './marks.ts';
import { paintText } from './paint-text.ts';

export function paintLamps(brush: Brush, { x, y, lamps }: LampsMark): void {
  const { ctx, theme } = brush;
  for (const lamp of lamps) {
    const at = x + lamp.x;
    circle(brush, at, y, lamp.state === 'yes' || lamp.state === 'half' ? 4.6 : 4.2);
    if (lamp.state === 'yes') {
      ctx.fillStyle = theme.belief;
      ctx.fill();
    } else if (lamp.state === 'half') {
      circle(brush, at, y, 4);
      stroke(brush, theme.belief, 1.2);
      ctx.beginPath();
      ctx.arc(at, y, 4.4, Math.PI / 2, -Math.PI / 2);
      ctx.fillStyle = theme.belief;
      ctx.fill();
    } else if (lamp.state === 'no') {
      stroke(brush, theme.muted, 1.3);
      ctx.beginPath();
      ctx.moveTo(at - 4.6, y + 4.6);
      ctx.lineTo(at + 4.6, y - 4.6);
      stroke(brush, theme.fault, 2);
    } else stroke(brush, theme.muted, 1.4, [1.4, 1.9]);
    paintText(
      brush,
      text(at + 9, y + 4.2, 12, lamp.label, lamp.state === 'yes' || lamp.state === 'half' ? 'muted' : 'faint', 450, {
        halo: true,
      }),
    );
  }
}
