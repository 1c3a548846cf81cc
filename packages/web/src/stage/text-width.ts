// How wide a text will be, without a canvas: labels are placed by the scene, which has none.

import type { TextMark } from './marks.ts';

/** Advance widths of Inter from space to tilde, in hundredths of an em. */
const NORMAL =
  '27 30 48 64 64 99 65 31 37 37 51 66 30 46 30 37 64 41 61 62 65 60 63 57 62 63 30 31 66 66 66 52 97 70 66 73 72 60 59 75 74 27 57 68 57 91 75 77 64 77 65 64 65 74 70 99 69 69 63 37 37 37 47 46 33 56 62 57 62 58 38 62 60 25 25 55 25 88 60 60 62 62 38 53 33 60 57 82 55 57 56 43 34 43 66';
const BOLD =
  '24 34 55 65 65 102 67 34 38 38 56 68 33 47 33 39 67 43 63 65 68 62 65 58 65 65 33 34 68 68 68 56 102 75 66 74 72 61 59 75 75 28 58 72 57 93 76 77 65 78 66 65 67 73 75 104 74 73 66 38 39 38 49 48 37 58 63 59 63 60 40 63 62 27 27 58 27 91 62 61 63 63 41 56 37 62 60 85 58 60 57 47 37 47 68';
const table = (text: string): readonly number[] => text.split(' ').map(Number);
const TABLES = { normal: table(NORMAL), bold: table(BOLD) };

const DIGIT = /\d/;

/** The advance every digit gets where numbers count down, so that nothing shivers. */
export const digitWidth = (sizePx: number, weight: number): number => (weight >= 600 ? 0.67 : 0.64) * sizePx;

export function textWidth(text: string, sizePx: number, weight = 450, mono = false): number {
  const widths = weight >= 600 ? TABLES.bold : TABLES.normal;
  let em = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x2e80) em += 1;
    else if (mono) em += 0.6;
    else if (DIGIT.test(character)) em += weight >= 600 ? 0.67 : 0.64;
    else em += (widths[code - 32] ?? 68) / 100;
  }
  // Small letters are set a little wider than their outlines say.
  return em * sizePx * (sizePx < 13 ? 1.02 : 1);
}

/** The text, or as much of it as fits with an ellipsis. */
export function fitText(text: string, roomPx: number, sizePx: number, weight = 450, mono = false): string {
  if (textWidth(text, sizePx, weight, mono) <= roomPx) return text;
  const characters = [...text];
  while (characters.length > 1) {
    characters.pop();
    const cut = `${characters.join('').trimEnd()}…`;
    if (textWidth(cut, sizePx, weight, mono) <= roomPx) return cut;
  }
  return '…';
}

/** The box a text takes up. */
export function boxOf(mark: TextMark): { x: number; y: number; width: number; height: number } {
  const { sizePx } = mark;
  const width = mark.runs.reduce((sum, run) => sum + textWidth(run.text, sizePx, run.weight, mark.mono), 0);
  const x = mark.align === 'left' ? mark.x : mark.align === 'right' ? mark.x - width : mark.x - width / 2;
  return { x, y: mark.y - sizePx * 0.8, width, height: sizePx * 1.1 };
}
