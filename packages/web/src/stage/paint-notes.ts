// The legend and the ledger in the stage's margins.

import { type Brush, circle, stroke } from './brush.ts';
import { causeMark } from './paint-loss.ts';
import { paintBead, paintKind } from './paint-message.ts';
import { paintText } from './paint-text.ts';
import type { NotesMark } from './scene-notes.ts';

export function paintNotes(brush: Brush, { glyphs, texts }: NotesMark): void {
  for (const { glyph, x, y } of glyphs) {
    if (glyph === 'lost') {
      circle(brush, x, y, 6);
      stroke(brush, brush.theme.request, 1.7, [3, 2.4]);
      causeMark(brush, 'fault', x + 4, y + 4, 3.4);
    } else if (glyph === 'bead' || glyph === 'comb') {
      paintBead(brush, {
        kind: glyph === 'bead' ? 'REQUEST' : 'HEARTBEAT',
        count: 7,
        x,
        y,
        angle: 0,
        r: 6.5,
        ticks: glyph === 'comb' ? 5 : 0,
      });
    } else paintKind(brush, glyph, x, y, glyph === 'HEARTBEAT' ? 6.5 : glyph === 'READY' ? 7 : 6.2);
  }
  for (const words of texts) paintText(brush, words);
}
