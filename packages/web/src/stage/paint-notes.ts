// The legend and the ledger in the stage's margins.

import { type Brush, circle, stroke } from './brush.ts';
import { causeMark } from './paint-loss.ts';
import { paintBead, paintKind } from './paint-message.ts';
import { paintText } from './paint-text.ts';
import type { LegendGlyph, NotesMark } from './scene-notes.ts';
import { stamp } from './sprites.ts';

const BOX = { x: -14, y: -12, width: 28, height: 24 };

export function paintNotes(brush: Brush, { glyphs, texts }: NotesMark): void {
  for (const { glyph, x, y } of glyphs)
    stamp(
      brush,
      `legend ${glyph}`,
      x,
      y,
      () => BOX,
      (own) => paintExample(own, glyph),
    );
  for (const words of texts) paintText(brush, words);
}

function paintExample(brush: Brush, glyph: LegendGlyph): void {
  if (glyph === 'lost') {
    circle(brush, 0, 0, 6);
    stroke(brush, brush.theme.request, 1.7, [3, 2.4]);
    causeMark(brush, 'fault', 4, 4, 3.4);
  } else if (glyph === 'bead' || glyph === 'comb') {
    const beats = glyph === 'comb';
    const kind = beats ? 'HEARTBEAT' : 'REQUEST';
    paintBead(brush, { kind, count: 7, x: 0, y: 0, angle: 0, r: 6.5, ticks: beats ? 5 : 0 });
  } else paintKind(brush, glyph, 0, 0, glyph === 'HEARTBEAT' ? 6.5 : glyph === 'READY' ? 7 : 6.2);
}
