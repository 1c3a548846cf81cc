// The queue's panel, its door, and the clients.

import { type Brush, circle, cross, roundBox, stroke, tint } from './brush.ts';
import type { Marked } from './frame.ts';
import type { Box2, ClientMark, DoorMark, MiniArcMark, QueueMark } from './marks.ts';
import { arcKey, paintArc, roundedArc } from './paint-arc.ts';
import { outline, paintMarked } from './paint-link.ts';
import { paintMessageGlyph } from './paint-message.ts';
import { paintText } from './paint-text.ts';
import { stamp } from './sprites.ts';
import { texture } from './textures.ts';

export function paintQueue(brush: Brush, mark: QueueMark): void {
  const { ctx, theme } = brush;
  roundBox(brush, mark, 14);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  if (mark.status === 'frozen' || mark.status === 'overloaded') {
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = texture(ctx, mark.status, brush.themeName, brush.dpr, 1);
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  const rim = {
    running: theme.body,
    unknown: theme.body,
    frozen: theme.frozen,
    overloaded: theme.busy,
    dead: theme.muted,
  }[mark.status];
  stroke(brush, rim, 2.5, mark.status === 'dead' ? [6, 5] : []);
  outlined(brush, mark.marked, mark, 5, 18);
  for (const row of mark.rows) {
    ctx.globalAlpha = row.alpha;
    roundBox(brush, row, 9);
    ctx.fillStyle = theme.raised;
    ctx.fill();
    if (row.border === 'plain') stroke(brush, tint(brush, 'lane', 0.4), 1);
    else stroke(brush, row.border === 'fault' ? theme.fault : theme.request, 1.8);
    outlined(brush, row.marked, row, 3, 11);
  }
  ctx.globalAlpha = 1;
  for (const y of mark.rules) {
    ctx.beginPath();
    ctx.moveTo(mark.x + mark.padPx, y);
    ctx.lineTo(mark.x + mark.width - mark.padPx, y);
    stroke(brush, tint(brush, 'lane', 0.45), 1.5);
  }
  for (const arc of mark.arcs) paintMiniArc(brush, arc);
  for (const disc of mark.discs) {
    paintMessageGlyph(brush, { kind: 'REQUEST', ...disc, angle: 0, ghost: false });
    paintMarked(brush, disc.marked, disc.x, disc.y, disc.r + 4);
  }
  for (const words of mark.texts) paintText(brush, words);
  if (mark.flag) paintFlag(brush, mark.flag);
}

/** Large ones run smoothly; many small ones are alike and kept. */
const ARCS_KEPT_BELOW_PX = 14;

function paintMiniArc(brush: Brush, { x, y, r, arc, text, sizePx, framed, marked }: MiniArcMark): void {
  const { ctx, theme } = brush;
  const cell = { x: x - r - 4.5, y: y - r - 4, width: 2 * r + 9, height: 2 * r + 8 };
  if (framed) {
    roundBox(brush, cell, 6);
    stroke(brush, theme.request, 2);
  }
  outlined(brush, marked, cell, framed ? 3 : 0, 8);
  if (r >= ARCS_KEPT_BELOW_PX) {
    ctx.translate(x, y);
    paintArc(brush, arc, r, r * 0.26, false);
    ctx.translate(-x, -y);
  } else {
    const rounded = roundedArc(arc, r * brush.dpr);
    const box = () => ({ x: -r * 1.2, y: -r * 1.2, width: r * 2.4, height: r * 2.4 });
    stamp(brush, `mini ${r} ${arcKey(rounded)}`, x, y, box, (own) => paintArc(own, rounded, r, r * 0.26, false));
  }
  const run = { text, token: arc.parted ? ('fault' as const) : ('text' as const), weight: 650 };
  paintText(brush, { x, y: y + sizePx * 0.36, sizePx, align: 'center', runs: [run] });
}

/** The outline of whatever is chosen or pointed at, `apart` from it. */
function outlined(brush: Brush, marked: Marked, { x, y, width, height }: Box2, apart: number, corner: number): void {
  if (marked === null) return;
  roundBox(brush, { x: x - apart, y: y - apart, width: width + 2 * apart, height: height + 2 * apart }, corner);
  outline(brush, marked);
}

function paintFlag(brush: Brush, { x, y, width, height, text }: NonNullable<QueueMark['flag']>): void {
  const { ctx, theme } = brush;
  const point = 11;
  ctx.globalAlpha = text.alpha ?? 1;
  ctx.beginPath();
  ctx.moveTo(x + 4, y);
  ctx.lineTo(x + width - point, y);
  ctx.lineTo(x + width, y + height / 2);
  ctx.lineTo(x + width - point, y + height);
  ctx.lineTo(x + 4, y + height);
  ctx.quadraticCurveTo(x, y + height, x, y + height - 4);
  ctx.lineTo(x, y + 4);
  ctx.quadraticCurveTo(x, y, x + 4, y);
  ctx.closePath();
  ctx.fillStyle = theme.request;
  ctx.fill();
  paintText(brush, text);
}

/** Two quays and the queue's wall, with an opening while the frontend is read. */
export function paintDoor(brush: Brush, { x, y, lengthPx, gapPx, open, unit, texts }: DoorMark): void {
  const { ctx, theme } = brush;
  const top = y - gapPx / 2;
  const bottom = y + gapPx / 2;
  ctx.lineCap = 'round';
  ctx.beginPath();
  for (const edge of [top, bottom]) {
    ctx.moveTo(x - lengthPx, edge);
    ctx.lineTo(x - 2, edge);
  }
  stroke(brush, theme.body, 2 * unit);
  ctx.beginPath();
  ctx.moveTo(x, top);
  if (open) {
    ctx.lineTo(x, y - 13 * unit);
    ctx.moveTo(x, y + 13 * unit);
  }
  ctx.lineTo(x, bottom);
  stroke(brush, theme.body, 5 * unit);
  ctx.beginPath();
  if (open) {
    ctx.moveTo(x, y - 9 * unit);
    ctx.lineTo(x, y + 9 * unit);
    ctx.lineCap = 'butt';
    stroke(brush, theme.panel, 4 * unit);
  } else {
    ctx.moveTo(x - 7.5 * unit, y - 18 * unit);
    ctx.lineTo(x - 7.5 * unit, y + 18 * unit);
    stroke(brush, theme.fault, 2.5 * unit);
  }
  ctx.lineCap = 'butt';
  for (const words of texts) paintText(brush, words);
}

export function paintClient(brush: Brush, mark: ClientMark): void {
  const { ctx, theme } = brush;
  const { x, y, width, height, truth } = mark;
  ctx.globalAlpha = mark.alpha;
  roundBox(brush, mark, mark.corner);
  ctx.fillStyle = truth === 'dead' ? theme.stage : theme.panel;
  ctx.fill();
  if (truth === 'frozen' || truth === 'overloaded') {
    ctx.fillStyle = texture(ctx, truth, brush.themeName, brush.dpr, 1);
    ctx.fill();
  }
  const rim = {
    running: theme.body,
    unknown: theme.muted,
    frozen: theme.frozen,
    overloaded: theme.busy,
    dead: theme.muted,
  }[truth];
  const dash = truth === 'dead' ? [6, 5] : truth === 'unknown' ? [1.5, 4] : [];
  stroke(brush, rim, width > 40 ? 2.6 : 1.8, dash);
  const middleX = x + width / 2;
  const middleY = y + height / 2;
  if (truth === 'dead') {
    ctx.lineCap = 'round';
    cross(brush, middleX, middleY, width * 0.16);
    stroke(brush, theme.fault, 3);
    ctx.lineCap = 'butt';
  }
  if (mark.text && (truth === 'frozen' || truth === 'overloaded')) {
    circle(brush, middleX, middleY, width * 0.34);
    ctx.fillStyle = theme.panel;
    ctx.fill();
  }
  if (mark.text && mark.ringPx > 0) {
    circle(brush, middleX, middleY, mark.ringPx);
    stroke(brush, theme.request, 1.7, [3.4, 3]);
  }
  ctx.globalAlpha = 1;
  if (mark.text) paintText(brush, { ...mark.text, alpha: mark.alpha });
  outlined(brush, mark.marked, mark, 5, mark.corner + 4);
}
