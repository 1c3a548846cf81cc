// What every part of a scene is made from: the moment, the view, who is where, and how the workers read.

import type { Micros, PeerState, State, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { Placement } from './placement.ts';
import type { StageView } from './scene.ts';
import type { WorkerReading } from './truth.ts';
import type { Words } from './words.ts';

export interface Frame {
  log: Log;
  t: Micros;
  state: State;
  view: StageView;
  words: Words;
  placement: Placement;
  /** The last second's facts, in order. */
  recent: readonly TraceEvent[];
  readings: Map<string, WorkerReading>;
}

export const RECENT_US = 1_000_000;

/** 0 at `from`, 1 after `lengthUs`; 1 at once where motion is reduced. */
export const share = (frame: Frame, from: Micros, lengthUs: Micros): number =>
  frame.view.reducedMotion ? 1 : Math.min(1, Math.max(0, (frame.t - from) / lengthUs));

export const isSelectedPeer = ({ view }: Frame, peer: string): boolean =>
  view.selection?.type === 'peer' && view.selection.peer === peer;

export const isSelectedLink = ({ view }: Frame, link: string): boolean =>
  view.selection?.type === 'link' && view.selection.link === link;

export const isSelectedMessage = ({ view }: Frame, msg: number): boolean =>
  view.selection?.type === 'message' && view.selection.msg === msg;

/** The lane's side: to the right is the upper one. A worker's queue is on its left, a client's on its right. */
export function laneOffset({ placement }: Frame, peer: PeerState, direction: 'toQueue' | 'fromQueue'): number {
  const { arrangement } = placement;
  const rightwards = goesRight(peer, direction);
  const offset = peer.role === 'client' ? arrangement.clientLaneOffsetPx : arrangement.laneOffsetPx;
  return rightwards ? -offset : offset;
}

export const goesRight = (peer: PeerState, direction: 'toQueue' | 'fromQueue'): boolean =>
  (peer.role === 'client') === (direction === 'toQueue');
