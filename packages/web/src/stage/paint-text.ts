// Text: the face, the halo under it, and digits that all take the same room so that counting down does not shiver.

import { MONO_FONT, UI_FONT } from '../theme.ts';
import { type Brush, tint } from './brush.ts';
import type { Box2, TextMark } from './marks.ts';
import { stamp } from './sprites.ts';
import { boxOf, digitWidth, textWidth } from './text-width.ts';

const HALO_PX = 5;
const COUNTING = /\d+[.,]\d/;

export function setFont(brush: Brush, sizePx: number, weight: number, mono = false): void {
  const font = `${weight} ${sizePx}px ${mono ? MONO_FONT : UI_FONT}`;
  if (font === brush.font) return;
  brush.font = font;
  brush.ctx.font = font;
}

/** Text with a halo is dear, and mostly the same as a frame ago: it is kept, unless it is said to change all the time. */
export function paintText(brush: Brush, mark: TextMark): void {
  brush.ctx.globalAlpha = mark.alpha ?? 1;
  if (mark.fresh) {
    drawText(brush, mark);
    brush.ctx.globalAlpha = 1;
    return;
  }
  stamp(
    brush,
    keyOf(mark),
    mark.x,
    mark.y,
    () => roomFor(mark),
    (own) => drawText(own, { ...mark, x: 0, y: 0 }),
  );
  brush.ctx.globalAlpha = 1;
}

/** Widths are estimates: a face that is wider than its table must not be cut off. */
function roomFor(mark: TextMark): Box2 {
  const box = boxOf({ ...mark, x: 0, y: 0 });
  const spare = 10 + box.width * 0.1;
  return {
    x: box.x - spare,
    y: box.y - mark.sizePx * 0.3 - HALO_PX,
    width: box.width + 2 * spare + (mark.spacingPx ?? 0) * 20,
    height: box.height + mark.sizePx * 0.6 + 2 * HALO_PX,
  };
}

const keyOf = ({ runs, sizePx, align, halo, boxed, mono, spacingPx }: TextMark): string => {
  let key = `text ${sizePx} ${align} ${halo ?? ''} ${boxed ?? ''} ${mono ?? ''} ${spacingPx ?? ''}`;
  for (const { text, token, weight } of runs) key += `|${token} ${weight} ${text}`;
  return key;
};

/** Where it says it stands, with the alpha that is set. */
export function drawText(brush: Brush, mark: TextMark): void {
  const { ctx } = brush;
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

const WIDTHS = new Map<string, number>();
const WIDTHS_KEPT = 4000;

/** For when a face has been loaded. */
export const forgetWidths = (): void => WIDTHS.clear();

/** As it is set now; measuring is dear. */
function inkWidth({ ctx, font }: Brush, piece: string): number {
  const key = `${font}|${ctx.letterSpacing}|${piece}`;
  const known = WIDTHS.get(key);
  if (known !== undefined) return known;
  const { width } = ctx.measureText(piece);
  if (WIDTHS.size >= WIDTHS_KEPT) WIDTHS.clear();
  WIDTHS.set(key, width);
  return width;
}
