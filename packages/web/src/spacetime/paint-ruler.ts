// The chart's scale above, and the places where time was left out: torn edges, with their length written in between.

import { type Brush, stroke, tint } from '../stage/brush.ts';
import type { Diagram } from './diagram.ts';
import { paintLabel } from './paint-label.ts';

const TOOTH = { x: 6, y: 9 };
const BLOCK_PX = 5;

export function paintRuler(brush: Brush, { ruler, left, right, top, width, textScale }: Diagram): void {
  const { ctx, theme } = brush;
  ctx.fillStyle = theme.page;
  ctx.fillRect(0, 0, width, top);
  const { y, blocks, cuts } = ruler;
  const high = BLOCK_PX * Math.min(1.4, textScale);
  ctx.fillStyle = tint(brush, 'lane', 0.22);
  ctx.fillRect(left, y, right - left, high);
  ctx.fillStyle = tint(brush, 'lane', 0.85);
  for (let i = 0; i < blocks.length; i += 2) ctx.fillRect(blocks[i] ?? 0, y, blocks[i + 1] ?? 0, high);
  ctx.fillStyle = theme.stage;
  for (const { x, widthPx } of cuts) if (x + widthPx > left) ctx.fillRect(x, 0, widthPx, top);
  ctx.fillStyle = theme.page;
  ctx.fillRect(0, 0, left, top);
  for (const { x, y: middle, strip } of ruler.legend) {
    const thick = strip === 'listed' ? 4 : 5;
    ctx.fillStyle = strip === 'listed' ? theme.belief : theme.body;
    ctx.beginPath();
    ctx.roundRect(x, middle - thick / 2, 11 * textScale, thick, 2);
    ctx.fill();
  }
  for (const said of ruler.labels) paintLabel(brush, said);
}

export function paintCuts(brush: Brush, { ruler, top, height }: Diagram): void {
  const { ctx, theme } = brush;
  for (const { x, widthPx } of ruler.cuts) {
    const right = x + widthPx;
    ctx.beginPath();
    zigzag(ctx, x, top, height);
    ctx.lineTo(right, height);
    for (let y = height; y > top; y -= TOOTH.y)
      ctx.lineTo(right + (Math.round((height - y) / TOOTH.y) % 2) * TOOTH.x, y);
    ctx.lineTo(right, top);
    ctx.closePath();
    ctx.fillStyle = theme.stage;
    ctx.fill();
    for (const edge of [x, right]) {
      ctx.beginPath();
      zigzag(ctx, edge, top, height);
      stroke(brush, theme.muted, 1.2);
    }
  }
}

function zigzag(ctx: Brush['ctx'], x: number, top: number, bottom: number): void {
  ctx.moveTo(x, top);
  for (let i = 1, y = top + TOOTH.y; y < bottom + TOOTH.y; i++, y += TOOTH.y) ctx.lineTo(x + (i % 2) * TOOTH.x, y);
}
