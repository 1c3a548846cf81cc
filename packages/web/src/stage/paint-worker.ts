// The worker's glyph in its three layers, drawn at scale 1 about its centre: numbers are the tokens' own.

import { DEAD_OPACITY } from '../theme.ts';
import { type Brush, circle, cross, roundBox, stroke, TAU, tint } from './brush.ts';
import { type Box2, text, type WorkerMark } from './marks.ts';
import { arcKey, paintArc, roundedArc } from './paint-arc.ts';
import { glow, LAMPLIGHT_RADIUS } from './paint-light.ts';
import { paintMarked } from './paint-link.ts';
import { paintMessageGlyph } from './paint-message.ts';
import { drawText, setFont } from './paint-text.ts';
import { stamp } from './sprites.ts';
import { texture } from './textures.ts';

const ARC_RADIUS = 44;
const ARC_WIDTH = 7.2;
const TOP = -Math.PI / 2;

/** Glyphs smaller than this are many and alike: they are kept whole, their arcs rounded to what the eye can tell apart. */
export const KEPT_WHOLE_BELOW = 0.6;

export function paintWorker(brush: Brush, mark: WorkerMark): void {
  const { ctx } = brush;
  const { x, y, scale } = mark;
  const reach = LAMPLIGHT_RADIUS * scale;
  const box = (): Box2 => ({ x: -reach, y: -reach, width: 2 * reach, height: 2 * reach });
  ctx.globalAlpha = mark.alpha;
  if (mark.grounded && mark.halo > 0) {
    circle(brush, x, y, 51 * scale);
    ctx.fillStyle = brush.theme.stage;
    ctx.fill();
    ctx.fillStyle = tint(brush, 'fault', brush.opacities.halo * mark.halo);
    ctx.fill();
  }
  const whole = scale < KEPT_WHOLE_BELOW;
  const arc = mark.arc && roundedArc(mark.arc, ARC_RADIUS * scale * brush.dpr);
  const look: Look = { mark, arc: whole ? arc : null, whole };
  stamp(brush, glyphKey(look), x, y, box, (own) => sized(own, scale, () => paintGlyph(own, look)));
  const { countdown } = mark;
  if ((mark.arc && !whole) || countdown) {
    // On the same device pixel as the stamp.
    const { dpr, font } = brush;
    ctx.save();
    ctx.translate(Math.round(x * dpr) / dpr, Math.round(y * dpr) / dpr);
    sized(brush, scale, () => {
      if (mark.arc && !whole) paintArc(brush, mark.arc, ARC_RADIUS, ARC_WIDTH, true);
      if (countdown) paintCountdown(brush, countdown);
    });
    ctx.restore();
    brush.font = font;
  }
  if (mark.framed) {
    const half = 54 * scale;
    roundBox(brush, { x: x - half, y: y - half, width: 2 * half, height: 2 * half }, 14 * scale);
    stroke(brush, brush.theme.fault, Math.max(1.2, 2.2 * scale));
  }
  ctx.globalAlpha = 1;
  paintMarked(brush, mark.marked, x, y, 52 * scale + 3);
}

function sized({ ctx }: Brush, scale: number, draw: () => void): void {
  ctx.save();
  ctx.scale(scale, scale);
  draw();
  ctx.restore();
}

/** What of a glyph is kept. */
interface Look {
  mark: WorkerMark;
  arc: WorkerMark['arc'];
  whole: boolean;
}

const isLit = ({ lamplight, halo }: WorkerMark, { opacities }: Brush): boolean =>
  lamplight && halo === 0 && opacities.lamplight > 0;

function glyphKey({ mark, arc, whole }: Look): string {
  const { truth, bands, disc, scale, grounded, halo, lamplight } = mark;
  const believed = bands ? `${bands.filled}/${bands.of} ${bands.dim}` : '';
  const carried = disc ? (disc.atRim ? 'rim' : disc.text) : '';
  const ground = `${grounded && halo === 0} ${whole && lamplight && halo === 0} ${mark.arc === null}`;
  return `glyph ${scale} ${truth} ${believed} ${carried} ${ground} ${arc ? arcKey(arc) : ''}`;
}

function paintGlyph(brush: Brush, { mark, arc, whole }: Look): void {
  const { ctx, theme, opacities } = brush;
  if (whole && isLit(mark, brush)) {
    glow(brush, 0, 0, LAMPLIGHT_RADIUS, 0.3, tint(brush, 'belief', opacities.lamplight), tint(brush, 'belief', 0));
  }
  // What a trunk passes behind.
  if (mark.grounded && mark.halo === 0) {
    circle(brush, 0, 0, 51);
    ctx.fillStyle = theme.stage;
    ctx.fill();
  }
  ctx.globalAlpha = mark.truth === 'dead' ? DEAD_OPACITY : 1;
  if (mark.arc === null) {
    circle(brush, 0, 0, ARC_RADIUS);
    stroke(brush, theme.lane, 1.4, [2, 5]);
  } else if (arc) {
    ctx.globalAlpha = 1;
    paintArc(brush, arc, ARC_RADIUS, ARC_WIDTH, true);
    ctx.globalAlpha = mark.truth === 'dead' ? DEAD_OPACITY : 1;
  }
  paintBody(brush, mark);
  ctx.globalAlpha = 1;
}

function paintBody(brush: Brush, mark: WorkerMark): void {
  const { ctx, theme, themeName, dpr } = brush;
  const textured = (kind: 'busy' | 'frozen' | 'overloaded' | 'backOff', alpha = 1): void => {
    ctx.fillStyle = theme.panel;
    ctx.fill();
    const before = ctx.globalAlpha;
    ctx.globalAlpha = before * alpha;
    ctx.fillStyle = texture(ctx, kind, themeName, dpr, mark.scale);
    ctx.fill();
    ctx.globalAlpha = before;
  };
  switch (mark.truth) {
    case 'running':
      circle(brush, 0, 0, 30);
      ctx.fillStyle = theme.panel;
      ctx.fill();
      stroke(brush, theme.body, 2.5);
      paintBands(brush, mark);
      break;
    case 'busy':
      circle(brush, 0, 0, 30);
      textured('busy');
      stroke(brush, theme.busy, 3);
      paintBands(brush, mark);
      break;
    case 'frozen':
      polygon(brush, 8, 31.5, 31.5, Math.PI / 8);
      textured('frozen');
      ctx.lineJoin = 'miter';
      stroke(brush, theme.frozen, 3);
      paintBands(brush, mark);
      break;
    case 'overloaded':
      polygon(brush, 32, 33, 27, TOP);
      textured('overloaded');
      ctx.lineJoin = 'miter';
      stroke(brush, theme.busy, 2.2);
      paintBands(brush, mark);
      break;
    case 'dead':
      circle(brush, 0, 0, 30);
      ctx.fillStyle = theme.stage;
      ctx.fill();
      stroke(brush, theme.muted, 1.8, [6, 5]);
      ctx.lineCap = 'round';
      cross(brush, 0, 0, 10);
      stroke(brush, theme.fault, 3.4);
      ctx.lineCap = 'butt';
      break;
    case 'reconnecting':
      paintReconnecting(brush, textured);
      break;
    case 'unknown':
      // Nothing is known of its process: an outline without a body.
      circle(brush, 0, 0, 30);
      ctx.fillStyle = theme.stage;
      ctx.fill();
      stroke(brush, theme.muted, 1.6, [1.5, 4]);
      drawText(brush, text(0, 8, 22, '?', 'muted', 650, { align: 'center' }));
      break;
  }
  if (mark.disc) {
    const { atRim } = mark.disc;
    const at = atRim ? { x: 25, y: 25 } : { x: 0, y: 0 };
    paintMessageGlyph(brush, {
      kind: 'REQUEST',
      ...at,
      angle: 0,
      r: atRim ? 16 : 13,
      text: atRim ? null : mark.disc.text,
      ghost: false,
    });
  }
}

/** Flat sides up, down, left and right for an octagon; teeth where the radii differ. */
function polygon({ ctx }: Brush, corners: number, outer: number, inner: number, turn: number): void {
  ctx.beginPath();
  for (let i = 0; i < corners; i++) {
    const r = i % 2 === 0 ? outer : inner;
    const angle = turn + (i * TAU) / corners;
    if (i === 0) ctx.moveTo(r * Math.cos(angle), r * Math.sin(angle));
    else ctx.lineTo(r * Math.cos(angle), r * Math.sin(angle));
  }
  ctx.closePath();
}

function paintReconnecting(brush: Brush, textured: (kind: 'backOff', alpha: number) => void): void {
  const { ctx, theme } = brush;
  circle(brush, 0, 0, 30);
  textured('backOff', 0.45);
  ctx.lineCap = 'round';
  stroke(brush, theme.body, 3, [0.01, 6.6]);
  ctx.lineCap = 'butt';
}

function paintCountdown(brush: Brush, countdown: NonNullable<WorkerMark['countdown']>): void {
  const { ctx, theme } = brush;
  circle(brush, 0, 0, 17);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(0, 0, 21.5, TOP, TOP + TAU * countdown.share);
  stroke(brush, theme.body, 2.6);
  setFont(brush, countdown.text.length > 2 ? 19 : 25, 720);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = theme.text;
  ctx.fillText(countdown.text, 0, countdown.text.length > 2 ? 7 : 9);
}

/** A disc in bands, filled from the bottom: the worker's liveness, as it counts it. */
function paintBands(brush: Brush, { bands }: WorkerMark): void {
  if (!bands) return;
  const { ctx, theme } = brush;
  const r = 19.5;
  const pitch = (2 * r) / bands.of;
  const height = pitch * (11 / 13);
  const alpha = ctx.globalAlpha;
  circle(brush, 0, 0, r + 2);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  const path = (from: number, to: number): void => {
    ctx.beginPath();
    for (let k = from; k < to; k++) {
      const top = r - (k + 1) * pitch + (pitch - height) / 2;
      band(brush, r, top, top + height);
    }
  };
  if (bands.filled > 0) {
    path(0, bands.filled);
    ctx.globalAlpha = alpha * (bands.dim ? 0.62 : 0.88);
    ctx.fillStyle = theme.belief;
    ctx.fill();
  }
  if (bands.filled < bands.of) {
    path(bands.filled, bands.of);
    ctx.globalAlpha = alpha * 0.7;
    stroke(brush, theme.muted, 0.9, [2, 2]);
  }
  ctx.globalAlpha = alpha;
}

/** The part of a disc between two heights, added to the path. */
function band({ ctx }: Brush, r: number, top: number, bottom: number): void {
  const upper = Math.asin(Math.max(-1, Math.min(1, top / r)));
  const lower = Math.asin(Math.max(-1, Math.min(1, bottom / r)));
  ctx.moveTo(r * Math.cos(upper), r * Math.sin(upper));
  ctx.arc(0, 0, r, upper, lower);
  ctx.arc(0, 0, r, Math.PI - lower, Math.PI - upper);
  ctx.closePath();
}
