// Numbers between two numbers.

export const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Slow at the end, so that things settle into their place. */
export const easeOut = (a: number): number => 1 - (1 - clamp(a, 0, 1)) ** 3;
