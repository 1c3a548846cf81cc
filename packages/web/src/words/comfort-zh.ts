// Comfort: keys, the palette, the layout, in Chinese.

import type { Words } from './words.ts';

export const comfort: Words['comfort'] = {
  title: '命令',
};
