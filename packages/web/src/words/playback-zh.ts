// Time: the playhead, its speed and its markers, in Chinese.

import type { Words } from './words.ts';

export const playback: Words['playback'] = {
  title: '时间',
};
