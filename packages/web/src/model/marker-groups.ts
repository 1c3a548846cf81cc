// Markers as they fit on a bar: those that would lie on each other are one, which shows the gravest of them and counts all.

import type { Micros } from '@crows-nest/protocol';
import type { Marker, MarkerKind } from './markers.ts';

/** The gravest first. */
export const GRAVITY: readonly MarkerKind[] = [
  ...(['defect', 'kill', 'crash', 'freeze', 'overload', 'expiry', 'fault', 'loss'] as const),
  ...(['abandoned', 'backOff', 'resume', 'healed', 'ready'] as const),
];

export interface MarkerGroup {
  /** Where it stands: at the first, so that no two groups lie on each other. */
  readonly at: Micros;
  /** Where it leads: to the gravest. */
  readonly t: Micros;
  readonly kind: MarkerKind;
  readonly count: number;
  readonly markers: readonly Marker[];
}

const gravity = ({ kind }: Marker): number => GRAVITY.indexOf(kind);

function groupOf(markers: readonly Marker[]): MarkerGroup[] {
  const [first, ...rest] = markers;
  if (!first) return [];
  const gravest = rest.reduce((best, marker) => (gravity(marker) < gravity(best) ? marker : best), first);
  return [
    { at: first.t, t: gravest.t, kind: gravest.kind, count: markers.reduce((sum, m) => sum + m.count, 0), markers },
  ];
}

/**
 * `apartUs`: what a glyph covers at the bar's scale; no two groups are at one time, whatever it is. In order of time; a group starts
 * where the one before it has ended.
 */
export function groups(markers: readonly Marker[], apartUs: Micros): MarkerGroup[] {
  const found: MarkerGroup[] = [];
  let open: Marker[] = [];
  for (const marker of markers) {
    const first = open[0];
    if (first && marker.t - first.t >= Math.max(1, apartUs)) {
      found.push(...groupOf(open));
      open = [];
    }
    open.push(marker);
  }
  return [...found, ...groupOf(open)];
}
