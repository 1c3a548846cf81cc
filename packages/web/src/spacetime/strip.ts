// One strip of one lane, made of boxes that join where they touch. Where a pixel holds more than one stretch of work, the box is as
// high as the share of the time that was worked: nothing is left out, and no work seems more than it was.

import { laneScale, type Row } from './rows.ts';

export const LOOKS = [
  ...(['listed', 'atWork', 'running', 'busy', 'frozen', 'overloaded', 'dead', 'reconnecting', 'unknown'] as const),
] as const;
export type BarLook = (typeof LOOKS)[number];

/** x, y, width, height, one after the other. */
export type Boxes = number[];
export type BoxesByLook = Record<BarLook, Boxes>;

export const NO_LOOK = -1;
const BUSY = LOOKS.indexOf('busy');
/** Full sizes; the lane's scale makes them smaller. */
const THICK_PX = [4, 2, 5, 11, 12, 12, 0, 11, 5];
/** Boxes nearer to each other than this are one. */
const MERGE_PX = 0.7;
const LEAST_PX = 0.75;
/** Shares are drawn in so many steps, so that neighbours join. */
const STEPS = 4;

export const boxesByLook = (): BoxesByLook =>
  Object.fromEntries(LOOKS.map((look) => [look, [] as Boxes])) as BoxesByLook;

export class Strip {
  readonly #boxes: readonly Boxes[];
  readonly #thick: readonly number[];
  readonly #middle: number;
  #look = NO_LOOK;
  #x = 0;
  #column = -1;
  #share = 0;

  /** `risePx`: how far above the lane's middle, at full size. */
  constructor(boxes: BoxesByLook, { height, barY }: Row, risePx: number) {
    const scale = laneScale(height);
    this.#boxes = LOOKS.map((look) => boxes[look]);
    this.#thick = THICK_PX.map((px, at) =>
      Math.max(height < 7 && LOOKS[at] !== 'running' ? height * 0.6 : 1, px * scale),
    );
    this.#middle = barY - risePx * scale;
  }

  add(look: number, x: number): void {
    if (look === this.#look) return;
    this.#close(x);
    this.#look = look;
    this.#x = x;
  }

  end(x: number): void {
    this.#close(x);
    this.#look = NO_LOOK;
    this.#flush();
  }

  #close(x: number): void {
    const width = x - this.#x;
    if (this.#look === NO_LOOK || width <= 0) return;
    if (this.#look !== BUSY || width >= 1) {
      if (this.#look === BUSY) this.#flush();
      this.#box(this.#look, this.#x, width, 1);
      return;
    }
    const column = Math.floor(this.#x);
    if (column !== this.#column) this.#flush();
    this.#column = column;
    this.#share += width;
  }

  #flush(): void {
    if (this.#share > 0) this.#box(BUSY, this.#column, 1, Math.ceil(Math.min(1, this.#share) * STEPS) / STEPS);
    this.#share = 0;
  }

  #box(look: number, x: number, width: number, share: number): void {
    const boxes = this.#boxes[look] as Boxes;
    const thick = (this.#thick[look] as number) * share;
    const y = this.#middle - thick / 2;
    const last = boxes.length - 4;
    if (last >= 0 && boxes[last + 1] === y && x - (boxes[last] as number) - (boxes[last + 2] as number) < MERGE_PX) {
      boxes[last + 2] = Math.max(boxes[last + 2] as number, x + width - (boxes[last] as number));
    } else boxes.push(x, y, Math.max(LEAST_PX, width), thick);
  }
}
