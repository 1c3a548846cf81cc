// The worker's glyph in its three layers, drawn at scale 1 about its centre: numbers are the tokens' own.

import { DEAD_OPACITY } from '../theme.ts';
import { type Brush, circle, cross, stroke, TAU, tint } from './brush.ts';
import { text, type WorkerMark } from './marks.ts';
import { paintArc } from './paint-arc.ts';
import { paintChosen } from './paint-link.ts';
import { paintMessageGlyph } from './paint-message.ts';
import { paintText, setFont } from './paint-text.ts';
import { texture } from './textures.ts';

const ARC_RADIUS = 44;
const ARC_WIDTH = 7.2;
const TOP = -Math.PI / 2;

export function paintWorker(brush: Brush, mark: WorkerMark): void {
  const { ctx, theme } = brush;
  const { font } = brush;
  ctx.save();
  ctx.translate(mark.x, mark.y);
  ctx.scale(mark.scale, mark.scale);
  ctx.globalAlpha = mark.alpha;
  if (mark.grounded) {
    circle(brush, 0, 0, 51);
    ctx.fillStyle = theme.stage;
    ctx.fill();
    if (mark.halo > 0) {
      ctx.fillStyle = tint(brush, 'fault', brush.opacities.halo * mark.halo);
      ctx.fill();
    }
  }
  const dim = mark.truth === 'dead' ? DEAD_OPACITY * mark.alpha : mark.alpha;
  if (mark.arc) paintArc(brush, mark.arc, ARC_RADIUS, ARC_WIDTH, true);
  else {
    ctx.globalAlpha = dim;
    circle(brush, 0, 0, ARC_RADIUS);
    stroke(brush, theme.lane, 1.4, [2, 5]);
  }
  ctx.globalAlpha = dim;
  paintBody(brush, mark);
  ctx.globalAlpha = mark.alpha;
  if (mark.framed) {
    ctx.beginPath();
    ctx.roundRect(-54, -54, 108, 108, 14);
    stroke(brush, theme.fault, 2.2);
  }
  ctx.restore();
  brush.font = font;
  ctx.globalAlpha = 1;
  if (mark.selected) paintChosen(brush, mark.x, mark.y, 53 * mark.scale + 2);
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
      paintReconnecting(brush, mark, textured);
      break;
    case 'unknown':
      // Nothing is known of its process: an outline without a body.
      circle(brush, 0, 0, 30);
      ctx.fillStyle = theme.stage;
      ctx.fill();
      stroke(brush, theme.muted, 1.6, [1.5, 4]);
      paintText(brush, { ...text(0, 8, 22, '?', 'muted', 650, { align: 'center' }), alpha: ctx.globalAlpha });
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

function paintReconnecting(brush: Brush, mark: WorkerMark, textured: (kind: 'backOff', alpha: number) => void): void {
  const { ctx, theme } = brush;
  circle(brush, 0, 0, 30);
  textured('backOff', 0.45);
  ctx.lineCap = 'round';
  stroke(brush, theme.body, 3, [0.01, 6.6]);
  ctx.lineCap = 'butt';
  if (!mark.countdown) return;
  circle(brush, 0, 0, 17);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  ctx.beginPath();
  ctx.arc(0, 0, 21.5, TOP, TOP + TAU * mark.countdown.share);
  stroke(brush, theme.body, 2.6);
  setFont(brush, 25, 720);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = theme.text;
  ctx.fillText(mark.countdown.text, 0, 9);
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
