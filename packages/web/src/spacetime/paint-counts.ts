// Requests as filled columns upwards, replies as outlined ones downwards, losses as crosses below.

import { type Brush, stroke, tint } from '../stage/brush.ts';
import type { Counts } from './counts.ts';
import { crosses } from './paint-flights.ts';

export function paintCounts(brush: Brush, { requests, replies, losses }: Counts): void {
  const { ctx, theme } = brush;
  columns(ctx, requests);
  ctx.fillStyle = tint(brush, 'request', 0.85);
  ctx.fill();
  // The outline lies within the column.
  columns(ctx, replies, 0.5);
  stroke(brush, theme.reply, 1);
  crosses(brush, losses, 3.2);
}

function columns(ctx: Brush['ctx'], boxes: readonly number[], inset = 0): void {
  ctx.beginPath();
  for (let i = 0; i < boxes.length; i += 4) {
    const [width, height] = [boxes[i + 2] as number, boxes[i + 3] as number];
    ctx.rect(
      (boxes[i] as number) + inset,
      boxes[i + 1] as number,
      Math.max(0.5, width - 2 * inset),
      Math.max(0.5, height),
    );
  }
}
