// What peers are called in sentences: short, and safe to show whatever they call themselves.

import { visibleText } from '../../visible-text.ts';

const NAME_CAP = 24;

interface Names {
  nameOf(peer: string): string;
}

export const nameFor =
  (names: Names) =>
  (peer: string): string =>
    visibleText(names.nameOf(peer), NAME_CAP);
