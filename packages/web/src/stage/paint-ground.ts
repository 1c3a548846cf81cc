// The ground: a shallow gradient, depth lines, and the scale bar of a chart's border along the upper edge.

import { type Brush, tint } from './brush.ts';
import { contours } from './contours.ts';

const SCALE_BLOCK_PX = 40;
const SCALE_HEIGHT_PX = 4;

export function paintGround(brush: Brush, width: number, height: number): void {
  const { ctx, theme, opacities } = brush;
  const gradient = ctx.createRadialGradient(width * 0.45, height * 0.45, 0, width * 0.45, height * 0.45, width * 0.8);
  gradient.addColorStop(0, theme.stageInner);
  gradient.addColorStop(1, theme.stageOuter);
  ctx.fillStyle = gradient;
  ctx.fillRect(0, 0, width, height);
  ctx.globalAlpha = opacities.contour;
  ctx.strokeStyle = theme.body;
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  for (const line of contours(width, height)) smooth(brush, line);
  ctx.globalAlpha = 1;
  scaleBar(brush, width);
}

/** Through the middles of its pieces, so that the grid does not show. */
function smooth({ ctx }: Brush, points: readonly number[]): void {
  ctx.beginPath();
  ctx.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 2; i + 3 < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    ctx.quadraticCurveTo(x, y, (x + (points[i + 2] ?? 0)) / 2, (y + (points[i + 3] ?? 0)) / 2);
  }
  ctx.lineTo(points[points.length - 2] ?? 0, points[points.length - 1] ?? 0);
  ctx.stroke();
}

function scaleBar(brush: Brush, width: number): void {
  const { ctx, theme } = brush;
  ctx.fillStyle = theme.page;
  ctx.fillRect(0, 0, width, SCALE_HEIGHT_PX);
  ctx.fillStyle = tint(brush, 'lane', 0.62);
  for (let x = 0; x < width; x += 2 * SCALE_BLOCK_PX) ctx.fillRect(x, 0, SCALE_BLOCK_PX, SCALE_HEIGHT_PX);
  ctx.fillRect(0, SCALE_HEIGHT_PX, width, 1);
}
