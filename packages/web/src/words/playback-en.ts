// Time: the playhead, its speed and its markers, in English.

export const playback = {
  pushed: 'What you looked at is no longer kept: the picture moved on to the oldest part that is.',
  title: 'Time',
} as const;
