// How the stage and the space-time diagram share their height: a share that is asked for, and least heights where there is room.

export const SHARE = 0.35;
const STAGE_LEAST_PX = 420;
const SPACE_TIME_LEAST_PX = 160;
/** In a low window neither may take all. */
const STAGE_LEAST = 0.58;
const SPACE_TIME_LEAST = 0.24;

/** The limits of the diagram's share in this height. */
export function shareLimits(totalPx: number): { least: number; most: number } {
  if (totalPx <= 0) return { least: SPACE_TIME_LEAST, most: 1 - STAGE_LEAST };
  const least = Math.min(SPACE_TIME_LEAST_PX / totalPx, SPACE_TIME_LEAST);
  const most = 1 - Math.min(STAGE_LEAST_PX / totalPx, STAGE_LEAST);
  return { least, most: Math.max(least, most) };
}

export function clampShare(share: number, totalPx: number): number {
  const { least, most } = shareLimits(totalPx);
  return Math.max(least, Math.min(most, Number.isFinite(share) ? share : SHARE));
}
