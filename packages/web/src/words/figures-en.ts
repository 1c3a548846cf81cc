// Figures beside the stage, in English.

export const figures = {
  title: 'Figures',
} as const;
