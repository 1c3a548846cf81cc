// A gate on a lane: the place where a fault acts, with a sign of what it does there. Signs are drawn in a square of 14.

import { type Brush, roundBox, stroke } from './brush.ts';
import type { GateIcon, GateMark } from './marks.ts';

export function paintGate(brush: Brush, { x, y, angle, sizePx, icon }: GateMark): void {
  const { ctx, theme } = brush;
  const half = sizePx / 2;
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  roundBox(brush, { x: -half, y: -half, width: sizePx, height: sizePx }, 3);
  ctx.fillStyle = theme.panel;
  ctx.fill();
  stroke(brush, theme.fault, 1.8);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  const k = sizePx / 14;
  ctx.beginPath();
  for (const line of LINES[icon] ?? []) {
    line.forEach(([px, py], i) => {
      if (i === 0) ctx.moveTo(px * k, py * k);
      else ctx.lineTo(px * k, py * k);
    });
  }
  for (const [cx, cy, r] of ROUNDS[icon] ?? []) {
    ctx.moveTo((cx + r) * k, cy * k);
    ctx.arc(cx * k, cy * k, r * k, 0, Math.PI * 2);
  }
  stroke(brush, theme.fault, 1.6 * Math.max(0.8, k));
  ctx.restore();
  brush.font = '';
  ctx.lineCap = 'butt';
  ctx.lineJoin = 'miter';
}

type Point = readonly [x: number, y: number];

const LINES: { readonly [I in GateIcon]?: readonly (readonly Point[])[] } = {
  drop: [
    [
      [-3, 3],
      [3, -3],
    ],
  ],
  delay: [
    [
      [0, -2.4],
      [0, 0],
      [2, 0],
    ],
  ],
  // Two ways that cross.
  reorder: [
    [
      [-4, -2.5],
      [-2, -2.5],
      [2, 2.5],
      [4, 2.5],
    ],
    [
      [-4, 2.5],
      [-2, 2.5],
      [2, -2.5],
      [4, -2.5],
    ],
  ],
  corrupt: [
    [
      [-4.5, 0],
      [-3, 0],
      [-1.5, -3.5],
      [0.5, 3.5],
      [2, -2],
      [3, 0],
      [4.5, 0],
    ],
  ],
  hold: [
    [
      [-2, -3.5],
      [-2, 3.5],
    ],
    [
      [2, -3.5],
      [2, 3.5],
    ],
  ],
  // A wide way that becomes a narrow one.
  bandwidth: [
    [
      [-4.5, -3.5],
      [-1, -1.2],
      [4.5, -1.2],
    ],
    [
      [-4.5, 3.5],
      [-1, 1.2],
      [4.5, 1.2],
    ],
  ],
  // Two plates that let nothing through.
  stopped: [
    [
      [-2, -4],
      [-2, 4],
    ],
    [
      [2, -4],
      [2, 4],
    ],
    [
      [-5, 0],
      [-2, 0],
    ],
    [
      [2, 0],
      [5, 0],
    ],
  ],
  // What has piled up before a wall.
  jammed: [
    [
      [-4, -3],
      [1.5, -3],
    ],
    [
      [-4, 0],
      [1.5, 0],
    ],
    [
      [-4, 3],
      [1.5, 3],
    ],
    [
      [4, -4],
      [4, 4],
    ],
  ],
  refused: [
    [
      [-1.8, 0],
      [1.8, 0],
    ],
  ],
  // A network's bars, the best of them missing.
  profile: [
    [
      [-3.5, 3.5],
      [-3.5, 1],
    ],
    [
      [-0.5, 3.5],
      [-0.5, -1],
    ],
    [
      [2.5, 3.5],
      [2.5, 2.2],
    ],
  ],
};

const ROUNDS: { readonly [I in GateIcon]?: readonly (readonly [cx: number, cy: number, r: number])[] } = {
  delay: [[0, 0, 4]],
  duplicate: [
    [-1.4, -1, 2.4],
    [1.6, 1.2, 2.4],
  ],
  refused: [[0, 0, 4]],
  // It says nothing.
  hang: [
    [-3.2, 0, 0.5],
    [0, 0, 0.5],
    [3.2, 0, 0.5],
  ],
};
