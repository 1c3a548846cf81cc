// Time: the playhead, its speed and its markers, in English.

export const playback = {
  title: 'Time',
} as const;
