// Messages: a REQUEST solid with a dot at its end, a REPLY dashed with a ring, a READY with a triangle, beats as hairlines.

import { type Brush, stroke, TAU, tint } from '../stage/brush.ts';
import type { Token } from '../theme.ts';
import { TAMPERED } from './crossings.ts';
import type { Diagram } from './diagram.ts';
import { FLOWN, type Flown, type Strand } from './flights.ts';

const LINE_PX = 1.9;
const PICKED_PX = 3;
const FAINT = 0.35;
/** So many messages a pixel are drawn in full. */
const CLEAR = 0.7;
const CROSS_PX = 4;
const DASH: Readonly<Record<Flown, readonly number[]>> = { REQUEST: [], REPLY: [5, 2.5], READY: [], INVALID: [2, 2] };
const TOKEN: Readonly<Record<Flown, Token>> = { REQUEST: 'request', REPLY: 'reply', READY: 'ready', INVALID: 'fault' };

export function paintFlights(brush: Brush, made: Diagram): void {
  const { flights, washes } = made;
  const { ctx, opacities } = brush;
  wash(brush, washes);
  const low = (made.rows[0]?.height ?? 0) < 14;
  // Where there are many, thin lines can still be told apart.
  const thin = Math.min(1, (CLEAR * (made.right - made.left)) / Math.max(1, flights.shown));
  const line = Math.max(0.6, (low ? 1.3 : LINE_PX) * thin);
  const r = Math.max(1.2, (low ? 2 : 3) * Math.sqrt(thin));
  hairlines(brush, flights.faintBeats, opacities.beat * flights.beatAlpha * FAINT);
  hairlines(brush, flights.beats, opacities.beat * flights.beatAlpha);
  ctx.globalAlpha = FAINT;
  for (const kind of FLOWN) paintStrand(brush, kind, flights.faint[kind], line, r);
  crosses(brush, flights.faintCrosses);
  ctx.globalAlpha = 1;
  for (const kind of FLOWN) paintStrand(brush, kind, flights.bright[kind], line, r);
  for (const { kind, thick, strand } of flights.lit) {
    if (kind === 'HEARTBEAT') {
      segments(ctx, strand.lines);
      stroke(brush, brush.theme.belief, thick ? 2 : 1.4);
    } else paintStrand(brush, kind, strand, thick ? PICKED_PX : line, thick ? r + 1.5 : r);
  }
  crosses(brush, flights.crosses);
  tampered(brush, flights.tampered, low ? 2.4 : 3.4);
  if (made.pointed) ring(brush, made.pointed, [3, 2]);
  if (made.event) ring(brush, made.event, []);
}

function hairlines(brush: Brush, lines: readonly number[], alpha: number): void {
  if (lines.length === 0) return;
  segments(brush.ctx, lines);
  stroke(brush, tint(brush, 'belief', alpha), 0.8);
}

/** Over the bars of what has nothing to do with what is selected. */
function wash(brush: Brush, boxes: readonly number[]): void {
  brush.ctx.fillStyle = tint(brush, 'page', 0.65);
  for (let i = 0; i < boxes.length; i += 4) {
    brush.ctx.fillRect(boxes[i] ?? 0, boxes[i + 1] ?? 0, boxes[i + 2] ?? 0, boxes[i + 3] ?? 0);
  }
}

function segments(ctx: Brush['ctx'], lines: readonly number[]): void {
  ctx.beginPath();
  for (let i = 0; i < lines.length; i += 4) {
    ctx.moveTo(lines[i] as number, lines[i + 1] as number);
    ctx.lineTo(lines[i + 2] as number, lines[i + 3] as number);
  }
}

function paintStrand(brush: Brush, kind: Flown, { lines, waits, heads }: Strand, widthPx: number, r: number): void {
  if (lines.length === 0) return;
  const { ctx, theme } = brush;
  const colour = theme[TOKEN[kind]];
  segments(ctx, lines);
  stroke(brush, colour, widthPx, DASH[kind]);
  ctx.setLineDash([]);
  if (waits.length > 0) {
    ctx.beginPath();
    for (let i = 0; i < waits.length; i += 3) {
      ctx.moveTo(waits[i] as number, waits[i + 2] as number);
      ctx.lineTo(waits[i + 1] as number, waits[i + 2] as number);
    }
    stroke(brush, colour, Math.max(1, widthPx * 0.6));
  }
  if (heads.length === 0) return;
  ctx.beginPath();
  for (let i = 0; i < heads.length; i += 3)
    head(ctx, kind, heads[i] as number, heads[i + 1] as number, heads[i + 2] as number, r);
  if (kind === 'REPLY') {
    ctx.fillStyle = theme.page;
    ctx.fill();
    stroke(brush, colour, Math.max(1.2, r * 0.5));
  } else if (kind === 'INVALID') stroke(brush, colour, 1.4);
  else {
    ctx.fillStyle = kind === 'READY' ? theme.readyFill : colour;
    ctx.fill();
    if (kind === 'READY') stroke(brush, theme.readyOutline, 1);
  }
}

function head(ctx: Brush['ctx'], kind: Flown, x: number, y: number, way: number, r: number): void {
  if (kind === 'READY') {
    ctx.moveTo(x, y);
    ctx.lineTo(x - r * 1.1, y - way * r * 2);
    ctx.lineTo(x + r * 1.1, y - way * r * 2);
    ctx.closePath();
  } else if (kind === 'INVALID') ctx.rect(x - r, y - r, 2 * r, 2 * r);
  else {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, TAU);
  }
}

export function crosses(brush: Brush, places: readonly number[], half = CROSS_PX): void {
  if (places.length === 0) return;
  const { ctx, theme } = brush;
  ctx.beginPath();
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [places[i] as number, places[i + 1] as number];
    ctx.moveTo(x - half, y - half);
    ctx.lineTo(x + half, y + half);
    ctx.moveTo(x + half, y - half);
    ctx.lineTo(x - half, y + half);
  }
  ctx.lineCap = 'round';
  stroke(brush, theme.page, 4.6);
  stroke(brush, theme.fault, 2.2);
  ctx.lineCap = 'butt';
}

/** Two plates where one is kept, a jag where it was damaged, two rings where it is a copy. */
function tampered(brush: Brush, marks: readonly number[], r: number): void {
  if (marks.length === 0) return;
  const { ctx, theme } = brush;
  ctx.beginPath();
  for (let i = 0; i < marks.length; i += 3) {
    const [x, y, how] = [marks[i] as number, marks[i + 1] as number, marks[i + 2] as number];
    if (how & TAMPERED.held) {
      for (const side of [-0.6, 0.6]) {
        ctx.moveTo(x + side * r, y - r);
        ctx.lineTo(x + side * r, y + r);
      }
    }
    if (how & TAMPERED.damaged) {
      ctx.moveTo(x - 1.5 * r, y);
      ctx.lineTo(x - 0.5 * r, y - r);
      ctx.lineTo(x + 0.5 * r, y + r);
      ctx.lineTo(x + 1.5 * r, y);
    }
    if (how & TAMPERED.copy) {
      for (const side of [-0.5, 0.5]) {
        ctx.moveTo(x + side * r + 0.8 * r, y);
        ctx.arc(x + side * r, y, 0.8 * r, 0, TAU);
      }
    }
  }
  ctx.lineCap = 'round';
  stroke(brush, theme.page, 4);
  stroke(brush, theme.fault, 1.8);
  ctx.lineCap = 'butt';
}

/** About a fact that is selected or pointed at. */
function ring(brush: Brush, { x, y }: { x: number; y: number }, dash: readonly number[]): void {
  brush.ctx.beginPath();
  brush.ctx.arc(x, y, 9, 0, TAU);
  stroke(brush, brush.theme.text, 2, dash);
  brush.ctx.setLineDash([]);
}
