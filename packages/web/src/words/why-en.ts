// Why: the labels around causes and captions, in English. The sentences themselves are functions of a cause: why-causes-en.ts.

export const why = {
  title: 'Why?',
  evidence: 'What shows it',
  seek: (what: string) => `Move the picture to: ${what}`,
  seekShort: 'Go there',
  noCause: 'It is its own reason: nothing in the trace is behind it.',
  gone: 'It is no longer in the log.',
  happened: 'What happened to it',
  nothing: 'Nothing but the usual.',
  around: (name: string) => `Before and after, at ${name}`,
  at: (clock: string) => `at ${clock}`,
  caption: 'In one sentence',
} as const;
