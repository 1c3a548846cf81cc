// Lanes, cuts, and the chips of faults.

import { type Brush, circle, cross, polyline, roundBox, stroke } from './brush.ts';
import type { Marked } from './frame.ts';
import type { ChipMark, LinkMark, PlateMark } from './marks.ts';
import { paintText } from './paint-text.ts';
import { nameFor } from './sprites.ts';

/** All that a still link's picture depends on. Its points are made once and never changed. */
export const linkKey = ({ parts, widthPx, cut }: LinkMark): string =>
  `${widthPx} ${cut ? `${cut.x} ${cut.y}` : ''} ${parts.map(({ points, dash, alpha }) => `${nameFor(points)} ${dash} ${alpha}`)}`;

export function paintLink(brush: Brush, mark: LinkMark): void {
  const { ctx, theme } = brush;
  const { marked, widthPx } = mark;
  ctx.lineCap = 'butt';
  ctx.lineJoin = 'round';
  const colour = marked === 'chosen' ? theme.text : marked === 'hovered' ? theme.muted : theme.lane;
  for (const part of mark.parts) {
    ctx.globalAlpha = marked ? 1 : part.alpha;
    polyline(brush, part.points);
    stroke(brush, colour, marked ? widthPx + 0.8 : widthPx, part.dash ?? []);
  }
  ctx.globalAlpha = 1;
  if (mark.cut) {
    const half = 4 + 1.35 * widthPx;
    ctx.lineCap = 'round';
    cross(brush, mark.cut.x, mark.cut.y, half);
    stroke(brush, theme.stage, half);
    cross(brush, mark.cut.x, mark.cut.y, half);
    stroke(brush, theme.fault, half * 0.43);
    ctx.lineCap = 'butt';
  }
}

export function paintChip(brush: Brush, mark: ChipMark): void {
  const { ctx, theme } = brush;
  if (mark.leader) {
    polyline(brush, mark.leader);
    stroke(brush, theme.fault, 1.2);
  }
  roundBox(brush, mark, mark.height / 2);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  stroke(brush, theme.fault, 1.5);
  if (mark.ring) {
    const { x, y, r, share } = mark.ring;
    circle(brush, x, y, r);
    stroke(brush, theme.lane, r * 0.4);
    ctx.beginPath();
    ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI);
    stroke(brush, theme.fault, r * 0.4);
  }
  for (const words of mark.texts) paintText(brush, words);
}

export function paintPlate(brush: Brush, mark: PlateMark): void {
  const { ctx, theme } = brush;
  roundBox(brush, mark, 9);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  stroke(brush, theme.fault, 1.8);
  const { x, y, sizePx } = mark.sign;
  if (sizePx > 0) {
    const half = sizePx / 2;
    ctx.lineCap = 'round';
    ctx.beginPath();
    ctx.moveTo(x - half * 0.8, y - half * 0.32);
    ctx.lineTo(x + half * 0.8, y - half * 0.32);
    ctx.moveTo(x - half * 0.8, y + half * 0.32);
    ctx.lineTo(x + half * 0.8, y + half * 0.32);
    ctx.moveTo(x + half * 0.42, y - half);
    ctx.lineTo(x - half * 0.42, y + half);
    stroke(brush, theme.fault, 2.2);
    ctx.lineCap = 'butt';
  }
  for (const words of mark.texts) paintText(brush, words);
}

/** A thin ring about whatever is chosen, the same on every view; fainter about what is pointed at. */
export function paintMarked(brush: Brush, marked: Marked, x: number, y: number, r: number): void {
  if (marked === null) return;
  circle(brush, x, y, r);
  outline(brush, marked);
}

export const outline = (brush: Brush, marked: NonNullable<Marked>): void =>
  marked === 'chosen' ? stroke(brush, brush.theme.text, 2) : stroke(brush, brush.theme.muted, 1.4);
