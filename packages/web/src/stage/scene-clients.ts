// Clients: the number of the open request, how long it has waited, when the client gives up.

import type { PeerState } from '@crows-nest/protocol';
import { visibleText } from '../visible-text.ts';
import { type Frame, isSelectedPeer } from './frame.ts';
import { type ClientMark, type TextMark, text } from './marks.ts';
import { shortName } from './names.ts';
import { textWidth } from './text-width.ts';

/** The request's journey as its disc shows it: the message that entered its link right after it was sent. */
export function openNumber({ log, t }: Frame, peer: PeerState): string | null {
  const { request } = peer;
  if (!request) return null;
  for (const event of log.between(request.sentAt - 1, Math.min(t, request.sentAt + 100_000))) {
    if (event.type === 'message.entered' && event.link === peer.peer && event.kind === 'REQUEST') {
      return String(event.journey ?? event.n ?? request.n);
    }
  }
  return null;
}

/** A guest's requests are counted where they can be seen: on its link, at the door and at work. */
function openCount({ state }: Frame, peer: PeerState): number {
  let open = 0;
  for (const id in state.messages) {
    const message = state.messages[id];
    if (message?.link === peer.peer && message.kind === 'REQUEST') open++;
  }
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
  const { placement, state } = frame;
  const marks: ClientMark[] = [];
  const texts: TextMark[] = [];
  for (const id of placement.members.clients) {
    const peer = state.peers[id];
    const at = placement.places.get(id);
    if (!peer || !at) continue;
    const side = 56 * at.scale;
    const truth = clientTruth(peer);
    const number = openNumber(frame, peer);
    const open = peer.guest ? openCount(frame, peer) : 0;
    const content = number ?? (open > 0 ? `×${open}` : null);
    const sizePx = Math.min(18, content !== null && content.length > 3 ? side * 0.24 : side * 0.29);
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
          : text(at.x, at.y + sizePx * 0.36, sizePx, content, 'request', 700, { align: 'center' }),
      ringPx: number !== null ? Math.min(side * 0.36, 18 * at.scale + 1) : 0,
      selected: isSelectedPeer(frame, id),
    });
    texts.push(...clientLines(frame, peer, at.x, at.y + side / 2, number, open));
  }
  return { marks, texts };
}

function clientLines(
  frame: Frame,
  peer: PeerState,
  x: number,
  bottom: number,
  number: string | null,
  open: number,
): TextMark[] {
  const { placement, words, t } = frame;
  const { clientPitchPx, clients: slots } = placement.arrangement;
  const centred = { align: 'center' as const, halo: true };
  const room = clientPitchPx - (slots[0]?.scale ?? 1) * 56;
  const name = words.name(visibleText(peer.name, 16));
  if (slots.length > 8) return [text(x, bottom + 12, 11, shortName(peer.peer, peer.name), 'muted', 450, centred)];
  if (room < 38) return [text(x, bottom + 13, 11.5, name, 'muted', 450, centred)];
  const lines = [text(x, bottom + 19, 14.5, name, 'text', 700, centred)];
  const [second, third] = states(frame, peer, number, open, t);
  if (second)
    lines.push(text(x, bottom + 36, 12, second.text, second.token, second.token === 'muted' ? 450 : 650, centred));
  const reach = 2 * Math.min(x, placement.arrangement.width) - 8;
  if (third && room > 64 && textWidth(third, 11.5) < reach && bottom + 55 < frame.view.height)
    lines.push(text(x, bottom + 51, 11.5, third, 'faint', 450, centred));
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
