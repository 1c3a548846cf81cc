// Draws a scene on a canvas, and nothing else [V2].

import { THEMES, UI_FONT } from '../theme.ts';
import type { Scene } from './scene.ts';

export type StageContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export function paint(ctx: StageContext, scene: Scene): void {
  const theme = THEMES[scene.themeName];
  ctx.setTransform(scene.dpr, 0, 0, scene.dpr, 0, 0);
  ctx.fillStyle = theme.stage;
  ctx.fillRect(0, 0, scene.width, scene.height);
  ctx.strokeStyle = theme.body;
  ctx.fillStyle = theme.text;
  ctx.font = `12px ${UI_FONT}`;
  for (const dot of scene.dots) {
    ctx.beginPath();
    ctx.arc(dot.x, dot.y, dot.r, 0, Math.PI * 2);
    ctx.stroke();
    ctx.fillText(dot.text, dot.x - dot.r, dot.y + dot.r + 14);
  }
}
