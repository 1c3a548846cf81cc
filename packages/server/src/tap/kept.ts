// What a link has carried lately, kept so that it can be sent again.

import type { Direction, Message } from '@crows-nest/protocol';

export interface Kept {
  readonly msg: number;
  /** Undefined: too large to be kept. */
  readonly frames: Message | undefined;
}

/** Messages of a direction that can be sent again: the latest. */
const KEPT = 32;

export class KeptMessages {
  readonly #kept: Record<Direction, Kept[]> = { toQueue: [], fromQueue: [] };

  keep(direction: Direction, msg: number, frames: Message | undefined): void {
    const kept = this.#kept[direction];
    kept.push({ msg, frames });
    if (kept.length > KEPT) kept.shift();
  }

  /** The last of its direction, or the one of that number. */
  recall(direction: Direction | undefined, msg: number | undefined): { direction: Direction; kept: Kept } | undefined {
    const found = (['toQueue', 'fromQueue'] as const)
      .filter((d) => direction === undefined || d === direction)
      .map((d) => ({ direction: d, kept: this.#kept[d].findLast((k) => msg === undefined || k.msg === msg) }))
      .filter((f): f is { direction: Direction; kept: Kept } => f.kept !== undefined);
    return found.sort((a, b) => b.kept.msg - a.kept.msg)[0];
  }
}
