// Messages: kind is colour, shape and fill at once. Also beads and the rings of arrival.

import type { Kind } from '@crows-nest/protocol';
import { type Brush, circle, cross, stroke, tint } from './brush.ts';
import type { BeadMark, MessageMark, RingMark } from './marks.ts';
import { KIND_TOKEN } from './message-facts.ts';
import { paintMarked } from './paint-link.ts';
import { setFont } from './paint-text.ts';

const COMB_PITCH_PX = 5;

type Glyph = Pick<MessageMark, 'kind' | 'x' | 'y' | 'angle' | 'r' | 'text' | 'ghost'>;

/** In their order; ticks that follow each other in one stroke. */
export function paintMessages(brush: Brush, marks: readonly MessageMark[]): void {
  const beats: MessageMark[] = [];
  for (const mark of marks) {
    const plain = mark.kind === 'HEARTBEAT' && !mark.marked && !mark.arrow;
    if (beats.length > 0 && (!plain || mark.alpha !== beats[0]?.alpha)) paintBeats(brush, beats.splice(0));
    if (plain) beats.push(mark);
    else paintMessage(brush, mark);
  }
  paintBeats(brush, beats);
}

function paintBeats(brush: Brush, marks: readonly MessageMark[]): void {
  const first = marks[0];
  if (!first) return;
  const { ctx, theme } = brush;
  ctx.globalAlpha = first.alpha;
  ctx.lineCap = 'butt';
  ctx.beginPath();
  for (const { x, y, angle, r } of marks) addTick(brush, x, y, angle, r);
  const width = Math.max(2.4, first.r * 0.37);
  stroke(brush, theme.stage, width + 2);
  stroke(brush, theme.belief, width);
  ctx.globalAlpha = 1;
}

function paintMessage(brush: Brush, mark: MessageMark): void {
  const { ctx } = brush;
  if (mark.tail) paintTail(brush, mark, mark.tail);
  ctx.globalAlpha = mark.alpha;
  paintMessageGlyph(brush, mark);
  if (mark.arrow) paintArrow(brush, mark);
  paintMarked(brush, mark.marked, mark.x, mark.y, mark.r + 5);
  ctx.globalAlpha = 1;
}

export function paintMessageGlyph(brush: Brush, { kind, x, y, angle, r, text, ghost }: Glyph): void {
  const { ctx, theme } = brush;
  const colour = theme[KIND_TOKEN[kind]];
  switch (kind) {
    case 'REQUEST':
      circle(brush, x, y, r + 1.5);
      ctx.fillStyle = theme.stage;
      ctx.fill();
      circle(brush, x, y, ghost ? r - 1 : r);
      ctx.fillStyle = colour;
      if (ghost) stroke(brush, colour, 1.8, [3, 2.4]);
      else ctx.fill();
      if (text !== null) number(brush, x, y, r, text, ghost ? colour : theme.onRequest);
      break;
    case 'REPLY':
      circle(brush, x, y, r + 1.5);
      ctx.fillStyle = theme.stage;
      ctx.fill();
      circle(brush, x, y, r * 0.82);
      stroke(brush, colour, r * 0.36);
      if (text !== null) number(brush, x, y, r * 0.86, text, colour);
      break;
    case 'READY':
      triangle(brush, x, y, angle, r + 2);
      ctx.fillStyle = theme.stage;
      ctx.fill();
      triangle(brush, x, y, angle, r);
      ctx.fillStyle = theme.readyFill;
      ctx.fill();
      ctx.lineJoin = 'round';
      if (theme.readyOutline !== theme.readyFill) stroke(brush, theme.readyOutline, 1.6);
      break;
    case 'HEARTBEAT':
      tick(brush, x, y, angle, r);
      ctx.lineCap = 'butt';
      stroke(brush, theme.stage, 4.4);
      tick(brush, x, y, angle, r);
      stroke(brush, colour, 2.4);
      break;
    case 'INVALID':
      ctx.beginPath();
      ctx.roundRect(x - r, y - r, 2 * r, 2 * r, 3);
      ctx.fillStyle = theme.panel;
      ctx.fill();
      stroke(brush, colour, 1.8);
      cross(brush, x, y, r * 0.42);
      stroke(brush, colour, 2);
      break;
  }
}

/** Digits that fill the disc whatever their number. */
export function number(brush: Brush, x: number, y: number, r: number, text: string, colour: string): void {
  const { ctx } = brush;
  const size = r * (text.length <= 2 ? 1.12 : text.length === 3 ? 0.88 : 0.68);
  setFont(brush, Math.round(size * 10) / 10, 720);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y + size * 0.36);
}

export function triangle({ ctx }: Brush, x: number, y: number, angle: number, r: number): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const corner = (dx: number, dy: number): [number, number] => [x + dx * cos - dy * sin, y + dx * sin + dy * cos];
  ctx.beginPath();
  ctx.moveTo(...corner(r, 0));
  ctx.lineTo(...corner(-r * 0.72, r * 0.84));
  ctx.lineTo(...corner(-r * 0.72, -r * 0.84));
  ctx.closePath();
}

export function tick(brush: Brush, x: number, y: number, angle: number, half: number): void {
  brush.ctx.beginPath();
  addTick(brush, x, y, angle, half);
}

function addTick({ ctx }: Brush, x: number, y: number, angle: number, half: number): void {
  const dx = -Math.sin(angle) * half;
  const dy = Math.cos(angle) * half;
  ctx.moveTo(x - dx, y - dy);
  ctx.lineTo(x + dx, y + dy);
}

/** Where it has been: 8 px wide and half there at the glyph, nothing at its end. */
function paintTail(brush: Brush, { x, y, kind, r }: MessageMark, tail: readonly number[]): void {
  const { ctx } = brush;
  const count = tail.length / 2;
  if (count < 2) return;
  const endX = tail[tail.length - 2] ?? x;
  const endY = tail[tail.length - 1] ?? y;
  const gradient = ctx.createLinearGradient(x, y, endX, endY);
  const token = KIND_TOKEN[kind];
  gradient.addColorStop(0, tint(brush, token, 0.5));
  gradient.addColorStop(1, tint(brush, token, 0));
  const left: [number, number][] = [];
  const right: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    const px = tail[2 * i] ?? 0;
    const py = tail[2 * i + 1] ?? 0;
    const j = Math.min(count - 1, i + 1);
    const k = Math.max(0, i - 1);
    const angle = Math.atan2((tail[2 * j + 1] ?? 0) - (tail[2 * k + 1] ?? 0), (tail[2 * j] ?? 0) - (tail[2 * k] ?? 0));
    const half = Math.min(4, r * 0.4) * (1 - i / (count - 1));
    left.push([px - Math.sin(angle) * half, py + Math.cos(angle) * half]);
    right.push([px + Math.sin(angle) * half, py - Math.cos(angle) * half]);
  }
  ctx.beginPath();
  for (const [px, py] of [...left, ...right.reverse()]) ctx.lineTo(px, py);
  ctx.closePath();
  ctx.fillStyle = gradient;
  ctx.fill();
}

/** While paused a head says which way: six pixels before the glyph. */
function paintArrow(brush: Brush, { x, y, angle, r, kind }: MessageMark): void {
  const { ctx, theme } = brush;
  const reach = (kind === 'HEARTBEAT' ? 3 : r) + 3;
  triangle(brush, x + Math.cos(angle) * (reach + 3), y + Math.sin(angle) * (reach + 3), angle, 5);
  ctx.fillStyle = theme[KIND_TOKEN[kind]];
  ctx.fill();
}

export function paintRing(brush: Brush, { x, y, r, alpha, token }: RingMark): void {
  brush.ctx.globalAlpha = alpha;
  circle(brush, x, y, r);
  stroke(brush, brush.theme[token], 1.6);
  brush.ctx.globalAlpha = 1;
}

export function paintBead(brush: Brush, mark: BeadMark): void {
  const { ctx, theme } = brush;
  const { kind, x, y, angle, r, ticks, count } = mark;
  if (ticks > 0) {
    ctx.beginPath();
    for (let i = 0; i < ticks; i++) {
      const along = (i - (ticks - 1) / 2) * COMB_PITCH_PX;
      addTick(brush, x + Math.cos(angle) * along, y + Math.sin(angle) * along, angle, 5.5);
    }
    stroke(brush, theme.belief, 1.3);
    if (count > ticks || count > 5) {
      setFont(brush, 10.5, 650);
      ctx.textAlign = 'center';
      ctx.textBaseline = 'alphabetic';
      ctx.lineWidth = 4;
      ctx.strokeStyle = theme.stage;
      ctx.strokeText(String(count), x, y - 9);
      ctx.fillStyle = theme.belief;
      ctx.fillText(String(count), x, y - 9);
    }
    return;
  }
  circle(brush, x, y, r + 5);
  ctx.fillStyle = theme.stage;
  ctx.fill();
  circle(brush, x, y, r + 3.5);
  stroke(brush, theme[KIND_TOKEN[kind]], 1.3);
  paintMessageGlyph(brush, { kind, x, y, angle, r, text: null, ghost: false });
  if (kind !== 'READY')
    number(brush, x, y, r * 0.95, String(count), kind === 'REQUEST' ? theme.onRequest : theme[KIND_TOKEN[kind]]);
  else number(brush, x + r + 10, y, r * 0.95, String(count), theme.ready);
}

export const paintKind = (brush: Brush, kind: Kind, x: number, y: number, r: number): void =>
  paintMessageGlyph(brush, { kind, x, y, angle: 0, r, text: null, ghost: false });
