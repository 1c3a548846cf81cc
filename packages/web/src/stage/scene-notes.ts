// The stage's margins: what the glyphs mean, how true the times are, and the ledger that has to add up.

import type { MessageState, Micros } from '@crows-nest/protocol';
import { type Frame, peerOn } from './frame.ts';
import { arrivesAt } from './hop.ts';
import { type TextMark, text } from './marks.ts';
import { delayText } from './scene-links.ts';
import { textWidth } from './text-width.ts';

export type LegendGlyph = 'REQUEST' | 'REPLY' | 'READY' | 'HEARTBEAT' | 'INVALID' | 'lost' | 'bead' | 'comb';

export interface NotesMark {
  glyphs: { glyph: LegendGlyph; x: number; y: number }[];
  texts: TextMark[];
}

const TOP_PX = 24;

export function notes(frame: Frame, beads: number): NotesMark {
  const { type, view } = frame;
  const mark: NotesMark = { glyphs: [], texts: [] };
  const top = { x: 18, y: TOP_PX };
  // A room sees the mode beside LIVE; only that times are not true is said on the stage itself.
  if (!view.presentation && !frame.placement.arrangement.narrow) legend(frame, mark, top, beads);
  if (!view.presentation || view.stretchUs !== null) timing(frame, mark, top.x);
  if (!view.presentation) mark.texts.push(...ledger(frame, view.height - 14));
  else if (beads > 0) {
    mark.glyphs.push({ glyph: 'bead', x: 34, y: view.height - 26 });
    mark.texts.push(text(54, view.height - 20, type.legend, frame.words.beadShort, 'muted'));
  }
  return mark;
}

/** As far right as the margin's line may go: workers and their words may stand under it. */
function rightEnd({ placement, view }: Frame, heightPx: number): number {
  let end = view.width - 8;
  for (const { x, y, scale } of placement.arrangement.workers) {
    if (y - 50 * scale < heightPx) end = Math.min(end, x - 50 * scale - 8);
  }
  return end;
}

function legend(frame: Frame, mark: NotesMark, at: { x: number; y: number }, beads: number): void {
  const { placement, words, type } = frame;
  const { arrangement } = placement;
  const { legend: said } = words;
  const crowd = arrangement.form === 'grid' || arrangement.clients.length > 8;
  const entries: [LegendGlyph, string][] = [
    ['REQUEST', said.request],
    ['REPLY', said.reply],
    ['READY', said.ready],
    ['HEARTBEAT', said.beat],
  ];
  if (crowd) entries.push(['bead', words.bead]);
  else {
    entries.push(['INVALID', said.invalid], ['lost', said.lost]);
    if (beads > 0) entries.push(['bead', words.beadShort]);
  }
  const widthOf = ([glyph, label]: [LegendGlyph, string]): number =>
    textWidth(label, type.legend) + 36 + (glyph === 'bead' ? 10 : 0);
  const topClient = arrangement.clients[0];
  if (topClient && topClient.y - 28 * topClient.scale <= TOP_PX + 12) at.x = Math.max(at.x, topClient.x + 120);
  const end = rightEnd(frame, TOP_PX + 8);
  // Whatever does not fit is left out; that a dot can be many is said first.
  while (entries.length > 1 && at.x + entries.reduce((sum, entry) => sum + widthOf(entry), 0) > end) {
    const last = entries.findLastIndex(([glyph]) => glyph !== 'bead' || beads === 0);
    entries.splice(Math.max(last, 0), 1);
  }
  if (entries.length < 3 && beads === 0) return;
  for (const entry of entries) {
    const [glyph, label] = entry;
    const shift = glyph === 'bead' ? 10 : 0;
    mark.glyphs.push({ glyph, x: at.x + 6 + shift * 0.6, y: TOP_PX });
    mark.texts.push(text(at.x + 19 + shift, TOP_PX + 4, type.legend, label, 'muted'));
    at.x += widthOf(entry);
  }
  at.x += 26;
}

/** Which of the two honest modes this is, always; in fewer words where there is no room. */
function timing(frame: Frame, mark: NotesMark, x: number): void {
  const { view, type, placement } = frame;
  const token = view.stretchUs === null ? ('muted' as const) : ('text' as const);
  const [long, short] = timingWords(frame);
  if (long === null || short === null) return;
  if (view.presentation) {
    mark.texts.push(text(view.width * 0.026, view.height - 22, type.legend, long, token, 560));
    return;
  }
  const end = rightEnd(frame, TOP_PX + 8);
  const fits = [long, short].find((said) => x + textWidth(said, type.legend) < end);
  if (fits !== undefined) mark.texts.push(text(x, TOP_PX + 4, type.legend, fits, token));
  else if (placement.arrangement.narrow) mark.texts.push(text(12, TOP_PX + 2, type.legend, short, token));
  else mark.texts.push(text(bottomLeft(frame, view.height - 32), view.height - 32, type.legend, short, token));
}

function timingWords(frame: Frame): [string | null, string | null] {
  const { words, view } = frame;
  if (view.stretchUs === null) {
    const delay = frame.usualDelay;
    if (!delay) return [null, null];
    const said =
      delay.delayMs > 0 ? words.toScale(delayText(frame, delay.delayMs, delay.jitterMs)) : words.instantLinks;
    return [said, words.toScaleShort];
  }
  const drawn = words.hop(view.stretchUs);
  const hop = medianHop(frame);
  if (hop === null) return [words.schematicPlain(drawn), words.schematicPlain(drawn)];
  const factor = rounded(view.stretchUs / hop);
  return [words.schematic(words.hop(hop), drawn, factor), words.schematicShort(factor)];
}

/** Of this many the median is as good as of all. */
const SAMPLED_HOPS = 400;

/** The median of the true lengths of the hops in view. */
function medianHop(frame: Frame): Micros | null {
  const { census, log, t } = frame;
  const lengths: number[] = [];
  const sample = (messages: readonly MessageState[]): void => {
    for (const message of messages) {
      if (lengths.length >= SAMPLED_HOPS) return;
      const trueEnd = arrivesAt({ log, t, stretchUs: null }, message);
      if (trueEnd > message.enteredAt) lengths.push(trueEnd - message.enteredAt);
    }
  };
  for (const lanes of census.onLinks.values()) {
    sample(lanes.toQueue);
    sample(lanes.fromQueue);
  }
  lengths.sort((a, b) => a - b);
  return lengths[lengths.length >> 1] ?? null;
}

/** Two figures, or one of thousands: a factor is an order of size, and should not shiver. */
function rounded(factor: number): string {
  if (factor < 1.5) return factor.toFixed(1);
  return grouped(Number(factor.toPrecision(factor >= 1000 ? 1 : 2)));
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** Where a line at the stage's bottom begins: right of the clients that stand as low, with their words. */
function bottomLeft(frame: Frame, y: number): number {
  const { members, places, arrangement } = frame.placement;
  const low = members.clients.flatMap((id) => {
    const at = places.get(id);
    return at && peerOn(frame, id) && at.y + 28 * at.scale + (arrangement.narrow ? 20 : 54) > y - 12 ? [at.x] : [];
  });
  return low.length > 0 ? Math.max(...low) + (arrangement.narrow ? 30 : 92) : arrangement.narrow ? 12 : 18;
}

function ledger(frame: Frame, y: number): TextMark[] {
  const { placement, state, words, view, type } = frame;
  const { arrangement } = placement;
  const { sent, delivered, dropped, lost, inFlight } = state.ledger;
  const x = bottomLeft(frame, y);
  let right = view.width - 8;
  for (const w of arrangement.workers) if (w.y + 48 * w.scale > y - 12) right = Math.min(right, w.x - 50 * w.scale);
  const { total } = frame.census;
  const met = sent - delivered - dropped - lost;
  const balances = met === inFlight && inFlight === total && state.ledger.unexplained === 0;
  const sum = words.ledger.sum(grouped(sent), [grouped(delivered), grouped(dropped), grouped(lost), grouped(inFlight)]);
  const runs = [
    { text: `${words.ledger.title} `, token: 'muted' as const, weight: 700 },
    { text: `${sum} `, token: 'muted' as const, weight: 450 },
    {
      text: balances ? words.ledger.adds : words.ledger.fails,
      token: balances ? ('reply' as const) : ('fault' as const),
      weight: 650,
    },
  ];
  const width = runs.reduce((w, run) => w + textWidth(run.text, type.legend, run.weight), 0);
  const fits = x + width < right;
  return [
    { x, y, sizePx: type.legend, align: 'left', runs: fits ? runs : runs.filter((_, i) => i !== 1), fresh: true },
  ];
}
