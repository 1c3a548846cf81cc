// What can be done to a peer and its process now, and why not: one list for the inspector, the menu and the controls.

import type { CommandRequest, PeerState, Rules } from '@crows-nest/protocol';

export type ActionName =
  | 'kill'
  | 'stop'
  | 'pause'
  | 'resume'
  | 'overload'
  | 'slow'
  | 'mute'
  | 'restart'
  | 'restartSame'
  | 'restartNew'
  | 'remove';

export type Obstacle =
  | 'dead'
  | 'alreadyPaused'
  | 'notPaused'
  | 'frozenFirst'
  | 'overloadedAlready'
  | 'noBeats'
  | 'simple'
  | 'queueStays';

export interface Action {
  readonly name: ActionName;
  readonly command: CommandRequest;
  /** Why it cannot be done now. null: it can. */
  readonly obstacle: Obstacle | null;
}

/** `rules`: of the queue, which may be a Simple Pirate as well. A guest's process is not ours: it can only be sent away. */
export function peerActions(
  { peer, role, guest, process, pattern }: PeerState,
  rules: Rules = 'listing',
): readonly Action[] {
  if (guest) return [{ name: 'remove', command: { type: 'peer.remove', peer }, obstacle: null }];
  const status = process?.status ?? 'exited';
  const dead: Obstacle | null = status === 'exited' ? 'dead' : null;
  const frozen: Obstacle | null = status === 'paused' ? 'frozenFirst' : null;
  const overloaded: Obstacle | null = status === 'overloaded' ? 'overloadedAlready' : null;
  const simple: Obstacle | null = (role === 'queue' ? rules === 'simple' : pattern === 'simple') ? 'simple' : null;
  const act = (name: ActionName, command: CommandRequest, obstacle: Obstacle | null): Action => ({
    name,
    command,
    obstacle,
  });
  const restarts =
    role === 'worker'
      ? [
          act('restartNew', { type: 'process.restart', peer, identity: 'new' }, null),
          act('restartSame', { type: 'process.restart', peer, identity: 'same' }, null),
        ]
      : [act('restart', { type: 'process.restart', peer }, null)];
  return [
    act('kill', { type: 'process.kill', peer }, dead),
    act('stop', { type: 'process.stop', peer }, dead ?? frozen),
    act('pause', { type: 'process.pause', peer }, dead ?? (frozen && 'alreadyPaused')),
    act('resume', { type: 'process.resume', peer }, dead ?? (frozen ? null : 'notPaused')),
    act('overload', { type: 'process.overload', peer }, dead ?? frozen ?? overloaded),
    act('slow', { type: 'process.slow', peer }, dead ?? simple),
    act('mute', { type: 'process.mute', peer }, dead ?? simple ?? (role === 'client' ? 'noBeats' : null)),
    ...restarts,
    act('remove', { type: 'peer.remove', peer }, role === 'queue' ? 'queueStays' : null),
  ];
}
