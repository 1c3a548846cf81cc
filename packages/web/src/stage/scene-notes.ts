// The stage's margins: what the glyphs mean, how true the times are, and the ledger that has to add up.

import { ledgerBalances } from '@crows-nest/protocol';
import type { Frame } from './frame.ts';
import { type TextMark, text } from './marks.ts';
import { commonDelay, delayText } from './scene-links.ts';
import { textWidth } from './text-width.ts';

export type LegendGlyph = 'REQUEST' | 'REPLY' | 'READY' | 'HEARTBEAT' | 'INVALID' | 'lost' | 'bead' | 'comb';

export interface NotesMark {
  glyphs: { glyph: LegendGlyph; x: number; y: number }[];
  texts: TextMark[];
}

const SIZE_PX = 12;
const TOP_PX = 24;

export function notes(frame: Frame): NotesMark {
  const { placement, words, view } = frame;
  const { arrangement } = placement;
  const mark: NotesMark = { glyphs: [], texts: [] };
  const workersLeft = Math.min(
    arrangement.width,
    ...arrangement.workers
      .filter(({ y, scale }) => y - 50 * scale < TOP_PX + 8)
      .map(({ x, scale }) => x - 50 * scale - 8),
  );
  let x = 18;
  const entry = (glyph: LegendGlyph, label: string): void => {
    if (glyph === 'bead') x += 6;
    mark.glyphs.push({ glyph, x: x + 6, y: TOP_PX });
    if (glyph === 'bead') x += 4;
    mark.texts.push(text(x + 19, TOP_PX + 4, SIZE_PX, label, 'muted'));
    x += 19 + textWidth(label, SIZE_PX) + 17;
  };
  const { legend } = words;
  const crowd = arrangement.form === 'grid' || arrangement.clients.length > 8;
  const labels = [legend.request, legend.reply, legend.ready, legend.beat, legend.invalid, legend.lost];
  const wanted = labels.reduce((sum, label) => sum + textWidth(label, SIZE_PX) + 36, x);
  const topClient = arrangement.clients[0];
  const clearOfClients = !topClient || topClient.y - 28 * topClient.scale > TOP_PX + 12;
  if (!clearOfClients) x = Math.max(x, (topClient?.x ?? 0) + 120);
  if (wanted + (x - 18) < workersLeft) {
    entry('REQUEST', legend.request);
    entry('REPLY', legend.reply);
    entry('READY', legend.ready);
    entry('HEARTBEAT', legend.beat);
    if (!crowd) {
      entry('INVALID', legend.invalid);
      entry('lost', legend.lost);
    } else entry('bead', words.bead);
  }
  const delay = commonDelay(frame);
  if (delay) {
    const note =
      delay.delayMs > 0 ? words.toScale(delayText(frame, delay.delayMs, delay.jitterMs)) : words.instantLinks;
    const noteX = x > 20 ? x + 28 : x;
    if (noteX + textWidth(note, SIZE_PX) < workersLeft)
      mark.texts.push(text(noteX, TOP_PX + 4, SIZE_PX, note, 'muted'));
  }
  mark.texts.push(...ledger(frame, view.height - 14));
  return mark;
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

function ledger(frame: Frame, y: number): TextMark[] {
  const { placement, state, words, view } = frame;
  const { arrangement } = placement;
  const { sent, delivered, dropped, lost, inFlight } = state.ledger;
  const clientBottom = Math.max(0, ...arrangement.clients.map((c) => c.y + 28 * c.scale + 54));
  const clientRight = Math.max(0, ...arrangement.clients.map((c) => c.x + 66));
  const x = clientBottom > y - 12 ? clientRight + 26 : 18;
  const low = arrangement.workers.filter((w) => w.y + 48 * w.scale > y - 12);
  const right = Math.min(view.width - 8, ...low.map((w) => w.x - 50 * w.scale));
  const balances = ledgerBalances(state);
  const sum = words.ledger.sum(grouped(sent), [grouped(delivered), grouped(dropped), grouped(lost), grouped(inFlight)]);
  const verdict = balances ? words.ledger.adds : words.ledger.fails;
  const token = balances ? ('reply' as const) : ('fault' as const);
  const runs = [
    { text: `${words.ledger.title} `, token: 'muted' as const, weight: 700 },
    { text: `${sum} `, token: 'muted' as const, weight: 450 },
    { text: verdict, token, weight: 650 },
  ];
  const width = runs.reduce((w, run) => w + textWidth(run.text, SIZE_PX, run.weight), 0);
  const fits = x + width < right;
  return [{ x, y, sizePx: SIZE_PX, align: 'left', runs: fits ? runs : runs.filter((_, i) => i !== 1) }];
}
