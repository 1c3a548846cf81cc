// What already stands on the stage, so that no words are written over it. In cells, so that asking stays cheap in a crowd.

import type { Box2 } from './marks.ts';

const CELL_PX = 64;

const overlap = (a: Box2, b: Box2): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

const apart = (a: Box2, b: Box2): boolean =>
  a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

export class Occupied {
  readonly #boxes: Box2[] = [];
  readonly #cells = new Map<number, Box2[]>();

  add(box: Box2): void {
    this.#boxes.push(box);
    for (const cell of cellsOf(box)) {
      const boxes = this.#cells.get(cell);
      if (boxes) boxes.push(box);
      else this.#cells.set(cell, [box]);
    }
  }

  addAround(x: number, y: number, r: number): void {
    this.add({ x: x - r, y: y - r, width: 2 * r, height: 2 * r });
  }

  free(box: Box2): boolean {
    const right = Math.floor((box.x + box.width) / CELL_PX);
    const bottom = Math.floor((box.y + box.height) / CELL_PX);
    for (let j = Math.floor(box.y / CELL_PX); j <= bottom; j++) {
      for (let i = Math.floor(box.x / CELL_PX); i <= right; i++) {
        const boxes = this.#cells.get(j * 4096 + i);
        if (boxes && !boxes.every((other) => apart(other, box))) return false;
      }
    }
    return true;
  }

  /** How much of it would stand on others, in square pixels. */
  covered(box: Box2): number {
    return this.#boxes.reduce((sum, other) => sum + overlap(other, box), 0);
  }
}

function cellsOf({ x, y, width, height }: Box2): number[] {
  const cells: number[] = [];
  const right = Math.floor((x + width) / CELL_PX);
  const bottom = Math.floor((y + height) / CELL_PX);
  for (let j = Math.floor(y / CELL_PX); j <= bottom; j++) {
    for (let i = Math.floor(x / CELL_PX); i <= right; i++) cells.push(j * 4096 + i);
  }
  return cells;
}
