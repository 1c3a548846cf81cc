// What can be done to a peer and its process now, and why not: one list for the inspector, the menu and the controls.

import type { CommandRequest, PeerState } from '@crows-nest/protocol';

export type ActionName = 'kill' | 'pause' | 'resume' | 'overload' | 'restart' | 'restartSame' | 'restartNew' | 'remove';

export type Obstacle =
  | 'dead'
  | 'alreadyPaused'
  | 'notPaused'
  | 'frozenFirst'
  | 'overloadedAlready'
  | 'guest'
  | 'queueStays';

export interface Action {
  readonly name: ActionName;
  readonly command: CommandRequest;
  /** Why it cannot be done now. null: it can. */
  readonly obstacle: Obstacle | null;
}

export function peerActions({ peer, role, guest, process }: PeerState): readonly Action[] {
  if (guest) return [{ name: 'remove', command: { type: 'peer.remove', peer }, obstacle: null }];
  const status = process?.status ?? 'exited';
  const dead: Obstacle | null = status === 'exited' ? 'dead' : null;
  const frozen: Obstacle | null = status === 'paused' ? 'frozenFirst' : null;
  const overloaded: Obstacle | null = status === 'overloaded' ? 'overloadedAlready' : null;
  const act = (name: ActionName, command: CommandRequest, obstacle: Obstacle | null): Action => ({
    name,
    command,
    obstacle,
  });
  const pause = act('pause', { type: 'process.pause', peer }, dead ?? (frozen && 'alreadyPaused'));
  const resume = act('resume', { type: 'process.resume', peer }, dead ?? (frozen ? null : 'notPaused'));
  const restarts =
    role === 'worker'
      ? [
          act('restartNew', { type: 'process.restart', peer, identity: 'new' }, null),
          act('restartSame', { type: 'process.restart', peer, identity: 'same' }, null),
        ]
      : [act('restart', { type: 'process.restart', peer }, null)];
  return [
    act('kill', { type: 'process.kill', peer }, dead),
    pause,
    resume,
    act('overload', { type: 'process.overload', peer }, dead ?? frozen ?? overloaded),
    ...restarts,
    act('remove', { type: 'peer.remove', peer }, role === 'queue' ? 'queueStays' : null),
  ];
}
