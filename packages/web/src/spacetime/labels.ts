// Words in the picture: each takes its place if nobody has it yet, so those that matter most are asked first.

import { textWidth } from '../stage/text-width.ts';
import type { Token } from '../theme.ts';

export interface Label {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly sizePx: number;
  readonly weight: number;
  readonly token: Token;
  readonly align: 'left' | 'center' | 'right';
  /** On a piece of ground of its own. */
  readonly boxed: boolean;
  /** Upwards, about its place. */
  readonly upright: boolean;
  /** Beside what is picked out of the rest. */
  readonly faint: boolean;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const label = (
  x: number,
  y: number,
  text: string,
  sizePx: number,
  token: Token,
  more: Partial<Label> = {},
): Label => ({
  ...{ x, y, text, sizePx, token, weight: 450, align: 'left', boxed: false, upright: false, faint: false },
  ...more,
});

export const widthOf = ({ text, sizePx, weight }: Label): number => textWidth(text, sizePx, weight);

export function areaOf(said: Label): Area {
  const width = widthOf(said);
  const x = said.align === 'left' ? said.x : said.align === 'right' ? said.x - width : said.x - width / 2;
  return { x: x - 3, y: said.y - said.sizePx, width: width + 6, height: said.sizePx * 1.3 };
}

const overlap = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export class Labels {
  readonly placed: Label[] = [];
  readonly #taken: Area[] = [];
  readonly #left: number;
  readonly #right: number;

  constructor(left: number, right: number) {
    this.#left = left;
    this.#right = right;
  }

  /** Places it, if there is room. */
  offer(said: Label): boolean {
    const area = areaOf(said);
    if (area.x < this.#left || area.x + area.width > this.#right || !this.take(area)) return false;
    this.placed.push(said);
    return true;
  }

  /** Keeps the place free of words. */
  take(area: Area): boolean {
    if (this.#taken.some((other) => overlap(area, other))) return false;
    this.#taken.push(area);
    return true;
  }
}
