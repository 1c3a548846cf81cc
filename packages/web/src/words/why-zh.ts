// Why: causes and captions, in Chinese.

import type { Words } from './words.ts';

export const why: Words['why'] = {
  title: '为什么？',
};
