// How fast the picture plays: from 1/1000 to 16 times, on a logarithmic scale, with stops that a hand finds again.

export const SLOWEST = 1 / 1000;
export const FASTEST = 16;
/** Below this a hop takes longer on the screen than its own time can be read from its motion. */
export const SLOW = 1 / 20;
/** What the keys for slower and faster go through. */
export const STOPS = [1000, 500, 200, 100, 50, 20, 10, 5, 2].map((n) => 1 / n).concat(1, 2, 4, 8, 16);
/** The slider's marks. */
export const TICKS = [1 / 1000, 1 / 100, 1 / 10, 1, 4, 16] as const;

const DECADES = Math.log(FASTEST / SLOWEST);
/** So near to a stop one means the stop; ×1 is the one that is looked for. */
const NEAR = 0.008;
const NEAR_ONE = 0.025;
const ALMOST = 1.001;

export const clampSpeed = (speed: number): number =>
  Number.isFinite(speed) ? Math.max(SLOWEST, Math.min(FASTEST, speed)) : 1;

/** The place on the scale, 0 to 1. */
export const placeOf = (speed: number): number => Math.log(clampSpeed(speed) / SLOWEST) / DECADES;

/** The speed at a place on the scale, drawn to a stop close by. */
export function speedAt(place: number): number {
  if (Math.abs(place - placeOf(1)) < NEAR_ONE) return 1;
  const stop = STOPS.find((speed) => Math.abs(placeOf(speed) - place) < NEAR);
  return stop ?? Number(clampSpeed(SLOWEST * Math.exp(place * DECADES)).toPrecision(2));
}

export const slower = (speed: number): number => STOPS.findLast((stop) => stop * ALMOST < speed) ?? SLOWEST;
export const faster = (speed: number): number => STOPS.find((stop) => stop > speed * ALMOST) ?? FASTEST;

/** ×4, ×1, ×1/20: whole numbers above and below one read faster than decimals. */
export function speedText(speed: number): string {
  const [whole, fraction] = speed >= 1 ? [speed, ''] : [1 / speed, '1/'];
  return `×${fraction}${Number(whole.toPrecision(whole < 10 ? 2 : 3))}`;
}
