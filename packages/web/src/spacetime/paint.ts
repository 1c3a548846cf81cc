// Paints a diagram on a canvas, from the ground up. Everything of one look is one path: a frame costs little, however much there is.

import { type Brush, brushFor, type StageContext, stroke, tint } from '../stage/brush.ts';
import type { Diagram } from './diagram.ts';
import { frames, strips } from './paint-bars.ts';
import { paintCounts } from './paint-counts.ts';
import { paintFlights } from './paint-flights.ts';
import { paintLabel } from './paint-label.ts';
import { paintNotes } from './paint-notes.ts';
import { paintCuts, paintRuler } from './paint-ruler.ts';

export function paintDiagram(ctx: StageContext, made: Diagram): void {
  const brush = brushFor(ctx, made.themeName, made.dpr);
  ctx.setTransform(made.dpr, 0, 0, made.dpr, 0, 0);
  ctx.globalAlpha = 1;
  ground(brush, made);
  ctx.save();
  ctx.beginPath();
  ctx.rect(made.left - 1, made.top, made.right - made.left + 1, made.height - made.top);
  ctx.clip();
  lanes(brush, made);
  strips(brush, made);
  frames(brush, made);
  if (made.counts) paintCounts(brush, made.counts);
  paintFlights(brush, made);
  paintNotes(brush, made);
  paintCuts(brush, made);
  missing(brush, made);
  future(brush, made);
  ctx.restore();
  paintRuler(brush, made);
  rowHeads(brush, made);
  plates(brush, made);
  for (const said of made.labels) paintLabel(brush, said);
  playhead(brush, made);
}

function ground(brush: Brush, { width, height, rows, left }: Diagram): void {
  const { ctx, theme } = brush;
  ctx.fillStyle = theme.page;
  ctx.fillRect(0, 0, width, height);
  if ((rows[0]?.height ?? 0) < 7) return;
  ctx.fillStyle = tint(brush, 'lane', 0.07);
  for (const [i, row] of rows.entries()) if (i % 2 === 1) ctx.fillRect(0, row.y, width, row.height);
  for (const row of rows) {
    if (row.selected) {
      ctx.fillStyle = tint(brush, row.selected, 0.14);
      ctx.fillRect(0, row.y, width, row.height);
      ctx.fillStyle = theme[row.selected];
      ctx.fillRect(0, row.y, 3, row.height);
    } else if (row.hovered) {
      ctx.fillStyle = tint(brush, 'lane', 0.16);
      ctx.fillRect(0, row.y, left, row.height);
    }
  }
}

function lanes(brush: Brush, { rows, ruler, top, bottom, right }: Diagram): void {
  const { ctx } = brush;
  ctx.beginPath();
  for (const x of ruler.lines) {
    ctx.moveTo(Math.round(x) + 0.5, top);
    ctx.lineTo(Math.round(x) + 0.5, bottom);
  }
  stroke(brush, tint(brush, 'lane', 0.2), 1);
  ctx.beginPath();
  for (const { barY, fromX, toX, height } of rows) {
    if (toX <= fromX || height < 2.5) continue;
    ctx.moveTo(fromX, barY);
    ctx.lineTo(Math.min(right, toX), barY);
  }
  stroke(brush, tint(brush, 'lane', (rows[0]?.height ?? 0) < 7 ? 0.3 : 0.75), 1);
}

function plates(brush: Brush, { plates }: Diagram): void {
  const { ctx, theme } = brush;
  for (const { x, y, width, height, faint } of plates) {
    ctx.globalAlpha = faint ? 0.45 : 1;
    ctx.beginPath();
    ctx.roundRect(x, y, width, height, height / 2);
    ctx.fillStyle = theme.panel;
    ctx.fill();
    stroke(brush, theme.fault, 1.4);
  }
  ctx.globalAlpha = 1;
}

/** The names' column keeps to itself whatever is drawn beside it. */
function rowHeads(brush: Brush, { left, top, height }: Diagram): void {
  const { ctx } = brush;
  ctx.beginPath();
  ctx.moveTo(left - 0.5, top);
  ctx.lineTo(left - 0.5, height);
  stroke(brush, tint(brush, 'lane', 0.25), 1);
}

/** What is known of later is drawn, and veiled: it has not happened at the playhead. */
function future(brush: Brush, made: Diagram): void {
  const { ctx, theme } = brush;
  const { playheadX, right, top, height, expiries } = made;
  const x = Math.max(made.left, playheadX);
  if (x >= right) return;
  if (made.to > made.t) {
    ctx.fillStyle = tint(brush, 'page', 0.62);
    ctx.fillRect(x, top, right - x, height - top);
  }
  hatch(brush, x, top, right - x, height - top, made.to > made.t ? 0.14 : 0.3);
  ctx.beginPath();
  for (let i = 0; i < expiries.length; i += 3) {
    ctx.moveTo(expiries[i] ?? 0, expiries[i + 1] ?? 0);
    ctx.lineTo(expiries[i] ?? 0, (expiries[i + 1] ?? 0) + (expiries[i + 2] ?? 0));
  }
  stroke(brush, theme.fault, 1.8, [3, 2.5]);
  ctx.setLineDash([]);
}

function missing(brush: Brush, { missed, top, height }: Diagram): void {
  const { ctx, theme } = brush;
  for (let i = 0; i < missed.length; i += 2) {
    ctx.fillStyle = theme.stage;
    ctx.fillRect(missed[i] ?? 0, top, missed[i + 1] ?? 0, height - top);
    hatch(brush, missed[i] ?? 0, top, missed[i + 1] ?? 0, height - top, 0.3);
  }
}

const HATCH_PX = 6;

function hatch(brush: Brush, x: number, y: number, width: number, height: number, alpha: number): void {
  const { ctx } = brush;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.beginPath();
  // Counted from the screen's corner, so that it stands still while time goes by.
  for (let at = Math.floor((x - height) / HATCH_PX) * HATCH_PX; at < x + width; at += HATCH_PX) {
    ctx.moveTo(at, y + height);
    ctx.lineTo(at + height, y);
  }
  stroke(brush, tint(brush, 'lane', alpha), 1);
  ctx.restore();
}

function playhead(brush: Brush, { playheadX: x, left, right, height, ruler }: Diagram): void {
  if (x < left || x > right) return;
  const { ctx, theme } = brush;
  ctx.beginPath();
  ctx.moveTo(x, ruler.y);
  ctx.lineTo(x, height);
  stroke(brush, theme.text, 2);
  ctx.beginPath();
  ctx.roundRect(x - 5, ruler.y - 4, 10, 8, 2);
  ctx.moveTo(x - 4, ruler.y + 3);
  ctx.lineTo(x, ruler.y + 9);
  ctx.lineTo(x + 4, ruler.y + 3);
  ctx.fillStyle = theme.text;
  ctx.fill();
}
