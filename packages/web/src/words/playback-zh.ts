// Time: the playhead, its speed and its markers, in Chinese.

import type { Words } from './words.ts';

export const playback: Words['playback'] = {
  pushed: '正在看的部分已不再保留：画面移到了现存最早的时刻。',
  title: '时间',
};
