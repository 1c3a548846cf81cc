// Workers: arc outside for what the queue believes, bands inside for what the worker believes, body for the truth.

import type { PeerState } from '@crows-nest/protocol';
import { type Frame, markedPeer, peerOn } from './frame.ts';
import type { WorkerMark } from './marks.ts';
import { arcOf } from './ready-list.ts';
import type { WorkerReading } from './truth.ts';

/** Seconds of disagreement until its halo has its full strength. */
const HALO_FULL_US = 2_600_000;
const HALO_LEAST = 0.12;
/** With more halos than this they blend: the worst keeps its halo, the others are framed. */
const HALOS_MOST = 3;
/** Below this scale the request's disc moves to the rim, so that the bands stay readable. */
const DISC_IN_CENTRE_FROM = 0.6;

export const haloStrength = (partedUs: number): number => Math.max(HALO_LEAST, Math.min(1, partedUs / HALO_FULL_US));

export function workers(frame: Frame): WorkerMark[] {
  const { placement, readings, t } = frame;
  const { members, places, arrangement, departed } = placement;
  const parted = members.workers.filter((id) => readings.get(id)?.parted?.how === 'believed');
  const worst = parted.reduce<string | null>(
    (a, b) => (a === null || sinceOf(frame, b) < sinceOf(frame, a) ? b : a),
    null,
  );
  const marks: WorkerMark[] = [];
  for (const id of [...members.workers, ...departed.keys()]) {
    const peer = peerOn(frame, id);
    const at = places.get(id);
    const reading = readings.get(id);
    if (!peer || !at || !reading) continue;
    const { truth, entry, believedUntil } = reading;
    const isParted = reading.parted?.how === 'believed';
    const haloed = isParted && (parted.length <= HALOS_MOST || id === worst);
    marks.push({
      peer: id,
      x: at.x,
      y: at.y,
      scale: at.scale,
      alpha: at.alpha,
      truth,
      arc: believedUntil === null ? null : arcOf(frame, believedUntil, isParted, reading.missed),
      bands: bandsOf(frame, peer, reading),
      halo: haloed && reading.parted ? haloStrength(t - reading.parted.since) : 0,
      framed: isParted && !haloed,
      lamplight: entry !== null && truth === 'running',
      disc: discOf(reading, peer, at.scale),
      countdown: countdownOf(frame, peer, truth),
      grounded: arrangement.form === 'grid',
      marked: markedPeer(frame, id),
    });
  }
  return marks;
}

const sinceOf = ({ readings }: Frame, id: string): number =>
  readings.get(id)?.parted?.since ?? Number.POSITIVE_INFINITY;

function bandsOf({ state }: Frame, peer: PeerState, { truth }: WorkerReading): WorkerMark['bands'] {
  if (peer.liveness === null || truth === 'dead' || truth === 'reconnecting' || truth === 'unknown') return null;
  return { filled: peer.liveness, of: Math.max(1, state.queue.liveness), dim: truth === 'frozen' };
}

function discOf({ truth, atWork }: WorkerReading, peer: PeerState, scale: number): WorkerMark['disc'] {
  const journey = peer.work?.journey ?? atWork?.journey ?? null;
  if (truth !== 'busy' || journey === null) return null;
  return { text: String(journey), atRim: scale < DISC_IN_CENTRE_FROM };
}

function countdownOf({ t }: Frame, peer: PeerState, truth: WorkerReading['truth']): WorkerMark['countdown'] {
  const { backOff } = peer;
  if (truth !== 'reconnecting' || !backOff) return null;
  const left = Math.max(0, backOff.untilAt - t);
  return {
    text: String(Math.ceil(left / 1e6)),
    share: Math.min(1, left / Math.max(1, backOff.untilAt - backOff.since)),
  };
}
