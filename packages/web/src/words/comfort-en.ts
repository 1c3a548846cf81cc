// Comfort: keys, the palette, the layout, in English.

export const comfort = {
  title: 'Commands',
} as const;
