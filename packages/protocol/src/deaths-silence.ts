// Whether a worker is there to be heard by a name, and why the queue heard nothing of it: read from the state alone.

import type { AppliedFault, PeerState, State } from './state.ts';

/** What can befall a process, so that its worker does not serve from then on. */
export type Demise = 'exited' | 'paused' | 'overloaded';

/**
 * Why the queue heard nothing. `fault`: one on its link or process acts on its beats; `busy`: it works and is silent meanwhile;
 * `late`: nothing is known to have hindered it; `gone`: it is not behind that name any more; `unknown`: a guest.
 */
export type SilenceCause = Demise | 'fault' | 'busy' | 'late' | 'gone' | 'unknown';

export const demiseOf = ({ process }: PeerState): Demise | undefined => {
  const status = process?.status;
  return status === 'exited' || status === 'paused' || status === 'overloaded' ? status : undefined;
};

/** It goes by that name, as far as is known. */
export const goesBy = ({ identity }: PeerState, worker: string): boolean => identity === null || identity === worker;

/** What is said to that name comes to it. */
export const isBehind = (peer: PeerState, worker: string): boolean => peer.link.conn !== null && goesBy(peer, worker);

/** By which of its names the queue believes in it: by one that it has given up itself nobody can die. */
export function believedNames({ queue }: State, peer: PeerState): string[] {
  const names = new Set<string>();
  // Who is at work is believed in by robust rules alone.
  for (const entry of [...queue.list, ...queue.atWork.filter(({ expiryAt }) => expiryAt !== null)]) {
    const isIts = entry.peer === peer.peer || (entry.peer === null && entry.worker === peer.identity);
    if (isIts && goesBy(peer, entry.worker)) names.add(entry.worker);
  }
  return [...names];
}

const faultsOn = ({ faults }: State, { peer }: PeerState): AppliedFault[] =>
  Object.values(faults).filter(({ link }) => link === peer);

/** A fault keeps it away: it has nothing to come back by, under whatever name. */
const isCutOff = (state: State, peer: PeerState): boolean =>
  peer.link.conn === null && faultsOn(state, peer).some(({ kind }) => kind === 'partition' || kind === 'hang');

/** It acts on what a worker says of being there, and not by saying it twice. */
function hidesBeats({ kind, direction, message, params: { mode } }: AppliedFault): boolean {
  if (direction === 'fromQueue' || (message !== null && message !== 'HEARTBEAT')) return false;
  if (kind === 'corrupt') return mode === 'type' || mode === 'structure';
  return kind !== 'duplicate';
}

/** Its process runs, and is behind that name or kept from it by a fault. Of a guest's nothing is known. */
export function isThere(state: State, peer: PeerState, worker: string): boolean {
  const status = peer.process?.status;
  if (status !== 'running' && status !== 'overloaded') return false;
  return isBehind(peer, worker) || isCutOff(state, peer);
}

/** `lately`: what kept it from serving after it was last heard, and is over. */
export function silenceOf(
  state: State,
  peer: PeerState | undefined,
  worker: string,
  lately: Demise | undefined,
): SilenceCause {
  if (!peer?.process) return 'unknown';
  if (!isThere(state, peer, worker)) return 'gone';
  if (isCutOff(state, peer)) return 'fault';
  if (peer.process.status === 'overloaded') return 'overloaded';
  if (faultsOn(state, peer).some(hidesBeats)) return 'fault';
  return lately ?? (peer.work ? 'busy' : 'late');
}
