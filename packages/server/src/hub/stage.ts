// What the hub is given to show and to steer: the bridge's side of the footlights. The hub knows nothing else of the bridge.

import type { Batch, Command, CommandAnswer, Snapshot } from '@crows-nest/protocol';

export interface Stage {
  /** The file that this run is recorded to, if it is. */
  readonly recording?: string | undefined;
  /** Consistent with the batches: the next batch's first fact is number `snapshot.state.seq + 1`. It is encoded before this call's turn ends. */
  snapshot(): Snapshot;
  /** Calls `listener` with every batch from now on; the answer ends that. */
  onBatch(listener: (batch: Batch) => void): () => void;
  /** A rejection is a defect of ours: a command that cannot be done is answered `refused`. */
  carryOut(command: Command): Promise<CommandAnswer>;
}
