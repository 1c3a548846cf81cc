// In slow motion the chosen message bears the true time of its hop: what looks slow was a tenth of a millisecond.

import { type Frame, markedMessage } from './frame.ts';
import { arrivesAt } from './hop.ts';
import { type MessageMark, type TextMark, text } from './marks.ts';

export function trueTime(frame: Frame, messages: readonly MessageMark[]): TextMark[] {
  const { view, words, type, state, log } = frame;
  if (!view.slow) return [];
  const marks: TextMark[] = [];
  for (const { msg, x, y, r } of messages) {
    if (markedMessage(frame, msg) !== 'chosen') continue;
    const entered = log.entered(msg);
    const enteredAt = entered?.t ?? state.messages[msg]?.enteredAt;
    const dueAt = entered?.dueAt ?? state.messages[msg]?.dueAt;
    if (enteredAt === undefined || dueAt === undefined) continue;
    const trueEnd = arrivesAt({ log, t: frame.t, stretchUs: null }, { msg, enteredAt, dueAt });
    const said = words.hop(trueEnd - enteredAt);
    marks.push(text(x, y - r - 12, type.small, said, 'text', 650, { align: 'center', halo: true, fresh: true }));
  }
  return marks;
}
