// Bytes that wait for the rest of their item, kept as the views they came in: nothing is copied per chunk.

/** From this many views on, small ones are gathered into blocks, so that a sender of single bytes costs no view for each. */
const GATHER_AFTER = 8;
const SMALL = 1024;
const BLOCK = 16 * 1024;

export class Chunks {
  size = 0;
  #views: Uint8Array[] = [];
  /** The block that ends in the last view, if that one is gathered. */
  #block: Uint8Array | undefined;
  #used = 0;

  push(view: Uint8Array): void {
    this.size += view.length;
    if (view.length >= SMALL || this.#views.length < GATHER_AFTER) {
      this.#views.push(view);
      this.#block = undefined;
      return;
    }
    if (this.#block === undefined || this.#used + view.length > BLOCK) {
      this.#block = new Uint8Array(BLOCK);
      this.#used = 0;
      this.#views.push(this.#block);
    }
    this.#block.set(view, this.#used);
    this.#used += view.length;
    this.#views[this.#views.length - 1] = this.#block.subarray(0, this.#used);
  }

  /** All views in order; none are left. */
  take(): Uint8Array[] {
    const views = this.#views;
    this.#views = [];
    this.#block = undefined;
    this.size = 0;
    return views;
  }
}

/** The bytes [from, to) of a list of views; copied only when they lie in more than one. */
export function sliceViews(views: readonly Uint8Array[], from: number, to: number): Uint8Array {
  let start = 0;
  let joined: Uint8Array | undefined;
  for (const view of views) {
    const end = start + view.length;
    if (from < end && joined === undefined) {
      if (to <= end) return view.subarray(from - start, to - start);
      joined = new Uint8Array(to - from);
    }
    if (joined !== undefined) {
      const first = Math.max(from, start);
      const last = Math.min(to, end);
      if (first < last) joined.set(view.subarray(first - start, last - start), first - from);
      if (to <= end) break;
    }
    start = end;
  }
  return joined ?? new Uint8Array(0);
}
