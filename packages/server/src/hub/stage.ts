// What the hub is given to show and to steer: the bridge's side of the footlights. The hub knows nothing else of the bridge.

import type { Batch, Command, CommandAnswer, SideName, Snapshots } from '@crows-nest/protocol';

export interface Stage {
  /** The files that this run is recorded to, one for each side, if it is. */
  readonly recordings: readonly string[];
  /** Consistent with the batches: a side's next batch starts at its `snapshot.state.seq + 1`. They are encoded before this call's turn ends. */
  snapshots(): Snapshots;
  /** Calls `listener` with every batch from now on; the answer ends that. */
  onBatch(listener: (batch: Batch, side: SideName) => void): () => void;
  /** Calls `listener` when another run begins, with other sides: whoever watches needs snapshots anew. The answer ends that. */
  onAnew(listener: () => void): () => void;
  /** A rejection is a defect of ours: a command that cannot be done is answered `refused`. `side` is the one it was given on. */
  carryOut(command: Command, side: SideName): Promise<CommandAnswer>;
}
