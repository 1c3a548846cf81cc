// The queue's panel, its door, and the clients.

import { type Brush, circle, cross, roundBox, stroke, tint } from './brush.ts';
import type { ClientMark, DoorMark, QueueMark } from './marks.ts';
import { paintArc } from './paint-arc.ts';
import { paintMessageGlyph } from './paint-message.ts';
import { paintText, setFont } from './paint-text.ts';
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
  if (mark.selected) {
    roundBox(brush, { x: mark.x - 5, y: mark.y - 5, width: mark.width + 10, height: mark.height + 10 }, 18);
    stroke(brush, theme.text, 2);
  }
  for (const row of mark.rows) {
    ctx.globalAlpha = row.alpha;
    roundBox(brush, row, 9);
    ctx.fillStyle = theme.raised;
    ctx.fill();
    if (row.border === 'plain') stroke(brush, tint(brush, 'lane', 0.4), 1);
    else stroke(brush, row.border === 'fault' ? theme.fault : theme.request, 1.8);
  }
  ctx.globalAlpha = 1;
  for (const y of mark.rules) {
    ctx.beginPath();
    ctx.moveTo(mark.x + 16, y);
    ctx.lineTo(mark.x + mark.width - 16, y);
    stroke(brush, tint(brush, 'lane', 0.45), 1.5);
  }
  for (const { x, y, r, arc, text, framed } of mark.arcs) {
    if (framed) {
      roundBox(brush, { x: x - r - 4.5, y: y - r - 4, width: 2 * r + 9, height: 2 * r + 8 }, 6);
      stroke(brush, theme.request, 2);
    }
    ctx.translate(x, y);
    paintArc(brush, arc, r, r * 0.26, false);
    ctx.translate(-x, -y);
    setFont(brush, r >= 14 ? 14.5 : 10.5, 650);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'alphabetic';
    ctx.fillStyle = arc.parted ? theme.fault : theme.text;
    ctx.fillText(text, x, y + (r >= 14 ? 5.2 : 3.8));
  }
  for (const disc of mark.discs) {
    paintMessageGlyph(brush, { kind: 'REQUEST', ...disc, angle: 0, ghost: false });
  }
  for (const words of mark.texts) paintText(brush, words);
  if (mark.flag) paintFlag(brush, mark.flag);
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
export function paintDoor(brush: Brush, { x, y, lengthPx, gapPx, open, texts }: DoorMark): void {
  const { ctx, theme } = brush;
  const top = y - gapPx / 2;
  const bottom = y + gapPx / 2;
  ctx.lineCap = 'round';
  for (const edge of [top, bottom]) {
    ctx.beginPath();
    ctx.moveTo(x - lengthPx, edge);
    ctx.lineTo(x - 2, edge);
    stroke(brush, theme.body, 2);
  }
  ctx.beginPath();
  ctx.moveTo(x, top);
  if (open) {
    ctx.lineTo(x, y - 13);
    ctx.moveTo(x, y + 13);
  }
  ctx.lineTo(x, bottom);
  stroke(brush, theme.body, 5);
  if (open) {
    ctx.beginPath();
    ctx.moveTo(x, y - 9);
    ctx.lineTo(x, y + 9);
    ctx.lineCap = 'butt';
    stroke(brush, theme.panel, 4);
  } else {
    ctx.beginPath();
    ctx.moveTo(x - 7.5, y - 18);
    ctx.lineTo(x - 7.5, y + 18);
    stroke(brush, theme.fault, 2.5);
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
  if (mark.selected) {
    roundBox(brush, { x: x - 5, y: y - 5, width: width + 10, height: height + 10 }, mark.corner + 4);
    stroke(brush, theme.text, 2);
  }
}
