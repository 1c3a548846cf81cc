// The worker's glyph in its three layers, drawn at scale 1 about its centre: numbers are the tokens' own.

import { DEAD_OPACITY } from '../theme.ts';
import { type Brush, circle, cross, type StageContext, stroke, TAU, tint } from './brush.ts';
import type { ArcMark, LampsMark, WorkerMark } from './marks.ts';
import { text } from './marks.ts';
import { paintChosen } from './paint-link.ts';
import { paintMessageGlyph } from './paint-message.ts';
import { paintText, setFont } from './paint-text.ts';
import { texture } from './textures.ts';

const LAMPLIGHT_RADIUS = 74;
const ARC_RADIUS = 44;
const ARC_WIDTH = 7.2;
const TOP = -Math.PI / 2;

export function paintHalo(brush: Brush, { x, y, scale, halo, lamplight, alpha }: WorkerMark): void {
  const { ctx, opacities } = brush;
  if (halo > 0)
    glow(brush, x, y, 86 * scale, 0.45, tint(brush, 'fault', opacities.halo * halo * alpha), tint(brush, 'fault', 0));
  else if (lamplight && opacities.lamplight > 0) {
    ctx.globalAlpha = alpha;
    const r = LAMPLIGHT_RADIUS * scale;
    const sprite = lamplightSprite(brush);
    if (sprite) ctx.drawImage(sprite, x - r, y - r, 2 * r, 2 * r);
    else lamplightOn(brush, x, y, r);
  }
  ctx.globalAlpha = 1;
}

const lamplightOn = (brush: Brush, x: number, y: number, r: number): void =>
  glow(brush, x, y, r, 0.3, tint(brush, 'belief', brush.opacities.lamplight), tint(brush, 'belief', 0));

const LAMPLIGHTS = new WeakMap<StageContext, { key: string; canvas: OffscreenCanvas }>();

/** Every ready worker has the same light, so it is made once. */
function lamplightSprite(brush: Brush): OffscreenCanvas | null {
  const { ctx, dpr, themeName } = brush;
  if (typeof OffscreenCanvas === 'undefined') return null;
  const key = `${dpr} ${themeName}`;
  const known = LAMPLIGHTS.get(ctx);
  if (known?.key === key) return known.canvas;
  const r = Math.ceil(LAMPLIGHT_RADIUS * dpr);
  const canvas = new OffscreenCanvas(2 * r, 2 * r);
  const own = canvas.getContext('2d');
  if (!own) return null;
  lamplightOn({ ...brush, ctx: own }, r, r, r);
  LAMPLIGHTS.set(ctx, { key, canvas });
  return canvas;
}

function glow({ ctx }: Brush, x: number, y: number, r: number, from: number, inner: string, outer: string): void {
  const gradient = ctx.createRadialGradient(x, y, r * from, x, y, r);
  gradient.addColorStop(0, inner);
  gradient.addColorStop(1, outer);
  ctx.fillStyle = gradient;
  ctx.fillRect(x - r, y - r, 2 * r, 2 * r);
}

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

/** Notches from twelve o'clock, clockwise; each empties back towards its start, so the arc shrinks counter-clockwise. */
export function paintArc(
  brush: Brush,
  { notches, gapDegrees, parted }: ArcMark,
  r: number,
  width: number,
  crosses: boolean,
): void {
  const { ctx, theme } = brush;
  const each = TAU / Math.max(1, notches.length);
  const gap = (gapDegrees * Math.PI) / 180;
  const inner = r - width / 2;
  const outer = r + width / 2;
  const alpha = ctx.globalAlpha;
  // One path for all empty slots and one for all that is left: a hundred workers have three hundred notches.
  ctx.beginPath();
  let empty = false;
  notches.forEach(({ fill }, k) => {
    if (fill >= 1) return;
    const start = TOP + k * each + gap / 2;
    empty = true;
    ctx.moveTo(outer * Math.cos(start), outer * Math.sin(start));
    ctx.arc(0, 0, outer, start, start + each - gap);
    ctx.arc(0, 0, inner, start + each - gap, start, true);
    ctx.closePath();
  });
  if (empty) {
    ctx.globalAlpha = alpha * (parted ? 1 : 0.78);
    stroke(brush, parted ? theme.fault : theme.muted, crosses ? 1.1 : 0.8);
    ctx.globalAlpha = alpha;
  }
  ctx.beginPath();
  ctx.lineCap = 'butt';
  notches.forEach(({ fill }, k) => {
    if (fill <= 0) return;
    const start = TOP + k * each + gap / 2;
    ctx.moveTo(r * Math.cos(start), r * Math.sin(start));
    ctx.arc(0, 0, r, start, start + (each - gap) * fill);
  });
  stroke(brush, theme.belief, width);
  if (!crosses) return;
  notches.forEach(({ missed }, k) => {
    if (!missed) return;
    const middle = TOP + (k + 0.5) * each;
    const x = r * Math.cos(middle);
    const y = r * Math.sin(middle);
    ctx.lineCap = 'round';
    cross(brush, x, y, 4.2);
    stroke(brush, theme.stage, 2.4 + 4.8);
    cross(brush, x, y, 4.2);
    stroke(brush, theme.fault, 2.4);
    ctx.lineCap = 'butt';
  });
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

export function paintLamps(brush: Brush, { x, y, lamps }: LampsMark): void {
  const { ctx, theme } = brush;
  for (const lamp of lamps) {
    const at = x + lamp.x;
    circle(brush, at, y, lamp.state === 'yes' || lamp.state === 'half' ? 4.6 : 4.2);
    if (lamp.state === 'yes') {
      ctx.fillStyle = theme.belief;
      ctx.fill();
    } else if (lamp.state === 'half') {
      circle(brush, at, y, 4);
      stroke(brush, theme.belief, 1.2);
      ctx.beginPath();
      ctx.arc(at, y, 4.4, Math.PI / 2, -Math.PI / 2);
      ctx.fillStyle = theme.belief;
      ctx.fill();
    } else if (lamp.state === 'no') {
      stroke(brush, theme.muted, 1.3);
      ctx.beginPath();
      ctx.moveTo(at - 4.6, y + 4.6);
      ctx.lineTo(at + 4.6, y - 4.6);
      stroke(brush, theme.fault, 2);
    } else stroke(brush, theme.muted, 1.4, [1.4, 1.9]);
    paintText(
      brush,
      text(at + 9, y + 4.2, 12, lamp.label, lamp.state === 'yes' || lamp.state === 'half' ? 'muted' : 'faint', 450, {
        halo: true,
      }),
    );
  }
}
