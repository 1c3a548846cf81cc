// Figures beside the stage, in Chinese.

import type { Words } from './words.ts';

export const figures: Words['figures'] = {
  title: '指标',
};
