// Words of the diagram, upright or along, each on a piece of ground where lines run behind it.

import { type Brush, tint } from '../stage/brush.ts';
import type { Box2 } from '../stage/marks.ts';
import { stamp } from '../stage/sprites.ts';
import { UI_FONT } from '../theme.ts';
import { areaOf, type Label } from './labels.ts';

export function setFont(brush: Brush, sizePx: number, weight: number): void {
  const font = `${weight} ${sizePx}px ${UI_FONT}`;
  if (font === brush.font) return;
  brush.font = font;
  brush.ctx.font = font;
}

/** Choosing a face is dear, and most words were there a frame ago: each is drawn once and stamped. */
export function paintLabel(brush: Brush, said: Label): void {
  const { text, sizePx, weight, align, token, boxed, upright } = said;
  brush.ctx.globalAlpha = said.faint ? 0.45 : 1;
  stamp(
    brush,
    `label ${sizePx} ${weight} ${align} ${token} ${boxed ?? ''} ${upright ?? ''} ${text}`,
    said.x,
    said.y,
    () => roomFor(said),
    (own) => drawLabel(own, { ...said, x: 0, y: 0 }),
  );
  brush.ctx.globalAlpha = 1;
}

/** About its origin, with room to spare: widths are estimates. */
function roomFor(said: Label): Box2 {
  const { x, y, width, height } = areaOf({ ...said, x: 0, y: 0 });
  const spare = 6 + 0.15 * width;
  // Upwards: as long as it would be wide, on both sides of its place whatever its alignment.
  if (said.upright) return { x: y - 6, y: -width - spare, width: 2 * height + 12, height: 2 * (width + spare) };
  return { x: x - spare, y: y - 6, width: width + 2 * spare, height: height + 12 };
}

function drawLabel(brush: Brush, said: Label): void {
  const { ctx, theme } = brush;
  setFont(brush, said.sizePx, said.weight);
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = said.align;
  if (said.upright) {
    ctx.save();
    ctx.translate(said.x + said.sizePx * 0.36, said.y);
    ctx.rotate(-Math.PI / 2);
    ctx.fillStyle = theme[said.token];
    ctx.fillText(said.text, 0, 0);
    ctx.restore();
  } else {
    if (said.boxed) {
      const { x, y, width, height } = areaOf(said);
      ctx.fillStyle = tint(brush, 'page', 0.88);
      ctx.fillRect(x, y, width, height);
    }
    ctx.fillStyle = theme[said.token];
    ctx.fillText(said.text, said.x, said.y);
  }
}
