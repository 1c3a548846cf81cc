// Why: causes and captions, in English.

export const why = {
  title: 'Why?',
} as const;
