// How much of its time a fault has left: the ring on the stage and in the panel.

import type { AppliedFault, Micros } from '@crows-nest/protocol';

/** What is left of a fault's time, 0 to 1. null: it is pinned. */
export const shareLeft = ({ appliedAt, untilAt }: AppliedFault, t: Micros): number | null =>
  untilAt === null ? null : Math.min(1, Math.max(0, (untilAt - t) / Math.max(1, untilAt - appliedAt)));
