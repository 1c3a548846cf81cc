// Fewer, larger writes: views that lie side by side in memory become one again, as they were when they came in.

/** Below this, copying pieces into one is cheaper than handing each to the kernel. */
const COPY_BELOW = 64 * 1024;

/** The same bytes in the same order, in as few pieces as is cheap. */
export function joinViews(views: Iterable<Uint8Array>): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let total = 0;
  let run: Uint8Array | undefined;
  let runEnd = 0;
  for (const view of views) {
    total += view.length;
    if (run !== undefined && run.buffer === view.buffer && runEnd === view.byteOffset) {
      runEnd += view.length;
      continue;
    }
    if (run !== undefined) pieces.push(upTo(run, runEnd));
    run = view;
    runEnd = view.byteOffset + view.length;
  }
  if (run !== undefined) pieces.push(upTo(run, runEnd));
  return pieces.length > 1 && total <= COPY_BELOW ? [Buffer.concat(pieces, total)] : pieces;
}

const upTo = (first: Uint8Array, end: number): Uint8Array =>
  first.byteOffset + first.length === end
    ? first
    : Buffer.from(first.buffer as ArrayBuffer, first.byteOffset, end - first.byteOffset);
