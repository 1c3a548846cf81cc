// Small whole numbers by row, in pages of typed arrays: rows are numbered one after the other and come in about that order, so a page
// fills up, and goes as a whole when nothing that is held speaks of it any more. A row that was never written is all zeros.

const PAGE_ROWS = 1024;

interface Page {
  readonly values: Uint32Array;
  /** The newest fact that wrote here. */
  newest: number;
}

export class Columns {
  readonly #width: number;
  readonly #pages = new Map<number, Page>();

  constructor(width: number) {
    this.#width = width;
  }

  get bytes(): number {
    return this.#pages.size * (PAGE_ROWS * this.#width * 4 + 300);
  }

  get(row: number, column: number): number {
    const page = this.#pages.get(Math.floor(row / PAGE_ROWS));
    return page?.values[(row % PAGE_ROWS) * this.#width + column] ?? 0;
  }

  /** `fact` is the number of the fact that says so. */
  set(row: number, column: number, value: number, fact: number): void {
    const number = Math.floor(row / PAGE_ROWS);
    let page = this.#pages.get(number);
    if (!page) {
      page = { values: new Uint32Array(PAGE_ROWS * this.#width), newest: fact };
      this.#pages.set(number, page);
    }
    page.values[(row % PAGE_ROWS) * this.#width + column] = value;
    page.newest = fact;
  }

  /** Facts before this number are no longer held. */
  forget(before: number): void {
    for (const [number, page] of this.#pages) if (page.newest < before) this.#pages.delete(number);
  }

  clear(): void {
    this.#pages.clear();
  }
}
