// Marks of what happened to a process: a cross for an end, a diamond for a fault, a stroke for a change.

import { type Brush, stroke } from '../stage/brush.ts';
import type { Diagram } from './diagram.ts';
import type { NoteMark } from './noted-marks.ts';

export function paintNotes(brush: Brush, { notes, rows }: Diagram): void {
  const { ctx, theme } = brush;
  const full = (rows[0]?.height ?? 0) >= 14;
  for (const mark of notes) {
    ctx.globalAlpha = mark.faint ? 0.4 : 1;
    outline(brush, mark, full);
    const open = mark.shape === 'healed' || mark.shape === 'gate';
    if (open) {
      ctx.fillStyle = theme.panel;
      ctx.fill();
    }
    if (mark.shape === 'cross') {
      ctx.lineCap = 'round';
      stroke(brush, theme.page, 5);
    }
    stroke(brush, theme[mark.token], mark.shape === 'cross' ? 2.6 : 2);
    ctx.lineCap = 'butt';
    // A fault's gate has its stroke through it; healed it is empty.
    if (mark.shape !== 'gate' || !full) continue;
    ctx.beginPath();
    ctx.moveTo(mark.x - 2, mark.y + 2);
    ctx.lineTo(mark.x + 2, mark.y - 2);
    stroke(brush, theme[mark.token], 1.6);
  }
  ctx.globalAlpha = 1;
}

function outline({ ctx }: Brush, { shape, x, y, sizePx: s }: NoteMark, full: boolean): void {
  ctx.beginPath();
  switch (shape) {
    case 'cross':
      ctx.moveTo(x - s, y - s);
      ctx.lineTo(x + s, y + s);
      ctx.moveTo(x + s, y - s);
      ctx.lineTo(x - s, y + s);
      break;
    case 'gate':
    case 'healed': {
      const r = full ? s + 1.5 : s;
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + r);
      ctx.lineTo(x - r, y);
      ctx.closePath();
      break;
    }
    case 'expiry':
    case 'tick':
      ctx.moveTo(x, y - s * 1.4);
      ctx.lineTo(x, y + s * 1.4);
      break;
  }
}
