// What every part of a scene is made from: the moment, the view, who is where, and how the workers read.

import type { MessageState, Micros, PeerState, State } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { Census } from './census.ts';
import type { Focus } from './focus.ts';
import type { Placement } from './placement.ts';
import type { StageView } from './scene.ts';
import type { WorkerReading } from './truth.ts';
import type { TypeSizes } from './type-sizes.ts';
import type { Words } from './words.ts';

export interface Frame {
  log: Log;
  t: Micros;
  stretchUs: Micros | null;
  state: State;
  view: StageView;
  words: Words;
  type: TypeSizes;
  placement: Placement;
  census: Census;
  readings: Map<string, WorkerReading>;
  /** The delay most links have. null: there is no link. */
  usualDelay: { delayMs: number; jitterMs: number } | null;
  chosen: Focus;
  hovered: Focus;
}

/** 0 at `from`, 1 after `lengthUs`; 1 at once where motion is reduced. */
export const share = (frame: Frame, from: Micros, lengthUs: Micros): number =>
  frame.view.reducedMotion ? 1 : Math.min(1, Math.max(0, (frame.t - from) / lengthUs));

/** How loudly a thing is marked: chosen, pointed at, or not at all. */
export type Marked = 'chosen' | 'hovered' | null;

export const markedPeer = ({ chosen, hovered }: Frame, peer: string): Marked =>
  chosen.peers.has(peer) ? 'chosen' : hovered.peers.has(peer) ? 'hovered' : null;

export const markedLink = ({ chosen, hovered }: Frame, link: string): Marked =>
  chosen.links.has(link) ? 'chosen' : hovered.links.has(link) ? 'hovered' : null;

export const markedMessage = ({ chosen, hovered }: Frame, msg: number): Marked =>
  chosen.msgs.has(msg) ? 'chosen' : hovered.msgs.has(msg) ? 'hovered' : null;

export const markedJourney = ({ chosen, hovered }: Frame, journey: number | null): Marked =>
  journey === null ? null : chosen.journey === journey ? 'chosen' : hovered.journey === journey ? 'hovered' : null;

/** A peer of now, or one that has just gone and is fading. */
export const peerOn = ({ state, placement }: Frame, id: string): PeerState | undefined =>
  state.peers[id] ?? placement.departed.get(id);

/** The lane's side: to the right is the upper one. A worker's queue is on its left, a client's on its right. */
export function laneOffset({ placement }: Frame, peer: PeerState, direction: MessageState['direction']): number {
  const { arrangement } = placement;
  const rightwards = goesRight(peer, direction);
  const offset = peer.role === 'client' ? arrangement.clientLaneOffsetPx : arrangement.laneOffsetPx;
  return rightwards ? -offset : offset;
}

export const goesRight = (peer: PeerState, direction: MessageState['direction']): boolean =>
  (peer.role === 'client') === (direction === 'toQueue');
