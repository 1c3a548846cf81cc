// Draws a scene on a canvas, and nothing else [V2]. From the ground up: what is louder comes later.

import { brushFor, polyline, type StageContext, stroke } from './brush.ts';
import { paintGate } from './paint-gate.ts';
import { paintGround } from './paint-ground.ts';
import { paintLamps } from './paint-lamps.ts';
import { paintHalo } from './paint-light.ts';
import { linkKey, paintChip, paintLink, paintPlate } from './paint-link.ts';
import { paintLoss } from './paint-loss.ts';
import { paintBead, paintMessages, paintRing } from './paint-message.ts';
import { paintNotes } from './paint-notes.ts';
import { paintClient, paintDoor, paintQueue } from './paint-queue.ts';
import { forgetWidths, paintText } from './paint-text.ts';
import { paintWorker } from './paint-worker.ts';
import type { Scene } from './scene.ts';
import { forgetSprites, layer } from './sprites.ts';

export type { StageContext } from './brush.ts';

/** When a face has been loaded, all that was set before is set again. */
export function forgetType(): void {
  forgetSprites();
  forgetWidths();
}

export function paint(ctx: StageContext, scene: Scene): void {
  const brush = brushFor(ctx, scene.themeName, scene.dpr);
  ctx.setTransform(scene.dpr, 0, 0, scene.dpr, 0, 0);
  ctx.globalAlpha = 1;
  ctx.lineCap = 'butt';
  // The ground and the lanes on it change with the layout and the connections only.
  const still = scene.links.filter(({ marked }) => marked === null);
  layer(brush, still.map(linkKey).join(' '), scene.width, scene.height, (own) => {
    paintGround(own, scene.width, scene.height);
    for (const mark of still) paintLink(own, mark);
  });
  for (const mark of scene.links) if (mark.marked !== null) paintLink(brush, mark);
  for (const mark of scene.workers) paintHalo(brush, mark);
  paintNotes(brush, scene.notes);
  for (const mark of scene.losses) paintLoss(brush, mark);
  for (const mark of scene.clients) paintClient(brush, mark);
  if (scene.queue) paintQueue(brush, scene.queue);
  if (scene.door) paintDoor(brush, scene.door);
  for (const mark of scene.gates) paintGate(brush, mark);
  for (const words of scene.texts) paintText(brush, words);
  paintMessages(brush, scene.messages);
  for (const mark of scene.beads) paintBead(brush, mark);
  paintMessages(brush, scene.pile);
  // Workers stand on their trunk: what passes by goes behind them.
  for (const mark of scene.workers) paintWorker(brush, mark);
  for (const mark of scene.rings) paintRing(brush, mark);
  for (const points of scene.labels.leaders) {
    polyline(brush, points);
    stroke(brush, brush.theme.fault, 1.2);
  }
  for (const words of scene.labels.texts) paintText(brush, words);
  for (const mark of scene.labels.plates) paintPlate(brush, mark);
  for (const mark of scene.labels.lamps) paintLamps(brush, mark);
  for (const mark of scene.chips) paintChip(brush, mark);
}
