// What a partition does to connections: it hides their end, refuses or holds new ones, and resets those of the side that is to see it.

import type { Direction } from './frames.ts';
import type { Link } from './link.ts';
import type { ActiveFault, FaultSpec } from './link-fault.ts';

export const cuts = ({ spec: { kind, selector } }: ActiveFault, direction: Direction): boolean =>
  kind === 'partition' && (selector.direction ?? direction) === direction;

/** The first fault that takes what goes this way and is no message (PING, opaque bytes, the end of the stream), or keeps it back. */
export const cutBy = ({ faults }: Link, direction: Direction): FaultSpec | undefined =>
  faults.find((fault) => cuts(fault, direction))?.spec;

/** What a new connection meets: it is refused, or accepted and then left in silence; undefined: it comes through. */
export function gate({ faults }: Link): { readonly fault: string; readonly refuses: boolean } | undefined {
  let held: string | undefined;
  for (const { spec } of faults) {
    if (spec.kind === 'partition' && spec.mode === 'refused' && spec.selector.direction !== 'fromQueue') {
      return { fault: spec.id, refuses: true };
    }
    // TCP needs both ways to connect, so that one of them cut is enough.
    if (spec.kind === 'partition' || spec.kind === 'hang') held ??= spec.id;
  }
  return held === undefined ? undefined : { fault: held, refuses: false };
}

/** Which ends a fault resets when it comes: those of the side that is to see it. */
export function severs({ kind, mode, selector }: FaultSpec): readonly ('peer' | 'queue')[] {
  if (kind === 'hang') return ['peer', 'queue'];
  if (kind !== 'partition' || mode !== 'refused') return [];
  if (selector.direction === undefined) return ['peer', 'queue'];
  return selector.direction === 'toQueue' ? ['peer'] : ['queue'];
}
