// A link's path, tabulated so that a message's place goes by arc length: the wire has no easing.

export interface Curve {
  /** Points along the middle of the link from its left end: x, y, and the length up to there. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly lengths: readonly number[];
  readonly lengthPx: number;
}

export interface CurvePoint {
  x: number;
  y: number;
  /** Direction from left end to right end, in radians. */
  angle: number;
}

const STEPS = 64;

/** A cubic with horizontal tangents and handles at half the distance, then straight on to `thenX` where given. */
export function makeCurve(x0: number, y0: number, x1: number, y1: number, thenX?: number): Curve {
  const xs: number[] = [];
  const ys: number[] = [];
  const handle = (x1 - x0) / 2;
  for (let i = 0; i <= STEPS; i++) {
    const u = i / STEPS;
    const v = 1 - u;
    const b1 = 3 * v * v * u;
    const b2 = 3 * v * u * u;
    xs.push(v * v * v * x0 + b1 * (x0 + handle) + b2 * (x1 - handle) + u * u * u * x1);
    ys.push(y0 + (y1 - y0) * (b2 + u * u * u));
  }
  if (thenX !== undefined && thenX > x1) {
    xs.push(thenX);
    ys.push(y1);
  }
  const lengths: number[] = [0];
  for (let i = 1; i < xs.length; i++) {
    lengths.push((lengths[i - 1] ?? 0) + Math.hypot(at(xs, i) - at(xs, i - 1), at(ys, i) - at(ys, i - 1)));
  }
  return { xs, ys, lengths, lengthPx: at(lengths, lengths.length - 1) };
}

const at = (values: readonly number[], i: number): number => values[i] ?? 0;

/** The point at share `u` of the length, moved `offsetPx` along the normal (negative is above a line drawn rightwards). */
export function pointAt(curve: Curve, u: number, offsetPx = 0): CurvePoint {
  const { xs, ys, lengths, lengthPx } = curve;
  const wanted = Math.min(1, Math.max(0, u)) * lengthPx;
  let low = 0;
  let high = lengths.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(lengths, middle) <= wanted) low = middle;
    else high = middle;
  }
  const span = at(lengths, high) - at(lengths, low);
  const share = span > 0 ? (wanted - at(lengths, low)) / span : 0;
  const dx = at(xs, high) - at(xs, low);
  const dy = at(ys, high) - at(ys, low);
  const angle = Math.atan2(dy, dx);
  return {
    x: at(xs, low) + dx * share - Math.sin(angle) * offsetPx,
    y: at(ys, low) + dy * share + Math.cos(angle) * offsetPx,
    angle,
  };
}

const WHOLE_LANES = new WeakMap<Curve, Map<number, readonly number[]>>();

/** The whole lane, tabulated once a curve. Shared: not to be changed. */
export function wholeLane(curve: Curve, offsetPx: number): readonly number[] {
  let lanes = WHOLE_LANES.get(curve);
  if (!lanes) {
    lanes = new Map();
    WHOLE_LANES.set(curve, lanes);
  }
  let lane = lanes.get(offsetPx);
  if (!lane) {
    lane = lanePoints(curve, offsetPx);
    lanes.set(offsetPx, lane);
  }
  return lane;
}

/** The lane beside the middle as a flat list x, y, x, y …, from share `from` to share `to` of the length. */
export function lanePoints(curve: Curve, offsetPx: number, from = 0, to = 1): number[] {
  const { lengths, lengthPx } = curve;
  const points: number[] = [];
  const add = (u: number): void => {
    const point = pointAt(curve, u, offsetPx);
    points.push(point.x, point.y);
  };
  add(from);
  for (const length of lengths) {
    const u = lengthPx > 0 ? length / lengthPx : 0;
    if (u > from && u < to) add(u);
  }
  add(to);
  return points;
}
