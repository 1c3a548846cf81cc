// Text: the face, the halo under it, and digits that all take the same room so that counting down does not shiver.

import { MONO_FONT, UI_FONT } from '../theme.ts';
import { type Brush, tint } from './brush.ts';
import type { TextMark } from './marks.ts';
import { boxOf, digitWidth, textWidth } from './text-width.ts';

const HALO_PX = 5;
const COUNTING = /\d+[.,]\d/;

export function setFont(brush: Brush, sizePx: number, weight: number, mono = false): void {
  const font = `${weight} ${sizePx}px ${mono ? MONO_FONT : UI_FONT}`;
  if (font === brush.font) return;
  brush.font = font;
  brush.ctx.font = font;
}

export function paintText(brush: Brush, mark: TextMark): void {
  const { ctx } = brush;
  ctx.globalAlpha = mark.alpha ?? 1;
  ctx.textBaseline = 'alphabetic';
  if (mark.spacingPx) ctx.letterSpacing = `${mark.spacingPx}px`;
  if (mark.boxed) {
    const box = boxOf(mark);
    ctx.fillStyle = tint(brush, 'stage', 0.85);
    ctx.fillRect(box.x - 2, box.y - 1, box.width + 4, box.height + 2);
  }
  if (mark.halo) {
    ctx.lineJoin = 'round';
    ctx.strokeStyle = tint(brush, 'stage', 0.9);
    ctx.lineWidth = HALO_PX;
    ctx.setLineDash([]);
    eachRun(brush, mark, (piece, x) => ctx.strokeText(piece, x, mark.y));
  }
  eachRun(brush, mark, (piece, x, token) => {
    ctx.fillStyle = brush.theme[token];
    ctx.fillText(piece, x, mark.y);
  });
  if (mark.spacingPx) ctx.letterSpacing = '0px';
  ctx.globalAlpha = 1;
}

type Draw = (piece: string, x: number, token: TextMark['runs'][number]['token']) => void;

function eachRun(brush: Brush, mark: TextMark, draw: Draw): void {
  const { ctx } = brush;
  const only = mark.runs[0];
  if (mark.runs.length === 1 && only && !COUNTING.test(only.text)) {
    setFont(brush, mark.sizePx, only.weight, mark.mono);
    ctx.textAlign = mark.align;
    draw(only.text, mark.x, only.token);
    return;
  }
  ctx.textAlign = 'left';
  const widths = mark.runs.map((run) => {
    setFont(brush, mark.sizePx, run.weight, mark.mono);
    return pieces(run.text).reduce((sum, piece) => sum + advance(brush, piece, mark, run.weight), 0);
  });
  const total = widths.reduce((a, b) => a + b, 0);
  let x = mark.align === 'left' ? mark.x : mark.align === 'right' ? mark.x - total : mark.x - total / 2;
  for (const run of mark.runs) {
    setFont(brush, mark.sizePx, run.weight, mark.mono);
    for (const piece of pieces(run.text)) {
      const wide = advance(brush, piece, mark, run.weight);
      // A narrow digit stands in the middle of its room.
      const lead = /^\d$/.test(piece) && !mark.mono ? (wide - inkWidth(brush, piece)) / 2 : 0;
      draw(piece, x + lead, run.token);
      x += wide;
    }
  }
}

/** Digits of a number with a decimal one by one, everything else in one piece. */
function pieces(text: string): string[] {
  if (!COUNTING.test(text)) return [text];
  return text.match(/\d|[^\d]+/g) ?? [text];
}

function advance(brush: Brush, piece: string, { sizePx, mono }: TextMark, weight: number): number {
  if (/^\d$/.test(piece) && !mono) return digitWidth(sizePx, weight);
  return inkWidth(brush, piece) || textWidth(piece, sizePx, weight, mono);
}

const inkWidth = ({ ctx }: Brush, piece: string): number => ctx.measureText(piece).width;
