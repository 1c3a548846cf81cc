// Clients: the number of the open request, how long it has waited, when the client gives up.

import type { PeerState } from '@crows-nest/protocol';
import { visibleText } from '../visible-text.ts';
import { type Frame, markedPeer, peerOn } from './frame.ts';
import type { Place } from './layout.ts';
import { type ClientMark, type TextMark, text } from './marks.ts';
import { shortName } from './names.ts';
import { textWidth } from './text-width.ts';

/** The request's journey as its disc shows it: the message that entered its link right after it was sent. */
export function openNumber({ log, t }: Frame, peer: PeerState): string | null {
  const { request } = peer;
  if (!request) return null;
  // Mostly at once; in a burst a longer look would find thousands of others first.
  for (const afterUs of [2000, 20_000, 100_000]) {
    for (const event of log.between(request.sentAt - 1, Math.min(t, request.sentAt + afterUs), ['message.entered'])) {
      if (event.type === 'message.entered' && event.link === peer.peer && event.kind === 'REQUEST') {
        return String(event.journey ?? event.n ?? request.n);
      }
    }
    if (t <= request.sentAt + afterUs) return null;
  }
  return null;
}

/** A guest's requests are counted where they can be seen: on its link, at the door and at work. */
function openCount({ state, census }: Frame, peer: PeerState): number {
  let open = census.requests.get(peer.peer) ?? 0;
  for (const entry of state.queue.atWork) if (entry.clientPeer === peer.peer) open++;
  return open;
}

export function clientTruth(peer: PeerState): ClientMark['truth'] {
  if (peer.left) return 'dead';
  switch (peer.process?.status) {
    case undefined:
      return 'unknown';
    case 'exited':
      return 'dead';
    case 'paused':
      return 'frozen';
    case 'overloaded':
      return 'overloaded';
    default:
      return 'running';
  }
}

export function clients(frame: Frame): { marks: ClientMark[]; texts: TextMark[] } {
  const { placement } = frame;
  const marks: ClientMark[] = [];
  const texts: TextMark[] = [];
  for (const id of [...placement.members.clients, ...placement.departed.keys()]) {
    const peer = peerOn(frame, id);
    const at = placement.places.get(id);
    if (peer?.role !== 'client' || !at) continue;
    const side = 56 * at.scale;
    const truth = clientTruth(peer);
    const number = openNumber(frame, peer);
    const open = peer.guest ? openCount(frame, peer) : 0;
    const content = number ?? (open > 0 ? `×${open}` : null);
    const sizePx = Math.min(
      frame.view.presentation ? 28 : 18,
      content !== null && content.length > 3 ? side * 0.24 : side * 0.29,
    );
    marks.push({
      peer: id,
      x: at.x - side / 2,
      y: at.y - side / 2,
      width: side,
      height: side,
      corner: 12 * at.scale,
      alpha: at.alpha,
      truth,
      text:
        content === null || truth === 'dead'
          ? null
          : text(at.x, at.y + sizePx * 0.36, sizePx, content, 'request', 700, { align: 'center', fresh: true }),
      ringPx: number !== null ? Math.min(side * 0.36, 18 * at.scale + 1) : 0,
      marked: markedPeer(frame, id),
    });
    texts.push(...clientLines(frame, peer, at, number, open));
  }
  return { marks, texts };
}

function clientLines(frame: Frame, peer: PeerState, at: Place, number: string | null, open: number): TextMark[] {
  const { placement, words, t, type, view } = frame;
  const { clientPitchPx, clients: slots, narrow, width } = placement.arrangement;
  const { x, alpha } = at;
  const bottom = at.y + 28 * at.scale;
  const centred = { align: 'center' as const, halo: true, alpha };
  const room = clientPitchPx - (slots[0]?.scale ?? 1) * 56;
  const name = words.name(visibleText(peer.name, 16));
  if (slots.length > 8 || narrow) {
    return [text(x, bottom + type.cell + 1, type.cell, shortName(peer.peer, peer.name), 'muted', 450, centred)];
  }
  if (room < type.client + 24 || view.presentation) {
    const large = view.presentation && room >= type.client * 1.6;
    const sizePx = large ? type.client : type.cell;
    const y = bottom + sizePx * 1.12 + (large ? 8 : 1);
    return [text(x, y, sizePx, name, large ? 'text' : 'muted', large ? 650 : 450, centred)];
  }
  const lines = [text(x, bottom + 19, type.client, name, 'text', 700, centred)];
  const [second, third] = states(frame, peer, number, open, t);
  if (second)
    lines.push(
      text(x, bottom + 36, type.note, second.text, second.token, second.token === 'muted' ? 450 : 650, centred),
    );
  const reach = 2 * Math.min(x, width) - 8;
  if (third && room > 64 && textWidth(third, type.small) < reach && bottom + 55 < view.height)
    lines.push(text(x, bottom + 51, type.small, third, 'faint', 450, centred));
  return lines;
}

type Line = { text: string; token: 'muted' | 'frozen' | 'busy' | 'text' };

function states(
  frame: Frame,
  peer: PeerState,
  number: string | null,
  open: number,
  t: number,
): [Line | null, string | null] {
  const { words } = frame;
  const muted = (content: string): Line => ({ text: content, token: 'muted' });
  const { process, request } = peer;
  if (peer.left) return [muted(words.left), null];
  if (process?.status === 'exited') {
    return [muted(process.signal ? words.killed(process.signal) : words.exited(process.code ?? 0)), null];
  }
  const since = words.seconds(t - (process?.since ?? t));
  if (process?.status === 'paused') return [{ text: words.frozenFor(since), token: 'frozen' }, null];
  if (process?.status === 'overloaded') return [{ text: words.overloadedFor(since), token: 'busy' }, null];
  if (request) {
    return [
      muted(words.waitsFor(number, words.seconds(t - request.sentAt))),
      words.givesUp(words.seconds(request.timeoutAt - t), request.attempt),
    ];
  }
  if (peer.guest) return [muted(open > 0 ? words.openRequests(open) : words.guest), null];
  if (process === null) return [muted(words.starting), null];
  return [muted(words.idle), peer.answered > 0 ? words.answered(peer.answered) : null];
}
