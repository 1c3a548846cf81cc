// Dots on a line, those at the same place piled up: the same dots give the same picture, whatever was drawn before.

export interface Placed<T> {
  readonly item: T;
  /** From the left end, and how many dots lie below it. */
  readonly x: number;
  readonly level: number;
}

/** `at` says where, from 0 to 1. Each dot goes into the middle of its bin, in the order given. */
export function pile<T>(items: readonly T[], at: (item: T) => number, width: number, pitch: number): Placed<T>[] {
  const bins = Math.max(1, Math.floor(width / pitch));
  const heights = new Map<number, number>();
  return items.map((item) => {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(at(item) * bins)));
    const level = heights.get(bin) ?? 0;
    heights.set(bin, level + 1);
    return { item, x: (bin + 0.5) * (width / bins), level };
  });
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Keeps what does not overlap what was kept before: give the more important first. */
export function thin<T extends Span>(spans: readonly T[], taken: readonly Span[] = []): T[] {
  const kept: T[] = [];
  for (const span of spans) {
    const clear = (other: Span): boolean => span.to <= other.from || other.to <= span.from;
    if (kept.every(clear) && taken.every(clear)) kept.push(span);
  }
  return kept;
}
