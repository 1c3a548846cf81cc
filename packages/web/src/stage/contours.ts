// The sea floor under the stage: depth lines of a fixed field, by marching squares. A function of the size alone.

const CELL_PX = 22;
/** Rises and hollows: centre and reach as shares of the width and height, and height. */
const HILLS: readonly (readonly [x: number, y: number, reachX: number, reachY: number, height: number])[] = [
  [0.04, 0.62, 0.16, 0.36, 1],
  [0.83, 0.22, 0.22, 0.44, 0.95],
  [0.56, 1.08, 0.2, 0.4, 0.8],
  [0.46, 0.12, 0.09, 0.12, 0.5],
  [0.3, 0.3, 0.2, 0.4, -0.45],
  [0.98, 0.95, 0.2, 0.3, -0.5],
];
const LEVELS: readonly number[] = [-0.25, -0.08, 0.12, 0.32, 0.52, 0.72];

function depth(x: number, y: number): number {
  let sum = 0.05 * Math.sin(5 * x + 2 * y) + 0.03 * Math.sin(4 * y - 3 * x);
  for (const [cx, cy, rx, ry, height] of HILLS) {
    sum += height * Math.exp(-(((x - cx) / rx) ** 2) - ((y - cy) / ry) ** 2);
  }
  return sum;
}

let kept: { width: number; height: number; lines: number[][] } | null = null;

/** Each line as x, y, x, y … */
export function contours(width: number, height: number): readonly (readonly number[])[] {
  if (kept?.width !== width || kept.height !== height) kept = { width, height, lines: trace(width, height) };
  return kept.lines;
}

interface Grid {
  columns: number;
  rows: number;
  stepX: number;
  stepY: number;
  values: number[];
}

function trace(width: number, height: number): number[][] {
  const columns = Math.max(2, Math.ceil(width / CELL_PX));
  const rows = Math.max(2, Math.ceil(height / CELL_PX));
  const grid: Grid = { columns, rows, stepX: width / columns, stepY: height / rows, values: [] };
  for (let j = 0; j <= rows; j++) for (let i = 0; i <= columns; i++) grid.values.push(depth(i / columns, j / rows));
  return LEVELS.flatMap((level) => join(grid, level));
}

/** Edges by number: the horizontal ones of each grid point first, then the vertical ones. */
function join({ columns, rows, stepX, stepY, values }: Grid, level: number): number[][] {
  const across = columns + 1;
  const vertical = across * (rows + 1);
  const value = (i: number, j: number): number => values[j * across + i] ?? 0;
  const next = new Map<number, number[]>();
  const link = (a: number, b: number): void => {
    next.set(a, [...(next.get(a) ?? []), b]);
    next.set(b, [...(next.get(b) ?? []), a]);
  };
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const top = j * across + i;
      const bottom = top + across;
      const left = vertical + top;
      const right = left + 1;
      const crossed: number[] = [];
      const above = [value(i, j), value(i + 1, j), value(i + 1, j + 1), value(i, j + 1)].map((v) => v > level);
      if (above[0] !== above[1]) crossed.push(top);
      if (above[1] !== above[2]) crossed.push(right);
      if (above[2] !== above[3]) crossed.push(bottom);
      if (above[3] !== above[0]) crossed.push(left);
      for (let k = 0; k + 1 < crossed.length; k += 2) link(crossed[k] ?? 0, crossed[k + 1] ?? 0);
    }
  }
  const point = (edge: number): [number, number] => {
    const isVertical = edge >= vertical;
    const index = isVertical ? edge - vertical : edge;
    const i = index % across;
    const j = Math.floor(index / across);
    const from = value(i, j);
    const to = isVertical ? value(i, j + 1) : value(i + 1, j);
    const share = (level - from) / (to - from);
    return isVertical ? [i * stepX, (j + share) * stepY] : [(i + share) * stepX, j * stepY];
  };
  return walk(next).map((edges) => edges.flatMap(point));
}

/** Follows the edges into lines: first those that begin at the border, then the closed ones. */
function walk(next: Map<number, number[]>): number[][] {
  const done = new Set<number>();
  const lines: number[][] = [];
  const follow = (start: number): void => {
    const line = [start];
    done.add(start);
    let at: number | undefined = start;
    while (at !== undefined) {
      at = next.get(at)?.find((edge) => !done.has(edge));
      if (at !== undefined) {
        done.add(at);
        line.push(at);
      }
    }
    const last = line[line.length - 1] ?? start;
    if (line.length > 3 && next.get(last)?.includes(start)) line.push(start);
    if (line.length > 6) lines.push(line);
  };
  for (const [edge, neighbours] of next) if (neighbours.length === 1 && !done.has(edge)) follow(edge);
  for (const edge of next.keys()) if (!done.has(edge)) follow(edge);
  return lines;
}
