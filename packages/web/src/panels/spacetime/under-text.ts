// What is under the pointer, or at a stop of the keyboard's way, in words.

import type { Micros } from '@crows-nest/protocol';
import { passageAt } from '../../model/passage.ts';
import { beliefOf, partingOf, truthOf } from '../../spacetime/code.ts';
import type { DiagramIndex } from '../../spacetime/diagram-index.ts';
import { noteText } from '../../spacetime/noted-marks.ts';
import { BUCKET_US } from '../../spacetime/tally.ts';
import type { Under } from '../../spacetime/under.ts';
import { SPACETIME } from '../../words/spacetime.ts';
import { relative, span } from '../../words/times.ts';
import { ends, passageText } from '../message-text.ts';
import type { Page } from '../page.svelte.ts';

/** Lines, the first of which names it. */
export function underText(page: Page, index: DiagramIndex, what: Under, t: Micros): string[] {
  switch (what.type) {
    case 'message':
      return messageText(page, what.msg, t);
    case 'event':
      return eventText(page, index, what.seq, t) ?? [];
    case 'bar':
      return barText(page, index, what.peer, what.span, t);
    case 'name':
    case 'lane':
      return [page.nameOf(what.peer)];
    case 'slice': {
      const of = (tallied: 'request' | 'reply' | 'loss') => index.tally.sum(tallied, what.first, what.end);
      const length = span((what.end - what.first) * BUCKET_US, page.settings.words);
      return [SPACETIME[page.settings.locale].counted(of('request'), of('reply'), of('loss'), length)];
    }
    case 'ground':
      return [];
  }
}

export function messageText(page: Page, msg: number, t: Micros): string[] {
  const { words } = page.settings;
  const entered = page.log.entered(msg);
  const fate = page.log.fate(msg);
  if (!entered) return [words.message.unrecorded];
  const number = entered.journey ?? entered.n;
  const title = words.message.title(words.kind[entered.kind], number === undefined ? '' : `#${number}`);
  const [from, to] = ends(entered, page);
  const said = SPACETIME[page.settings.locale];
  const lines = [said.hop(title, from, to), said.sent(relative(entered.t, t, words))];
  if (fate) lines.push(passageText(fate, passageAt(fate, t), words));
  return lines;
}

export function eventText(page: Page, index: DiagramIndex, seq: number, t: Micros): string[] | null {
  const { words } = page.settings;
  const note = index.notes.find((n) => n.seq === seq);
  if (!note) return null;
  const lane = [...index.lanes.values()].find(({ id }) => id === note.lane);
  const who = lane ? page.nameOf(lane.peer) : '';
  const said = SPACETIME[page.settings.locale];
  return [said.event(noteText(note, said), who, relative(note.t, t, words))];
}

function barText(page: Page, index: DiagramIndex, peer: string, at: number, t: Micros): string[] {
  const { words } = page.settings;
  const { truth, belief, parting, since, parted } = SPACETIME[page.settings.locale];
  const spans = index.lanes.get(peer)?.spans;
  if (!spans || at < 0) return [page.nameOf(peer)];
  const code = spans.code(at);
  const endAt = Math.min(t, spans.startAt(at + 1));
  const lines = [page.nameOf(peer), since(truth[truthOf(code)], span(endAt - spans.startAt(at), words))];
  if (index.lanes.get(peer)?.role !== 'worker') return lines;
  lines.push(belief[beliefOf(code)]);
  const how = partingOf(code);
  const partedSince = spans.detail(at)?.partedSince;
  if (how !== 'none' && partedSince !== undefined) {
    lines.push(parted(span(endAt - partedSince, words)), parting[how]);
  }
  return lines;
}
