// The space-time diagram, in Chinese.

import type { Words } from './words.ts';

export const spacetime: Words['spacetime'] = {
  title: '时空图',
};
