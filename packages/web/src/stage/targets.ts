// What can be focused and pointed at, in reading order, each with a sentence that says what its picture says.

import type { Micros } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import { visibleText } from '../visible-text.ts';
import { pointAt } from './curve.ts';
import { NUMBERED_FLIGHTS } from './flight.ts';
import type { Frame } from './frame.ts';
import type { Box2, QueueMark } from './marks.ts';
import { shownNumber, standIn } from './message-facts.ts';
import { linkCurve } from './placement.ts';
import { frameAt, type Scene, type StageView, type Target } from './scene.ts';
import { openNumber } from './scene-clients.ts';
import { delayText, faultText } from './scene-links.ts';
import { doorIsOpen, queuePeer } from './truth.ts';
import { workerSentence, workerWords } from './worker-words.ts';

const LEAST_PX = 28;

/** What is read aloud of the stage at t. */
export interface Reading {
  targets: Target[];
  /** One sentence for screen readers. */
  summary: string;
}

/** For the picture of the same log, time and view; asked for a few times a second, not with every frame. */
export function readAloud(log: Log, t: Micros, view: StageView, picture: Scene): Reading {
  const frame = frameAt(log, t, view);
  const { zoom } = frame;
  const targets = targetsOf(frame, picture);
  if (zoom !== 1) for (const target of targets) Object.assign(target, scaled(target, zoom));
  return { targets, summary: summaryOf(frame) };
}

const scaled = ({ x, y, width, height }: Target, zoom: number): Box2 => ({
  x: x * zoom,
  y: y * zoom,
  width: width * zoom,
  height: height * zoom,
});

const around = (x: number, y: number, radius: number): Pick<Target, 'x' | 'y' | 'width' | 'height'> => {
  const half = Math.max(LEAST_PX / 2, radius);
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
};

function targetsOf(frame: Frame, picture: Scene): Target[] {
  const { state, readings, census } = frame;
  const targets: Target[] = [];
  for (const { peer, x, y, width, height } of picture.clients) {
    if (!state.peers[peer]) continue;
    targets.push({ selection: { type: 'peer', peer }, label: clientSentence(frame, peer), x, y, width, height });
  }
  if (picture.queue) targets.push(queueTarget(frame, picture.queue, census.atDoor.length));
  for (const { peer, x, y, scale } of picture.workers) {
    const reading = readings.get(peer);
    const peerState = state.peers[peer];
    if (!reading || !peerState) continue;
    const unread = census.unread.get(peer)?.fromQueue.length ?? 0;
    const said = workerWords(frame, peerState, reading, unread);
    const label = workerSentence(frame, peerState, reading, said);
    targets.push({ selection: { type: 'peer', peer }, label, ...around(x, y, 47.6 * scale) });
  }
  targets.push(...linkTargets(frame), ...messageTargets(frame, picture));
  return targets;
}

const peerName = ({ state, words }: Frame, peer: string): string =>
  words.name(visibleText(state.peers[peer]?.name ?? peer, 24));

function queueTarget(frame: Frame, { x, y, width, height }: QueueMark, waiting: number): Target {
  const { state, words } = frame;
  const id = queuePeer(state)?.peer ?? 'queue';
  const { list, atWork } = state.queue;
  const label = words.label.queue(list.length, atWork.length, waiting, doorIsOpen(state));
  return { selection: { type: 'peer', peer: id }, label, x, y, width, height };
}

function clientSentence(frame: Frame, id: string): string {
  const { state, words, t } = frame;
  const peer = state.peers[id];
  const name = peerName(frame, id);
  if (!peer?.request) return words.label.is(name, words.idle);
  const { request } = peer;
  const waits = words.waitsFor(openNumber(frame, peer), words.seconds(t - request.sentAt));
  const givesUp = words.givesUp(words.seconds(request.timeoutAt - t), request.attempt);
  return words.label.is(name, `${waits}${frame.view.locale === 'zh' ? '，' : ', '}${givesUp}`);
}

function linkTargets(frame: Frame): Target[] {
  const { placement, state, words } = frame;
  const targets: Target[] = [];
  if (placement.arrangement.form === 'grid') return targets;
  for (const id of [...placement.members.clients, ...placement.members.workers]) {
    const peer = state.peers[id];
    const curve = peer && linkCurve(placement, peer);
    if (!peer || !curve) continue;
    const { x, y } = pointAt(curve, 0.5);
    const faults = Object.values(state.faults)
      .filter(({ link, level }) => link === id && level === 'link')
      .map((fault) => faultText(frame, peer, fault));
    const label = words.label.link(
      peerName(frame, id),
      delayText(frame, peer.link.delayMs, peer.link.jitterMs),
      faults,
    );
    targets.push({ selection: { type: 'link', link: id }, label, ...around(x, y, 14) });
  }
  return targets;
}

function messageTargets(frame: Frame, { messages, pile }: Scene): Target[] {
  const { state, words, log } = frame;
  const targets: Target[] = [];
  // Each once: a message that has just arrived may be drawn at two places for a moment.
  const seen = new Set<number>();
  const marks = messages.length > NUMBERED_FLIGHTS * 2 ? [] : messages;
  for (const { msg, x, y, kind } of marks) {
    const entered = log.entered(msg);
    const message = state.messages[msg];
    const link = message?.link ?? entered?.link;
    if (link === undefined || seen.has(msg)) continue;
    seen.add(msg);
    const direction = message?.direction ?? entered?.direction;
    const known = message ?? (entered ? standIn(entered, null) : null);
    const number = known ? shownNumber(known) : null;
    const to = direction === 'toQueue' ? words.label.toQueue : peerName(frame, link);
    targets.push({
      selection: { type: 'message', msg },
      label: words.label.message(words.kind[kind], number, to),
      ...around(x, y, 14),
    });
  }
  for (const { msg, x, y, ghost } of pile) {
    if (seen.has(msg)) continue;
    seen.add(msg);
    const message = state.messages[msg];
    const label = words.label.atDoor(message ? shownNumber(message) : null, ghost);
    targets.push({ selection: { type: 'message', msg }, label, ...around(x, y, 14) });
  }
  return targets;
}

function summaryOf(frame: Frame): string {
  const { state, words, placement, readings } = frame;
  const head = state.queue.list[0];
  const parted = placement.members.workers.filter((id) => readings.get(id)?.parted);
  return words.summary({
    workers: placement.members.workers.length,
    clients: placement.members.clients.length,
    listed: state.queue.list.length,
    next: head ? (head.peer === null ? head.worker : peerName(frame, head.peer)) : null,
    waiting: frame.census.atDoor.length,
    inFlight: state.ledger.inFlight,
    parted: parted.map((id) => peerName(frame, id)),
    faults: Object.keys(state.faults).length,
  });
}
