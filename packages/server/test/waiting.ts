// Waiting for what facts amount to, not for time.

export class Waiting {
  readonly #looks = new Set<() => void>();
  readonly #tail: () => string;

  /** `tail` is for the message of a failure. */
  constructor(tail: () => string) {
    this.#tail = tail;
  }

  /** To be called when something has come. */
  readonly look = (): void => {
    for (const look of [...this.#looks]) look();
  };

  until(isSo: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      // Never what a passing test waits for: it only names what did not come.
      const late = setTimeout(() => reject(new Error(`did not come: ${what}\n${this.#tail()}`)), 45_000);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(late);
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }
}
