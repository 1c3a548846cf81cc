// What was made lately, by number: the second time it is there. At most twice `kept`: when one generation is full the one before goes.

export class Recent<T> {
  readonly #kept: number;
  #young = new Map<number, T>();
  #old = new Map<number, T>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  get(key: number): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: number, value: T): void {
    if (this.#young.size >= this.#kept) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: number): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
