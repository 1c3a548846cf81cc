// The two strips of each lane and the frames about them. Textures move along with time: they belong to the bar, not to the screen.

import { type Brush, type StageContext, stroke, tint } from '../stage/brush.ts';
import { type Texture, texture } from '../stage/textures.ts';
import type { Token } from '../theme.ts';
import type { Diagram } from './diagram.ts';
import type { Boxes } from './strip.ts';

function path(ctx: StageContext, boxes: Boxes, dx = 0, corner = 0): void {
  ctx.beginPath();
  for (let i = 0; i < boxes.length; i += 4) {
    const [x, y, width, height] = [(boxes[i] ?? 0) - dx, boxes[i + 1] ?? 0, boxes[i + 2] ?? 0, boxes[i + 3] ?? 0];
    if (corner > 0 && width > 2 * corner) ctx.roundRect(x, y, width, height, corner);
    else ctx.rect(x, y, width, height);
  }
}

/** Rounded corners cost; where there are many, nobody sees them. */
const ROUNDED_AT_MOST = 4 * 400;
const TEXTURED_AT_MOST = 4 * 1500;

export function strips(brush: Brush, made: Diagram): void {
  const { ctx, opacities } = brush;
  const { bars, dense } = made;
  const thin = (made.rows[0]?.height ?? 0) < 7;
  const fill = (boxes: Boxes, style: string): void => {
    if (boxes.length === 0) return;
    path(ctx, boxes, 0, boxes.length < ROUNDED_AT_MOST ? Math.min(2, (boxes[3] ?? 0) / 2) : 0);
    ctx.fillStyle = style;
    ctx.fill();
  };
  fill(bars.listed, brush.theme.belief);
  fill(bars.atWork, tint(brush, 'belief', 0.6));
  fill(bars.running, thin ? tint(brush, 'body', 0.3) : tint(brush, 'body', 0.92));
  if (bars.unknown.length > 0) {
    path(ctx, bars.unknown);
    stroke(brush, tint(brush, 'body', 0.8), 1);
  }
  const busyAlpha = dense && thin ? opacities.busyRow : 1;
  textured(brush, made, bars.busy, 'busy', 'busy', busyAlpha);
  textured(brush, made, bars.overloaded, 'overloaded', 'busy', 1);
  textured(brush, made, bars.frozen, 'frozen', 'frozen', 1);
  textured(brush, made, bars.reconnecting, 'backOff', 'muted', 1);
  dead(brush, made, thin);
}

/** How far a texture may be moved along and look the same. */
const PERIOD_PX: Readonly<Record<Texture, number>> = {
  busy: 7 * Math.SQRT2,
  frozen: 7 * Math.SQRT2,
  overloaded: 6,
  backOff: 6,
};

function textured(brush: Brush, made: Diagram, boxes: Boxes, kind: Texture, token: Token, alpha: number): void {
  if (boxes.length === 0) return;
  const { ctx, theme } = brush;
  const height = boxes[3] ?? 0;
  ctx.globalAlpha = alpha;
  if (height < 3 || boxes.length > TEXTURED_AT_MOST) {
    // No room for a texture: a back-off is told by its gaps, the rest by its colour.
    path(ctx, boxes);
    if (kind === 'backOff') stroke(brush, theme.belief, 1, [2, 3]);
    else {
      ctx.fillStyle = theme[token];
      ctx.fill();
    }
    ctx.globalAlpha = 1;
    return;
  }
  // The texture belongs to the bar: it goes along with it.
  const shift = made.texturePx % PERIOD_PX[kind];
  const rounded = boxes.length < ROUNDED_AT_MOST ? 1.5 : 0;
  ctx.fillStyle = theme.page;
  path(ctx, boxes, 0, rounded);
  ctx.fill();
  ctx.translate(shift, 0);
  path(ctx, boxes, shift, rounded);
  ctx.fillStyle = texture(ctx, kind, made.themeName, made.dpr, 1);
  ctx.fill();
  stroke(brush, theme[token], height < 7 ? 0.9 : 1.3);
  ctx.translate(-shift, 0);
  ctx.globalAlpha = 1;
}

function dead(brush: Brush, { bars }: Diagram, thin: boolean): void {
  const { ctx, theme } = brush;
  const boxes = bars.dead;
  if (boxes.length === 0) return;
  // The lane's own line gives way to a dashed one.
  ctx.beginPath();
  for (let i = 0; i < boxes.length; i += 4) {
    const y = (boxes[i + 1] ?? 0) + (boxes[i + 3] ?? 0) / 2;
    ctx.moveTo(boxes[i] ?? 0, y);
    ctx.lineTo((boxes[i] ?? 0) + (boxes[i + 2] ?? 0), y);
  }
  stroke(brush, theme.page, 2);
  stroke(brush, theme.muted, thin ? 1 : 1.4, [5, 4]);
  ctx.setLineDash([]);
}

export function frames(brush: Brush, made: Diagram): void {
  if (made.frames.length === 0) return;
  const { ctx } = brush;
  path(ctx, made.frames, 0, made.frames.length < ROUNDED_AT_MOST ? 2.5 : 0);
  ctx.fillStyle = tint(brush, 'fault', 0.12);
  ctx.fill();
  stroke(brush, brush.theme.fault, (made.rows[0]?.height ?? 0) < 7 ? 1.2 : 1.8);
}
