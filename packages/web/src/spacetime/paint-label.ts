// Words of the diagram, upright or along, each on a piece of ground where lines run behind it.

import { type Brush, tint } from '../stage/brush.ts';
import { UI_FONT } from '../theme.ts';
import { areaOf, type Label } from './labels.ts';

export function setFont(brush: Brush, sizePx: number, weight: number): void {
  const font = `${weight} ${sizePx}px ${UI_FONT}`;
  if (font === brush.font) return;
  brush.font = font;
  brush.ctx.font = font;
}

export function paintLabel(brush: Brush, said: Label): void {
  const { ctx, theme } = brush;
  setFont(brush, said.sizePx, said.weight);
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = said.align;
  ctx.globalAlpha = said.faint ? 0.45 : 1;
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
  ctx.globalAlpha = 1;
}
