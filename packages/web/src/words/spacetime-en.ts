// The space-time diagram, in English.

export const spacetime = {
  title: 'Space-time diagram',
} as const;
