// Seeded random streams (sfc32). A stream is plain data, so machines and links can hold theirs in their state.

/** The four words of an sfc32 generator. Treat as opaque; copy freely. */
export type Stream = readonly [number, number, number, number];

/** A stream from a seed and a name, so that two streams of one run never move in step. */
export function stream(seed: number, name = ''): Stream {
  let h = (seed ^ 0x9e3779b9) >>> 0;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
  const word = (): number => {
    // splitmix32: spreads one word over four that share no pattern.
    h = (h + 0x9e3779b9) >>> 0;
    let z = h;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return [word(), word(), word(), word()];
}

/** The next 32-bit word and the stream after it. */
export function nextWord([a, b, c, d]: Stream): [word: number, rest: Stream] {
  const t = (a + b + d) >>> 0;
  return [t, [b ^ (b >>> 9), (c + (c << 3)) >>> 0, (((c << 21) | (c >>> 11)) + t) >>> 0, (d + 1) >>> 0]];
}

/** A number in [0, 1) and the stream after it. */
export function nextUnit(from: Stream): [unit: number, rest: Stream] {
  const [word, rest] = nextWord(from);
  return [word / 0x1_0000_0000, rest];
}

/** A whole number in [0, bound) and the stream after it. */
export function nextBelow(from: Stream, bound: number): [value: number, rest: Stream] {
  const [unit, rest] = nextUnit(from);
  return [Math.floor(unit * bound), rest];
}
